/* test_import_seen.c: what a run has met is found again, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/import/import_seen.h"

static void test_seen(void **state) {
    (void)state;
    struct import_seen seen;
    import_seen_init(&seen);
    assert_null(import_seen_find(&seen, 1));
    for (int64_t id = 1; id <= 5000; id++)
        assert_true(import_seen_add(&seen, id * 256, SPAN_LITERAL("first.txt")));
    assert_true(import_seen_add(&seen, 256, SPAN_LITERAL("second.txt")));
    for (int64_t id = 1; id <= 5000; id++) {
        const struct import_seen_entry *entry = import_seen_find(&seen, id * 256);
        assert_non_null(entry);
        assert_true(span_is(entry->source, "first.txt"));
        assert_null(import_seen_find(&seen, id * 256 + 1));
    }
    import_seen_fini(&seen);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
