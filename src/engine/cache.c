/* cache.c: see cache.h. */
#include "engine/cache.h"

#include <stdlib.h>

#include "engine/reply.h"

enum {
    WAYS = 8,               /* places of a set */
    BYTES_PER_PLACE = 2048, /* answers are larger: most sets have free places */
    PLACES_MIN = 2 * WAYS,  /* of the smallest table */
    PLACES_MAX = 1024 * 1024,
    ENTRY_BYTES_MAX = 256 * 1024,
    ENTRIES_MIN = 8,            /* so many of the largest fit in */
    LIMIT_BYTES_MIN = 8 * 1024, /* less is not worth a table */
};

bool cache_init(struct cache *cache, size_t limit_bytes, const struct cache_owner *owner) {
    *cache = (struct cache){.owner = *owner};
    if (limit_bytes < LIMIT_BYTES_MIN)
        return true;
    size_t count = PLACES_MIN;
    while (count < PLACES_MAX && count < limit_bytes / BYTES_PER_PLACE)
        count *= 2;
    cache->places = calloc(count, sizeof *cache->places);
    if (cache->places == NULL)
        return false;
    cache->place_count = count;
    cache->limit_bytes = limit_bytes;
    cache->entry_limit_bytes =
        limit_bytes / ENTRIES_MIN < ENTRY_BYTES_MAX ? limit_bytes / ENTRIES_MIN : ENTRY_BYTES_MAX;
    return true;
}

static void drop(struct cache *cache, struct cache_place *place) {
    struct cache_entry *entry = place->entry;
    place->entry = NULL;
    cache->counts.bytes -= entry->bytes;
    cache->counts.entries--;
    for (size_t i = 0; i < CACHE_ANSWER_COUNT; i++) {
        if (entry->answers[i].made != NULL)
            cache->owner.free(entry->answers[i].made);
    }
    free(entry);
}

void cache_clear(struct cache *cache) {
    for (size_t i = 0; i < cache->place_count; i++) {
        if (cache->places[i].entry != NULL)
            drop(cache, &cache->places[i]);
    }
}

void cache_fini(struct cache *cache) {
    cache_clear(cache);
    free(cache->places);
    cache->places = NULL;
    cache->place_count = 0;
}

/* ---- the table ---- */

static struct cache_place *set_of(const struct cache *cache, uint64_t hash) {
    size_t sets = cache->place_count / WAYS;
    return &cache->places[((hash ^ hash >> 32) & (sets - 1)) * WAYS];
}

static uint64_t hash_of(struct cache_key key) {
    return span_hash(key.target) + key.coding * UINT64_C(0x9E3779B97F4A7C15);
}

static struct cache_place *find(const struct cache *cache, struct cache_key key, uint64_t hash) {
    struct cache_place *set = set_of(cache, hash);
    for (size_t i = 0; i < WAYS; i++) {
        const struct cache_entry *entry = set[i].entry;
        if (entry != NULL && set[i].hash == hash && entry->wanted_coding == key.coding &&
            span_equal((struct span){entry->key, entry->key_bytes}, key.target))
            return &set[i];
    }
    return NULL;
}

static bool is_worth_keeping(const struct cache *cache, const struct cache_entry *entry) {
    return entry->was_used && entry->state == cache->state;
}

static void evict(struct cache *cache, struct cache_place *place) {
    if (place->entry->state == cache->state)
        cache->counts.evictions++;
    drop(cache, place);
}

/* A free place of a set; where there is none, of what was not used, or of the one that the hash
 * points at. */
static struct cache_place *free_place(struct cache *cache, uint64_t hash) {
    struct cache_place *set = set_of(cache, hash);
    struct cache_place *victim = &set[(hash >> 56) % WAYS];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].entry == NULL)
            return &set[i];
        if (!is_worth_keeping(cache, set[i].entry))
            victim = &set[i];
    }
    evict(cache, victim);
    return victim;
}

/* Each entry is met at most twice before it goes, so the loop ends; `kept` stays. */
static void make_room(struct cache *cache, size_t bytes, const struct cache_entry *kept) {
    while (cache->counts.bytes + bytes > cache->limit_bytes) {
        struct cache_place *place = &cache->places[cache->hand];
        cache->hand = (cache->hand + 1) & (cache->place_count - 1);
        if (place->entry == NULL || place->entry == kept)
            continue;
        if (is_worth_keeping(cache, place->entry))
            place->entry->was_used = false;
        else
            evict(cache, place);
    }
}

/* ---- out of it ---- */

static const struct cache_answer *choose(struct cache_entry *entry, struct span if_none_match) {
    unsigned found = if_none_match.at == NULL ? 0 : etag_find(if_none_match, entry->etag);
    if (found == 0)
        return &entry->answers[CACHE_WHOLE];
    bool will_do = (found & (1U << entry->coding | ETAG_REWRITTEN)) != 0;
    return will_do ? &entry->answers[CACHE_UNCHANGED] : NULL;
}

const struct cache_answer *cache_get(struct cache *cache, struct cache_key key, uint64_t state,
                                     struct span if_none_match) {
    const struct cache_answer *answer = NULL;
    cache->state = state;
    struct cache_place *place = cache->place_count == 0 ? NULL : find(cache, key, hash_of(key));
    if (place != NULL && place->entry->state != state) {
        drop(cache, place);
        place = NULL;
    }
    if (place != NULL) {
        place->entry->was_used = true;
        answer = choose(place->entry, if_none_match);
    }
    if (answer == NULL || answer->made == NULL) {
        cache->counts.misses++;
        return NULL;
    }
    cache->counts.hits++;
    return answer;
}

/* ---- into it ---- */

static struct cache_entry *add_entry(struct cache *cache, struct cache_key key, uint64_t state,
                                     const char *etag, enum coding coding) {
    uint64_t hash = hash_of(key);
    struct cache_entry *entry = malloc(sizeof *entry + key.target.bytes);
    if (entry == NULL)
        return NULL;
    *entry = (struct cache_entry){.state = state,
                                  .wanted_coding = key.coding,
                                  .coding = coding,
                                  .key_bytes = key.target.bytes};
    memcpy(entry->etag, etag, strlen(etag) + 1);
    memcpy(entry->key, key.target.at, key.target.bytes);
    struct cache_place *place = free_place(cache, hash);
    *place = (struct cache_place){hash, entry};
    entry->bytes = sizeof *entry + key.target.bytes;
    cache->counts.bytes += entry->bytes;
    cache->counts.entries++;
    return entry;
}

/* The entry of this key, state, ETag and the reply's coding; made when it is not there. NULL: there
 * is no memory, or a whole answer of another coding. */
static struct cache_entry *entry_of(struct cache *cache, struct cache_key key, uint64_t state,
                                    const char *etag, const struct reply *reply) {
    struct cache_place *place = find(cache, key, hash_of(key));
    struct cache_entry *entry = place == NULL ? NULL : place->entry;
    bool is_same = entry != NULL && entry->state == state && strcmp(entry->etag, etag) == 0;
    if (is_same && entry->coding == reply->coding)
        return entry;
    if (is_same && reply->status == 304)
        return NULL;
    if (entry != NULL)
        drop(cache, place);
    return add_entry(cache, key, state, etag, reply->coding);
}

static bool is_kept_at_all(const struct cache *cache, struct span key, const char *etag,
                           const struct reply *reply) {
    return key.bytes + reply_body(reply).bytes < cache->entry_limit_bytes &&
           strlen(etag) < ETAG_BYTES && (reply->status == 200 || reply->status == 304);
}

static void put_answer(struct cache *cache, struct cache_entry *entry,
                       const struct cache_answer *answer, struct cache_answer *place) {
    if (place->made != NULL) {
        cache->owner.free(place->made);
        entry->bytes -= place->bytes;
        cache->counts.bytes -= place->bytes;
    }
    *place = *answer;
    make_room(cache, answer->bytes, entry);
    entry->bytes += answer->bytes;
    cache->counts.bytes += answer->bytes;
}

const struct cache_answer *cache_put(struct cache *cache, struct cache_key key, uint64_t state,
                                     const char *etag, const struct reply *reply) {
    struct cache_answer answer = {.status = reply->status, .route = reply->route};
    if (!is_kept_at_all(cache, key.target, etag, reply) || !cache->owner.make(reply, &answer))
        return NULL;
    struct cache_entry *entry =
        answer.bytes > cache->entry_limit_bytes ? NULL : entry_of(cache, key, state, etag, reply);
    if (entry == NULL) {
        cache->owner.free(answer.made);
        return NULL;
    }
    struct cache_answer *place =
        &entry->answers[reply->status == 304 ? CACHE_UNCHANGED : CACHE_WHOLE];
    put_answer(cache, entry, &answer, place);
    return place;
}
