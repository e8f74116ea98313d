/* test_arena.c: allocation, limits, what survives a reset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ground/arena.h"

static void test_alignment_and_separation(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char *before = NULL;
    for (size_t bytes = 0; bytes < 100; bytes++) {
        char *at = arena_alloc(&arena, bytes);
        assert_non_null(at);
        assert_int_equal((uintptr_t)at % 16, 0);
        assert_true(at != before);
        memset(at, (int)bytes, bytes);
        before = at;
    }
    arena_fini(&arena);
    assert_int_equal(arena.held_bytes, 0);
}

static void test_limit(void **state) {
    (void)state;
    static const struct {
        size_t limit, first, second;
        bool first_fits, second_fits;
        const char *what;
    } rows[] = {
        {1000, 992, 0, true, false, "exactly the limit, then nothing is left"},
        {1000, 1009, 16, false, true, "too much is refused and leaves the arena usable"},
        {20480, 16384, 4096, true, true, "the last block takes what the limit leaves"},
        {20480, 16384, 4112, true, false, "one step more than the limit leaves"},
        {100, SIZE_MAX, 16, false, true, "a size that would overflow"},
        {0, 1, 0, false, false, "no memory at all"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena;
        arena_init(&arena, rows[i].limit);
        print_message("%s\n", rows[i].what);
        assert_int_equal(arena_alloc(&arena, rows[i].first) != NULL, rows[i].first_fits);
        assert_int_equal(arena_alloc(&arena, rows[i].second) != NULL, rows[i].second_fits);
        assert_true(arena.held_bytes <= rows[i].limit);
        assert_int_equal(arena.has_failed, !rows[i].first_fits || !rows[i].second_fits);
        arena_reset(&arena);
        assert_false(arena.has_failed);
        arena_fini(&arena);
    }
}

static void test_reset_gives_large_memory_back(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    for (int round = 0; round < 3; round++) {
        assert_non_null(arena_alloc(&arena, 10));
        assert_non_null(arena_alloc(&arena, 8 << 20));
        assert_true(arena.held_bytes > 8 << 20);
        arena_reset(&arena);
        assert_true(arena.held_bytes <= 64 * 1024);
    }
    arena_fini(&arena);
}

/* From nothing, from the middle of a block, and over several blocks. */
static void test_rewind(void **state) {
    static const size_t before[] = {0, 1, 1000, 15000, 40000};
    (void)state;
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        struct arena arena;
        arena_init(&arena, 8 * 1024 * 1024);
        char *kept = before[i] == 0 ? NULL : arena_alloc(&arena, before[i]);
        if (kept != NULL)
            memset(kept, 'k', before[i]);
        size_t held = arena.held_bytes;
        struct arena_mark mark = arena_mark(&arena);
        for (int round = 0; round < 3; round++) {
            char *scaffold = NULL;
            for (int piece = 0; piece < 100; piece++) {
                scaffold = arena_alloc(&arena, 50000);
                assert_non_null(scaffold);
                memset(scaffold, 's', 50000);
            }
            arena_rewind(&arena, &mark);
            assert_int_equal(arena.held_bytes, held);
            assert_false(arena_holds(&arena, scaffold) && before[i] == 0);
        }
        for (size_t at = 0; at < before[i]; at++)
            assert_int_equal(kept[at], 'k');
        arena_fini(&arena);
    }
}

static void test_holds(void **state) {
    (void)state;
    struct arena arena, other;
    arena_init(&arena, 1 << 20);
    arena_init(&other, 1 << 20);
    char *mine = arena_alloc(&arena, 40000);
    char *theirs = arena_alloc(&other, 10);
    assert_true(arena_holds(&arena, mine));
    assert_true(arena_holds(&arena, mine + 39999));
    assert_false(arena_holds(&arena, theirs));
    assert_false(arena_holds(&arena, &arena));
    assert_false(arena_holds(&arena, NULL));
    arena_fini(&arena);
    assert_false(arena_holds(&arena, theirs));
    arena_fini(&other);
}

static void test_copy(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1000);
    struct span copy = arena_copy(&arena, (struct span){"a\0b", 3});
    assert_int_equal(copy.bytes, 3);
    assert_memory_equal(copy.at, "a\0b", 4);
    struct span nothing = arena_copy(&arena, (struct span){NULL, 0});
    assert_non_null(nothing.at);
    assert_string_equal(nothing.at, "");
    assert_null(arena_copy(&arena, (struct span){"", 1000000}).at);
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alignment_and_separation),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_reset_gives_large_memory_back),
        cmocka_unit_test(test_rewind),
        cmocka_unit_test(test_holds),
        cmocka_unit_test(test_copy),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
