/* article_store.c: an article's own row, its hashes, and the order in which its parts are written.
 * */
#include "domain/article_store.h"

#include "domain/slug.h"

/* ---- what is worked out about a text ---- */

static void hash_add_list(struct hash *hash, const struct span_list *list) {
    hash_add_int(hash, (int64_t)list->count);
    for (size_t i = 0; i < list->count; i++)
        hash_add(hash, list->items[i]);
}

/* Spellings that differ only in case, width or kind of blank are one article's. */
static bool hash_add_key(struct hash *hash, struct span text, struct arena *arena) {
    struct span key = slug_key(text, arena);
    if (key.at != NULL)
        hash_add(hash, key);
    return key.at != NULL;
}

static enum problem identity_print(struct article_put *put) {
    const struct article *article = put->article;
    struct hash hash;
    hash_begin(&hash);
    bool is_done = hash_add_key(&hash, article->title, put->arena);
    hash_add_int(&hash, (int64_t)article->authors.count);
    for (size_t i = 0; is_done && i < article->authors.count; i++)
        is_done = hash_add_key(&hash, article->authors.items[i], put->arena);
    hash_add(&hash, span_of(article->published));
    hash_print(&hash, put->identity);
    return is_done ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static void content_print(struct article_put *put) {
    const struct article *article = put->article;
    struct hash hash;
    hash_begin(&hash);
    hash_add(&hash, article->title);
    hash_add_list(&hash, &article->authors);
    hash_add(&hash, span_of(article->published));
    hash_add_list(&hash, &article->section);
    hash_add_list(&hash, &article->tags);
    hash_add_list(&hash, &article->paragraphs);
    hash_print(&hash, put->content);
}

enum problem article_put_begin(struct article_put *put) {
    content_print(put);
    return identity_print(put);
}

enum problem article_put_finish(struct article_put *put) {
    const struct span_list *paragraphs = &put->article->paragraphs;
    put->title_key = slug_sort_key(put->article->title, put->arena);
    put->lead = (struct span){"", 0};
    if (paragraphs->count > 0)
        put->lead = article_lead(paragraphs->items[0], put->arena);
    put->words = arena_alloc(put->arena, paragraphs->count * sizeof *put->words);
    if (put->title_key.at == NULL || put->lead.at == NULL || put->words == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    put->word_count = 0;
    for (size_t i = 0; i < paragraphs->count; i++) {
        put->words[i] = slug_word_count(paragraphs->items[i]);
        put->word_count += put->words[i];
    }
    return PROBLEM_NONE;
}

/* ---- what is stored ---- */

static enum problem stored_article_find(const struct article_put *put, enum sql_id sql,
                                        struct span key, struct stored_article *out) {
    *out = (struct stored_article){0};
    rows_auto struct rows rows = {0};
    store_query(put->store, sql, &rows, STORE_VALUES(STORE_TEXT(key)));
    if (!rows_next(&rows))
        return rows_end(&rows);
    out->id = rows_int(&rows, 0);
    out->version = rows_int(&rows, 1);
    out->content = arena_copy(put->arena, rows_text(&rows, 2));
    out->published = arena_copy(put->arena, rows_text(&rows, 3));
    out->paragraph_count = (size_t)rows_int(&rows, 4);
    out->source = arena_copy(put->arena, rows_text(&rows, 5));
    if (out->content.at == NULL || out->published.at == NULL || out->source.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    return rows_end(&rows);
}

enum problem stored_article_by_identity(const struct article_put *put, struct stored_article *out) {
    return stored_article_find(put, SQL_stored_article_by_identity, span_of(put->identity), out);
}

enum problem stored_article_by_source(const struct article_put *put, struct stored_article *out) {
    return stored_article_find(put, SQL_stored_article_by_source, put->source, out);
}

/* ---- writing ---- */

static enum problem seq_next(const struct article_put *put, int64_t articles, int64_t paragraphs,
                             int64_t *seq) {
    return store_int(put->store, SQL_totals_add, seq,
                     STORE_VALUES(STORE_INT(articles), STORE_INT(paragraphs)));
}

static enum problem source_release(const struct article_put *put, int64_t id) {
    if (put->source.bytes == 0)
        return PROBLEM_NONE;
    return store_run(put->store, SQL_article_source_release,
                     STORE_VALUES(STORE_TEXT(put->source), STORE_INT(id)));
}

enum problem article_store_source(const struct article_put *put, int64_t id) {
    enum problem problem = source_release(put, id);
    if (problem != PROBLEM_NONE)
        return problem;
    return store_run(put->store, SQL_article_source_set,
                     STORE_VALUES(STORE_TEXT(put->source), STORE_INT(id)));
}

enum problem article_store_create(const struct article_put *put, int64_t *id) {
    const struct article *article = put->article;
    int64_t seq, paragraph_count = (int64_t)article->paragraphs.count;
    struct span slug = slug_make(article->title, "article", put->arena);
    if (slug.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = article_slug_free(put, SQL_stored_article_slug, 0, slug, &slug);
    if (problem == PROBLEM_NONE)
        problem = source_release(put, 0);
    if (problem == PROBLEM_NONE)
        problem = seq_next(put, 1, paragraph_count, &seq);
    if (problem == PROBLEM_NONE)
        problem = store_int(
            put->store, SQL_article_insert, id,
            STORE_VALUES(STORE_TEXT(slug), STORE_TEXT(article->title), STORE_TEXT(put->title_key),
                         STORE_TEXT(span_of(article->published)), STORE_TEXT(put->lead),
                         STORE_INT(paragraph_count), STORE_INT((int64_t)put->word_count),
                         STORE_INT(seq), STORE_INT(put->now_s), STORE_TEXT(span_of(put->identity)),
                         STORE_TEXT(span_of(put->content)), STORE_TEXT(put->source)));
    if (problem == PROBLEM_NONE)
        problem = article_paragraphs_insert(put, *id);
    if (problem == PROBLEM_NONE)
        problem = article_links_insert(put, *id);
    return problem;
}

enum problem article_store_update(const struct article_put *put,
                                  const struct article_change *change) {
    const struct article *article = put->article;
    int64_t seq, paragraph_count = (int64_t)article->paragraphs.count;
    enum problem problem = seq_next(put, 0, paragraph_count - (int64_t)change->old.count, &seq);
    if (problem == PROBLEM_NONE)
        problem = article_paragraphs_update(put, change);
    if (problem == PROBLEM_NONE)
        problem = article_links_update(put, &change->stored);
    if (problem == PROBLEM_NONE)
        problem = source_release(put, change->stored.id);
    if (problem != PROBLEM_NONE)
        return problem;
    return store_run(put->store, SQL_article_update,
                     STORE_VALUES(STORE_TEXT(article->title), STORE_TEXT(put->title_key),
                                  STORE_TEXT(span_of(article->published)), STORE_TEXT(put->lead),
                                  STORE_INT(paragraph_count), STORE_INT((int64_t)put->word_count),
                                  STORE_INT(change->version), STORE_INT(seq), STORE_INT(put->now_s),
                                  STORE_TEXT(span_of(put->identity)),
                                  STORE_TEXT(span_of(put->content)), STORE_TEXT(put->source),
                                  STORE_INT(change->stored.id)));
}
