/* test_article_json.c: what JSON becomes an article, and where it is said to be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "surface/articles/article_json.h"
#include "surface/json_text.h"

struct setting {
    struct arena arena;
    struct article article;
    struct fault fault;
};

static enum problem parse_span(struct setting *s, struct span json) {
    arena_init(&s->arena, 16 << 20);
    fault_init(&s->fault);
    return article_json_parse(json, &s->arena, &s->article, &s->fault);
}

static enum problem parse(struct setting *s, const char *json) {
    return parse_span(s, span_of(json));
}

static void assert_list(struct span_list list, const char *expected) {
    char text[400] = "";
    size_t used = 0;
    for (size_t i = 0; i < list.count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s", i == 0 ? "" : "|",
                                 (int)list.items[i].bytes, list.items[i].at);
    assert_string_equal(text, expected);
}

static void test_everything(void **state) {
    (void)state;
    struct setting s;
    static const char json[] =
        "{\"title\": \"Harbour \\u00e9t\\u00e9\", \"authors\": [\"Ann Lee\", {\"name\": \"Bo\", "
        "\"slug\": \"bo\", \"url\": \"/x\"}], \"published\": \"2018-06-03\", \"section\": "
        "[\"WORLD\", \"Asia\"], \"tags\": [\"ships\", {\"name\": \"c, d\"}], \"paragraphs\": "
        "[\"First.\", {\"id\": 7, \"n\": 2, \"text\": \"Second.\", \"words\": 1}]}";
    assert_int_equal(parse(&s, json), PROBLEM_NONE);
    assert_true(span_is(s.article.title, "Harbour \xC3\xA9t\xC3\xA9"));
    assert_string_equal(s.article.published, "2018-06-03");
    assert_list(s.article.authors, "Ann Lee|Bo");
    assert_list(s.article.section, "WORLD|Asia");
    assert_list(s.article.tags, "ships|c, d");
    assert_list(s.article.paragraphs, "First.|Second.");
    arena_fini(&s.arena);
}

static void test_section_forms(void **state) {
    (void)state;
    static const struct {
        const char *section, *steps;
    } rows[] = {
        {"null", ""},
        {"\"\"", ""},
        {"[]", ""},
        {"\"NEWS\"", "NEWS"},
        {"\"NEWS / Town / Port\"", "NEWS|Town|Port"},
        {"\"A/B\"", "A/B"},
        {"[{\"name\": \"NEWS\"}, \"Town\"]", "NEWS|Town"},
        {"{\"slug\": \"news-town\", \"name\": \"Town\", \"path\": [\"NEWS\", \"Town\"]}",
         "NEWS|Town"},
        {"{\"path\": [{\"name\": \"NEWS\", \"slug\": \"news\"}]}", "NEWS"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct setting s;
        char json[300];
        snprintf(json, sizeof json, "{\"title\": \"T\", \"paragraphs\": [\"P\"], \"section\": %s}",
                 rows[i].section);
        print_message("%s\n", rows[i].section);
        assert_int_equal(parse(&s, json), PROBLEM_NONE);
        assert_list(s.article.section, rows[i].steps);
        arena_fini(&s.arena);
    }
}

static void test_what_the_api_prints_is_ignored(void **state) {
    (void)state;
    struct setting s;
    assert_int_equal(parse(&s, "{\"id\": 5, \"slug\": \"t\", \"url\": \"http://x/v1/articles/5\", "
                               "\"version\": 2, \"seq\": 9, \"lead\": \"P\", \"paragraph_count\": "
                               "1, \"word_count\": 1, \"created_at\": \"2020-01-01T00:00:00Z\", "
                               "\"updated_at\": null, \"title\": \"T\", \"authors\": null, "
                               "\"published\": null, \"paragraphs\": [\"P\"]}"),
                     PROBLEM_NONE);
    assert_string_equal(s.article.published, "");
    assert_int_equal(s.article.authors.count, 0);
    arena_fini(&s.arena);
}

static void test_refusals(void **state) {
    (void)state;
    static const struct {
        const char *json;
        size_t line, column;
        const char *name, *part; /* of the sentence */
    } rows[] = {
        {"", 1, 1, "", "ends too early"},
        {"{\"title\": \"T\"", 1, 13, "", "ends too early"},
        {"{\"title\": \"T\", \"title\": \"U\"}", 1, 22, "", "stands twice"},
        {"{\"title\": \"T\"} x", 1, 16, "", "follows after"},
        {"{\"title\": \"T\\u0000\"}", 1, 0, "", "NUL"},
        {"{\"title\": \"\xFF\"}", 1, 0, "", ""},
        {"{'title': 1}", 1, 2, "", "this is not JSON"},
        {"[]", 1, 1, "", "an article is an object"},
        {"7", 1, 1, "", "an article is an object"},
        {"{\"title\": 7}", 1, 2, "title", "title must be a text, not a number"},
        {"{\"title\": \"T\",\n \"tags\": {}}", 2, 2, "tags", "tags must be a list, not an object"},
        {"{\"tags\": [\"a\", 7]}", 1, 2, "tags", "tags[1] must be a text"},
        {"{\"authors\": [{\"nam\": \"x\"}]}", 1, 2, "authors", "whose name is a text"},
        {"{\"authors\": [{\"name\": \"x\", \"rank\": 1}]}", 1, 2, "authors",
         "authors: there is no field 'rank'"},
        {"{\"published\": \"2018-02-31\"}", 1, 2, "published", "'2018-02-31' is not a day"},
        {"{\"published\": \"03.06.2018\"}", 1, 2, "published", "YYYY-MM-DD"},
        {"{\"published\": 2018}", 1, 2, "published", "must be a date"},
        {"{\"section\": {\"name\": \"A\"}}", 1, 2, "section", "path"},
        {"{\"x\": \"title\", \"titel\": \"T\"}", 1, 2, "x", "there is no field 'x'"},
        {"{\"title\": \"T\", \"titel\": \"T\"}", 1, 16, "titel", "did you mean title?"},
        {"{\"title\": \"T\", \"tag\": []}", 1, 16, "tag",
         "there are: title, authors, published, section, tags, paragraphs"},
        {"{\"paragraphs\": [\"P\"]}", 1, 1, "title", "title"},
        {"{\"title\": \"T\"}", 1, 1, "paragraphs", "paragraph"},
        {"{\"title\": \"T\", \"paragraphs\": []}", 1, 16, "paragraphs", "paragraph"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct setting s;
        print_message("%s\n", rows[i].json);
        assert_int_equal(parse(&s, rows[i].json), PROBLEM_BAD_SOURCE);
        print_message("  %zu:%zu %s: %s\n", s.fault.line, s.fault.column, s.fault.name,
                      s.fault.text);
        assert_non_null(strstr(s.fault.text, rows[i].part));
        assert_true(s.fault.text[0] != '\0');
        assert_int_equal(s.fault.line, rows[i].line);
        if (rows[i].column != 0)
            assert_int_equal(s.fault.column, rows[i].column);
        assert_int_equal(strncmp(s.fault.name, rows[i].name, strlen(rows[i].name)), 0);
        arena_fini(&s.arena);
    }
}

static void test_raw_nul(void **state) {
    (void)state;
    static const char json[] = "{\"title\": \"a\0b\"}";
    struct setting s;
    assert_int_equal(parse_span(&s, (struct span){json, sizeof json - 1}), PROBLEM_BAD_SOURCE);
    assert_int_equal(s.fault.line, 1);
    arena_fini(&s.arena);
}

static void test_depth(void **state) {
    (void)state;
    for (size_t depth = 31; depth <= 33; depth++) {
        struct setting s;
        char json[200] = "{\"id\":";
        size_t used = strlen(json);
        memset(json + used, '[', depth - 1);
        memset(json + used + depth - 1, ']', depth - 1);
        snprintf(json + used + 2 * (depth - 1), 60, ",\"title\":\"[[[\",\"paragraphs\":[\"P\"]}");
        assert_int_equal(parse(&s, json), depth <= 32 ? PROBLEM_NONE : PROBLEM_BAD_SOURCE);
        if (depth > 32)
            assert_int_equal(s.fault.column, used + 32);
        arena_fini(&s.arena);
    }
}

/* Memory ends at every possible place: refused, no crash, no half an article taken for whole. */
static void test_little_memory(void **state) {
    (void)state;
    static const char json[] = "{\"title\": \"T\", \"authors\": [\"A\"], \"section\": \"X / Y\", "
                               "\"tags\": [\"a\", \"b\"], \"paragraphs\": [\"P\", \"Q\"]}";
    size_t refused = 0;
    for (size_t limit = 0; limit < 400; limit += 16) {
        struct setting s;
        arena_init(&s.arena, limit);
        fault_init(&s.fault);
        enum problem problem = article_json_parse(span_of(json), &s.arena, &s.article, &s.fault);
        refused += problem == PROBLEM_OUT_OF_MEMORY;
        if (problem == PROBLEM_NONE)
            assert_list(s.article.paragraphs, "P|Q");
        else
            assert_int_equal(problem, PROBLEM_OUT_OF_MEMORY);
        arena_fini(&s.arena);
    }
    assert_in_range(refused, 3, 24);
}

static void test_places(void **state) {
    (void)state;
    static const char json[] = "{\"a\": {\"tags\": 1},\n \"x\\\"\": \"tags\", \"tags\": []}";
    size_t offset = json_text_find_key(span_of(json), "tags");
    assert_memory_equal(json + offset, "\"tags\": []", 10);
    struct json_place place = json_text_place(span_of(json), offset);
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 17);
    assert_int_equal(json_text_find_key(span_of(json), "none"), 0);
    assert_int_equal(json_text_find_key(span_of("{\"tags"), "tags"), 0);
    place = json_text_place(span_of("\xC3\xA9\xC3\xA9x"), 4);
    assert_int_equal(place.column, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything),
        cmocka_unit_test(test_section_forms),
        cmocka_unit_test(test_what_the_api_prints_is_ignored),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_raw_nul),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_little_memory),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests_name("article_json", tests, NULL, NULL);
}
