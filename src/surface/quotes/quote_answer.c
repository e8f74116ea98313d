/* quote_answer.c: what was found out about a quote, as JSON. */
#include "domain/articles/term.h"
#include "engine/render.h"
#include "ground/buffer.h"
#include "ground/config/config.h"
#include "ground/utf8.h"
#include "surface/address.h"
#include "surface/quotes/quotes.h"
#include "surface/shapes.h"

enum { SELECTOR_CONTEXT = 32 }; /* code points of prefix and suffix */

static const char *const status_names[] = {
    [QUOTE_NONE] = "none",
    [QUOTE_NEAR] = "near",
    [QUOTE_NORMALIZED] = "normalized",
    [QUOTE_VERBATIM] = "verbatim",
};

static const char *const op_names[] = {
    [QUOTE_REPLACED] = "replaced",
    [QUOTE_MISSING] = "missing",
    [QUOTE_ADDED] = "added",
};

static json_t *word(const char *text) {
    return render_text(span_of(text));
}

static json_t *number(size_t value) {
    return json_integer((json_int_t)value);
}

/* Three digits say enough, and are the same on every machine. */
static json_t *score_of(double score) {
    return json_real((double)(int)(score * 1000 + 0.5) / 1000);
}

/* ---- one range ---- */

static struct span text_of(const struct quote_place *place, size_t i) {
    const struct quote_range *range = &place->match.ranges[i];
    return (struct span){place->texts[i].at + range->at, range->stop - range->at};
}

static struct span before(struct span text, size_t at) {
    size_t begin = at;
    for (size_t count = 0; begin > 0 && count < SELECTOR_CONTEXT; count++) {
        begin--;
        while (begin > 0 && ((unsigned char)text.at[begin] & 0xC0) == 0x80)
            begin--;
    }
    return (struct span){text.at + begin, at - begin};
}

static struct span behind(struct span text, size_t at) {
    size_t end = at;
    for (size_t count = 0; end < text.bytes && count < SELECTOR_CONTEXT; count++) {
        size_t bytes = utf8_decode(text, end, NULL);
        end += bytes == 0 ? 1 : bytes;
    }
    return (struct span){text.at + at, end - at};
}

/* W3C Web Annotation Data Model, 4.2.4. */
static json_t *make_selector(const struct quote_place *place, size_t i) {
    const struct quote_range *range = &place->match.ranges[i];
    json_t *selector = json_object();
    render_set(selector, "type", word("TextQuoteSelector"));
    render_set(selector, "exact", render_text(text_of(place, i)));
    render_set(selector, "prefix", render_text(before(place->texts[i], range->at)));
    return render_set(selector, "suffix", render_text(behind(place->texts[i], range->stop)))
               ? selector
               : NULL;
}

/* "paragraph", "n", "url", "start", "end", "text" */
static bool set_range(struct request *request, const struct quote_place *place, size_t i,
                      json_t *json) {
    const struct quote_range *range = &place->match.ranges[i];
    struct span url = address_by_id(request->arena, "/v1/paragraphs/", place->ids[i], "");
    render_set(json, "paragraph", json_integer(place->ids[i]));
    render_set(json, "n", json_integer(place->positions[i]));
    render_set(json, "url", render_text(url));
    render_set(json, "start", number(range->start));
    render_set(json, "end", number(range->end));
    return render_set(json, "text", render_text(text_of(place, i)));
}

/* Of a quote over several paragraphs, or in several parts: each of them. */
static bool set_ranges(struct request *request, const struct quote_place *place, json_t *json) {
    json_t *list = json_array();
    for (size_t i = 0; i < place->match.range_count; i++) {
        json_t *range = json_object();
        bool is_whole = set_range(request, place, i, range) &&
                        render_set(range, "selector", make_selector(place, i)) &&
                        json_array_append_new(list, range) == 0;
        if (!is_whole)
            return false;
    }
    return render_set(json, "paragraphs", list);
}

/* ---- the citation ---- */

static enum problem append_authors(struct request *request, int64_t article_id,
                                   struct buffer *out) {
    struct span held = {NULL, 0};
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_term_by_article, &rows, STORE_VALUES(STORE_INT(article_id)));
    while (rows_next(&rows)) {
        if (rows_int(&rows, ARTICLE_TERM_KIND) != TERM_AUTHOR)
            continue;
        if (held.at != NULL) {
            buffer_append_text(out, out->used == 0 ? "" : ", ");
            buffer_append_span(out, held);
        }
        held = arena_copy(request->arena, rows_text(&rows, ARTICLE_TERM_NAME));
        if (held.at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
    }
    if (held.at != NULL) {
        buffer_append_text(out, out->used == 0 ? "" : " and ");
        buffer_append_span(out, held);
    }
    return rows_end(&rows);
}

static void append_place(const struct quote_place *place, struct buffer *out) {
    int64_t first = place->positions[0], last = place->positions[place->match.range_count - 1];
    buffer_append_text(out, first == last ? "paragraph " : "paragraphs ");
    buffer_append_int(out, first);
    if (first != last) {
        buffer_append_text(out, place->match.has_gaps ? " to " : "-");
        buffer_append_int(out, last);
    }
}

/* Author and Author, "Title", 2018-06-03, paragraph 4, /v1/paragraphs/12 */
static enum problem append_citation(struct request *request, const struct quote_place *place,
                                    const struct rows *article, struct buffer *out) {
    struct span published = rows_text(article, ARTICLE_PUBLISHED);
    enum problem problem = append_authors(request, place->article_id, out);
    if (problem != PROBLEM_NONE)
        return problem;
    buffer_append_text(out, out->used == 0 ? "\"" : ", \"");
    buffer_append_span(out, rows_text(article, ARTICLE_TITLE));
    buffer_append_text(out, "\", ");
    buffer_append_span(out, published);
    buffer_append_text(out, published.bytes == 0 ? "" : ", ");
    append_place(place, out);
    buffer_append_text(out, ", /v1/paragraphs/");
    buffer_append_int(out, place->ids[0]);
    return out->failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static enum problem set_citation(struct request *request, const struct quote_place *place,
                                 const struct rows *article, json_t *json) {
    struct buffer text;
    buffer_init(&text);
    enum problem problem = append_citation(request, place, article, &text);
    if (problem == PROBLEM_NONE && !render_set(json, "citation", render_text(buffer_span(&text))))
        problem = PROBLEM_OUT_OF_MEMORY;
    buffer_fini(&text);
    return problem;
}

/* ---- the match ---- */

static bool set_fragment(struct request *request, const struct quote_place *place, json_t *json) {
    struct span texts[QUOTE_PARAGRAPHS_MAX];
    for (size_t i = 0; i < place->match.range_count; i++)
        texts[i] = text_of(place, i);
    struct span fragment = quote_fragment(request->arena, texts, place->match.range_count);
    if (fragment.at == NULL)
        return false;
    struct span page = address_by_id(request->arena, "/v1/articles/", place->article_id, ".html#");
    char *url = arena_alloc(request->arena, page.bytes + fragment.bytes);
    if (page.at == NULL || url == NULL)
        return false;
    memcpy(url, page.at, page.bytes);
    memcpy(url + page.bytes, fragment.at, fragment.bytes);
    render_set(json, "fragment", render_text(fragment));
    return render_set(json, "fragment_url",
                      render_text((struct span){url, page.bytes + fragment.bytes}));
}

static enum problem shape_match(struct request *request, const struct quote_place *place,
                                const struct rows *article, json_t **out) {
    json_t *match = json_object(), *small = shape_article_small(request, article);
    bool is_whole =
        render_set(match, "found", word(status_names[place->match.status])) &&
        render_set(match, "article", small) && set_range(request, place, 0, match) &&
        render_set(match, "version", json_integer(rows_int(article, ARTICLE_VERSION))) &&
        render_set(match, "selector", make_selector(place, 0)) &&
        set_fragment(request, place, match);
    if (is_whole && place->match.range_count > 1)
        is_whole = set_ranges(request, place, match);
    *out = match;
    return is_whole ? set_citation(request, place, article, match) : PROBLEM_OUT_OF_MEMORY;
}

/* A further place: less of it. */
static enum problem shape_also(struct request *request, const struct quote_place *place,
                               const struct rows *article, json_t **out) {
    json_t *also = *out = json_object();
    render_set(also, "status", word(status_names[place->match.status]));
    render_set(also, "score", score_of(place->match.score));
    render_set(also, "article", shape_article_small(request, article));
    return set_range(request, place, 0, also) ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

typedef enum problem shape_place(struct request *request, const struct quote_place *place,
                                 const struct rows *article, json_t **out);

/* With its article. */
static enum problem shape(struct request *request, const struct quote_place *place,
                          shape_place *how, json_t **out) {
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_article_by_id, &rows,
                STORE_VALUES(STORE_INT(place->article_id)));
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? PROBLEM_CORRUPT : problem;
    }
    enum problem problem = how(request, place, &rows, out);
    enum problem ended = rows_end(&rows);
    return problem == PROBLEM_NONE ? ended : problem;
}

/* ---- differences ---- */

static bool append_difference(const struct quote_place *place,
                              const struct quote_difference *difference, json_t *list) {
    json_t *json = json_object();
    int64_t id = 0;
    for (size_t i = 0; i < place->match.range_count; i++) {
        if (place->match.ranges[i].paragraph == difference->place.paragraph)
            id = place->ids[i];
    }
    render_set(json, "op", word(op_names[difference->op]));
    render_set(json, "quoted", render_text(difference->quoted));
    render_set(json, "original", render_text(difference->original));
    render_set(json, "paragraph", json_integer(id));
    render_set(json, "start", number(difference->place.start));
    return render_set(json, "end", number(difference->place.end)) &&
           json_array_append_new(list, json) == 0;
}

static json_t *make_differences(const struct quote_places *places) {
    json_t *list = json_array();
    const struct quote_match *match = &places->list[0].match;
    for (size_t i = 0; places->count > 0 && i < match->difference_count; i++) {
        if (!append_difference(&places->list[0], &match->differences[i], list))
            return NULL;
    }
    return list;
}

/* ---- the whole ---- */

static const char *status_of(const struct quote_places *places) {
    if (places->count == 0)
        return status_names[QUOTE_NONE];
    const struct quote_place *best = &places->list[0];
    return best->is_meant ? status_names[best->match.status] : "misattributed";
}

static enum problem shape_answer(struct request *request, const struct quote_asked *asked,
                                 const struct quote_places *places, json_t *answer) {
    json_t *match = json_null(), *also_in = json_array();
    enum problem problem = PROBLEM_NONE;
    if (places->count > 0)
        problem = shape(request, &places->list[0], shape_match, &match);
    for (size_t i = 1; i < places->count && i <= asked->also_max && problem == PROBLEM_NONE; i++) {
        json_t *also = NULL;
        problem = shape(request, &places->list[i], shape_also, &also);
        if (problem == PROBLEM_NONE && json_array_append_new(also_in, also) != 0)
            problem = PROBLEM_OUT_OF_MEMORY;
    }
    if (problem != PROBLEM_NONE)
        return problem;
    render_set(answer, "text", render_text(asked->text));
    render_set(answer, "status", word(status_of(places)));
    render_set(answer, "score", score_of(places->count == 0 ? 0 : places->list[0].match.score));
    render_set(answer, "match", match);
    render_set(answer, "differences", make_differences(places));
    return render_set(answer, "also_in", also_in) ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

enum problem quote_answer(struct request *request, const struct quote_asked *asked, json_t **out) {
    struct arena arena;
    struct quote quote;
    struct quote_places places;
    arena_init(&arena, LIMIT_REQUEST_ARENA_BYTES);
    enum problem problem = quote_parse(asked->text, &arena, &quote);
    if (problem == PROBLEM_NONE)
        problem = quote_lookup(request, asked, &quote, &arena, &places);
    *out = json_object();
    if (problem == PROBLEM_NONE)
        problem = shape_answer(request, asked, &places, *out);
    arena_fini(&arena);
    return problem;
}
