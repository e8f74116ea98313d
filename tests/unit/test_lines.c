/* test_lines.c: the same lines come out however the bytes were cut into pieces; what is written to
 * a spool comes back, whether it fitted in memory or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ground/lines.h"
#include "ground/spool.h"

enum { LIMIT = 8 };

/* "1:abc|2!" = line 1 is abc, line 2 is too long */
static void print_lines(struct lines *lines, bool is_end, struct buffer *out) {
    struct span line;
    enum lines_found found;
    while ((found = lines_next(lines, is_end, &line)) != LINES_NONE) {
        buffer_append_int(out, (int64_t)lines->line);
        if (found == LINES_TOO_LONG) {
            buffer_append_text(out, "!|");
            continue;
        }
        buffer_append_char(out, ':');
        buffer_append_span(out, line);
        buffer_append_char(out, '|');
    }
}

static void assert_lines(const char *text, size_t piece_bytes, const char *expected) {
    struct lines lines;
    struct buffer out;
    struct span rest = span_of(text);
    lines_init(&lines, LIMIT);
    buffer_init(&out);
    while (rest.bytes > 0) {
        struct span piece = {rest.at, rest.bytes < piece_bytes ? rest.bytes : piece_bytes};
        assert_true(lines_push(&lines, piece));
        rest = (struct span){rest.at + piece.bytes, rest.bytes - piece.bytes};
        print_lines(&lines, false, &out);
    }
    print_lines(&lines, true, &out);
    buffer_append_char(&out, '\0');
    if (strcmp(out.bytes, expected) != 0)
        fail_msg("pieces of %zu: '%s' instead of '%s'", piece_bytes, out.bytes, expected);
    buffer_fini(&out);
    lines_fini(&lines);
}

static void test_lines_of_pieces(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", ""},
        {"\n", "1:|"},
        {"a", "1:a|"},
        {"a\n", "1:a|"},
        {"a\n\nb\r\nc", "1:a|2:|3:b\r|4:c|"},
        {"12345678\nx", "1:12345678|2:x|"},
        {"123456789\nx", "1!|2:x|"},
        {"1234567890123456789012345\nx\n", "1!|2:x|"},
        {"x\n1234567890123456789012345", "1:x|2!|"},
        {"123456789\n123456789\n\nx", "1!|2!|3:|4:x|"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t piece_bytes = 1; piece_bytes < 30; piece_bytes++)
            assert_lines(cases[i].text, piece_bytes, cases[i].expected);
    }
}

/* Written and read in turns: in order, and what was read takes no room. */
static void a_spool_forgets_what_was_read(void **state) {
    struct spool spool;
    char in[5000], out[9000];
    size_t written = 0, seen = 0;
    int64_t count;
    (void)state;
    spool_init(&spool);
    spool.memory_bytes = 20000;
    for (unsigned round = 0; round < 400; round++) {
        for (size_t i = 0; i < sizeof in; i++)
            in[i] = (char)((written + i) * 31 >> 3);
        assert_true(spool_append(&spool, (struct span){in, sizeof in}));
        written += sizeof in;
        assert_int_equal(spool_bytes(&spool), written - seen);
        /* Slower than it comes, then faster. */
        count =
            round % 2 == 0 || round > 100 ? spool_read(&spool, out, round > 100 ? 9000 : 3000) : 0;
        for (int64_t i = 0; i < count; i++, seen++)
            assert_int_equal(out[i], (char)(seen * 31 >> 3));
        assert_true(spool.tail.used <= 20000);
    }
    assert_true(spool.file >= 0);
    while ((count = spool_read(&spool, out, sizeof out)) > 0)
        seen += (size_t)count;
    assert_int_equal(seen, written);
    assert_true(spool_append(&spool, (struct span){in, 1}));
    assert_int_equal(spool.file_bytes, 0);
    assert_int_equal(lseek(spool.file, 0, SEEK_END), 0);
    spool_fini(&spool);
}

static void assert_spool(size_t bytes, size_t room, bool has_file) {
    struct spool spool;
    char *out = malloc(room);
    assert_non_null(out);
    spool_init(&spool);
    for (size_t i = 0; i < bytes; i++) {
        char c = (char)(i * 7 % 251);
        assert_true(spool_append(&spool, (struct span){&c, 1}));
    }
    assert_int_equal(spool_bytes(&spool), bytes);
    assert_int_equal(spool.file >= 0, has_file);
    size_t at = 0;
    int64_t count;
    while ((count = spool_read(&spool, out, room)) > 0) {
        for (int64_t i = 0; i < count; i++, at++)
            assert_int_equal(out[i], (char)(at * 7 % 251));
    }
    assert_int_equal(count, 0);
    assert_int_equal(at, bytes);
    spool_fini(&spool);
    free(out);
}

static void test_spool_gives_back(void **state) {
    (void)state;
    assert_spool(0, 10, false);
    assert_spool(5, 10, false);
    assert_spool(SPOOL_MEMORY_BYTES, 1000, false);
    assert_spool(SPOOL_MEMORY_BYTES + 1, 1000, true);
    assert_spool(2 * SPOOL_MEMORY_BYTES + 5000, 32768, true);
}

static void test_spool_without_a_folder(void **state) {
    (void)state;
    struct spool spool;
    static char bytes[SPOOL_MEMORY_BYTES + 1];
    spool_init(&spool);
    setenv("TMPDIR", "/nowhere/at/all", 1);
    assert_false(spool_append(&spool, (struct span){bytes, sizeof bytes}));
    unsetenv("TMPDIR");
    assert_false(spool_append(&spool, (struct span){bytes, 1}));
    assert_int_equal(spool_read(&spool, bytes, 1), -1);
    spool_fini(&spool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_of_pieces),
        cmocka_unit_test(test_spool_gives_back),
        cmocka_unit_test(a_spool_forgets_what_was_read),
        cmocka_unit_test(test_spool_without_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
