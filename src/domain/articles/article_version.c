/* article_version.c: an article, its terms and its paragraphs out of the tables of both kinds. */
#include "domain/articles/article_version.h"

enum { TERMS_MAX = ARTICLE_AUTHORS_MAX + ARTICLE_SECTION_DEPTH_MAX + ARTICLE_TAGS_MAX };

/* The columns of the statements in revision.sql that are read here. */
enum { VERSION_SLUG = 1, VERSION_TITLE, VERSION_PUBLISHED, VERSION_PARAGRAPH_COUNT = 5 };
enum { VERSION_UPDATED_AT = 10 };
enum { TERM_AT_KIND, TERM_AT_SLUG, TERM_AT_NAME };
enum { PARAGRAPH_AT_ID, PARAGRAPH_AT_TEXT = 2, PARAGRAPH_AT_MATCH = 6, PARAGRAPH_AT_RELATED };

struct load {
    struct store *store;
    struct arena *arena;
    struct store_value key[2]; /* article, version */
    struct article_version *out;
};

static enum problem copy_text(const struct load *load, struct span text, struct span *out) {
    *out = arena_copy(load->arena, text);
    return out->at == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

/* Reads what is in one row; *paragraph_count is how many paragraphs it has. */
static enum problem load_head(const struct load *load, size_t *paragraph_count) {
    struct article_version *out = load->out;
    rows_auto struct rows rows = {0};
    store_query(load->store, SQL_revision_by_version, &rows, load->key, 2);
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? PROBLEM_NOT_FOUND : problem;
    }
    struct span published = rows_text(&rows, VERSION_PUBLISHED);
    if (published.bytes < sizeof out->article.published)
        memcpy(out->article.published, published.at, published.bytes);
    out->updated_at = rows_int(&rows, VERSION_UPDATED_AT);
    *paragraph_count = (size_t)rows_int(&rows, VERSION_PARAGRAPH_COUNT);
    enum problem problem = copy_text(load, rows_text(&rows, VERSION_SLUG), &out->slug);
    if (problem == PROBLEM_NONE)
        problem = copy_text(load, rows_text(&rows, VERSION_TITLE), &out->article.title);
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

static struct span_list *list_of(struct article *article, enum term_kind kind) {
    if (kind == TERM_AUTHOR)
        return &article->authors;
    return kind == TERM_SECTION ? &article->section : &article->tags;
}

static enum problem take_term(const struct load *load, const struct rows *rows) {
    struct article_version *out = load->out;
    if (out->term_count == TERMS_MAX)
        return PROBLEM_CORRUPT;
    struct article_version_term *term = &out->terms[out->term_count++];
    term->kind = (enum term_kind)rows_int(rows, TERM_AT_KIND);
    enum problem problem = copy_text(load, rows_text(rows, TERM_AT_SLUG), &term->slug);
    return problem == PROBLEM_NONE ? copy_text(load, rows_text(rows, TERM_AT_NAME), &term->name)
                                   : problem;
}

/* The names of each kind as the article lists them. */
static enum problem make_lists(const struct load *load) {
    struct article_version *out = load->out;
    struct span *names = arena_alloc(load->arena, out->term_count * sizeof *names);
    if (names == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < out->term_count; i++) {
        struct span_list *list = list_of(&out->article, out->terms[i].kind);
        names[i] = out->terms[i].name;
        if (list->count++ == 0)
            list->items = &names[i];
    }
    return PROBLEM_NONE;
}

/* They come sorted by kind. */
static enum problem load_terms(const struct load *load) {
    struct article_version *out = load->out;
    enum problem problem = PROBLEM_NONE;
    rows_auto struct rows rows = {0};
    out->terms = arena_alloc(load->arena, TERMS_MAX * sizeof *out->terms);
    if (out->terms == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    store_query(load->store, SQL_revision_terms, &rows, load->key, 2);
    while (problem == PROBLEM_NONE && rows_next(&rows))
        problem = take_term(load, &rows);
    if (problem == PROBLEM_NONE)
        problem = rows_end(&rows);
    return problem == PROBLEM_NONE ? make_lists(load) : problem;
}

static enum problem load_paragraphs(const struct load *load, size_t capacity) {
    struct span_list *texts = &load->out->article.paragraphs;
    enum problem problem = PROBLEM_NONE;
    rows_auto struct rows rows = {0};
    texts->items = arena_alloc(load->arena, capacity * sizeof *texts->items);
    load->out->paragraphs = arena_alloc(load->arena, capacity * sizeof *load->out->paragraphs);
    if (texts->items == NULL || load->out->paragraphs == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    store_query(load->store, SQL_revision_paragraphs, &rows, load->key, 2);
    while (problem == PROBLEM_NONE && rows_next(&rows)) {
        if (texts->count == capacity)
            return PROBLEM_CORRUPT;
        struct article_version_paragraph *paragraph = &load->out->paragraphs[texts->count];
        paragraph->id = rows_int(&rows, PARAGRAPH_AT_ID);
        paragraph->is_split = span_is(rows_text(&rows, PARAGRAPH_AT_MATCH), "split");
        paragraph->related_id = rows_int(&rows, PARAGRAPH_AT_RELATED); /* 0 when NULL */
        problem = copy_text(load, rows_text(&rows, PARAGRAPH_AT_TEXT), &paragraph->text);
        texts->items[texts->count++] = paragraph->text;
    }
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

enum problem article_version_load(struct store *store, int64_t article_id, int64_t version,
                                  struct arena *arena, struct article_version *out) {
    struct load load = {store, arena, {STORE_INT(article_id), STORE_INT(version)}, out};
    size_t paragraph_count = 0;
    *out = (struct article_version){.id = article_id, .version = version};
    enum problem problem = load_head(&load, &paragraph_count);
    if (problem == PROBLEM_NONE)
        problem = load_terms(&load);
    return problem == PROBLEM_NONE ? load_paragraphs(&load, paragraph_count) : problem;
}
