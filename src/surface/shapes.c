/* shapes.c: articles and paragraphs as JSON. An article by id is the most frequent answer of all,
 * so members are set by hand and nothing here formats with printf. */
#include "surface/shapes.h"

#include "domain/articles/term.h"
#include "engine/render.h"
#include "surface/address.h"

static json_t *text_at(const struct rows *rows, int column) {
    return render_text(rows_text(rows, column));
}

static json_t *int_at(const struct rows *rows, int column) {
    return json_integer(rows_int(rows, column));
}

/* An unknown date is stored as "". */
static json_t *date_at(const struct rows *rows, int column) {
    struct span date = rows_text(rows, column);
    return date.bytes == 0 ? json_null() : render_text(date);
}

static json_t *instant_at(const struct rows *rows, int column) {
    char text[INSTANT_BYTES];
    instant_print(rows_int(rows, column), text);
    return render_text((struct span){text, sizeof text - 1});
}

struct article_terms {
    json_t *authors, *tags;
    json_t *section; /* NULL when there is none */
    json_t *path;
};

static json_t *make_term(const struct rows *rows) {
    json_t *term = json_object();
    render_set(term, "slug", text_at(rows, ARTICLE_TERM_SLUG));
    render_set(term, "name", text_at(rows, ARTICLE_TERM_NAME));
    return term;
}

/* Sections come outermost first, so the last one is the article's own. */
static bool add_term(struct article_terms *terms, const struct rows *rows) {
    json_t *term = make_term(rows);
    switch ((enum term_kind)rows_int(rows, ARTICLE_TERM_KIND)) {
    case TERM_AUTHOR:
        return json_array_append_new(terms->authors, term) == 0;
    case TERM_TAG:
        return json_array_append_new(terms->tags, term) == 0;
    case TERM_SECTION:
        break;
    }
    if (terms->path == NULL)
        terms->path = json_array();
    terms->section = term;
    return json_array_append_new(terms->path, make_term(rows)) == 0;
}

/* Where an article's terms are read: by article, or by article and version. */
struct term_source {
    enum sql_id sql;
    const struct store_value *key;
    size_t key_count;
};

static enum problem read_terms(struct request *request, const struct term_source *source,
                               struct article_terms *terms) {
    rows_auto struct rows rows = {0};
    bool is_whole = true;
    *terms = (struct article_terms){json_array(), json_array(), NULL, NULL};
    store_query(request->store, source->sql, &rows, source->key, source->key_count);
    while (rows_next(&rows))
        is_whole &= add_term(terms, &rows);
    if (terms->section != NULL)
        is_whole &= render_set(terms->section, "path", terms->path);
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

static enum problem shape(struct request *request, const struct rows *rows,
                          const struct term_source *source, struct span url, json_t **out) {
    struct article_terms terms;
    enum problem problem = read_terms(request, source, &terms);
    if (problem != PROBLEM_NONE)
        return problem;
    json_t *article = json_object();
    render_set(article, "id", int_at(rows, ARTICLE_ID));
    render_set(article, "slug", text_at(rows, ARTICLE_SLUG));
    render_set(article, "title", text_at(rows, ARTICLE_TITLE));
    render_set(article, "authors", terms.authors);
    render_set(article, "published", date_at(rows, ARTICLE_PUBLISHED));
    render_set(article, "section", terms.section == NULL ? json_null() : terms.section);
    render_set(article, "tags", terms.tags);
    render_set(article, "lead", text_at(rows, ARTICLE_LEAD));
    render_set(article, "paragraph_count", int_at(rows, ARTICLE_PARAGRAPH_COUNT));
    render_set(article, "word_count", int_at(rows, ARTICLE_WORD_COUNT));
    render_set(article, "version", int_at(rows, ARTICLE_VERSION));
    render_set(article, "seq", int_at(rows, ARTICLE_SEQ));
    render_set(article, "created_at", instant_at(rows, ARTICLE_CREATED_AT));
    render_set(article, "updated_at", instant_at(rows, ARTICLE_UPDATED_AT));
    bool is_whole = render_set(article, "url", render_text(url));
    *out = article;
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

enum problem shape_article(struct request *request, const struct rows *rows, json_t **out) {
    const struct store_value key = STORE_INT(rows_int(rows, ARTICLE_ID));
    const struct term_source source = {SQL_term_by_article, &key, 1};
    struct span url = address_by_id(request->arena, "/v1/articles/", key.number, "");
    return shape(request, rows, &source, url, out);
}

enum problem shape_article_version(struct request *request, const struct rows *rows,
                                   struct span url, json_t **out) {
    const struct store_value key[] = {STORE_INT(rows_int(rows, ARTICLE_ID)),
                                      STORE_INT(rows_int(rows, ARTICLE_VERSION))};
    const struct term_source source = {SQL_revision_terms, key, 2};
    return shape(request, rows, &source, url, out);
}

json_t *shape_article_small(struct request *request, const struct rows *rows) {
    int64_t id = rows_int(rows, ARTICLE_ID);
    json_t *small = json_object();
    render_set(small, "id", json_integer(id));
    render_set(small, "slug", text_at(rows, ARTICLE_SLUG));
    render_set(small, "title", text_at(rows, ARTICLE_TITLE));
    render_set(small, "published", date_at(rows, ARTICLE_PUBLISHED));
    struct span url = address_by_id(request->arena, "/v1/articles/", id, "");
    return render_set(small, "url", render_text(url)) ? small : NULL;
}

enum problem shape_article_small_by_id(struct request *request, int64_t id, json_t **out) {
    rows_auto struct rows rows = {0};
    *out = NULL;
    store_query(request->store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    bool is_there = rows_next(&rows);
    if (is_there)
        *out = shape_article_small(request, &rows);
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && is_there && *out == NULL ? PROBLEM_OUT_OF_MEMORY : problem;
}

json_t *shape_paragraph(struct request *request, const struct rows *rows) {
    int64_t id = rows_int(rows, PARAGRAPH_ID);
    json_t *paragraph = json_object();
    render_set(paragraph, "id", json_integer(id));
    render_set(paragraph, "n", int_at(rows, PARAGRAPH_POSITION));
    render_set(paragraph, "text", text_at(rows, PARAGRAPH_TEXT));
    render_set(paragraph, "words", int_at(rows, PARAGRAPH_WORDS));
    render_set(paragraph, "first_version", int_at(rows, PARAGRAPH_FIRST_VERSION));
    render_set(paragraph, "last_version", int_at(rows, PARAGRAPH_LAST_VERSION));
    struct span url = address_by_id(request->arena, "/v1/paragraphs/", id, "");
    return render_set(paragraph, "url", render_text(url)) ? paragraph : NULL;
}

enum problem shape_paragraphs(struct request *request, int64_t article_id, int64_t first,
                              int64_t last, json_t **out) {
    rows_auto struct rows rows = {0};
    bool is_whole = true;
    *out = json_array();
    store_query(request->store, SQL_paragraph_by_place, &rows,
                STORE_VALUES(STORE_INT(article_id), STORE_INT(first), STORE_INT(last)));
    while (is_whole && rows_next(&rows))
        is_whole = json_array_append_new(*out, shape_paragraph(request, &rows)) == 0;
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}
