/* test_buffer.c: growth, formatted text, and failure that stays until it is cleared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ground/buffer.h"

static void assert_holds(const struct buffer *buffer, const char *text) {
    assert_false(buffer->failed);
    assert_int_equal(buffer->used, strlen(text));
    assert_memory_equal(buffer->bytes, text, buffer->used);
}

static void test_append(void **state) {
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer);
    buffer_append(&buffer, NULL, 0);
    assert_int_equal(buffer_span(&buffer).bytes, 0);
    buffer_append_text(&buffer, "one");
    buffer_append_char(&buffer, ' ');
    buffer_append_span(&buffer, SPAN_LITERAL("two"));
    buffer_printf(&buffer, " %d %s", 3, "four");
    buffer_printf(&buffer, "%s", "");
    assert_holds(&buffer, "one two 3 four");
    buffer_clear(&buffer);
    assert_holds(&buffer, "");
    buffer_fini(&buffer);
}

static void test_growth(void **state) {
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer);
    for (int i = 0; i < 100000; i++)
        buffer_append_char(&buffer, (char)('a' + i % 26));
    assert_int_equal(buffer.used, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(buffer.bytes[i], 'a' + i % 26);
    buffer_fini(&buffer);
}

/* The final NUL of vsnprintf() must find room whatever the fill is. */
static void test_printf_at_every_fill(void **state) {
    (void)state;
    for (size_t fill = 0; fill < 600; fill++) {
        struct buffer buffer;
        buffer_init(&buffer);
        for (size_t i = 0; i < fill; i++)
            buffer_append_char(&buffer, 'x');
        buffer_printf(&buffer, "%s", "0123456789");
        assert_int_equal(buffer.used, fill + 10);
        assert_memory_equal(buffer.bytes + fill, "0123456789", 10);
        buffer_fini(&buffer);
    }
}

static void test_int(void **state) {
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {7, "7"},
        {-1, "-1"},
        {1234567890123, "1234567890123"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer buffer;
        buffer_init(&buffer);
        buffer_append_int(&buffer, rows[i].value);
        assert_holds(&buffer, rows[i].text);
        buffer_fini(&buffer);
    }
}

static void test_failure_is_sticky(void **state) {
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer);
    buffer_append_text(&buffer, "kept");
    assert_false(buffer_reserve(&buffer, SIZE_MAX));
    assert_true(buffer.failed);
    buffer_append_text(&buffer, "lost");
    assert_false(buffer_reserve(&buffer, 1));
    assert_int_equal(buffer.used, 4);
    buffer_clear(&buffer);
    buffer_append_text(&buffer, "again");
    assert_holds(&buffer, "again");
    buffer_fini(&buffer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_printf_at_every_fill),
        cmocka_unit_test(test_int),
        cmocka_unit_test(test_failure_is_sticky),
    };
    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
