/* test_log.c: one event is one line, whatever its values hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "ground/log.h"
#include "ground/utf8.h"

enum { TIME_BYTES = 24 }; /* 2018-06-03T12:00:00.123Z */

/* The line of one pair, without the time, NUL-terminated. */
static const char *line_of(enum config_log_format format, struct span value) {
    static char text[8192];
    struct buffer out;
    struct log_line line;
    buffer_init(&out);
    log_setup(format, LOG_INFO);
    log_line_begin(&line, &out, LOG_WARN, "test");
    log_line_span(&line, "key", value);
    log_line_int(&line, "n", -5);
    log_line_end(&line);
    size_t start = (format == CONFIG_LOG_JSON ? strlen("{\"ts\":\"") : strlen("ts=")) + TIME_BYTES;
    assert_false(out.failed);
    assert_true(out.used > start && out.used - start < sizeof text);
    memcpy(text, out.bytes + start, out.used - start);
    text[out.used - start] = '\0';
    buffer_fini(&out);
    return text;
}

static void test_escaping(void **state) {
    (void)state;
    static const struct {
        struct span value;
        const char *logfmt, *json;
    } rows[] = {
        {{"plain/text", 10}, "plain/text", "\"plain/text\""},
        {{"", 0}, "\"\"", "\"\""},
        {{NULL, 0}, "\"\"", "\"\""},
        {{"two words", 9}, "\"two words\"", "\"two words\""},
        {{"a=b", 3}, "\"a=b\"", "\"a=b\""},
        {{"say \"x\"", 7}, "\"say \\\"x\\\"\"", "\"say \\\"x\\\"\""},
        {{"c:\\n", 4}, "\"c:\\\\n\"", "\"c:\\\\n\""},
        {{"a\nlevel=error", 13}, "\"a\\nlevel=error\"", "\"a\\nlevel=error\""},
        {{"\x1B[2J", 4}, "\"\\u001b[2J\"", "\"\\u001b[2J\""},
        {{"a\0b", 3}, "\"a\\u0000b\"", "\"a\\u0000b\""},
        {{"\x7F", 1}, "\"\\u007f\"", "\"\\u007f\""},
        {{"\xFF\xC3", 2}, "\"\\xff\\xc3\"", "\"\\\\xff\\\\xc3\""},
        {{"caf\xC3\xA9", 5}, "\"caf\xC3\xA9\"", "\"caf\xC3\xA9\""},
        {{"\xE2\x80\xA8", 3}, "\"\\u2028\"", "\"\\u2028\""},
    };
    char expected[200];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(expected, sizeof expected, " level=warn event=test key=%s n=-5\n", rows[i].logfmt);
        assert_string_equal(line_of(CONFIG_LOG_LOGFMT, rows[i].value), expected);
        snprintf(expected, sizeof expected,
                 "\",\"level\":\"warn\",\"event\":\"test\",\"key\":%s,\"n\":-5}\n", rows[i].json);
        assert_string_equal(line_of(CONFIG_LOG_JSON, rows[i].value), expected);
    }
}

static void test_long_value_is_cut_between_characters(void **state) {
    (void)state;
    char value[1001];
    for (size_t shift = 0; shift < 3; shift++) {
        memset(value, '.', sizeof value);
        for (size_t i = shift; i + 3 < sizeof value; i += 3)
            memcpy(value + i, "\xE2\x82\xAC", 3);
        const char *line = line_of(CONFIG_LOG_LOGFMT, (struct span){value, 1000});
        const char *start = strstr(line, "key=\"") + 5;
        const char *end = strstr(start, "...\" n=");
        assert_non_null(end);
        struct span shown = {start, (size_t)(end - start)};
        assert_true(shown.bytes <= LOG_VALUE_BYTES && shown.bytes > LOG_VALUE_BYTES - 4);
        assert_true(utf8_is_valid(shown, NULL));
        assert_memory_equal(shown.at, value, shown.bytes);
    }
    memset(value, 'x', sizeof value);
    assert_null(strstr(line_of(CONFIG_LOG_LOGFMT, (struct span){value, LOG_VALUE_BYTES}), "..."));
    assert_non_null(
        strstr(line_of(CONFIG_LOG_LOGFMT, (struct span){value, LOG_VALUE_BYTES + 1}), "..."));
}

static void test_time(void **state) {
    (void)state;
    struct buffer out;
    struct log_line line;
    buffer_init(&out);
    log_setup(CONFIG_LOG_LOGFMT, LOG_INFO);
    log_line_begin(&line, &out, LOG_INFO, "test");
    static const char form[] = "ts=dddd-dd-ddTdd:dd:dd.dddZ level=info event=test";
    assert_int_equal(out.used, sizeof form - 1);
    for (size_t i = 0; i < out.used; i++) {
        if (i >= 3 && i < 3 + TIME_BYTES && form[i] == 'd')
            assert_in_range(out.bytes[i], '0', '9');
        else
            assert_int_equal(out.bytes[i], form[i]);
    }
    buffer_fini(&out);
}

static void test_levels(void **state) {
    (void)state;
    for (int set = LOG_ERROR; set <= LOG_DEBUG; set++) {
        log_setup(CONFIG_LOG_LOGFMT, set);
        for (int level = LOG_ERROR; level <= LOG_DEBUG; level++)
            assert_int_equal(log_is_on((enum log_level)level), level <= set);
    }
}

/* Runs `write` with standard error going into a pipe; returns how many bytes came out. */
static size_t capture(void (*write_lines)(void), char *out, size_t out_bytes) {
    int ends[2];
    int saved = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    write_lines();
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    ssize_t got = read(ends[0], out, out_bytes - 1);
    close(ends[0]);
    assert_true(got >= 0);
    out[got] = '\0';
    return (size_t)got;
}

static void write_event(void) {
    log_setup(CONFIG_LOG_LOGFMT, LOG_INFO);
    log_event(LOG_INFO, "first", "a", "1", "b", "two words", NULL);
    log_event(LOG_DEBUG, "hidden", NULL);
    log_event(LOG_ERROR, "second", NULL);
}

static void test_events_are_written(void **state) {
    (void)state;
    char text[1000];
    capture(write_event, text, sizeof text);
    assert_non_null(strstr(text, " level=info event=first a=1 b=\"two words\"\n"));
    assert_non_null(strstr(text, " level=error event=second\n"));
    assert_null(strstr(text, "hidden"));
}

static void write_half_line(void) {
    struct buffer out;
    buffer_init(&out);
    buffer_append_text(&out, "whole\nhalf");
    log_write(&out);
    assert_int_equal(out.used, 0);
    buffer_fini(&out);
}

static void test_half_lines_are_not_written(void **state) {
    (void)state;
    char text[100];
    capture(write_half_line, text, sizeof text);
    assert_string_equal(text, "whole\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escaping),
        cmocka_unit_test(test_long_value_is_cut_between_characters),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_events_are_written),
        cmocka_unit_test(test_half_lines_are_not_written),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
