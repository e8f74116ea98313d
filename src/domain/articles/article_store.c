/* article_store.c: an article's own row, its hashes, and the order in which its parts are written.
 * */
#include "domain/articles/article_store.h"

#include "domain/articles/article_history.h"
#include "domain/search/article_index.h"
#include "domain/text/slug.h"

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

enum problem article_put_identity(struct article_put *put) {
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

void article_put_imported(struct article_put *put) {
    struct hash hash;
    content_print(put);
    memcpy(put->imported, put->content, sizeof put->imported);
    if (put->article->slug.bytes == 0)
        return;
    hash_begin(&hash);
    hash_add(&hash, span_of(put->content));
    hash_add(&hash, put->article->slug);
    hash_print(&hash, put->imported);
}

enum problem article_put_begin(struct article_put *put) {
    const struct article *before = put->article;
    enum problem problem = article_names_resolve(put);
    if (problem != PROBLEM_NONE)
        return problem;
    if (put->article != before || put->content[0] == '\0')
        content_print(put);
    return article_put_identity(put);
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
                                        struct store_value key, struct stored_article *out) {
    *out = (struct stored_article){0};
    rows_auto struct rows rows = {0};
    store_query(put->store, sql, &rows, &key, 1);
    if (!rows_next(&rows))
        return rows_end(&rows);
    out->id = rows_int(&rows, 0);
    out->version = rows_int(&rows, 1);
    out->paragraph_count = (size_t)rows_int(&rows, 4);
    const struct {
        struct span *to;
        int column;
    } texts[] = {
        {&out->content, 2}, {&out->published, 3}, {&out->source, 5},   {&out->title, 6},
        {&out->slug, 7},    {&out->identity, 8},  {&out->imported, 9},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *texts[i].to = arena_copy(put->arena, rows_text(&rows, texts[i].column));
        if (texts[i].to->at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
    }
    return rows_end(&rows);
}

enum problem stored_article_by_identity(const struct article_put *put, struct stored_article *out) {
    return stored_article_find(put, SQL_stored_article_by_identity,
                               STORE_TEXT(span_of(put->identity)), out);
}

enum problem stored_article_by_source(const struct article_put *put, struct stored_article *out) {
    return stored_article_find(put, SQL_stored_article_by_source, STORE_TEXT(put->source), out);
}

enum problem stored_article_by_imported(const struct article_put *put, struct stored_article *out) {
    return stored_article_find(put, SQL_stored_article_by_imported,
                               STORE_TEXT(span_of(put->imported)), out);
}

enum problem stored_deletion_by_imported(const struct article_put *put, int64_t *id,
                                         int64_t *version) {
    rows_auto struct rows rows = {0};
    store_query(put->store, SQL_stored_deletion_by_imported, &rows,
                STORE_VALUES(STORE_TEXT(span_of(put->imported))));
    bool is_there = rows_next(&rows);
    *id = is_there ? rows_int(&rows, 0) : 0;
    *version = is_there ? rows_int(&rows, 1) : 0;
    return rows_end(&rows);
}

enum problem stored_article_by_id(const struct article_put *put, int64_t id,
                                  struct stored_article *out) {
    return stored_article_find(put, SQL_stored_article_by_id, STORE_INT(id), out);
}

/* ---- writing ---- */

static enum problem slug_find(const struct article_put *put, struct span *slug) {
    *slug = put->slug;
    if (slug->bytes > 0)
        return article_history_claim(put->store, 0, *slug);
    *slug = slug_make(put->article->title, "article", put->arena);
    if (slug->at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    return article_slug_free(put, SQL_stored_article_slug_made, 0, *slug, slug);
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

enum problem article_store_imported(const struct article_put *put, int64_t id) {
    return store_run(put->store, SQL_article_imported_set,
                     STORE_VALUES(STORE_TEXT(span_of(put->imported)), STORE_INT(id)));
}

static enum problem article_insert(const struct article_put *put, struct span slug, int64_t seq,
                                   int64_t *id) {
    const struct article *article = put->article;
    return store_int(
        put->store, SQL_article_insert, id,
        STORE_VALUES(STORE_TEXT(slug), STORE_TEXT(article->title), STORE_TEXT(put->title_key),
                     STORE_TEXT(span_of(article->published)), STORE_TEXT(put->lead),
                     STORE_INT((int64_t)article->paragraphs.count),
                     STORE_INT((int64_t)put->word_count), STORE_INT(seq), STORE_INT(put->now_s),
                     STORE_TEXT(span_of(put->identity)), STORE_TEXT(span_of(put->content)),
                     STORE_TEXT(put->source), STORE_TEXT(span_of(put->imported))));
}

enum problem article_store_create(const struct article_put *put, int64_t *id, int64_t *seq) {
    struct span slug;
    struct article_links links;
    struct article_history_change change = {
        .op = "create",
        .type = "article",
        .version = 1,
        .now_s = put->now_s,
        .articles = 1,
        .paragraphs = (int64_t)put->article->paragraphs.count,
    };
    enum problem problem = slug_find(put, &slug);
    if (problem == PROBLEM_NONE)
        problem = source_release(put, 0);
    if (problem == PROBLEM_NONE)
        problem = article_history_seq(put->store, &change, seq);
    if (problem == PROBLEM_NONE)
        problem = article_insert(put, slug, *seq, id);
    change.id = *id;
    if (problem == PROBLEM_NONE)
        problem = article_history_add(put->store, &change, *seq);
    if (problem == PROBLEM_NONE)
        problem = article_paragraphs_insert(put, *id);
    if (problem == PROBLEM_NONE)
        problem = article_links_make(put, &links);
    if (problem == PROBLEM_NONE)
        problem = article_links_insert(put, &links, *id);
    return problem == PROBLEM_NONE ? article_index_after(put->index, *id, put->arena, NULL)
                                   : problem;
}

static enum problem article_update(const struct article_put *put,
                                   const struct article_change *change, int64_t seq) {
    const struct article *article = put->article;
    struct span slug = put->slug.bytes > 0 ? put->slug : change->stored.slug;
    return store_run(
        put->store, SQL_article_update,
        STORE_VALUES(STORE_TEXT(slug), STORE_TEXT(article->title), STORE_TEXT(put->title_key),
                     STORE_TEXT(span_of(article->published)), STORE_TEXT(put->lead),
                     STORE_INT((int64_t)article->paragraphs.count),
                     STORE_INT((int64_t)put->word_count), STORE_INT(change->version),
                     STORE_INT(seq), STORE_INT(put->now_s), STORE_TEXT(span_of(put->identity)),
                     STORE_TEXT(span_of(put->content)), STORE_TEXT(put->source),
                     STORE_TEXT(span_of(put->imported)), STORE_INT(change->stored.id)));
}

/* What was there goes into the history, and the change into the feed. */
static enum problem article_keep(const struct article_put *put, const struct article_change *change,
                                 struct span changed, int64_t *seq) {
    const struct stored_article *stored = &change->stored;
    struct article_history_change entry = {
        .op = "update",
        .type = "article",
        .id = stored->id,
        .version = change->version,
        .changed = changed,
        .now_s = put->now_s,
        .paragraphs = (int64_t)put->article->paragraphs.count - (int64_t)change->old.live_count,
    };
    enum problem problem = PROBLEM_NONE;
    if (!put->is_kept)
        problem = article_history_keep(put->store, stored->id);
    if (problem == PROBLEM_NONE)
        problem = article_history_seq(put->store, &entry, seq);
    if (problem == PROBLEM_NONE)
        problem = article_history_add(put->store, &entry, *seq);
    if (problem == PROBLEM_NONE && put->slug.bytes > 0 && !span_equal(put->slug, stored->slug))
        problem = article_history_redirect(put->store, 0, stored->slug, put->slug, stored->id);
    return problem;
}

enum problem article_store_update(const struct article_put *put,
                                  const struct article_change *change, int64_t *seq) {
    const struct stored_article *stored = &change->stored;
    struct article_links links;
    struct article_indexed old;
    unsigned kinds = 0;
    *seq = 0;
    enum problem problem = article_links_make(put, &links);
    if (problem == PROBLEM_NONE)
        problem = article_links_compare(put, &links, stored->id, &kinds);
    if (problem != PROBLEM_NONE)
        return problem;
    kinds |= put->touched;
    struct span changed = article_change_print(put, change, kinds);
    if (changed.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (changed.bytes == 0)
        return PROBLEM_NONE;
    problem = article_index_before(put->index, stored->id, put->arena, &old);
    if (problem == PROBLEM_NONE)
        problem = article_keep(put, change, changed, seq);
    if (problem == PROBLEM_NONE)
        problem = article_paragraphs_update(put, change);
    /* A term's list is sorted by the date of its articles, so it stands with the term, too. */
    bool is_relinked = kinds != 0 || !span_is(stored->published, put->article->published);
    if (problem == PROBLEM_NONE && is_relinked)
        problem = article_links_remove(put->store, stored->id);
    if (problem == PROBLEM_NONE && is_relinked)
        problem = article_links_insert(put, &links, stored->id);
    if (problem == PROBLEM_NONE)
        problem = source_release(put, stored->id);
    if (problem == PROBLEM_NONE)
        problem = article_update(put, change, *seq);
    return problem == PROBLEM_NONE ? article_index_after(put->index, stored->id, put->arena, &old)
                                   : problem;
}
