/* article_edit.c: one article made, written anew, or deleted. */
#include "domain/articles/article_edit.h"

#include <stdio.h>

#include "domain/articles/article_history.h"
#include "domain/articles/article_load.h"
#include "domain/articles/article_store.h"
#include "domain/search/article_index.h"
#include "domain/text/slug.h"

enum { SHOWN_BYTES = 120 };

static int shown_bytes(struct span text) {
    return (int)(text.bytes < SHOWN_BYTES ? text.bytes : SHOWN_BYTES);
}

static void fault_name(struct fault *fault, const char *name) {
    if (fault != NULL && fault->name[0] == '\0')
        snprintf(fault->name, sizeof fault->name, "%s", name);
}

static struct article_put put_of(struct article_edit *edit, const struct article *article,
                                 struct span slug) {
    return (struct article_put){
        .store = edit->store,
        .arena = edit->arena,
        .article = article,
        .source = {"", 0},
        .slug = slug,
        .now_s = edit->now_s,
    };
}

/* ---- what may not be ---- */

/* A slug that is asked for must be one, and free but for article `own_id`. */
static enum problem slug_check(const struct article_put *put, int64_t own_id, struct fault *fault) {
    if (put->slug.bytes == 0)
        return PROBLEM_NONE;
    struct span made = slug_make(put->slug, "article", put->arena);
    if (made.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (!span_equal(made, put->slug)) {
        fault_set(fault, SLUG_FLAW, shown_bytes(made), made.at);
        fault_name(fault, "slug");
        return PROBLEM_INVALID;
    }
    int64_t id;
    enum problem problem =
        store_int(put->store, SQL_stored_article_slug, &id, STORE_VALUES(STORE_TEXT(put->slug)));
    if (problem == PROBLEM_NOT_FOUND || (problem == PROBLEM_NONE && id == own_id))
        return PROBLEM_NONE;
    if (problem != PROBLEM_NONE)
        return problem;
    fault_set(fault, "the slug %.*s is that of article %lld", shown_bytes(put->slug), put->slug.at,
              (long long)id);
    fault_name(fault, "slug");
    return PROBLEM_CONFLICT;
}

/* There is one article of a title, authors and date. */
static enum problem identity_check(const struct article_put *put, int64_t own_id,
                                   struct fault *fault) {
    struct stored_article twin;
    enum problem problem = stored_article_by_identity(put, &twin);
    if (problem != PROBLEM_NONE || twin.id == 0 || twin.id == own_id)
        return problem;
    fault_set(fault, "article %lld has the same title, authors and date", (long long)twin.id);
    return PROBLEM_CONFLICT;
}

/* NOT_FOUND, or GONE when it was deleted. */
static enum problem why_missing(struct article_edit *edit, int64_t article_id) {
    int64_t version;
    enum problem problem =
        store_int(edit->store, SQL_stored_deletion, &version, STORE_VALUES(STORE_INT(article_id)));
    return problem == PROBLEM_NONE ? PROBLEM_GONE : problem;
}

static enum problem stored_find(struct article_edit *edit, const struct article_put *put,
                                int64_t article_id, struct stored_article *stored) {
    enum problem problem = stored_article_by_id(put, article_id, stored);
    if (problem == PROBLEM_NONE && stored->id == 0)
        return why_missing(edit, article_id);
    return problem;
}

enum problem article_edit_load(struct article_edit *edit, int64_t article_id,
                               struct article_stored *out) {
    struct article_put put = put_of(edit, NULL, (struct span){"", 0});
    struct stored_article stored;
    *out = (struct article_stored){.id = article_id};
    enum problem problem = stored_find(edit, &put, article_id, &stored);
    if (problem != PROBLEM_NONE)
        return problem;
    out->version = stored.version;
    out->slug = stored.slug;
    return article_load_stored(&put, &stored, &out->article, &out->paragraph_ids);
}

/* ---- create ---- */

enum problem article_edit_create(struct article_edit *edit, const struct article *article,
                                 struct span slug, struct article_edit_result *result,
                                 struct fault *fault) {
    struct article_put put = put_of(edit, article, slug);
    *result = (struct article_edit_result){.version = 1, .is_changed = true};
    enum problem problem = article_put_begin(&put);
    if (problem == PROBLEM_NONE)
        problem = slug_check(&put, 0, fault);
    if (problem == PROBLEM_NONE)
        problem = identity_check(&put, 0, fault);
    if (problem == PROBLEM_NONE)
        problem = article_put_finish(&put);
    if (problem != PROBLEM_NONE)
        return problem;
    struct article_index index;
    problem = article_index_start(&index, edit->store);
    put.index = &index;
    if (problem == PROBLEM_NONE)
        problem = article_store_create(&put, &result->article_id, &result->seq);
    return article_index_finish(&index, problem);
}

/* ---- replace ---- */

/* Without looking at the paragraphs, which is only certain when no id is given. */
static bool is_same(const struct article_put *put, const struct stored_article *stored) {
    bool is_same_slug = put->slug.bytes == 0 || span_equal(put->slug, stored->slug);
    return is_same_slug && span_is(stored->content, put->content);
}

static enum problem replace(struct article_put *put, const struct stored_article *stored,
                            const int64_t *paragraph_ids, struct article_edit_result *result,
                            struct fault *fault) {
    struct article_change change;
    enum problem problem = article_change_make(put, stored, paragraph_ids, &change, fault);
    if (problem == PROBLEM_INVALID)
        fault_name(fault, "paragraphs");
    if (problem == PROBLEM_NONE)
        problem = article_put_finish(put);
    if (problem != PROBLEM_NONE)
        return problem;
    struct article_index index;
    problem = article_index_start(&index, put->store);
    put->index = &index;
    if (problem == PROBLEM_NONE)
        problem = article_store_update(put, &change, &result->seq);
    problem = article_index_finish(&index, problem);
    put->index = NULL;
    result->is_changed = result->seq != 0;
    if (result->is_changed)
        result->version = change.version;
    return problem;
}

enum problem article_edit_replace(struct article_edit *edit, int64_t article_id,
                                  const struct article *article, struct span slug,
                                  const int64_t *paragraph_ids, struct article_edit_result *result,
                                  struct fault *fault) {
    struct article_put put = put_of(edit, article, slug);
    struct stored_article stored;
    *result = (struct article_edit_result){.article_id = article_id};
    enum problem problem = article_put_begin(&put);
    if (problem == PROBLEM_NONE)
        problem = stored_find(edit, &put, article_id, &stored);
    if (problem == PROBLEM_NONE)
        problem = slug_check(&put, article_id, fault);
    if (problem == PROBLEM_NONE && !span_is(stored.identity, put.identity))
        problem = identity_check(&put, article_id, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    result->version = stored.version;
    if (paragraph_ids == NULL && is_same(&put, &stored))
        return PROBLEM_NONE;
    return replace(&put, &stored, paragraph_ids, result, fault);
}

enum problem article_edit_restore(struct article_edit *edit, int64_t article_id, int64_t version,
                                  struct article_edit_result *result, struct fault *fault) {
    struct article_put put = put_of(edit, NULL, (struct span){"", 0});
    struct stored_article stored;
    struct article article;
    int64_t *ids;
    *result = (struct article_edit_result){.article_id = article_id};
    enum problem problem = stored_find(edit, &put, article_id, &stored);
    if (problem != PROBLEM_NONE)
        return problem;
    result->version = stored.version;
    if (version == stored.version)
        return PROBLEM_NONE;
    problem = article_load_revision(&put, article_id, version, &article, &ids);
    if (problem != PROBLEM_NONE)
        return problem;
    return article_edit_replace(edit, article_id, &article, (struct span){"", 0}, ids, result,
                                fault);
}

/* ---- delete ---- */

/* Rows that refer to others go first. */
static enum problem rows_delete(struct article_edit *edit, int64_t article_id, int64_t seq) {
    struct store_value id = STORE_INT(article_id);
    enum problem problem = store_run(edit->store, SQL_deletion_insert,
                                     STORE_VALUES(STORE_INT(seq), STORE_INT(edit->now_s), id));
    if (problem == PROBLEM_NONE)
        problem = article_links_remove(edit->store, article_id);
    if (problem == PROBLEM_NONE)
        problem = store_run(edit->store, SQL_paragraphs_remove, STORE_VALUES(id));
    return problem == PROBLEM_NONE ? store_run(edit->store, SQL_article_delete, STORE_VALUES(id))
                                   : problem;
}

static enum problem unlist(struct article_edit *edit, int64_t article_id, int64_t seq) {
    struct article_index index;
    struct article_indexed old;
    enum problem problem = article_index_start(&index, edit->store);
    if (problem == PROBLEM_NONE)
        problem = article_index_before(&index, article_id, edit->arena, &old);
    if (problem == PROBLEM_NONE)
        problem = rows_delete(edit, article_id, seq);
    if (problem == PROBLEM_NONE)
        problem = article_index_gone(&index, &old);
    return article_index_finish(&index, problem);
}

enum problem article_edit_delete(struct article_edit *edit, int64_t article_id,
                                 struct article_edit_result *result) {
    struct article_put put = put_of(edit, NULL, (struct span){"", 0});
    struct stored_article stored;
    *result = (struct article_edit_result){.article_id = article_id, .is_changed = true};
    enum problem problem = stored_find(edit, &put, article_id, &stored);
    if (problem != PROBLEM_NONE)
        return problem;
    struct article_history_change change = {
        .op = "delete",
        .type = "article",
        .id = article_id,
        .version = stored.version,
        .now_s = edit->now_s,
        .articles = -1,
        .paragraphs = -(int64_t)stored.paragraph_count,
    };
    result->version = stored.version;
    problem = article_history_keep(edit->store, article_id);
    if (problem == PROBLEM_NONE)
        problem = article_history_seq(edit->store, &change, &result->seq);
    if (problem == PROBLEM_NONE)
        problem = article_history_add(edit->store, &change, result->seq);
    return problem == PROBLEM_NONE ? unlist(edit, article_id, result->seq) : problem;
}
