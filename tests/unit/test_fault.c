/* test_fault.c: the first fault wins, and its text is never half a character. Problems and their
 * codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/utf8.h"

static void test_first_wins(void **state) {
    (void)state;
    struct fault fault;
    fault_init(&fault);
    assert_false(fault_is_set(&fault));
    fault_set_at(&fault, 3, 7, "cause %d", 1);
    fault_set_at(&fault, 9, 9, "consequence");
    fault_set(&fault, "consequence");
    assert_true(fault_is_set(&fault));
    assert_string_equal(fault.text, "cause 1");
    assert_int_equal(fault.line, 3);
    assert_int_equal(fault.column, 7);
}

static void test_null_is_allowed(void **state) {
    (void)state;
    fault_set(NULL, "nobody");
    fault_set_at(NULL, 1, 1, "nobody");
    assert_false(fault_is_set(NULL));
}

static void test_long_text_is_cut_between_characters(void **state) {
    (void)state;
    static const char *const characters[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x93\x9A"};
    for (size_t c = 0; c < 4; c++) {
        for (size_t shift = 0; shift < 4; shift++) {
            char text[800] = "";
            memset(text, '.', shift);
            size_t used = shift;
            while (used + 4 < sizeof text - 1) {
                memcpy(text + used, characters[c], strlen(characters[c]));
                used += strlen(characters[c]);
            }
            struct fault fault;
            fault_init(&fault);
            fault_set(&fault, "%s", text);
            size_t bytes = strlen(fault.text);
            assert_true(utf8_is_valid(span_of(fault.text), NULL));
            assert_true(bytes > FAULT_TEXT_BYTES - 5 && bytes < FAULT_TEXT_BYTES);
            assert_memory_equal(fault.text, text, bytes);
        }
    }
}

static void test_problems(void **state) {
    (void)state;
    for (enum problem problem = PROBLEM_NONE + 1; problem < PROBLEM_COUNT; problem++) {
        const struct problem_info *info = problem_info(problem);
        assert_true(info->status >= 400 && info->status < 600);
        assert_int_equal(problem_by_code(info->code, strlen(info->code)), problem);
        assert_true(strlen(info->title) > 0 && strlen(info->remedy) > 0);
    }
    assert_int_equal(problem_by_code("no_such_code", 12), PROBLEM_NONE);
    assert_int_equal(problem_by_code("not_foundling", 9), PROBLEM_NOT_FOUND);
    assert_int_equal(problem_by_code("", 0), PROBLEM_NONE);
    assert_int_equal(problem_info(PROBLEM_COUNT)->status, 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_wins),
        cmocka_unit_test(test_null_is_allowed),
        cmocka_unit_test(test_long_text_is_cut_between_characters),
        cmocka_unit_test(test_problems),
    };
    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
