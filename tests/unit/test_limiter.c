/* test_limiter.c: buckets against a clock of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <stdlib.h>

#include "engine/limiter.h"

#define SECOND INT64_C(1000000000)

enum { START = 1000 };

static struct limiter limiter;

static void begin(unsigned per_minute) {
    assert_int_equal(limiter_init(&limiter, per_minute), PROBLEM_NONE);
}

static unsigned allowed(uint64_t client, int64_t now_ns, unsigned tries) {
    unsigned count = 0;
    for (unsigned i = 0; i < tries; i++)
        count += limiter_take(&limiter, client, now_ns).is_allowed;
    return count;
}

static void test_exact(void **state) {
    (void)state;
    begin(10);
    assert_int_equal(allowed(7, START * SECOND, 100), 10);
    assert_int_equal(allowed(7, START * SECOND + 6 * SECOND - 1, 100), 0);
    assert_int_equal(allowed(7, START * SECOND + 6 * SECOND, 100), 1);
    assert_int_equal(allowed(7, START * SECOND + 36 * SECOND, 100), 5);
    assert_int_equal(allowed(7, START * SECOND + 10000 * SECOND, 100), 10);
    assert_int_equal(allowed(8, START * SECOND + 10000 * SECOND, 100), 10);
    limiter_fini(&limiter);
}

static void test_answer(void **state) {
    (void)state;
    begin(3);
    struct limiter_answer answer = limiter_take(&limiter, 1, START * SECOND);
    assert_true(answer.is_allowed);
    assert_int_equal(answer.limit, 3);
    assert_int_equal(answer.remaining, 2);
    assert_int_equal(answer.wait_s, 20);
    assert_int_equal(allowed(1, START * SECOND, 2), 2);
    answer = limiter_take(&limiter, 1, START * SECOND + SECOND / 2);
    assert_false(answer.is_allowed);
    assert_int_equal(answer.remaining, 0);
    assert_int_equal(answer.wait_s, 20);
    assert_true(limiter_take(&limiter, 1, START * SECOND + SECOND / 2 + 20 * SECOND).is_allowed);
    limiter_fini(&limiter);
}

/* Refused requests cost nothing: who keeps asking is let in when the time has come. */
static void test_refusals_are_free(void **state) {
    (void)state;
    begin(60);
    unsigned count = 0;
    for (int64_t ms = 0; ms < 60000; ms += 10)
        count += limiter_take(&limiter, 1, START * SECOND + ms * 1000000).is_allowed;
    assert_in_range(count, 119, 120);
    limiter_fini(&limiter);
}

static void test_off(void **state) {
    (void)state;
    begin(0);
    assert_false(limiter_is_on(&limiter));
    assert_int_equal(allowed(1, START * SECOND, 1000), 1000);
    limiter_fini(&limiter);
}

/* A hundred times more clients than places: no more memory, and nobody is refused too early. */
static void test_flood(void **state) {
    (void)state;
    begin(5);
    const struct limiter_slot *slots = limiter.slots;
    for (uint64_t client = 1; client < 1600000; client++) {
        if (!limiter_take(&limiter, client, START * SECOND).is_allowed)
            fail_msg("client %llu was refused at once", (unsigned long long)client);
    }
    assert_ptr_equal(slots, limiter.slots);
    limiter_fini(&limiter);
}

/* Whoever is at the limit is forgotten last. */
static void test_the_busy_are_kept(void **state) {
    (void)state;
    begin(5);
    assert_int_equal(allowed(UINT64_MAX, START * SECOND, 100), 5);
    for (uint64_t client = 1; client < 200000; client++)
        (void)limiter_take(&limiter, client, START * SECOND);
    assert_int_equal(allowed(UINT64_MAX, START * SECOND, 100), 0);
    limiter_fini(&limiter);
}

struct shared {
    atomic_uint allowed;
};

static void *take_many(void *context) {
    struct shared *shared = context;
    for (unsigned i = 0; i < 20000; i++)
        atomic_fetch_add(&shared->allowed, limiter_take(&limiter, 9, START * SECOND).is_allowed);
    return NULL;
}

static void test_threads(void **state) {
    (void)state;
    pthread_t threads[4];
    struct shared shared = {0};
    begin(1000);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_many, &shared), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&shared.allowed), 1000);
    limiter_fini(&limiter);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_answer),
        cmocka_unit_test(test_refusals_are_free),
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_flood),
        cmocka_unit_test(test_the_busy_are_kept),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
