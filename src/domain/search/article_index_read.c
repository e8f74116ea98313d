/* article_index_read.c: see article_index_read.h. Names are what the article writes, not what a
 * term is called elsewhere. */
#include "domain/search/article_index_read.h"

#include <stdio.h>

#include "domain/articles/term.h"

struct counts {
    size_t paragraphs, links;
};

static enum problem head_read(struct store *store, int64_t id, struct arena *arena,
                              struct article *article, struct counts *counts, bool *is_found) {
    rows_auto struct rows rows = {0};
    store_query(store, SQL_search_article_row, &rows, STORE_VALUES(STORE_INT(id)));
    *is_found = rows_next(&rows);
    if (!*is_found)
        return rows_end(&rows);
    struct span published = rows_text(&rows, 1);
    *article = (struct article){.title = arena_copy(arena, rows_text(&rows, 0))};
    snprintf(article->published, sizeof article->published, "%.*s", (int)published.bytes,
             published.at);
    *counts = (struct counts){(size_t)rows_int(&rows, 2), (size_t)rows_int(&rows, 3)};
    return article->title.at == NULL ? PROBLEM_OUT_OF_MEMORY : rows_end(&rows);
}

static enum problem paragraphs_read(struct store *store, int64_t id, size_t most,
                                    struct arena *arena, struct span_list *texts, int64_t **ids) {
    texts->items = arena_alloc(arena, most * sizeof *texts->items);
    *ids = arena_alloc(arena, most * sizeof **ids);
    if (texts->items == NULL || *ids == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    rows_auto struct rows rows = {0};
    store_query(store, SQL_stored_paragraphs, &rows, STORE_VALUES(STORE_INT(id)));
    while (texts->count < most && rows_next(&rows)) {
        struct span text = arena_copy(arena, rows_text(&rows, 2));
        if (text.at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        (*ids)[texts->count] = rows_int(&rows, 0);
        texts->items[texts->count++] = text;
    }
    return rows_end(&rows);
}

/* They come by kind, so the names of a kind stand together. */
static enum problem names_read(struct store *store, int64_t id, size_t most, struct arena *arena,
                               struct article *article) {
    struct span_list *const lists[] = {
        [TERM_AUTHOR] = &article->authors,
        [TERM_SECTION] = &article->section,
        [TERM_TAG] = &article->tags,
    };
    struct span *items = arena_alloc(arena, most * sizeof *items);
    if (items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    rows_auto struct rows rows = {0};
    store_query(store, SQL_stored_links, &rows, STORE_VALUES(STORE_INT(id)));
    for (size_t i = 0; i < most && rows_next(&rows); i++) {
        struct span_list *list = lists[rows_int(&rows, 0)];
        items[i] = arena_copy(arena, rows_text(&rows, 1));
        if (items[i].at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        if (list->count++ == 0)
            list->items = &items[i];
    }
    return rows_end(&rows);
}

enum problem article_index_read(struct store *store, int64_t id, struct arena *arena,
                                struct article *article, struct article_indexed *out) {
    struct counts counts;
    bool is_found;
    *out = (struct article_indexed){.id = 0};
    enum problem problem = head_read(store, id, arena, article, &counts, &is_found);
    if (problem != PROBLEM_NONE || !is_found)
        return problem;
    problem = paragraphs_read(store, id, counts.paragraphs, arena, &article->paragraphs,
                              &out->paragraph_ids);
    if (problem == PROBLEM_NONE)
        problem = names_read(store, id, counts.links, arena, article);
    if (problem != PROBLEM_NONE)
        return problem;
    out->id = id;
    memcpy(out->published, article->published, sizeof out->published);
    return PROBLEM_NONE;
}
