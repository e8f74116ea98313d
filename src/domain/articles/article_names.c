/* article_names.c: names that a term had before it was renamed or merged. An article that writes
 * one of them again carries what it is called now, as if it had been there at the time. */
#include "domain/articles/article_edit.h"
#include "domain/articles/article_store.h"
#include "domain/articles/stored_term.h"
#include "domain/text/slug.h"

enum problem article_names_swap(struct span_list *names, struct span old_key, struct span name,
                                struct arena *arena) {
    struct span new_key = slug_key(name, arena);
    size_t count = 0;
    bool has_new = false;
    for (size_t i = 0; i < names->count; i++) {
        struct span key = slug_key(names->items[i], arena);
        if (key.at == NULL || new_key.at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        bool is_new = span_equal(key, old_key) || span_equal(key, new_key);
        if (is_new && has_new)
            continue;
        names->items[count++] = is_new ? name : names->items[i];
        has_new = has_new || is_new;
    }
    names->count = count;
    return PROBLEM_NONE;
}

/* The term that had this key before; *id is 0 when none had. */
static enum problem target_find(const struct article_put *put, int kind, struct span key,
                                int64_t *id, struct span *name) {
    rows_auto struct rows rows = {0};
    store_query(put->store, SQL_old_key_target, &rows,
                STORE_VALUES(STORE_INT(kind), STORE_TEXT(key)));
    *id = 0;
    if (rows_next(&rows)) {
        *id = rows_int(&rows, 0);
        *name = arena_copy(put->arena, rows_text(&rows, 1));
        if (name->at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
    }
    return rows_end(&rows);
}

static enum problem copy_list(struct arena *arena, struct span_list *list) {
    struct span *items = arena_alloc(arena, list->count * sizeof *items);
    if (items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    return PROBLEM_NONE;
}

/* A place is looked at again when its name was replaced, and finds nothing then. */
static enum problem resolve_names(const struct article_put *put, int kind, struct span_list *list) {
    struct span_list names = *list;
    enum problem problem = copy_list(put->arena, &names);
    size_t most = 2 * names.count;
    for (size_t i = 0, looks = 0; problem == PROBLEM_NONE && i < names.count && looks < most;
         looks++) {
        struct span key = slug_key(names.items[i], put->arena), name;
        int64_t id = 0;
        problem = key.at == NULL ? PROBLEM_OUT_OF_MEMORY : target_find(put, kind, key, &id, &name);
        if (problem == PROBLEM_NONE && id != 0)
            problem = article_names_swap(&names, key, name, put->arena);
        i += id == 0;
    }
    *list = names;
    return problem;
}

/* The longest beginning of a path that is an old name; *count is 0 when none is. */
static enum problem find_old_path(const struct article_put *put, const struct span_list *path,
                                  int64_t *id, size_t *count) {
    struct span joined = {"", 0}, name;
    *id = 0;
    *count = 0;
    for (size_t i = 0; i < path->count; i++) {
        int64_t target;
        joined = article_path_join(joined, path->items[i], put->arena);
        struct span key = joined.at == NULL ? joined : slug_key(joined, put->arena);
        enum problem problem = key.at == NULL ? PROBLEM_OUT_OF_MEMORY
                                              : target_find(put, TERM_SECTION, key, &target, &name);
        if (problem != PROBLEM_NONE)
            return problem;
        if (target != 0) {
            *id = target;
            *count = i + 1;
        }
    }
    return PROBLEM_NONE;
}

/* What is inside may have been renamed under the new path, too. A path that would become too deep
 * stays as it is. */
static enum problem resolve_path(const struct article_put *put, struct span_list *path) {
    struct article_edit edit = {put->store, put->arena, put->now_s};
    for (size_t looks = 0; looks < ARTICLE_SECTION_DEPTH_MAX; looks++) {
        struct stored_term term;
        int64_t id;
        size_t old;
        enum problem problem = find_old_path(put, path, &id, &old);
        if (problem != PROBLEM_NONE || old == 0)
            return problem;
        problem = stored_term_find(&edit, TERM_SECTION, id, &term);
        size_t inner = path->count - old, count = term.path.count + inner;
        if (problem != PROBLEM_NONE || count > ARTICLE_SECTION_DEPTH_MAX)
            return problem;
        struct span *items = arena_alloc(put->arena, count * sizeof *items);
        if (items == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        memcpy(items, term.path.items, term.path.count * sizeof *items);
        if (inner > 0)
            memcpy(items + term.path.count, path->items + old, inner * sizeof *items);
        *path = (struct span_list){items, count};
    }
    return PROBLEM_NONE;
}

static enum problem resolve(const struct article_put *put, int kind, struct article *article) {
    switch (kind) {
    case TERM_AUTHOR:
        return resolve_names(put, kind, &article->authors);
    case TERM_TAG:
        return resolve_names(put, kind, &article->tags);
    default:
        return resolve_path(put, &article->section);
    }
}

enum problem article_names_resolve(struct article_put *put) {
    struct article *own = NULL;
    int64_t kind = 0;
    enum problem problem = PROBLEM_NONE;
    while (problem == PROBLEM_NONE) {
        problem = store_int(put->store, SQL_old_key_kind, &kind, STORE_VALUES(STORE_INT(kind)));
        if (problem != PROBLEM_NONE)
            break;
        if (own == NULL && (own = arena_alloc(put->arena, sizeof *own)) == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        if (put->article != own)
            *own = *put->article;
        put->article = own;
        problem = resolve(put, (int)kind++, own);
    }
    return problem == PROBLEM_NOT_FOUND ? PROBLEM_NONE : problem;
}
