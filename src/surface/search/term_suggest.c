/* term_suggest.c: GET /v1/suggest. Somebody is typing, so an answer may cost a few milliseconds,
 * whatever is typed: every walk here is bounded. */
#include "surface/search/term_suggest.h"

#include "domain/articles/term.h"
#include "domain/text/slug.h"
#include "domain/text/words.h"
#include "engine/render.h"
#include "engine/search/search_index.h"
#include "surface/articles/articles.h"
#include "surface/handlers.h"
#include "surface/lists/list.h"
#include "surface/lists/list_forms.h"
#include "surface/shapes.h"
#include "surface/terms/terms.h"

enum {
    TYPE_COUNT = 4,
    LIMIT_MAX = 50,
    WORDS_MAX = 12,
    USED_LOOKED_AT = 2000, /* terms of a kind, the most used first */
    NAMED_LOOKED_AT = 200, /* of those that begin as typed, and of titles */
    PREFIX_MIN = 3,        /* letters that the index can look for as a beginning */
    TEXT_BYTES_MAX = 200,
};
#define TEXT_HIGHEST "\xF4\x8F\xBF\xBF" /* no text is above U+10FFFF */

static const enum term_kind kinds[TYPE_COUNT] = {
    [PARAM_SUGGEST_TAG] = TERM_TAG,
    [PARAM_SUGGEST_AUTHOR] = TERM_AUTHOR,
    [PARAM_SUGGEST_SECTION] = TERM_SECTION,
};

struct typed {
    struct search_word words[WORDS_MAX];
    size_t count;
    bool is_short; /* the last word is too short for the index */
};

struct found {
    int64_t ids[LIMIT_MAX];
    size_t count;
};

struct suggest {
    struct request *request;
    struct typed typed;
    size_t limit;
    struct found found[TYPE_COUNT];
};

/* ---- what was typed ---- */

static size_t count_code_points(struct span text) {
    size_t count = 0;
    for (size_t i = 0; i < text.bytes; i++)
        count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    return count;
}

/* The last character of a run without blanks is a word of its own only when it is the whole run:
 * who has typed two may go on with a third. */
static bool read_typed(struct span text, struct arena *arena, struct typed *typed) {
    struct words words;
    struct word word;
    bool is_in_run = false, is_plain = true;
    typed->count = 0;
    words_begin(&words, text, arena);
    while (typed->count < WORDS_MAX && words_next(&words, &word)) {
        bool is_end_of_run = word.kind == WORD_TAIL && is_in_run;
        is_in_run = word.kind == WORD_PAIR;
        if (is_end_of_run)
            continue;
        is_plain = word.kind == WORD_PLAIN;
        typed->words[typed->count++] = (struct search_word){word.folded, word.exact, {NULL, 0}};
    }
    if (typed->count > 0)
        typed->is_short =
            is_plain && count_code_points(typed->words[typed->count - 1].folded) < PREFIX_MIN;
    return !words.has_failed;
}

static bool is_like(const struct typed *typed, size_t at, struct span folded) {
    struct span wanted = typed->words[at].folded;
    if (at + 1 < typed->count)
        return span_equal(wanted, folded);
    return folded.bytes >= wanted.bytes && memcmp(folded.at, wanted.at, wanted.bytes) == 0;
}

/* Whether the words stand in the name one behind the other, the last of them perhaps begun only. */
static bool is_in_name(const struct suggest *suggest, struct span name) {
    const struct typed *typed = &suggest->typed;
    struct words words;
    struct word word;
    size_t open = 0; /* bit n: the n words before this one were the first n typed */
    words_begin(&words, name, suggest->request->arena);
    while (words_next(&words, &word)) {
        size_t going_on = 0;
        for (size_t at = 0; at < typed->count; at++) {
            bool is_open = at == 0 || (open >> at & 1u) != 0;
            if (is_open && is_like(typed, at, word.folded))
                going_on |= (size_t)1 << (at + 1);
        }
        if ((going_on >> typed->count & 1u) != 0)
            return true;
        open = going_on;
    }
    return false;
}

static bool has_id(const struct found *found, int64_t id) {
    for (size_t i = 0; i < found->count; i++) {
        if (found->ids[i] == id)
            return true;
    }
    return false;
}

/* False when there are enough. */
static bool keep(const struct suggest *suggest, struct found *found, int64_t id) {
    if (found->count < suggest->limit && !has_id(found, id))
        found->ids[found->count++] = id;
    return found->count < suggest->limit;
}

/* ---- terms ---- */

/* The key of a section is its whole path: its own name is the last step. */
static struct span own_name(enum term_kind kind, struct span key) {
    static const char between[] = " / ";
    const char *at = key.at, *end = key.at + key.bytes;
    while (kind == TERM_SECTION && at != NULL) {
        key = (struct span){at, (size_t)(end - at)};
        at = memmem(at, key.bytes, between, sizeof between - 1);
        at = at == NULL ? NULL : at + sizeof between - 1;
    }
    return key;
}

/* Any word of the name may begin so: the most used are looked at one by one. */
static enum problem find_used(struct suggest *suggest, enum term_kind kind, struct found *found,
                              bool *is_cut) {
    rows_auto struct rows rows = {0};
    size_t looked_at = 0;
    bool goes_on = true;
    store_query(suggest->request->store, SQL_term_walk_count_down, &rows,
                STORE_VALUES(STORE_INT(kind), STORE_INT(INT64_MAX), STORE_INT(INT64_MAX),
                             STORE_TEXT(SPAN_LITERAL("")), STORE_TEXT(SPAN_LITERAL(TEXT_HIGHEST))));
    while (goes_on && looked_at < USED_LOOKED_AT && rows_next(&rows)) {
        looked_at++;
        if (is_in_name(suggest, own_name(kind, rows_text(&rows, 1))))
            goes_on = keep(suggest, found, rows_int(&rows, 0));
    }
    *is_cut = looked_at == USED_LOOKED_AT;
    return rows_end(&rows);
}

/* Of the others only those whose name begins so, which the index by name knows. */
static enum problem find_named(struct suggest *suggest, enum term_kind kind, struct span text,
                               struct found *found) {
    char last[TEXT_BYTES_MAX * 4 + sizeof TEXT_HIGHEST];
    struct span first = slug_key(text, suggest->request->arena);
    if (first.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (first.bytes + sizeof TEXT_HIGHEST > sizeof last)
        return PROBLEM_NONE;
    memcpy(last, first.at, first.bytes);
    memcpy(last + first.bytes, TEXT_HIGHEST, sizeof TEXT_HIGHEST);
    rows_auto struct rows rows = {0};
    bool goes_on = found->count < suggest->limit;
    store_query(suggest->request->store, SQL_term_walk_name_from, &rows,
                STORE_VALUES(STORE_INT(kind), STORE_TEXT(first), STORE_TEXT(span_of(last))));
    for (size_t i = 0; goes_on && i < NAMED_LOOKED_AT && rows_next(&rows); i++)
        goes_on = keep(suggest, found, rows_int(&rows, 0));
    return rows_end(&rows);
}

static enum problem find_terms(struct suggest *suggest, enum term_kind kind, struct span text,
                               struct found *found) {
    bool is_cut = false;
    enum problem problem = find_used(suggest, kind, found, &is_cut);
    if (problem == PROBLEM_NONE && is_cut && kind != TERM_SECTION && found->count < suggest->limit)
        problem = find_named(suggest, kind, text, found);
    return problem;
}

/* ---- titles ---- */

/* Titles that begin as typed: for a beginning that is too short for the index of words. */
static enum problem find_begun(struct suggest *suggest, struct span text, struct found *found) {
    struct span key = slug_sort_key(text, suggest->request->arena);
    if (key.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    rows_auto struct rows rows = {0};
    bool goes_on = true;
    store_query(suggest->request->store, SQL_article_walk_title_up, &rows,
                STORE_VALUES(STORE_TEXT(key), STORE_INT(0)));
    while (goes_on && rows_next(&rows)) {
        struct span title = rows_text(&rows, 1);
        goes_on = title.bytes >= key.bytes && memcmp(title.at, key.at, key.bytes) == 0 &&
                  keep(suggest, found, rows_int(&rows, 0));
    }
    return rows_end(&rows);
}

static enum problem read_title(struct suggest *suggest, int64_t id, bool *is_like_it) {
    rows_auto struct rows rows = {0};
    store_query(suggest->request->store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    *is_like_it = rows_next(&rows) && is_in_name(suggest, rows_text(&rows, ARTICLE_TITLE));
    return rows_end(&rows);
}

/* A short last word is not given to the index: what the words before it find is looked through. */
static enum problem find_titles(struct suggest *suggest, struct found *found) {
    struct typed *typed = &suggest->typed;
    struct search_item item = {SEARCH_FIELD_TITLE, typed->words,
                               typed->count - (typed->is_short ? 1 : 0), !typed->is_short, false};
    struct search_group group = {&item, 1};
    const struct search_query query = {&group, 1, NULL, 0};
    struct search_hits hits;
    int64_t number;
    double score;
    bool goes_on = true;
    enum problem problem = search_begin(suggest->request->store, SEARCH_ARTICLES, &query, INT64_MIN,
                                        INT64_MAX, false, suggest->request->arena, &hits);
    if (problem != PROBLEM_NONE)
        return problem;
    for (size_t i = 0; goes_on && problem == PROBLEM_NONE && i < NAMED_LOOKED_AT &&
                       search_next(&hits, &number, &score);
         i++) {
        int64_t id = search_number_id(SEARCH_ARTICLES, number);
        bool is_like_it = true;
        if (typed->is_short)
            problem = read_title(suggest, id, &is_like_it);
        if (is_like_it)
            goes_on = keep(suggest, found, id);
    }
    enum problem ended = search_end(&hits);
    return problem == PROBLEM_NONE ? ended : problem;
}

/* ---- the answer ---- */

static enum problem shape_title(struct request *request, int64_t id, json_t **out) {
    json_t *small = NULL;
    enum problem problem = shape_article_small_by_id(request, id, &small);
    if (problem != PROBLEM_NONE || small == NULL)
        return problem;
    *out = json_object();
    render_set(*out, "type", render_text(SPAN_LITERAL("title")));
    render_set(*out, "text", json_object_get(small, "title"));
    render_set(*out, "id", json_object_get(small, "id"));
    render_set(*out, "slug", json_object_get(small, "slug"));
    return render_set(*out, "url", json_object_get(small, "url")) ? PROBLEM_NONE
                                                                  : PROBLEM_OUT_OF_MEMORY;
}

/* Where people read, a suggestion is the thing itself as it stands in its own list. */
static enum problem shape_one(struct request *request, size_t type, int64_t id, json_t **out) {
    struct term term;
    bool is_thing = list_forms_is_read(request);
    if (type == PARAM_SUGGEST_TITLE)
        return is_thing ? articles_load(request, id, out) : shape_title(request, id, out);
    enum problem problem = terms_load(request, id, &term);
    if (problem != PROBLEM_NONE)
        return problem;
    if (is_thing)
        return terms_shape_listed(request, kinds[type], &term, out);
    *out = json_object();
    render_set(*out, "type", render_text(span_of(param_specs[PARAM_SUGGEST_TYPE].words[type])));
    render_set(*out, "text", render_text(term.name));
    render_set(*out, "slug", render_text(term.slug));
    render_set(*out, "url", render_text(terms_address(request, kinds[type], &term)));
    return render_set(*out, "count", json_integer(term.article_count)) ? PROBLEM_NONE
                                                                       : PROBLEM_OUT_OF_MEMORY;
}

/* The first of each type, then the second of each: no type hides the others. */
static enum problem append_in_turn(struct suggest *suggest, json_t *list) {
    size_t taken = 0;
    for (size_t turn = 0; turn < suggest->limit; turn++) {
        for (size_t type = 0; type < TYPE_COUNT && taken < suggest->limit; type++) {
            if (turn >= suggest->found[type].count)
                continue;
            json_t *one = NULL;
            enum problem problem =
                shape_one(suggest->request, type, suggest->found[type].ids[turn], &one);
            if (problem == PROBLEM_NONE && one != NULL && json_array_append_new(list, one) != 0)
                problem = PROBLEM_OUT_OF_MEMORY;
            if (problem != PROBLEM_NONE)
                return problem;
            taken += one != NULL;
        }
    }
    return PROBLEM_NONE;
}

enum problem term_suggest_add(struct request *request, struct span text, uint64_t types,
                              size_t limit, json_t *list) {
    struct suggest *suggest = arena_alloc(request->arena, sizeof *suggest);
    if (suggest == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    *suggest = (struct suggest){.request = request, .limit = limit};
    if (!read_typed(text, request->arena, &suggest->typed))
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = PROBLEM_NONE;
    for (size_t type = 0; type < TYPE_COUNT && suggest->typed.count > 0 && problem == PROBLEM_NONE;
         type++) {
        struct found *found = &suggest->found[type];
        if ((types >> type & 1u) == 0)
            continue;
        if (type != PARAM_SUGGEST_TITLE)
            problem = find_terms(suggest, kinds[type], text, found);
        else if (suggest->typed.is_short && suggest->typed.count == 1)
            problem = find_begun(suggest, text, found);
        else
            problem = find_titles(suggest, found);
    }
    return problem == PROBLEM_NONE ? append_in_turn(suggest, list) : problem;
}

enum problem suggest_list(struct request *request, struct reply *reply) {
    const struct param_value *values = request->params.values;
    json_t *data = json_array();
    if (!values[PARAM_SUGGEST_PREFIX].has_value) {
        fault_set(&request->fault, "q is needed: how a name begins");
        memcpy(request->fault.name, "q", sizeof "q");
        return PROBLEM_BAD_PARAMETER;
    }
    enum problem problem = term_suggest_add(request, values[PARAM_SUGGEST_PREFIX].text,
                                            values[PARAM_SUGGEST_TYPE].bits,
                                            (size_t)values[PARAM_SUGGEST_LIMIT].number, data);
    if (problem != PROBLEM_NONE)
        return problem;
    return list_reply_whole(request, reply, data, (int64_t)json_array_size(data), request->seq,
                            PARAM_SUGGEST_FIELDS);
}
