/* test_cache.c: the table of finished answers: bounds, eviction, staleness, memory that is out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/cache.h"
#include "engine/reply.h"

/* ---- allocations that fail: the linker sends these here ---- */

static size_t allocations, fails_at; /* 0 = none fails */

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);

void *__wrap_malloc(size_t bytes) {
    return ++allocations == fails_at ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes) {
    return ++allocations == fails_at ? NULL : __real_calloc(count, bytes);
}

/* ---- an owner that counts ---- */

enum { OVERHEAD_BYTES = 100 };

static size_t made_count;

static bool make(const struct reply *reply, struct cache_answer *answer) {
    struct span body = reply_body(reply);
    char *copy = malloc(body.bytes + 1);
    if (copy == NULL)
        return false;
    memcpy(copy, body.at == NULL ? "" : body.at, body.bytes);
    made_count++;
    answer->made = copy;
    answer->body = (struct span){copy, body.bytes};
    answer->bytes = OVERHEAD_BYTES + body.bytes;
    return true;
}

static void unmake(void *made) {
    made_count--;
    free(made);
}

static const struct cache_owner owner = {make, unmake};

/* ---- help ---- */

enum { LIMIT_BYTES = 64 * 1024 };

static const struct span no_tags = {NULL, 0};

static char letters[LIMIT_BYTES];

static struct cache_key key_of(unsigned number, char room[32]) {
    size_t bytes = (size_t)snprintf(room, 32, "/v1/articles/%u", number);
    return (struct cache_key){{room, bytes}, CODING_IDENTITY};
}

static const char *etag_of(unsigned number) {
    static char etag[ETAG_BYTES];
    snprintf(etag, sizeof etag, "\"v1-%016x\"", number);
    return etag;
}

/* A reply of so many bytes. */
static const struct cache_answer *put(struct cache *cache, unsigned number, uint64_t state,
                                      unsigned status, size_t bytes) {
    char room[32];
    struct reply reply = {.status = status, .body_static = {letters, bytes}};
    return cache_put(cache, key_of(number, room), state, etag_of(number), &reply);
}

static const struct cache_answer *get(struct cache *cache, unsigned number, uint64_t state) {
    char room[32];
    return cache_get(cache, key_of(number, room), state, no_tags);
}

static void init(struct cache *cache, size_t limit_bytes) {
    fails_at = 0;
    memset(letters, 'x', sizeof letters);
    assert_int_equal(made_count, 0);
    assert_true(cache_init(cache, limit_bytes, &owner));
}

/* Nothing that was made is lost, and the counts say so. */
static void fini(struct cache *cache) {
    cache_fini(cache);
    assert_int_equal(made_count, 0);
    assert_int_equal(cache->counts.bytes, 0);
    assert_int_equal(cache->counts.entries, 0);
}

/* ---- tests ---- */

static void test_what_was_put_is_found(void **unused) {
    (void)unused;
    struct cache cache;
    init(&cache, LIMIT_BYTES);
    assert_null(get(&cache, 1, 7));
    assert_non_null(put(&cache, 1, 7, 200, 10));
    const struct cache_answer *answer = get(&cache, 1, 7);
    assert_non_null(answer);
    assert_int_equal(answer->status, 200);
    assert_int_equal(answer->body.bytes, 10);
    assert_null(get(&cache, 2, 7));
    assert_int_equal(cache.counts.hits, 1);
    assert_int_equal(cache.counts.misses, 2);
    fini(&cache);
}

/* 200 and 304 of one key are put one by one; If-None-Match chooses. */
static void test_either_answer(void **unused) {
    (void)unused;
    static const struct {
        const char *if_none_match;
        unsigned first, status; /* with the other one only; with both */
        const char *what;
    } cases[] = {
        {NULL, 200, 200, "no field"},
        {"\"v1-0000000000000001\"", 0, 304, "the tag"},
        {"W/\"v1-0000000000000001-gzip\", \"x\"", 0, 304, "the tag as a proxy sends it"},
        {"\"v1-0000000000000002\"", 200, 200, "another tag"},
        {"broken", 200, 200, "no tag"},
    };
    struct cache cache;
    char room[32];
    init(&cache, LIMIT_BYTES);
    for (unsigned both = 0; both < 2; both++) {
        assert_non_null(put(&cache, 1, 7, both == 0 ? 200 : 304, both == 0 ? 10 : 0));
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            const struct cache_answer *answer =
                cache_get(&cache, key_of(1, room), 7, span_of(cases[i].if_none_match));
            unsigned wanted = both == 0 ? cases[i].first : cases[i].status;
            if ((answer == NULL ? 0 : answer->status) != wanted)
                fail_msg("%s: not %u", cases[i].what, wanted);
        }
    }
    assert_int_equal(cache.counts.entries, 1);
    fini(&cache);
}

/* One target in several codings: an entry each. */
static void test_codings_stand_side_by_side(void **unused) {
    (void)unused;
    static const struct {
        const char *if_none_match;
        unsigned status; /* 0: not known here */
        const char *what;
    } cases[] = {
        {NULL, 200, "no field"},
        {"\"v1-0000000000000001-br\"", 304, "its tag"},
        {"\"v1-0000000000000001-gzip\"", 0, "the tag of another coding"},
        {"\"v1-0000000000000001\"", 0, "the tag of none"},
        {"\"v1-0000000000000001\", \"v1-0000000000000001-br\"", 304, "its tag among them"},
        {"W/\"v1-0000000000000001\"", 304, "what a proxy made of any of them"},
        {"\"v1-0000000000000001;gzip\"", 304, "what a proxy coded"},
        {"\"v1-0000000000000002-br\"", 200, "another tag"},
    };
    struct cache cache;
    char room[32];
    init(&cache, LIMIT_BYTES);
    struct cache_key key = key_of(1, room);
    for (unsigned i = 0; i < CODING_COUNT; i++) {
        key.coding = (enum coding)i;
        struct reply reply = {
            .status = 200, .body_static = {letters, 10 + i}, .coding = key.coding};
        assert_null(cache_get(&cache, key, 7, no_tags));
        assert_non_null(cache_put(&cache, key, 7, etag_of(1), &reply));
    }
    for (unsigned i = 0; i < CODING_COUNT; i++) {
        key.coding = (enum coding)i;
        assert_int_equal(cache_get(&cache, key, 7, no_tags)->body.bytes, 10 + i);
    }
    assert_int_equal(cache.counts.entries, CODING_COUNT);
    key.coding = CODING_BR;
    struct reply unchanged = {.status = 304, .coding = CODING_BR};
    assert_non_null(cache_put(&cache, key, 7, etag_of(1), &unchanged));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct cache_answer *answer =
            cache_get(&cache, key, 7, span_of(cases[i].if_none_match));
        if ((answer == NULL ? 0 : answer->status) != cases[i].status)
            fail_msg("%s: not %u", cases[i].what, cases[i].status);
    }
    fini(&cache);
}

/* What was too short to be coded is kept as it is; a 304 of another coding drives it not out. */
static void test_not_coded_after_all(void **unused) {
    (void)unused;
    struct cache cache;
    char room[32];
    init(&cache, LIMIT_BYTES);
    struct cache_key key = key_of(1, room);
    key.coding = CODING_GZIP;
    struct reply reply = {.status = 200, .body_static = {letters, 10}};
    assert_non_null(cache_put(&cache, key, 7, etag_of(1), &reply));
    struct reply unchanged = {.status = 304, .coding = CODING_GZIP};
    assert_null(cache_put(&cache, key, 7, etag_of(1), &unchanged));
    assert_non_null(cache_get(&cache, key, 7, no_tags));
    unchanged.coding = CODING_IDENTITY;
    assert_non_null(cache_put(&cache, key, 7, etag_of(1), &unchanged));
    assert_int_equal(cache_get(&cache, key, 7, span_of(etag_of(1)))->status, 304);
    reply.coding = CODING_GZIP; /* it has grown without a write: the later one counts */
    assert_non_null(cache_put(&cache, key, 7, etag_of(1), &reply));
    assert_null(cache_get(&cache, key, 7, span_of(etag_of(1))));
    assert_int_equal(cache.counts.entries, 1);
    fini(&cache);
}

static void test_another_state_is_another_answer(void **unused) {
    (void)unused;
    struct cache cache;
    init(&cache, LIMIT_BYTES);
    for (unsigned i = 0; i < 20; i++)
        assert_non_null(put(&cache, i, 7, 200, 10));
    for (unsigned i = 0; i < 20; i++)
        assert_null(get(&cache, i, 8));
    assert_int_equal(cache.counts.entries, 0);
    assert_non_null(put(&cache, 1, 8, 200, 10));
    assert_non_null(get(&cache, 1, 8));
    assert_null(get(&cache, 1, 7)); /* a number never comes again, but who knows */
    assert_int_equal(cache.counts.evictions, 0);
    fini(&cache);
}

/* Of one state with two tags the later one counts: none is ever mixed. */
static void test_another_tag_takes_the_place(void **unused) {
    (void)unused;
    struct cache cache;
    char room[32];
    struct reply reply = {.status = 304};
    init(&cache, LIMIT_BYTES);
    assert_non_null(put(&cache, 1, 7, 200, 10));
    assert_non_null(cache_put(&cache, key_of(1, room), 7, "\"other\"", &reply));
    assert_null(get(&cache, 1, 7));
    assert_null(cache_get(&cache, key_of(1, room), 7, span_of(etag_of(1))));
    assert_non_null(cache_get(&cache, key_of(1, room), 7, SPAN_LITERAL("\"other\"")));
    fini(&cache);
}

static void test_an_answer_is_put_again(void **unused) {
    (void)unused;
    struct cache cache;
    init(&cache, LIMIT_BYTES);
    for (size_t bytes = 1; bytes < 2000; bytes += 7)
        assert_int_equal(put(&cache, 1, 7, 200, bytes)->body.bytes, bytes);
    assert_int_equal(made_count, 1);
    assert_int_equal(cache.counts.entries, 1);
    fini(&cache);
}

/* The limit holds after every step, and whoever was put is there. */
static void test_bytes_are_bounded(void **unused) {
    (void)unused;
    static const size_t limits[] = {8 * 1024, 16 * 1024, LIMIT_BYTES, 1024 * 1024};
    for (size_t l = 0; l < sizeof limits / sizeof limits[0]; l++) {
        struct cache cache;
        init(&cache, limits[l]);
        uint64_t state = 1;
        for (unsigned i = 0; i < 20000; i++) {
            unsigned number = i * 2654435761U % 5000;
            state += i % 1000 == 999;
            if (get(&cache, number, state) == NULL &&
                put(&cache, number, state, i % 3 == 0 ? 304 : 200, number % 700) != NULL)
                assert_int_equal(cache.counts.bytes <= limits[l], 1);
            if (i % 5 == 0)
                (void)get(&cache, number, state);
        }
        assert_true(cache.counts.entries > 4);
        assert_true(cache.counts.evictions > 0);
        fini(&cache);
    }
}

static void test_what_is_too_large(void **unused) {
    (void)unused;
    static const struct {
        size_t limit_bytes, body_bytes;
        bool is_kept;
    } cases[] = {
        {0, 10, false},          {8 * 1024 - 1, 10, false}, {8 * 1024, 500, true},
        {8 * 1024, 1100, false}, {LIMIT_BYTES, 7900, true}, {LIMIT_BYTES, 8 * 1024, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cache cache;
        init(&cache, cases[i].limit_bytes);
        bool is_kept = put(&cache, 1, 7, 200, cases[i].body_bytes) != NULL;
        if (is_kept != cases[i].is_kept || is_kept != (get(&cache, 1, 7) != NULL))
            fail_msg("case %zu", i);
        fini(&cache);
    }
}

static void test_only_200_and_304(void **unused) {
    (void)unused;
    static const unsigned statuses[] = {0, 201, 204, 206, 308, 404, 410, 500, 503};
    struct cache cache;
    init(&cache, LIMIT_BYTES);
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        assert_null(put(&cache, 1, 7, statuses[i], 10));
    fini(&cache);
}

/* What is asked for again and again stays while thousands come by once. */
static void test_what_is_used_stays(void **unused) {
    (void)unused;
    enum { OFTEN = 10 };
    struct cache cache;
    unsigned lost = 0;
    init(&cache, LIMIT_BYTES);
    for (unsigned i = 0; i < OFTEN; i++)
        assert_non_null(put(&cache, i, 7, 200, 500));
    for (unsigned i = 0; i < 5000; i++) {
        if (get(&cache, i % OFTEN, 7) == NULL) {
            lost++;
            assert_non_null(put(&cache, i % OFTEN, 7, 200, 500));
        }
        assert_non_null(put(&cache, 1000 + i, 7, 200, 500));
    }
    if (lost > 5000 / 50)
        fail_msg("%u of 5000 were lost", lost);
    assert_true(cache.counts.evictions > 4000);
    fini(&cache);
}

/* Keys that all fall into one set cost as much as others: the set forgets. */
static void test_keys_of_one_set(void **unused) {
    (void)unused;
    struct cache cache;
    char room[32];
    unsigned found = 0;
    init(&cache, LIMIT_BYTES);
    for (unsigned number = 0; found < 100; number++) {
        uint64_t hash = span_hash(key_of(number, room).target);
        if (((hash ^ hash >> 32) & (cache.place_count / 8 - 1)) != 3)
            continue;
        found++;
        assert_non_null(put(&cache, number, 7, 200, 10));
        assert_non_null(get(&cache, number, 7));
        assert_true(cache.counts.entries <= 8);
    }
    assert_int_equal(cache.counts.entries, 8);
    fini(&cache);
}

/* With every allocation failing in turn: an answer is kept or it is not, and nothing is lost. */
static void test_no_memory(void **unused) {
    (void)unused;
    bool fails = true;
    for (size_t n = 1; fails; n++) {
        struct cache cache;
        allocations = 0;
        fails_at = n;
        bool is_made = cache_init(&cache, LIMIT_BYTES, &owner);
        const struct cache_answer *whole = is_made ? put(&cache, 1, 7, 200, 10) : NULL;
        const struct cache_answer *unchanged = is_made ? put(&cache, 1, 7, 304, 0) : NULL;
        fails = allocations >= n;
        fails_at = 0;
        assert_int_equal(is_made && whole != NULL && unchanged != NULL, !fails);
        if (is_made)
            assert_int_equal(get(&cache, 1, 7) != NULL, whole != NULL);
        fini(&cache);
    }
    assert_true(allocations >= 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_put_is_found),
        cmocka_unit_test(test_either_answer),
        cmocka_unit_test(test_codings_stand_side_by_side),
        cmocka_unit_test(test_not_coded_after_all),
        cmocka_unit_test(test_another_state_is_another_answer),
        cmocka_unit_test(test_another_tag_takes_the_place),
        cmocka_unit_test(test_an_answer_is_put_again),
        cmocka_unit_test(test_bytes_are_bounded),
        cmocka_unit_test(test_what_is_too_large),
        cmocka_unit_test(test_only_200_and_304),
        cmocka_unit_test(test_what_is_used_stays),
        cmocka_unit_test(test_keys_of_one_set),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
