/* test_range.c: which part of a file a Range field asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/range.h"

static void test_range(void **state) {
    (void)state;
    static const struct {
        const char *field;
        int64_t size;
        enum range_kind kind;
        int64_t first, last;
    } cases[] = {
        {"bytes=0-0", 100, RANGE_PART, 0, 0},
        {"bytes=0-99", 100, RANGE_PART, 0, 99},
        {"bytes=0-100", 100, RANGE_PART, 0, 99},
        {"bytes=99-99", 100, RANGE_PART, 99, 99},
        {"bytes=99-", 100, RANGE_PART, 99, 99},
        {"bytes=100-", 100, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=100-200", 100, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=5-", 100, RANGE_PART, 5, 99},
        {"bytes=-1", 100, RANGE_PART, 99, 99},
        {"bytes=-100", 100, RANGE_PART, 0, 99},
        {"bytes=-101", 100, RANGE_PART, 0, 99},
        {"bytes=-0", 100, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=-1", 0, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=0-", 0, RANGE_UNSATISFIABLE, 0, 0},
        {"Bytes= 3-4 ", 100, RANGE_PART, 3, 4},
        {"bytes=0-99999999999999999999999", 100, RANGE_PART, 0, 99},
        {"bytes=99999999999999999999999-", 100, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=-99999999999999999999999", 100, RANGE_PART, 0, 99},
        {"bytes=4-3", 100, RANGE_WHOLE, 0, 0},
        {"bytes=-", 100, RANGE_WHOLE, 0, 0},
        {"bytes=", 100, RANGE_WHOLE, 0, 0},
        {"bytes=1", 100, RANGE_WHOLE, 0, 0},
        {"bytes=1-2,5-6", 100, RANGE_WHOLE, 0, 0},
        {"bytes=1-2x", 100, RANGE_WHOLE, 0, 0},
        {"lines=1-2", 100, RANGE_WHOLE, 0, 0},
        {"", 100, RANGE_WHOLE, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t first = 0, last = 0;
        enum range_kind kind = range_parse(span_of(cases[i].field), cases[i].size, &first, &last);
        if (kind != cases[i].kind || first != cases[i].first || last != cases[i].last)
            fail_msg("'%s' of %d: kind %d, %d to %d", cases[i].field, (int)cases[i].size, (int)kind,
                     (int)first, (int)last);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_range)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
