/* test_tally.c: sums by id, and the heaviest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/tally.h"

enum { LIMIT_BYTES = 16 * 1024 * 1024 };

static void test_heaviest_first(void **state) {
    (void)state;
    struct arena arena;
    struct tally tally;
    struct tally_entry best[3];
    arena_init(&arena, LIMIT_BYTES);
    tally_init(&tally, &arena);
    assert_int_equal(tally_best(&tally, best, 3), 0);
    const int64_t ids[] = {7, 5, 9, 5, 7, 5, 3};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        assert_true(tally_add(&tally, ids[i], 10));
    assert_int_equal(tally_best(&tally, best, 3), 3);
    assert_int_equal(best[0].id, 5);
    assert_int_equal(best[0].weight, 30);
    assert_int_equal(best[1].id, 7);
    assert_int_equal(best[2].id, 9); /* before 3, which weighs the same and came later */
    assert_int_equal(tally_best(&tally, best, 1), 1);
    assert_int_equal(best[0].id, 5);
    assert_int_equal(tally_best(&tally, best, 0), 0);
    arena_fini(&arena);
}

/* Growing keeps every sum; of thousands that weigh the same the first come first. */
static void test_many(void **state) {
    (void)state;
    struct arena arena;
    struct tally tally;
    struct tally_entry best[20];
    arena_init(&arena, LIMIT_BYTES);
    tally_init(&tally, &arena);
    for (int round = 0; round < 3; round++) {
        for (int64_t id = 1; id <= 5000; id++)
            assert_true(tally_add(&tally, id * 1024, id % 100 == 0 ? 2 : 1));
    }
    assert_int_equal(tally.count, 5000);
    assert_int_equal(tally_best(&tally, best, 20), 20);
    for (int64_t i = 0; i < 20; i++) {
        assert_int_equal(best[i].id, (i + 1) * 100 * 1024);
        assert_int_equal(best[i].weight, 6);
    }
    arena_fini(&arena);
}

static void test_no_memory(void **state) {
    (void)state;
    struct arena arena;
    struct tally tally;
    int64_t id = 1;
    arena_init(&arena, 128 * 1024);
    tally_init(&tally, &arena);
    while (id < 100000 && tally_add(&tally, id, 1))
        id++;
    assert_in_range(id, 100, 99999);
    assert_int_equal(tally.count, id - 1);
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heaviest_first),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
