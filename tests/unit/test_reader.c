/* What pages are made of: text stays text, wherever it stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/render.h"
#include "surface/reader/reader_parts.h"

static struct buffer out;
static struct arena arena;

static void expect(const char *wanted, const char *what) {
    buffer_append_char(&out, '\0');
    if (strcmp(out.bytes, wanted) != 0)
        fail_msg("%s: %s", what, out.bytes);
    buffer_clear(&out);
}

static void marks_are_the_only_markup(void **state) {
    (void)state;
    static const struct {
        const char *html, *wanted;
    } cases[] = {
        {"a <mark>b</mark> &amp; c", "a <mark>b</mark> &amp; c"},
        {"<script>x</script>", "&lt;script>x&lt;/script>"},
        {"<mark onclick=x>", "&lt;mark onclick=x>"},
        {"<mark", "&lt;mark"},
        {"<", "&lt;"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        reader_marked(&out, span_of(cases[i].html));
        expect(cases[i].wanted, cases[i].html);
    }
}

static void days_and_instants_are_for_people(void **state) {
    (void)state;
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"2018-06-03", "<time datetime=\"2018-06-03\">3 June 2018</time>"},
        {"2018-12-31T23:59:58Z",
         "<time datetime=\"2018-12-31T23:59:58Z\">31 December 2018, 23:59 UTC</time>"},
        {"2018-13-03", ""},
        {"2018", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        reader_time(&out, span_of(cases[i].text));
        expect(cases[i].wanted, cases[i].text);
    }
}

static void text_stays_text(void **state) {
    (void)state;
    struct span text = SPAN_LITERAL("\"><b>'&\xE2\x80\xAE");
    reader_wrap(&out, "<p>", text, "</p>");
    expect("<p>&quot;&gt;&lt;b&gt;&#39;&amp;\xE2\x80\xAE</p>", "wrap");
    reader_wrap(&out, "<p>", SPAN_LITERAL(""), "</p>");
    expect("", "wrap of nothing");
    reader_link(&out, text, " rel=\"prev\"", text);
    expect("<a href=\"&quot;&gt;&lt;b&gt;&#39;&amp;\xE2\x80\xAE.html\" rel=\"prev\"><bdi>"
           "&quot;&gt;&lt;b&gt;&#39;&amp;\xE2\x80\xAE</bdi></a>",
           "link");
    reader_count(&out, 1, "article");
    expect("1 article", "one");
    reader_count(&out, 0, "article");
    expect("0 articles", "none");
    reader_append_shell(&out, SPAN_LITERAL("/a'$(b)\"<"));
    expect("/a%27$(b)&quot;&lt;", "a word of a shell");
}

static void names_are_encoded_in_addresses(void **state) {
    (void)state;
    render_begin(&arena);
    json_t *term = json_object();
    assert_true(render_set(term, "slug", render_text(SPAN_LITERAL("\xC3\xA4/\"?"))));
    assert_true(render_set(term, "name", render_text(SPAN_LITERAL("<\xC3\xA4>"))));
    reader_term_link(&out, "tags", term, "");
    expect("<a href=\"/v1/tags/%C3%A4%2F%22%3F/articles.html\"><bdi>&lt;\xC3\xA4&gt;</bdi></a>",
           "term");
    assert_int_equal(reader_text(term, "none").bytes, 0);
    assert_int_equal(reader_number(term, "slug"), 0);
    render_end();
}

static void addresses_lead_through_a_proxy(void **state) {
    (void)state;
    static const char page[] = "<a href=\"/\">href=&quot;/</a><a href=\"#p\"><p data-href=\"/x\">"
                               "<form action=\"/v1/q\"><script src=\"/s\"><input value=\"/\">"
                               "<link href=\"https://news.example/a/b\">";
    static const struct {
        const char *url, *wanted;
    } cases[] = {
        {"https://news.example", page},
        {"", page},
        {"https://news.example/a",
         "<a href=\"/a/\">href=&quot;/</a><a href=\"#p\"><p data-href=\"/x\">"
         "<form action=\"/a/v1/q\"><script src=\"/a/s\"><input value=\"/\">"
         "<link href=\"https://news.example/a/b\">"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct service service = {.public_url = span_of(cases[i].url)};
        struct request request = {.service = &service};
        struct reader reader = {.request = &request, .out = &out};
        buffer_append_text(&out, page);
        reader_add_root(&reader);
        expect(cases[i].wanted, cases[i].url);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_the_only_markup),
        cmocka_unit_test(days_and_instants_are_for_people),
        cmocka_unit_test(text_stays_text),
        cmocka_unit_test(names_are_encoded_in_addresses),
        cmocka_unit_test(addresses_lead_through_a_proxy),
    };
    render_setup();
    buffer_init(&out);
    arena_init(&arena, LIMIT_REQUEST_ARENA_BYTES);
    int status = cmocka_run_group_tests(tests, NULL, NULL);
    buffer_fini(&out);
    arena_fini(&arena);
    return status;
}
