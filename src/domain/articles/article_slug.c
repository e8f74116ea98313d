/* article_slug.c: a free address among those that are taken. */
#include <stdio.h>

#include "domain/articles/article_store.h"
#include "domain/text/slug.h"
#include "ground/utf8.h"

enum { SUFFIX_BYTES = 12, SUFFIX_MAX = 1000000000 };

/* base, or base-N. */
struct candidate {
    char text[SLUG_BYTES_MAX + SUFFIX_BYTES];
    size_t bytes;
};

static void candidate_print(struct candidate *candidate, struct span base, int number) {
    char suffix[SUFFIX_BYTES] = "";
    int suffix_bytes = number < 2 ? 0 : snprintf(suffix, sizeof suffix, "-%d", number);
    size_t kept = utf8_cut(base, SLUG_BYTES_MAX - (size_t)suffix_bytes);
    while (kept > 0 && number > 1 && base.at[kept - 1] == '-')
        kept--;
    memcpy(candidate->text, base.at, kept);
    memcpy(candidate->text + kept, suffix, (size_t)suffix_bytes);
    candidate->bytes = kept + (size_t)suffix_bytes;
}

struct search {
    struct store *store;
    enum sql_id taken;
    int kind;
    struct span base;
    struct candidate candidate;
};

static enum problem look_up(struct search *search, int number, bool *is_free) {
    candidate_print(&search->candidate, search->base, number);
    struct store_value slug =
        STORE_TEXT(((struct span){search->candidate.text, search->candidate.bytes}));
    struct store_value values[2] = {STORE_INT(search->kind), slug};
    int64_t id;
    enum problem problem =
        store_int(search->store, search->taken, &id, search->kind == 0 ? &values[1] : values,
                  search->kind == 0 ? 1 : 2);
    *is_free = problem == PROBLEM_NOT_FOUND;
    return *is_free ? PROBLEM_NONE : problem;
}

/* The thousandth "morning briefing" must not ask a thousand times: double until one is free, then
 * halve the distance to the last that was taken. */
enum problem article_slug_free(const struct article_put *put, enum sql_id taken, int kind,
                               struct span base, struct span *out) {
    struct search search = {put->store, taken, kind, base, {"", 0}};
    int last_taken = 0, number = 1;
    for (;;) {
        bool is_free;
        enum problem problem = look_up(&search, number, &is_free);
        if (problem != PROBLEM_NONE)
            return problem;
        if (is_free)
            break;
        if (number > SUFFIX_MAX / 2)
            return PROBLEM_CONFLICT;
        last_taken = number;
        number *= 2;
    }
    while (number - last_taken > 1) {
        int middle = last_taken + (number - last_taken) / 2;
        bool is_free;
        enum problem problem = look_up(&search, middle, &is_free);
        if (problem != PROBLEM_NONE)
            return problem;
        if (is_free)
            number = middle;
        else
            last_taken = middle;
    }
    candidate_print(&search.candidate, base, number);
    *out = arena_copy(put->arena, (struct span){search.candidate.text, search.candidate.bytes});
    return out->at == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

enum problem article_slug_ask(struct article_put *put, const struct stored_article *stored) {
    struct span slug = put->article->slug;
    int64_t id;
    if (slug.bytes == 0 || (stored != NULL && span_equal(slug, stored->slug)))
        return PROBLEM_NONE;
    enum problem problem =
        store_int(put->store, SQL_stored_article_slug, &id, STORE_VALUES(STORE_TEXT(slug)));
    if (problem == PROBLEM_NOT_FOUND) {
        put->slug = slug;
        return PROBLEM_NONE;
    }
    if (problem != PROBLEM_NONE || stored != NULL)
        return problem;
    return article_slug_free(put, SQL_stored_article_slug_made, 0, slug, &put->slug);
}
