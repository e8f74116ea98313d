/* article_store_links.c: the authors, sections and tags that an article carries. Each is found by
 * the key in which its spellings are equal, or made. */
#include "domain/articles/article_store.h"
#include "domain/text/slug.h"

static const char *const kind_names[] = {
    [TERM_AUTHOR] = "author", [TERM_SECTION] = "section", [TERM_TAG] = "tag"};

/* A name that is given twice is carried once. */
static bool link_add(struct article_links *list, enum term_kind kind, struct span name,
                     struct span path, struct arena *arena) {
    struct span key = slug_key(path, arena);
    if (key.at == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == kind && span_equal(list->items[i].key, key))
            return true;
    }
    list->items[list->count++] = (struct article_link){kind, name, path, key};
    return true;
}

struct span article_path_join(struct span outer, struct span step, struct arena *arena) {
    static const char between[] = " / ";
    size_t outer_bytes = outer.bytes == 0 ? 0 : outer.bytes + sizeof between - 1;
    char *path = arena_alloc(arena, outer_bytes + step.bytes);
    if (path == NULL)
        return (struct span){NULL, 0};
    if (outer.bytes > 0) {
        memcpy(path, outer.at, outer.bytes);
        memcpy(path + outer.bytes, between, sizeof between - 1);
    }
    memcpy(path + outer_bytes, step.at, step.bytes);
    return (struct span){path, outer_bytes + step.bytes};
}

enum problem article_links_make(const struct article_put *put, struct article_links *list) {
    const struct article *article = put->article;
    bool is_done = true;
    list->count = 0;
    size_t most = article->authors.count + article->section.count + article->tags.count;
    list->items = arena_alloc(put->arena, most * sizeof *list->items);
    if (list->items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; is_done && i < article->authors.count; i++)
        is_done = link_add(list, TERM_AUTHOR, article->authors.items[i], article->authors.items[i],
                           put->arena);
    struct span path = {"", 0};
    for (size_t i = 0; is_done && i < article->section.count; i++) {
        path = article_path_join(path, article->section.items[i], put->arena);
        is_done = path.at != NULL &&
                  link_add(list, TERM_SECTION, article->section.items[i], path, put->arena);
    }
    for (size_t i = 0; is_done && i < article->tags.count; i++)
        is_done =
            link_add(list, TERM_TAG, article->tags.items[i], article->tags.items[i], put->arena);
    return is_done ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static enum problem term_find_or_make(const struct article_put *put,
                                      const struct article_link *link, int64_t parent_id,
                                      int64_t *id) {
    enum problem problem = store_int(put->store, SQL_stored_term_by_key, id,
                                     STORE_VALUES(STORE_INT(link->kind), STORE_TEXT(link->key)));
    if (problem != PROBLEM_NOT_FOUND)
        return problem;
    struct span slug = slug_make(link->path, kind_names[link->kind], put->arena);
    if (slug.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    problem = article_slug_free(put, SQL_stored_term_slug, (int)link->kind, slug, &slug);
    if (problem != PROBLEM_NONE)
        return problem;
    return store_int(put->store, SQL_term_insert, id,
                     STORE_VALUES(STORE_INT(link->kind), STORE_TEXT(slug), STORE_TEXT(link->name),
                                  STORE_TEXT(link->key),
                                  parent_id == 0 ? STORE_NULL : STORE_INT(parent_id)));
}

enum problem article_links_insert(const struct article_put *put, const struct article_links *list,
                                  int64_t article_id) {
    int64_t position = 0, section_id = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct article_link *link = &list->items[i];
        int64_t term_id;
        position = i > 0 && list->items[i - 1].kind == link->kind ? position + 1 : 1;
        enum problem problem =
            term_find_or_make(put, link, link->kind == TERM_SECTION ? section_id : 0, &term_id);
        if (problem == PROBLEM_NONE)
            problem = store_run(put->store, SQL_term_count_add,
                                STORE_VALUES(STORE_TEXT(link->name), STORE_INT(term_id)));
        if (problem == PROBLEM_NONE)
            problem = store_run(put->store, SQL_link_insert,
                                STORE_VALUES(STORE_INT(article_id), STORE_INT(link->kind),
                                             STORE_INT(position), STORE_INT(term_id),
                                             STORE_TEXT(link->name),
                                             STORE_TEXT(span_of(put->article->published))));
        if (problem != PROBLEM_NONE)
            return problem;
        if (link->kind == TERM_SECTION)
            section_id = term_id;
    }
    return PROBLEM_NONE;
}

/* Both are in order of kind and place. */
enum problem article_links_compare(const struct article_put *put, const struct article_links *list,
                                   int64_t article_id, unsigned *kinds) {
    size_t seen = 0;
    *kinds = 0;
    rows_auto struct rows rows = {0};
    store_query(put->store, SQL_stored_links, &rows, STORE_VALUES(STORE_INT(article_id)));
    while (rows_next(&rows)) {
        int64_t kind = rows_int(&rows, 0);
        for (; seen < list->count && (int64_t)list->items[seen].kind < kind; seen++)
            *kinds |= 1u << list->items[seen].kind;
        const struct article_link *link = &list->items[seen];
        bool is_equal = seen < list->count && (int64_t)link->kind == kind &&
                        span_equal(rows_text(&rows, 1), link->name) &&
                        span_equal(rows_text(&rows, 2), link->key);
        seen += seen < list->count && (int64_t)link->kind == kind;
        if (!is_equal)
            *kinds |= 1u << kind;
    }
    for (; seen < list->count; seen++)
        *kinds |= 1u << list->items[seen].kind;
    return rows_end(&rows);
}

enum problem article_links_remove(struct store *store, int64_t article_id) {
    struct store_value id = STORE_INT(article_id);
    enum problem problem = store_run(store, SQL_links_uncount, STORE_VALUES(id));
    return problem == PROBLEM_NONE ? store_run(store, SQL_links_delete, STORE_VALUES(id)) : problem;
}
