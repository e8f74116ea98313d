/* article_load.c: see article_load.h. */
#include "domain/articles/article_load.h"

#include <stdio.h>

enum { NAMES_FIRST = 8 };

static bool name_add(struct span_list *list, struct span name, struct arena *arena) {
    size_t count = list->count;
    /* Full at 0, 8, 16, 32 ... */
    if (count == 0 || (count >= NAMES_FIRST && (count & (count - 1)) == 0)) {
        struct span *items =
            arena_alloc(arena, (count == 0 ? NAMES_FIRST : 2 * count) * sizeof *items);
        if (items == NULL)
            return false;
        if (count > 0)
            memcpy(items, list->items, count * sizeof *items);
        list->items = items;
    }
    struct span copy = arena_copy(arena, name);
    list->items[list->count++] = copy;
    return copy.at != NULL;
}

/* Of the running answer of a statement: kind and name in order. */
static enum problem links_load(struct rows *rows, struct article *article, struct arena *arena) {
    struct span_list *lists[] = {
        [TERM_AUTHOR] = &article->authors,
        [TERM_SECTION] = &article->section,
        [TERM_TAG] = &article->tags,
    };
    while (rows_next(rows)) {
        if (!name_add(lists[rows_int(rows, 0)], rows_text(rows, 1), arena))
            return PROBLEM_OUT_OF_MEMORY;
    }
    return rows_end(rows);
}

enum problem article_load_stored(const struct article_put *put, const struct stored_article *stored,
                                 struct article *article, int64_t **paragraph_ids) {
    struct stored_paragraphs paragraphs;
    *article = (struct article){.title = stored->title};
    snprintf(article->published, sizeof article->published, "%.*s", (int)stored->published.bytes,
             stored->published.at);
    enum problem problem = stored_paragraphs(put, stored, 0, &paragraphs);
    if (problem != PROBLEM_NONE)
        return problem;
    article->paragraphs = (struct span_list){paragraphs.texts, paragraphs.count};
    *paragraph_ids = paragraphs.ids;
    rows_auto struct rows rows = {0};
    store_query(put->store, SQL_stored_links, &rows, STORE_VALUES(STORE_INT(stored->id)));
    return links_load(&rows, article, put->arena);
}

static enum problem revision_head(const struct article_put *put, const struct store_value key[2],
                                  struct article *article, size_t *count) {
    rows_auto struct rows rows = {0};
    store_query(put->store, SQL_stored_revision, &rows, key, 2);
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? PROBLEM_NOT_FOUND : problem;
    }
    struct span published = rows_text(&rows, 1);
    *article = (struct article){.title = arena_copy(put->arena, rows_text(&rows, 0))};
    snprintf(article->published, sizeof article->published, "%.*s", (int)published.bytes,
             published.at);
    *count = (size_t)rows_int(&rows, 2);
    return article->title.at == NULL ? PROBLEM_OUT_OF_MEMORY : rows_end(&rows);
}

static enum problem revision_paragraphs(const struct article_put *put,
                                        const struct store_value key[2], size_t most,
                                        struct span_list *paragraphs, int64_t **ids) {
    paragraphs->items = arena_alloc(put->arena, most * sizeof *paragraphs->items);
    *ids = arena_alloc(put->arena, most * sizeof **ids);
    if (paragraphs->items == NULL || *ids == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    rows_auto struct rows rows = {0};
    store_query(put->store, SQL_stored_revision_paragraphs, &rows, key, 2);
    while (rows_next(&rows) && paragraphs->count < most) {
        struct span text = arena_copy(put->arena, rows_text(&rows, 2));
        if (text.at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        (*ids)[paragraphs->count] = rows_int(&rows, 0);
        paragraphs->items[paragraphs->count++] = text;
    }
    return rows_end(&rows);
}

enum problem article_load_revision(const struct article_put *put, int64_t article_id,
                                   int64_t version, struct article *article,
                                   int64_t **paragraph_ids) {
    const struct store_value key[2] = {STORE_INT(article_id), STORE_INT(version)};
    size_t count = 0;
    enum problem problem = revision_head(put, key, article, &count);
    if (problem == PROBLEM_NONE)
        problem = revision_paragraphs(put, key, count, &article->paragraphs, paragraph_ids);
    if (problem != PROBLEM_NONE)
        return problem;
    rows_auto struct rows rows = {0};
    store_query(put->store, SQL_stored_revision_links, &rows, key, 2);
    return links_load(&rows, article, put->arena);
}
