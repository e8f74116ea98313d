/* test_idset.c: sets of ids against a plain array. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "engine/idset.h"

enum { ID_MAX = 1000, LIMIT_BYTES = 1024 * 1024 };

struct pair {
    struct arena arena;
    struct idset a, b;
    bool in_a[ID_MAX + 1], in_b[ID_MAX + 1];
};

static void pair_make(struct pair *pair, unsigned seed) {
    memset(pair, 0, sizeof *pair);
    arena_init(&pair->arena, LIMIT_BYTES);
    assert_true(idset_init(&pair->a, ID_MAX, &pair->arena));
    assert_true(idset_init(&pair->b, ID_MAX, &pair->arena));
    srand(seed);
    for (int i = 0; i < 400; i++) {
        int a = 1 + rand() % ID_MAX, b = 1 + rand() % ID_MAX;
        idset_add(&pair->a, a);
        idset_add(&pair->b, b);
        pair->in_a[a] = pair->in_b[b] = true;
    }
}

/* Contains, count and next all agree with the array. */
static void assert_same(const struct idset *set, const bool in[ID_MAX + 1]) {
    int64_t count = 0, next = idset_next(set, 0);
    for (int id = 1; id <= ID_MAX; id++) {
        assert_int_equal(idset_contains(set, id), in[id]);
        if (!in[id])
            continue;
        assert_int_equal(next, id);
        next = idset_next(set, id);
        count++;
    }
    assert_int_equal(next, 0);
    assert_int_equal(idset_count(set), count);
}

enum operation { AND, ANDNOT, OR };

static void check_operation(enum operation operation) {
    static void (*const operations[])(struct idset * set, const struct idset *other) = {
        [AND] = idset_and, [ANDNOT] = idset_andnot, [OR] = idset_or};
    for (unsigned seed = 1; seed <= 20; seed++) {
        struct pair pair;
        bool wanted[ID_MAX + 1];
        pair_make(&pair, seed);
        for (int id = 0; id <= ID_MAX; id++)
            wanted[id] = operation == OR ? pair.in_a[id] || pair.in_b[id]
                                         : pair.in_a[id] && pair.in_b[id] != (operation == ANDNOT);
        operations[operation](&pair.a, &pair.b);
        assert_same(&pair.a, wanted);
        assert_same(&pair.b, pair.in_b);
        arena_fini(&pair.arena);
    }
}

static void test_operations(void **state) {
    (void)state;
    check_operation(AND);
    check_operation(ANDNOT);
    check_operation(OR);
}

static void test_edges(void **state) {
    (void)state;
    struct arena arena;
    struct idset set;
    arena_init(&arena, LIMIT_BYTES);
    const int64_t maxima[] = {0, 1, 63, 64, 65, 127, 128};
    for (size_t i = 0; i < sizeof maxima / sizeof *maxima; i++) {
        assert_true(idset_init(&set, maxima[i], &arena));
        assert_int_equal(idset_count(&set), 0);
        idset_add(&set, maxima[i]);
        assert_int_equal(idset_contains(&set, maxima[i]), maxima[i] > 0);
        assert_int_equal(idset_next(&set, 0), maxima[i]);
        assert_int_equal(idset_next(&set, maxima[i]), 0);
        assert_int_equal(idset_count(&set), maxima[i] > 0);
    }
    const int64_t outside[] = {0, -1, INT64_MIN, INT64_MAX, 100000};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        idset_add(&set, outside[i]);
        assert_false(idset_contains(&set, outside[i]));
    }
    assert_int_equal(idset_count(&set), 1); /* the last of the maxima */
    idset_clear(&set);
    assert_int_equal(idset_next(&set, 0), 0);
    arena_fini(&arena);
}

static void test_no_memory(void **state) {
    (void)state;
    struct arena arena;
    struct idset set;
    arena_init(&arena, LIMIT_BYTES);
    assert_false(idset_init(&set, INT64_C(100) * 8 * LIMIT_BYTES, &arena));
    idset_add(&set, 1);
    assert_false(idset_contains(&set, 1));
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests_name("idset", tests, NULL, NULL);
}
