/* article_change.c: how a new text continues a stored article, and what differs between them. */
#include <stdlib.h>

#include "domain/articles/article_store.h"
#include "ground/buffer.h"

enum {
    PLACES_MAX = 100, /* named in a change; where more differ, none is named */
    PLACE_BYTES = 8,
    FIELDS_BYTES = 100,
};

/* ---- which old paragraph an id means ---- */

struct known {
    int64_t id;
    size_t index;
};

struct lookup {
    const struct article_put *put;
    struct article_change *change;
    struct known *known; /* by id */
    size_t known_count;
    bool *is_taken; /* of each old paragraph */
    struct fault *fault;
};

static int known_order(const void *left, const void *right) {
    const struct known *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static bool lookup_make(struct lookup *lookup, size_t room) {
    const struct stored_paragraphs *old = &lookup->change->old;
    lookup->known = arena_alloc(lookup->put->arena, old->live_count * sizeof *lookup->known);
    lookup->is_taken = arena_alloc(lookup->put->arena, old->live_count + room);
    if (lookup->known == NULL || lookup->is_taken == NULL)
        return false;
    memset(lookup->is_taken, 0, old->live_count + room);
    lookup->known_count = old->live_count;
    for (size_t i = 0; i < old->live_count; i++)
        lookup->known[i] = (struct known){old->ids[i], i};
    qsort(lookup->known, lookup->known_count, sizeof *lookup->known, known_order);
    return true;
}

static enum problem refuse_id(struct lookup *lookup, int64_t id, const char *why) {
    fault_set(lookup->fault, "paragraph %lld %s", (long long)id, why);
    return PROBLEM_INVALID;
}

/* One that was removed comes back behind those that are there. */
static enum problem revive(struct lookup *lookup, int64_t id, size_t *index) {
    struct stored_paragraphs *old = &lookup->change->old;
    for (size_t i = old->live_count; i < old->count; i++) {
        if (old->ids[i] == id)
            return refuse_id(lookup, id, "is given twice");
    }
    rows_auto struct rows rows = {0};
    store_query(lookup->put->store, SQL_stored_paragraph_gone, &rows,
                STORE_VALUES(STORE_INT(id), STORE_INT(lookup->change->stored.id)));
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? refuse_id(lookup, id, "is none of this article") : problem;
    }
    struct span text = arena_copy(lookup->put->arena, rows_text(&rows, 0));
    if (text.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    *index = old->count++;
    old->ids[*index] = id;
    old->texts[*index] = text;
    return rows_end(&rows);
}

static enum problem id_find(struct lookup *lookup, int64_t id, size_t *index) {
    const struct known key = {id, 0};
    const struct known *known =
        lookup->known_count == 0
            ? NULL
            : bsearch(&key, lookup->known, lookup->known_count, sizeof *lookup->known, known_order);
    if (known == NULL)
        return revive(lookup, id, index);
    if (lookup->is_taken[known->index])
        return refuse_id(lookup, id, "is given twice");
    lookup->is_taken[known->index] = true;
    *index = known->index;
    return PROBLEM_NONE;
}

static enum problem ids_find(struct lookup *lookup, const int64_t *ids, size_t *kept) {
    size_t count = lookup->put->article->paragraphs.count;
    if (!lookup_make(lookup, count))
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++) {
        kept[i] = SIZE_MAX;
        if (ids[i] != 0)
            problem = id_find(lookup, ids[i], &kept[i]);
    }
    return problem;
}

/* ---- how the new text continues the old ---- */

static enum problem align_kept(const struct article_put *put, const int64_t *paragraph_ids,
                               struct article_change *change, struct fault *fault) {
    const struct span_list *paragraphs = &put->article->paragraphs;
    struct lookup lookup = {.put = put, .change = change, .fault = fault};
    size_t *kept = arena_alloc(put->arena, paragraphs->count * sizeof *kept);
    if (kept == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = ids_find(&lookup, paragraph_ids, kept);
    if (problem != PROBLEM_NONE)
        return problem;
    const struct stored_paragraphs *old = &change->old;
    return revision_align_kept(old->texts, old->live_count, old->count, paragraphs->items, kept,
                               paragraphs->count, put->arena, change->steps, change->absorbed);
}

enum problem article_change_make(const struct article_put *put, const struct stored_article *stored,
                                 const int64_t *paragraph_ids, struct article_change *change,
                                 struct fault *fault) {
    const struct span_list *paragraphs = &put->article->paragraphs;
    size_t room = paragraph_ids == NULL ? 0 : paragraphs->count;
    *change = (struct article_change){.stored = *stored, .version = stored->version + 1};
    enum problem problem = stored_paragraphs(put, stored, room, &change->old);
    if (problem != PROBLEM_NONE)
        return problem;
    change->steps = arena_alloc(put->arena, paragraphs->count * sizeof *change->steps);
    change->absorbed =
        arena_alloc(put->arena, (change->old.count + room) * sizeof *change->absorbed);
    if (change->steps == NULL || change->absorbed == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (paragraph_ids != NULL)
        return align_kept(put, paragraph_ids, change, fault);
    return revision_align(change->old.texts, change->old.count, paragraphs->items,
                          paragraphs->count, put->arena, change->steps, change->absorbed);
}

bool *article_change_kept(const struct article_put *put, const struct article_change *change) {
    bool *is_kept = arena_alloc(put->arena, change->old.count);
    if (is_kept == NULL)
        return NULL;
    memset(is_kept, 0, change->old.count);
    for (size_t i = 0; i < put->article->paragraphs.count; i++) {
        if (change->steps[i].keeps_id)
            is_kept[change->steps[i].old_index] = true;
    }
    return is_kept;
}

/* How many stored paragraphs the new text continues in one way or another. */
static size_t recognised_count(const struct article_change *change, size_t new_count) {
    size_t count = 0;
    for (size_t i = 0; i < new_count; i++)
        count += change->steps[i].keeps_id;
    for (size_t i = 0; i < change->old.count; i++)
        count += change->absorbed[i] != SIZE_MAX;
    return count;
}

bool article_change_is_alike(const struct article_put *put, const struct article_change *change) {
    return 2 * recognised_count(change, put->article->paragraphs.count) >= change->old.count;
}

/* ---- what differs ---- */

struct places {
    bool *differs;
    size_t count, most;
};

static void place_mark(struct places *places, size_t index) {
    places->count += !places->differs[index];
    places->differs[index] = true;
}

/* Where a paragraph is new, moved or edited; where one was that is gone. */
static bool places_find(const struct article_put *put, const struct article_change *change,
                        struct places *places) {
    size_t new_count = put->article->paragraphs.count, old_count = change->old.live_count;
    places->most = new_count > old_count ? new_count : old_count;
    places->differs = arena_alloc(put->arena, places->most);
    const bool *is_kept = article_change_kept(put, change);
    if (places->differs == NULL || is_kept == NULL)
        return false;
    memset(places->differs, 0, places->most);
    for (size_t i = 0; i < new_count; i++) {
        if (change->steps[i].match != REVISION_EXACT || !change->steps[i].keeps_id)
            place_mark(places, i);
    }
    for (size_t i = 0; i < old_count; i++) {
        if (!is_kept[i])
            place_mark(places, i);
    }
    return true;
}

static void places_print(const struct places *places, struct buffer *out) {
    if (places->count == 0)
        return;
    buffer_append_text(out, out->used > 0 ? ",paragraphs" : "paragraphs");
    if (places->count > PLACES_MAX)
        return;
    char joint = ':';
    for (size_t i = 0; i < places->most; i++) {
        if (!places->differs[i])
            continue;
        buffer_append_char(out, joint);
        buffer_append_int(out, (int64_t)i + 1);
        joint = ',';
    }
}

struct span article_change_print(const struct article_put *put, const struct article_change *change,
                                 unsigned kinds) {
    const struct stored_article *stored = &change->stored;
    struct places places = {0};
    if (!places_find(put, change, &places))
        return (struct span){NULL, 0};
    const struct {
        const char *name;
        bool differs;
    } fields[] = {
        {"title", !span_equal(stored->title, put->article->title)},
        {"slug", put->slug.bytes > 0 && !span_equal(put->slug, stored->slug)},
        {"authors", (kinds & (1u << TERM_AUTHOR)) != 0},
        {"published", !span_is(stored->published, put->article->published)},
        {"section", (kinds & (1u << TERM_SECTION)) != 0},
        {"tags", (kinds & (1u << TERM_TAG)) != 0},
    };
    /* Has room for the longest, so it never grows. */
    char text[FIELDS_BYTES + PLACES_MAX * PLACE_BYTES];
    struct buffer out = {text, 0, sizeof text, false};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (!fields[i].differs)
            continue;
        buffer_append_text(&out, out.used > 0 ? "," : "");
        buffer_append_text(&out, fields[i].name);
    }
    places_print(&places, &out);
    return arena_copy(put->arena, buffer_span(&out));
}
