/* search_answer.c: see search_answer.h. */
#include "surface/search/search_answer.h"

#include "engine/render.h"
#include "surface/articles/paragraphs.h"
#include "surface/shapes.h"

/* ---- meta ---- */

/* As the index knows it: "well known", "harb*". */
static json_t *term_of(const struct search_item *item) {
    struct buffer text;
    buffer_init(&text);
    for (size_t i = 0; i < item->word_count; i++) {
        if (i > 0)
            buffer_append_char(&text, ' ');
        buffer_append_span(&text, item->words[i].folded);
    }
    if (item->is_prefix)
        buffer_append_char(&text, '*');
    json_t *term = text.failed ? NULL : render_text(buffer_span(&text));
    buffer_fini(&text);
    return term;
}

static json_t *terms_of(const struct search_query *query) {
    json_t *terms = json_array();
    for (size_t i = 0; i < query->group_count; i++) {
        for (size_t j = 0; j < query->groups[i].item_count; j++) {
            if (json_array_append_new(terms, term_of(&query->groups[i].items[j])) != 0)
                return NULL;
        }
    }
    return terms;
}

static json_t *notes_of(const struct search *search) {
    json_t *notes = json_array();
    for (size_t i = 0; i < search->query.note_count; i++) {
        if (json_array_append_new(notes, render_text(span_of(search->query.notes[i]))) != 0)
            return NULL;
    }
    if (search->note != NULL &&
        json_array_append_new(notes, render_text(span_of(search->note))) != 0)
        return NULL;
    return notes;
}

json_t *search_answer_meta(const struct search *search, const struct search_page *page) {
    json_t *query = json_object(), *meta = json_object();
    render_set(query, "understood", render_text(search->query.understood));
    render_set(query, "notes", notes_of(search));
    bool is_whole = render_set(query, "terms", terms_of(&search->query.search)) &&
                    render_set(meta, "query", query);
    if (search->filter.unknown != NULL)
        is_whole &= render_set(meta, "unknown", search->filter.unknown);
    if (page == NULL || !page->is_by_relevance)
        return is_whole ? meta : NULL;
    render_set(meta, "ranked_candidates", json_integer((json_int_t)page->ranking.ranked_count));
    is_whole &= render_set(meta, "is_bounded", json_boolean(page->ranking.is_bounded));
    if (page->has_changed)
        is_whole &= render_set(meta, "changed_since_cursor", json_true());
    return is_whole ? meta : NULL;
}

/* ---- paragraphs ---- */

enum problem search_answer_paragraph(struct request *request, int64_t id, struct span *text,
                                     json_t **out) {
    json_t *article = NULL;
    rows_auto struct rows rows = {0};
    *out = NULL;
    store_query(request->store, SQL_paragraph_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    if (!rows_next(&rows))
        return rows_end(&rows);
    *out = shape_paragraph(request, &rows);
    const json_t *shown = json_object_get(*out, "text");
    *text = (struct span){json_string_value(shown), json_string_length(shown)};
    int64_t article_id = rows_int(&rows, PARAGRAPH_ARTICLE_ID);
    enum problem problem = rows_end(&rows);
    if (problem == PROBLEM_NONE)
        problem = paragraphs_load_article(request, article_id, &article);
    return problem == PROBLEM_NONE ? paragraphs_set_article(request, article, *out) : problem;
}
