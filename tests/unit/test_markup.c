/* test_markup.c: text into HTML and XML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ground/markup.h"
#include "ground/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef void append(struct buffer *out, struct span text);

static void table(void **state) {
    static const struct {
        const char *text, *html, *xml, *value;
    } cases[] = {
        {"", "", "", ""},
        {"plain", "plain", "plain", "plain"},
        {"<&>\"'", "&lt;&amp;&gt;&quot;'", "&lt;&amp;&gt;\"'", "&lt;&amp;&gt;&quot;'"},
        {"]]>", "]]&gt;", "]]&gt;", "]]&gt;"},
        {"a\tb\nc\rd", "a\tb\nc\rd", "a\tb\nc&#13;d", "a&#9;b&#10;c&#13;d"},
        {"a\x01\x08\x0B\x0C\x0E\x1F"
         "b",
         "a\x01\x08\x0B\x0C\x0E\x1F"
         "b",
         "ab", "ab"},
        {"\x7F\xC2\x80", "\x7F\xC2\x80", "\x7F\xC2\x80", "\x7F\xC2\x80"}, /* discouraged, allowed */
        {"\xEF\xBF\xBD", "\xEF\xBF\xBD", "\xEF\xBF\xBD", "\xEF\xBF\xBD"},
        {"\xEF\xBF\xBE.\xEF\xBF\xBF", "\xEF\xBF\xBE.\xEF\xBF\xBF", ".", "."},
        {"\xF0\x9F\xA6\x80", "\xF0\x9F\xA6\x80", "\xF0\x9F\xA6\x80", "\xF0\x9F\xA6\x80"},
        {"a\xFF<\xC3", "a\xFF&lt;\xC3", "a&lt;", "a&lt;"}, /* no UTF-8 */
    };
    static append *const appends[] = {markup_append_html, markup_append_xml,
                                      markup_append_xml_value};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *expected[] = {cases[i].html, cases[i].xml, cases[i].value};
        for (size_t j = 0; j < COUNT(appends); j++) {
            struct buffer out;
            buffer_init(&out);
            appends[j](&out, span_of(cases[i].text));
            if (!span_is(buffer_span(&out), expected[j]))
                fail_msg("case %zu, form %zu: %.*s", i, j, (int)out.used, out.bytes);
            buffer_fini(&out);
        }
    }
}

static size_t encode(uint32_t code, char out[4]) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t bytes = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00 >> bytes & 0xFF) | code);
    return bytes;
}

/* Char of XML 1.0, 2.2, written out as it stands there. */
static bool is_char(uint32_t code) {
    return code == 0x9 || code == 0xA || code == 0xD || (code >= 0x20 && code <= 0xD7FF) ||
           (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

static void every_character(void **state) {
    struct buffer out;
    (void)state;
    buffer_init(&out);
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char text[4];
        size_t bytes = encode(code, text);
        buffer_clear(&out);
        markup_append_xml(&out, (struct span){text, bytes});
        if ((out.used > 0) != is_char(code))
            fail_msg("U+%04X", code);
    }
    buffer_fini(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(table), cmocka_unit_test(every_character)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
