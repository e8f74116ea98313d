/* cache.h: finished answers of one worker, to be given again while the store is in the state that
 * they were made of. It knows nothing of the library that sends them: what it keeps was made by the
 * owner's `make` and is freed by the owner's `free`.
 *
 * The key is the request target as it was received, and the coding that its sender would rather
 * have: the answer in each coding is an entry of its own, so that what nobody asks for goes, though
 * the same is still asked for in another. It is coded once, when it comes in. Two spellings of one
 * question are two entries with one ETag, as both were answered by the whole line once; to make
 * them one would need the parsing that a hit is to save.
 *
 * A table of fixed size in sets of a few places: whoever chooses keys against us makes their set
 * forget sooner, and nothing slower. What must go is found by a hand that walks around the table
 * and leaves standing, once, what was used since it came by: what is asked for once does not drive
 * out what is asked for often. */
#ifndef PILCROW_ENGINE_CACHE_H
#define PILCROW_ENGINE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/precondition.h"
#include "ground/span.h"

struct reply;
struct route;

/* One answer: 200 with its body, or 304. */
struct cache_answer {
    unsigned status;
    void *made;                /* of cache_owner.make; NULL = not kept */
    const struct route *route; /* reply->route */
    struct span body;          /* valid while `made` is, or who sends it holds it */
    size_t bytes;              /* of memory, all in all */
};

enum { CACHE_WHOLE, CACHE_UNCHANGED, CACHE_ANSWER_COUNT };

struct cache_owner {
    /* Makes an answer of what the reply says, copying all of it: sets made, body, bytes. False when
     * there is no memory. */
    bool (*make)(const struct reply *reply, struct cache_answer *answer);
    void (*free)(void *made);
};

struct cache_entry {
    uint64_t state;
    bool was_used; /* since the hand came by */
    size_t bytes;  /* with its answers */
    struct cache_answer answers[CACHE_ANSWER_COUNT];
    char etag[ETAG_BYTES];     /* without a coding */
    enum coding wanted_coding; /* of the key */
    enum coding coding;        /* that the answers are in */
    size_t key_bytes;
    char key[];
};

struct cache_place {
    uint64_t hash;
    struct cache_entry *entry; /* NULL = free */
};

struct cache_counts {
    uint64_t hits;
    uint64_t misses;
    uint64_t evictions; /* to make room; what is out of date is not counted */
    size_t entries;
    size_t bytes; /* held now */
};

/* All zeros keeps nothing. */
struct cache {
    struct cache_owner owner;
    struct cache_place *places;
    size_t place_count; /* a power of two */
    size_t hand;
    size_t limit_bytes;
    size_t entry_limit_bytes;
    uint64_t state; /* that was asked for last */
    struct cache_counts counts;
};

/* False when there is no memory for the table: then, and with a limit below 8 KiB, nothing is
 * kept. */
bool cache_init(struct cache *cache, size_t limit_bytes, const struct cache_owner *owner);
void cache_fini(struct cache *cache);

/* Forgets all answers. */
void cache_clear(struct cache *cache);

struct cache_key {
    struct span target;
    enum coding coding;
};

/* The answer to `key` in this state of the store, 304 where if_none_match (.at may be NULL) names
 * the entry's ETag; NULL when it is not here, or names it in another coding alone: whether that
 * will do is not known here. Valid until the next cache_put(). */
const struct cache_answer *cache_get(struct cache *cache, struct cache_key key, uint64_t state,
                                     struct span if_none_match);

/* Keeps what `reply` (200 or 304, in reply->coding, with this ETag but for the coding) says. NULL
 * when it is too large, there is no memory, or a 304 is in another coding than what is here; then
 * the reply goes out by itself. */
const struct cache_answer *cache_put(struct cache *cache, struct cache_key key, uint64_t state,
                                     const char *etag, const struct reply *reply);

#endif
