/* import_seen.c: see import_seen.h. */
#include "domain/import/import_seen.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 256, NAMES_BYTES_MAX = 256 * 1024 * 1024 };

void import_seen_init(struct import_seen *seen) {
    *seen = (struct import_seen){0};
    arena_init(&seen->names, NAMES_BYTES_MAX);
}

void import_seen_fini(struct import_seen *seen) {
    free(seen->entries);
    arena_fini(&seen->names);
    import_seen_init(seen);
}

/* The article's entry, or the empty one where it belongs. */
static struct import_seen_entry *slot(struct import_seen_entry *entries, size_t capacity,
                                      int64_t article_id) {
    size_t at =
        (size_t)((uint64_t)article_id * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (capacity - 1);
    while (entries[at].article_id != 0 && entries[at].article_id != article_id)
        at = (at + 1) & (capacity - 1);
    return &entries[at];
}

const struct import_seen_entry *import_seen_find(const struct import_seen *seen,
                                                 int64_t article_id) {
    if (seen->capacity == 0)
        return NULL;
    const struct import_seen_entry *entry = slot(seen->entries, seen->capacity, article_id);
    return entry->article_id == 0 ? NULL : entry;
}

static bool grow(struct import_seen *seen) {
    size_t capacity = seen->capacity == 0 ? FIRST_CAPACITY : seen->capacity * 2;
    struct import_seen_entry *entries = calloc(capacity, sizeof *entries);
    if (entries == NULL)
        return false;
    for (size_t i = 0; i < seen->capacity; i++) {
        if (seen->entries[i].article_id != 0)
            *slot(entries, capacity, seen->entries[i].article_id) = seen->entries[i];
    }
    free(seen->entries);
    seen->entries = entries;
    seen->capacity = capacity;
    return true;
}

bool import_seen_add(struct import_seen *seen, int64_t article_id, struct span source) {
    if (seen->count * 2 >= seen->capacity && !grow(seen))
        return false;
    struct import_seen_entry *entry = slot(seen->entries, seen->capacity, article_id);
    if (entry->article_id != 0)
        return true;
    struct span name = arena_copy(&seen->names, source);
    if (name.at == NULL)
        return false;
    *entry = (struct import_seen_entry){article_id, name};
    seen->count++;
    return true;
}
