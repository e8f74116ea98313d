/* search_evidence.c: see search_evidence.h. */
#include "surface/search/search_evidence.h"

#include "engine/render.h"
#include "surface/address.h"
#include "surface/shapes.h"

enum {
    SNIPPET_WIDTH = 240,         /* code points of html */
    EXACT_LOOKED_AT = 16 * 1024, /* bytes of one document */
};

void search_evidence_init(struct search_evidence *evidence, const struct search *search) {
    const struct param_value *highlight = &search->request->params.values[PARAM_HIGHLIGHT];
    *evidence = (struct search_evidence){
        .search = search,
        .is_html = highlight->has_value && highlight->number == PARAM_HIGHLIGHT_HTML,
        .bytes_left = SEARCH_ANSWER_LOOKED_AT,
    };
}

/* Cut between two characters. */
static struct span beginning(struct span text, size_t most) {
    if (text.bytes <= most)
        return text;
    while (most > 0 && ((unsigned char)text.at[most] & 0xC0) == 0x80)
        most--;
    return (struct span){text.at, most};
}

/* What may still be looked at of a text. */
static struct span take(struct search_evidence *evidence, struct span text, size_t most) {
    size_t bytes = most < evidence->bytes_left ? most : evidence->bytes_left;
    struct span seen = beginning(text, bytes);
    evidence->bytes_left -= seen.bytes;
    evidence->is_bounded |= seen.bytes < text.bytes;
    return seen;
}

static json_t *marks_of(const struct query_match *match) {
    json_t *marks = json_array();
    for (size_t i = 0; i < match->mark_count; i++) {
        json_t *mark = json_object();
        render_set(mark, "start", json_integer((json_int_t)match->marks[i].start));
        if (!render_set(mark, "end", json_integer((json_int_t)match->marks[i].end)) ||
            json_array_append_new(marks, mark) != 0)
            return NULL;
    }
    return marks;
}

static enum problem match_text(const struct search *search, enum search_field field,
                               struct span text, struct query_match *match) {
    return query_match(&search->query, field, text, SEARCH_MARKS_MAX, search->request->arena,
                       match);
}

/* ---- the best paragraphs of an article ---- */

struct best {
    int64_t position;
    size_t groups, exact;
    struct query_match match;
};

struct picked {
    struct best items[SEARCH_EVIDENCE_MAX];
    size_t count;
    size_t group_count; /* of the query: more than that no paragraph can have */
};

static bool is_better(const struct best *a, const struct best *b) {
    return a->groups > b->groups || (a->groups == b->groups && a->exact > b->exact);
}

/* In the order in which they come: of equals the first is kept. */
static void pick(struct picked *picked, const struct best *one) {
    size_t at = picked->count;
    if (one->groups == 0)
        return;
    if (at == SEARCH_EVIDENCE_MAX && !is_better(one, &picked->items[--at]))
        return;
    if (picked->count < SEARCH_EVIDENCE_MAX)
        picked->count++;
    for (; at > 0 && is_better(one, &picked->items[at - 1]); at--)
        picked->items[at] = picked->items[at - 1];
    picked->items[at] = *one;
}

/* Nothing that is still to come can be better. */
static bool is_settled(const struct picked *picked) {
    const struct best *last = &picked->items[SEARCH_EVIDENCE_MAX - 1];
    return picked->count == SEARCH_EVIDENCE_MAX && last->groups >= picked->group_count &&
           last->exact >= picked->group_count;
}

static enum problem pick_paragraphs(struct search_evidence *evidence, int64_t article_id,
                                    struct picked *picked) {
    const struct search *search = evidence->search;
    size_t left = SEARCH_ARTICLE_LOOKED_AT, groups = search->query.search.group_count;
    enum problem problem = PROBLEM_NONE;
    rows_auto struct rows rows = {0};
    *picked = (struct picked){.group_count = groups};
    store_query(search->request->store, SQL_paragraph_by_place, &rows,
                STORE_VALUES(STORE_INT(article_id), STORE_INT(1), STORE_INT(INT64_MAX)));
    while (problem == PROBLEM_NONE && !is_settled(picked) && rows_next(&rows)) {
        struct best one = {.position = rows_int(&rows, PARAGRAPH_POSITION)};
        struct span text = rows_text(&rows, PARAGRAPH_TEXT);
        size_t most = left < SEARCH_PARAGRAPH_LOOKED_AT ? left : SEARCH_PARAGRAPH_LOOKED_AT;
        struct span seen = take(evidence, text, most);
        if (seen.bytes == 0 && text.bytes > 0)
            break;
        left -= seen.bytes;
        problem = match_text(search, SEARCH_FIELD_ANY, seen, &one.match);
        one.groups = one.match.group_count;
        one.exact = one.match.exact_count < groups ? one.match.exact_count : groups;
        if (problem == PROBLEM_NONE)
            pick(picked, &one);
    }
    enum problem read = rows_end(&rows);
    return problem == PROBLEM_NONE ? read : problem;
}

static json_t *html_of(const struct search_evidence *evidence, struct span text,
                       const struct query_match *match, size_t width) {
    return render_text(query_html(text, match, width, evidence->search->request->arena));
}

static bool set_texts(const struct search_evidence *evidence, struct span text,
                      const struct query_match *match, json_t *paragraph) {
    struct span seen = beginning(text, SEARCH_PARAGRAPH_LOOKED_AT);
    if (evidence->is_html) {
        render_set(paragraph, "html", html_of(evidence, seen, match, SNIPPET_WIDTH));
    } else {
        render_set(paragraph, "text", render_text(seen));
        if (seen.bytes < text.bytes)
            render_set(paragraph, "is_cut", json_true());
    }
    return render_set(paragraph, "marks", marks_of(match));
}

static enum problem append_best(const struct search_evidence *evidence, int64_t article_id,
                                const struct best *best, json_t *list) {
    struct request *request = evidence->search->request;
    rows_auto struct rows rows = {0};
    store_query(
        request->store, SQL_paragraph_by_place, &rows,
        STORE_VALUES(STORE_INT(article_id), STORE_INT(best->position), STORE_INT(best->position)));
    if (!rows_next(&rows))
        return rows_end(&rows);
    int64_t id = rows_int(&rows, PARAGRAPH_ID);
    json_t *paragraph = json_object();
    render_set(paragraph, "id", json_integer(id));
    render_set(paragraph, "n", json_integer(best->position));
    render_set(paragraph, "url",
               render_text(address_by_id(request->arena, "/v1/paragraphs/", id, "")));
    bool is_whole =
        set_texts(evidence, rows_text(&rows, PARAGRAPH_TEXT), &best->match, paragraph) &&
        json_array_append_new(list, paragraph) == 0;
    return is_whole ? rows_end(&rows) : PROBLEM_OUT_OF_MEMORY;
}

static enum problem set_title(const struct search_evidence *evidence, json_t *article) {
    const json_t *title = json_object_get(article, "title");
    struct span text = {json_string_value(title), json_string_length(title)};
    struct query_match match;
    enum problem problem = match_text(evidence->search, SEARCH_FIELD_TITLE, text, &match);
    if (problem != PROBLEM_NONE)
        return problem;
    json_t *highlights = json_object();
    json_t *marked = evidence->is_html ? html_of(evidence, text, &match, 0) : marks_of(&match);
    bool is_whole =
        render_set(highlights, "title", marked) && render_set(article, "highlights", highlights);
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

enum problem search_evidence_article(struct search_evidence *evidence, int64_t article_id,
                                     json_t *article) {
    struct picked picked;
    json_t *list = json_array();
    enum problem problem = set_title(evidence, article);
    if (problem == PROBLEM_NONE)
        problem = pick_paragraphs(evidence, article_id, &picked);
    for (size_t i = 0; problem == PROBLEM_NONE && i < picked.count; i++)
        problem = append_best(evidence, article_id, &picked.items[i], list);
    if (problem == PROBLEM_NONE && !render_set(article, "evidence", list))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

enum problem search_evidence_paragraph(struct search_evidence *evidence, struct span text,
                                       json_t *paragraph) {
    struct query_match match;
    struct span seen = take(evidence, text, SEARCH_PARAGRAPH_LOOKED_AT);
    enum problem problem = match_text(evidence->search, SEARCH_FIELD_ANY, seen, &match);
    if (problem != PROBLEM_NONE)
        return problem;
    if (evidence->is_html)
        render_set(paragraph, "html", html_of(evidence, seen, &match, SNIPPET_WIDTH));
    return render_set(paragraph, "marks", marks_of(&match)) ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

/* ---- exact forms ---- */

static enum problem add_exact(const struct search *search, enum search_field field,
                              struct span text, size_t *exact) {
    struct query_match match;
    enum problem problem = match_text(search, field, text, &match);
    if (problem != PROBLEM_NONE)
        return problem;
    *exact += match.exact_count;
    if (*exact > search->query.search.group_count)
        *exact = search->query.search.group_count;
    return PROBLEM_NONE;
}

/* Title first: mostly it is enough, and nothing else is read. */
static enum problem exact_title(const struct search *search, int64_t id, size_t *exact) {
    enum problem problem = PROBLEM_NONE;
    rows_auto struct rows rows = {0};
    store_query(search->request->store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    if (rows_next(&rows))
        problem = add_exact(search, SEARCH_FIELD_TITLE, rows_text(&rows, ARTICLE_TITLE), exact);
    enum problem read = rows_end(&rows);
    return problem == PROBLEM_NONE ? read : problem;
}

enum problem search_evidence_exact(const struct search *search, int64_t id, size_t *exact) {
    size_t left = EXACT_LOOKED_AT, groups = search->query.search.group_count;
    bool is_article = search->scope == SEARCH_ARTICLES;
    enum problem problem = PROBLEM_NONE;
    rows_auto struct rows rows = {0};
    *exact = 0;
    if (is_article)
        problem = exact_title(search, id, exact);
    if (problem != PROBLEM_NONE || *exact == groups)
        return problem;
    if (is_article)
        store_query(search->request->store, SQL_paragraph_by_place, &rows,
                    STORE_VALUES(STORE_INT(id), STORE_INT(1), STORE_INT(INT64_MAX)));
    else
        store_query(search->request->store, SQL_paragraph_by_id, &rows,
                    STORE_VALUES(STORE_INT(id)));
    while (problem == PROBLEM_NONE && *exact < groups && left > 0 && rows_next(&rows)) {
        struct span seen = beginning(rows_text(&rows, PARAGRAPH_TEXT), left);
        left -= seen.bytes;
        problem = add_exact(search, SEARCH_FIELD_ANY, seen, exact);
        if (seen.bytes == 0)
            break;
    }
    enum problem read = rows_end(&rows);
    return problem == PROBLEM_NONE ? read : problem;
}
