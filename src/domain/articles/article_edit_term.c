/* article_edit_term.c: a name changes, or gives way to another, in every article that carries it.
 * The term's own row comes first; then each article is written anew with the new name. */
#include <stdio.h>

#include "domain/articles/article_edit.h"
#include "domain/articles/article_history.h"
#include "domain/articles/article_load.h"
#include "domain/articles/article_text.h"
#include "domain/articles/stored_term.h"
#include "domain/search/article_index.h"
#include "domain/text/slug.h"

enum { SCRATCH_BYTES_MAX = 256 * 1024 * 1024 }; /* one article, old and new */

/* ---- one article ---- */

/* What takes the place of what. */
struct swap {
    int kind;
    struct article_index *index;
    struct span old_key;
    struct span_list old_path; /* a section's; else the one name */
    struct span_list new_path;
};

static struct span_list *list_of(struct article *article, int kind) {
    return kind == TERM_AUTHOR ? &article->authors
           : kind == TERM_TAG  ? &article->tags
                               : &article->section;
}

/* The article carries the old section, so its path begins with that. */
static enum problem path_swap(const struct swap *swap, struct span_list *path, struct arena *arena,
                              struct fault *fault) {
    size_t inner = path->count - swap->old_path.count;
    size_t count = swap->new_path.count + inner;
    if (count > ARTICLE_SECTION_DEPTH_MAX) {
        fault_set(fault, "an article's section would lie in more than %d others",
                  ARTICLE_SECTION_DEPTH_MAX - 1);
        return PROBLEM_CONFLICT;
    }
    struct span *items = arena_alloc(arena, count * sizeof *items);
    if (items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    memcpy(items, swap->new_path.items, swap->new_path.count * sizeof *items);
    if (inner > 0)
        memcpy(items + swap->new_path.count, path->items + swap->old_path.count,
               inner * sizeof *items);
    *path = (struct span_list){items, count};
    return PROBLEM_NONE;
}

static enum problem article_swap(const struct article_edit *edit, const struct swap *swap,
                                 int64_t article_id, struct arena *scratch, struct fault *fault) {
    struct article article;
    struct stored_article stored;
    struct article_change change;
    int64_t *ids, seq;
    struct article_put put = {
        .store = edit->store,
        .index = swap->index,
        .arena = scratch,
        .article = &article,
        .source = {"", 0},
        .slug = {"", 0},
        .touched = 1u << swap->kind,
        .is_kept = true,
        .now_s = edit->now_s,
    };
    enum problem problem = stored_article_by_id(&put, article_id, &stored);
    if (problem == PROBLEM_NONE)
        problem = article_load_stored(&put, &stored, &article, &ids);
    if (problem != PROBLEM_NONE)
        return problem;
    struct span_list *list = list_of(&article, swap->kind);
    problem = swap->kind == TERM_SECTION
                  ? path_swap(swap, list, scratch, fault)
                  : article_names_swap(list, swap->old_key, swap->new_path.items[0], scratch);
    if (problem == PROBLEM_NONE)
        problem = article_put_begin(&put);
    if (problem == PROBLEM_NONE)
        problem = article_put_finish(&put);
    if (problem == PROBLEM_NONE)
        problem = article_change_make(&put, &stored, NULL, &change, NULL);
    return problem == PROBLEM_NONE ? article_store_update(&put, &change, &seq) : problem;
}

/* ---- all articles ---- */

struct carriers {
    int64_t *ids;
    size_t count;
};

static enum problem carriers_find(const struct article_edit *edit, const struct stored_term *term,
                                  struct carriers *carriers) {
    size_t most = (size_t)term->article_count;
    *carriers = (struct carriers){arena_alloc(edit->arena, most * sizeof *carriers->ids), 0};
    if (carriers->ids == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    rows_auto struct rows rows = {0};
    store_query(edit->store, SQL_stored_term_articles, &rows, STORE_VALUES(STORE_INT(term->id)));
    while (rows_next(&rows) && carriers->count < most)
        carriers->ids[carriers->count++] = rows_int(&rows, 0);
    return rows_end(&rows);
}

/* A version says how its terms were called, so it is kept before any of them changes. */
static enum problem carriers_keep(const struct article_edit *edit,
                                  const struct carriers *carriers) {
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < carriers->count; i++)
        problem = article_history_keep(edit->store, carriers->ids[i]);
    return problem;
}

static enum problem carriers_swap_all(const struct article_edit *edit, const struct swap *swap,
                                      const struct carriers *carriers, struct fault *fault) {
    struct arena scratch;
    enum problem problem = PROBLEM_NONE;
    arena_init(&scratch, SCRATCH_BYTES_MAX);
    for (size_t i = 0; problem == PROBLEM_NONE && i < carriers->count; i++) {
        arena_reset(&scratch);
        problem = article_swap(edit, swap, carriers->ids[i], &scratch, fault);
        if (problem == PROBLEM_NONE)
            problem = article_index_relieve(swap->index);
    }
    arena_fini(&scratch);
    return problem;
}

static enum problem carriers_swap(const struct article_edit *edit, struct swap *swap,
                                  const struct carriers *carriers, int64_t *articles,
                                  struct fault *fault) {
    struct article_index index;
    enum problem problem = article_index_start(&index, edit->store);
    swap->index = &index;
    if (problem == PROBLEM_NONE)
        problem = carriers_swap_all(edit, swap, carriers, fault);
    problem = article_index_finish(&index, problem);
    swap->index = NULL;
    *articles = (int64_t)carriers->count;
    return problem;
}

/* ---- rename ---- */

/* What every article that carries it must accept. */
static enum problem name_check(int kind, struct span_list path, struct fault *fault) {
    struct span text = SPAN_LITERAL("x");
    struct article article = {.title = text, .paragraphs = {&text, 1}};
    *list_of(&article, kind) = path;
    enum problem problem = article_check(&article, fault);
    if (problem == PROBLEM_NONE || problem == PROBLEM_OUT_OF_MEMORY)
        return problem;
    if (fault != NULL)
        snprintf(fault->name, sizeof fault->name, "name");
    return PROBLEM_INVALID;
}

enum problem article_edit_term_rename(struct article_edit *edit, int kind, int64_t term_id,
                                      struct span name, struct span slug, int64_t *articles,
                                      struct fault *fault) {
    struct stored_term term;
    *articles = 0;
    enum problem problem = stored_term_find(edit, kind, term_id, &term);
    if (problem != PROBLEM_NONE)
        return problem;
    struct swap swap = {.kind = kind, .old_key = term.key, .old_path = term.path};
    problem = stored_term_path(edit, &term, name, &swap.new_path);
    if (problem == PROBLEM_NONE)
        problem = name_check(kind, swap.new_path, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    if (span_equal(name, term.name) && (slug.bytes == 0 || span_equal(slug, term.slug)))
        return PROBLEM_NONE;
    struct carriers carriers;
    problem = carriers_find(edit, &term, &carriers);
    if (problem == PROBLEM_NONE)
        problem = carriers_keep(edit, &carriers);
    if (problem == PROBLEM_NONE)
        problem = stored_term_rename(edit, &term, swap.new_path, slug, fault);
    return problem == PROBLEM_NONE ? carriers_swap(edit, &swap, &carriers, articles, fault)
                                   : problem;
}

/* ---- merge ---- */

static bool lies_in(const struct stored_term *inner, const struct stored_term *outer) {
    static const char between[] = " / ";
    size_t bytes = outer->key.bytes;
    return inner->key.bytes > bytes + sizeof between - 1 &&
           memcmp(inner->key.at, outer->key.at, bytes) == 0 &&
           memcmp(inner->key.at + bytes, between, sizeof between - 1) == 0;
}

enum problem article_edit_term_merge(struct article_edit *edit, int kind, int64_t from_id,
                                     int64_t into_id, int64_t *articles, struct fault *fault) {
    struct stored_term from, into;
    *articles = 0;
    enum problem problem = stored_term_find(edit, kind, from_id, &from);
    if (problem == PROBLEM_NONE)
        problem = stored_term_find(edit, kind, into_id, &into);
    if (problem != PROBLEM_NONE)
        return problem;
    if (from_id == into_id || (kind == TERM_SECTION && lies_in(&into, &from))) {
        fault_set(fault, from_id == into_id
                             ? "nothing can be merged into itself"
                             : "a section cannot be merged into one that lies in it");
        return PROBLEM_CONFLICT;
    }
    struct swap swap = {kind, NULL, from.key, from.path, into.path};
    struct carriers carriers;
    problem = carriers_find(edit, &from, &carriers);
    if (problem == PROBLEM_NONE)
        problem = carriers_keep(edit, &carriers);
    if (problem == PROBLEM_NONE)
        problem = stored_term_say(edit, &from, "delete", "");
    if (problem == PROBLEM_NONE)
        problem = carriers_swap(edit, &swap, &carriers, articles, fault);
    return problem == PROBLEM_NONE ? stored_term_merge(edit, &from, &into) : problem;
}
