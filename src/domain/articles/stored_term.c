/* stored_term.c: see stored_term.h. */
#include "domain/articles/stored_term.h"

#include <stdio.h>

#include "domain/articles/article_history.h"
#include "domain/text/slug.h"
#include "ground/utf8.h"

enum { INNER_FIRST = 16 };

static const char *const kind_names[] = {
    [TERM_AUTHOR] = "author", [TERM_SECTION] = "section", [TERM_TAG] = "tag"};

enum problem stored_term_say(struct article_edit *edit, const struct stored_term *term,
                             const char *op, const char *changed) {
    int64_t seq;
    struct article_history_change change = {
        .op = op,
        .type = kind_names[term->kind],
        .id = term->id,
        .changed = span_of(changed),
        .now_s = edit->now_s,
    };
    enum problem problem = article_history_seq(edit->store, &change, &seq);
    return problem == PROBLEM_NONE ? article_history_add(edit->store, &change, seq) : problem;
}

/* ---- what is stored ---- */

static enum problem row_read(struct article_edit *edit, struct stored_term *out) {
    rows_auto struct rows rows = {0};
    store_query(edit->store, SQL_stored_term, &rows,
                STORE_VALUES(STORE_INT(out->id), STORE_INT(out->kind)));
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? PROBLEM_NOT_FOUND : problem;
    }
    out->slug = arena_copy(edit->arena, rows_text(&rows, 0));
    out->name = arena_copy(edit->arena, rows_text(&rows, 1));
    out->key = arena_copy(edit->arena, rows_text(&rows, 2));
    out->parent_id = rows_int(&rows, 3);
    out->article_count = rows_int(&rows, 4);
    if (out->slug.at == NULL || out->name.at == NULL || out->key.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    return rows_end(&rows);
}

enum problem stored_term_find(struct article_edit *edit, int kind, int64_t id,
                              struct stored_term *out) {
    struct span names[ARTICLE_SECTION_DEPTH_MAX];
    size_t depth = 0;
    *out = (struct stored_term){.kind = kind, .id = id};
    enum problem problem = row_read(edit, out);
    struct stored_term step = *out;
    while (problem == PROBLEM_NONE) {
        names[depth++] = step.name;
        if (step.parent_id == 0 || depth == ARTICLE_SECTION_DEPTH_MAX)
            break;
        step = (struct stored_term){.kind = kind, .id = step.parent_id};
        problem = row_read(edit, &step);
    }
    if (problem != PROBLEM_NONE)
        return problem;
    out->path = (struct span_list){arena_alloc(edit->arena, depth * sizeof *names), depth};
    if (out->path.items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < depth; i++)
        out->path.items[i] = names[depth - 1 - i];
    return PROBLEM_NONE;
}

enum problem stored_term_path(struct article_edit *edit, const struct stored_term *term,
                              struct span name, struct span_list *path) {
    size_t count = term->path.count;
    *path = (struct span_list){arena_alloc(edit->arena, count * sizeof *path->items), count};
    if (path->items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    memcpy(path->items, term->path.items, count * sizeof *path->items);
    path->items[count - 1] = name;
    return PROBLEM_NONE;
}

/* What key and slug are made of. */
static struct span path_join(struct article_edit *edit, struct span_list path) {
    static const char between[] = " / ";
    size_t bytes = 0;
    for (size_t i = 0; i < path.count; i++)
        bytes += path.items[i].bytes + sizeof between - 1;
    char *text = arena_alloc(edit->arena, bytes);
    if (text == NULL)
        return (struct span){NULL, 0};
    size_t used = 0;
    for (size_t i = 0; i < path.count; i++) {
        if (i > 0)
            memcpy(text + used, between, sizeof between - 1);
        used += i > 0 ? sizeof between - 1 : 0;
        memcpy(text + used, path.items[i].at, path.items[i].bytes);
        used += path.items[i].bytes;
    }
    return (struct span){text, used};
}

/* Those directly inside a section. */
static enum problem inner_find(struct article_edit *edit, int64_t id, int64_t **ids,
                               size_t *count) {
    size_t most = 0;
    *ids = NULL;
    *count = 0;
    rows_auto struct rows rows = {0};
    store_query(edit->store, SQL_stored_term_inner, &rows, STORE_VALUES(STORE_INT(id)));
    while (rows_next(&rows)) {
        if (*count == most) {
            most = most == 0 ? INNER_FIRST : 2 * most;
            int64_t *more = arena_alloc(edit->arena, most * sizeof *more);
            if (more == NULL)
                return PROBLEM_OUT_OF_MEMORY;
            if (*count > 0)
                memcpy(more, *ids, *count * sizeof *more);
            *ids = more;
        }
        (*ids)[(*count)++] = rows_int(&rows, 0);
    }
    return rows_end(&rows);
}

/* ---- rename ---- */

/* The key of the term leads to `target_id` from now on; `key`, which that has, leads nowhere. */
static enum problem key_leave(struct article_edit *edit, const struct stored_term *term,
                              struct span key, int64_t target_id) {
    struct store_value kind = STORE_INT(term->kind);
    enum problem problem =
        store_run(edit->store, SQL_old_key_claim, STORE_VALUES(kind, STORE_TEXT(key)));
    if (problem != PROBLEM_NONE)
        return problem;
    return store_run(edit->store, SQL_old_key_put,
                     STORE_VALUES(kind, STORE_TEXT(term->key), STORE_INT(target_id)));
}

static enum problem refuse_taken(struct fault *fault, const char *field, const char *kind,
                                 int64_t id) {
    fault_set(fault, "%s %lld has that %s", kind, (long long)id, field);
    if (fault != NULL && fault->name[0] == '\0')
        snprintf(fault->name, sizeof fault->name, "%s", field);
    return PROBLEM_CONFLICT;
}

/* A name that was left behind, and is shown nowhere, gives way. */
static enum problem name_take(struct article_edit *edit, const struct stored_term *term,
                              struct span key, struct fault *fault) {
    struct stored_term other = {.kind = term->kind};
    enum problem problem = store_int(edit->store, SQL_stored_term_by_key, &other.id,
                                     STORE_VALUES(STORE_INT(term->kind), STORE_TEXT(key)));
    if (problem == PROBLEM_NOT_FOUND || (problem == PROBLEM_NONE && other.id == term->id))
        return PROBLEM_NONE;
    if (problem == PROBLEM_NONE)
        problem = row_read(edit, &other);
    if (problem != PROBLEM_NONE)
        return problem;
    if (other.article_count > 0 || other.kind == TERM_SECTION)
        return refuse_taken(fault, "name", kind_names[other.kind], other.id);
    return stored_term_merge(edit, &other, term);
}

static enum problem slug_asked(struct article_edit *edit, const struct stored_term *term,
                               struct span slug, struct fault *fault) {
    struct span made = slug_make(slug, kind_names[term->kind], edit->arena);
    if (made.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (!span_equal(made, slug)) {
        fault_set(fault, SLUG_FLAW, UTF8_SHOWN(made));
        if (fault != NULL)
            snprintf(fault->name, sizeof fault->name, "slug");
        return PROBLEM_INVALID;
    }
    int64_t id;
    enum problem problem = store_int(edit->store, SQL_term_by_slug, &id,
                                     STORE_VALUES(STORE_INT(term->kind), STORE_TEXT(slug)));
    if (problem == PROBLEM_NOT_FOUND || (problem == PROBLEM_NONE && id == term->id))
        return PROBLEM_NONE;
    return problem == PROBLEM_NONE ? refuse_taken(fault, "slug", kind_names[term->kind], id)
                                   : problem;
}

/* Whether a slug that is made may be taken: nothing has it, nor had it; or this term had it before,
 * or whatever had this name. That name is wanted back, and with it its address. */
static enum problem slug_look_up(struct article_edit *edit, const struct stored_term *term,
                                 struct span key, struct span slug, bool *is_free) {
    struct store_value kind = STORE_INT(term->kind);
    int64_t id, named_id = 0;
    *is_free = true;
    enum problem problem =
        store_int(edit->store, SQL_term_by_slug, &id, STORE_VALUES(kind, STORE_TEXT(slug)));
    if (problem == PROBLEM_NONE)
        *is_free = id == term->id;
    if (problem != PROBLEM_NOT_FOUND)
        return problem;
    problem =
        store_int(edit->store, SQL_old_slug_target, &id, STORE_VALUES(kind, STORE_TEXT(slug)));
    if (problem != PROBLEM_NONE)
        return problem == PROBLEM_NOT_FOUND ? PROBLEM_NONE : problem;
    problem =
        store_int(edit->store, SQL_old_key_target, &named_id, STORE_VALUES(kind, STORE_TEXT(key)));
    *is_free = id == term->id || id == named_id;
    return problem == PROBLEM_NOT_FOUND ? PROBLEM_NONE : problem;
}

/* Another spelling of the same name has the same address. */
static enum problem slug_choose(struct article_edit *edit, const struct stored_term *term,
                                struct span path, struct span key, struct span *slug,
                                struct fault *fault) {
    if (slug->bytes > 0)
        return slug_asked(edit, term, *slug, fault);
    *slug = term->slug;
    if (span_equal(key, term->key))
        return PROBLEM_NONE;
    struct span made = slug_make(path, kind_names[term->kind], edit->arena);
    if (made.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    bool is_free;
    enum problem problem = slug_look_up(edit, term, key, made, &is_free);
    if (problem == PROBLEM_NONE && is_free)
        *slug = made;
    if (problem != PROBLEM_NONE || is_free)
        return problem;
    struct article_put put = {.store = edit->store, .arena = edit->arena};
    return article_slug_free(&put, SQL_stored_term_slug, term->kind, made, slug);
}

static enum problem row_rename(struct article_edit *edit, const struct stored_term *term,
                               struct span_list path, struct span slug, struct fault *fault) {
    struct span joined = path_join(edit, path);
    struct span key = joined.at == NULL ? joined : slug_key(joined, edit->arena);
    if (key.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = name_take(edit, term, key, fault);
    if (problem == PROBLEM_NONE)
        problem = slug_choose(edit, term, joined, key, &slug, fault);
    if (problem == PROBLEM_NONE)
        problem = store_run(edit->store, SQL_term_update,
                            STORE_VALUES(STORE_TEXT(slug), STORE_TEXT(path.items[path.count - 1]),
                                         STORE_TEXT(key), STORE_INT(term->id)));
    if (problem == PROBLEM_NONE && !span_equal(slug, term->slug))
        problem = article_history_redirect(edit->store, term->kind, term->slug, slug, term->id);
    if (problem == PROBLEM_NONE && !span_equal(key, term->key))
        problem = key_leave(edit, term, key, term->id);
    return problem == PROBLEM_NONE ? stored_term_say(edit, term, "update", "name,slug") : problem;
}

/* Inner sections after the outer one; their articles are the outer one's. Recursion is bounded by
 * the depth of sections. */
static enum problem inner_rename(struct article_edit *edit, const struct stored_term *term,
                                 struct span_list path, struct fault *fault) {
    int64_t *ids;
    size_t count;
    enum problem problem = inner_find(edit, term->id, &ids, &count);
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++) {
        struct stored_term inner = {.kind = term->kind, .id = ids[i]};
        struct span names[ARTICLE_SECTION_DEPTH_MAX + 1];
        if (path.count >= ARTICLE_SECTION_DEPTH_MAX)
            return PROBLEM_CORRUPT;
        problem = row_read(edit, &inner);
        if (problem != PROBLEM_NONE)
            return problem;
        memcpy(names, path.items, path.count * sizeof *names);
        names[path.count] = inner.name;
        struct span_list inner_path = {names, path.count + 1};
        problem = row_rename(edit, &inner, inner_path, (struct span){"", 0}, fault);
        if (problem == PROBLEM_NONE)
            problem = inner_rename(edit, &inner, inner_path, fault);
    }
    return problem;
}

enum problem stored_term_rename(struct article_edit *edit, const struct stored_term *term,
                                struct span_list path, struct span slug, struct fault *fault) {
    enum problem problem = row_rename(edit, term, path, slug, fault);
    if (problem == PROBLEM_NONE && term->kind == TERM_SECTION)
        problem = inner_rename(edit, term, path, fault);
    return problem;
}

/* ---- merge ---- */

/* The section inside `into` that is called as this one is, or `into`. */
static enum problem counterpart_find(struct article_edit *edit, const struct stored_term *inner,
                                     const struct stored_term *from, const struct stored_term *into,
                                     struct stored_term *out) {
    size_t rest = inner->key.bytes - from->key.bytes;
    char *key = arena_alloc(edit->arena, into->key.bytes + rest);
    if (key == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    memcpy(key, into->key.at, into->key.bytes);
    memcpy(key + into->key.bytes, inner->key.at + from->key.bytes, rest);
    *out = *into;
    enum problem problem =
        store_int(edit->store, SQL_stored_term_by_key, &out->id,
                  STORE_VALUES(STORE_INT(into->kind),
                               STORE_TEXT(((struct span){key, into->key.bytes + rest}))));
    if (problem == PROBLEM_NOT_FOUND)
        return PROBLEM_NONE;
    return problem == PROBLEM_NONE ? row_read(edit, out) : problem;
}

static enum problem inner_merge(struct article_edit *edit, const struct stored_term *from,
                                const struct stored_term *into) {
    int64_t *ids;
    size_t count;
    enum problem problem = inner_find(edit, from->id, &ids, &count);
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++) {
        struct stored_term inner = {.kind = from->kind, .id = ids[i]}, counterpart;
        problem = row_read(edit, &inner);
        if (problem == PROBLEM_NONE)
            problem = counterpart_find(edit, &inner, from, into, &counterpart);
        if (problem == PROBLEM_NONE)
            problem = stored_term_say(edit, &inner, "delete", "");
        if (problem == PROBLEM_NONE)
            problem = stored_term_merge(edit, &inner, &counterpart);
    }
    return problem;
}

enum problem stored_term_merge(struct article_edit *edit, const struct stored_term *from,
                               const struct stored_term *into) {
    struct store_value kind = STORE_INT(from->kind);
    enum problem problem =
        from->kind == TERM_SECTION ? inner_merge(edit, from, into) : PROBLEM_NONE;
    if (problem == PROBLEM_NONE)
        problem = store_run(edit->store, SQL_old_slug_move,
                            STORE_VALUES(STORE_INT(into->id), kind, STORE_INT(from->id)));
    if (problem == PROBLEM_NONE)
        problem = store_run(edit->store, SQL_old_key_move,
                            STORE_VALUES(STORE_INT(into->id), STORE_INT(from->id)));
    if (problem == PROBLEM_NONE)
        problem = store_run(edit->store, SQL_term_delete, STORE_VALUES(STORE_INT(from->id)));
    if (problem == PROBLEM_NONE)
        problem = key_leave(edit, from, into->key, into->id);
    if (problem != PROBLEM_NONE)
        return problem;
    return article_history_redirect(edit->store, from->kind, from->slug, into->slug, into->id);
}
