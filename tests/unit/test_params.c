/* Queries against one route that takes nearly everything: each row is a query and the
 * normal form it has, or the problem and the words that its answer must hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/params/params.h"
#include "ground/buffer.h"

static const enum param_id taken[] = {PARAM_LIMIT,
                                      PARAM_CURSOR,
                                      PARAM_PAGE,
                                      PARAM_COUNT_MODE,
                                      PARAM_ARTICLE_SORT,
                                      PARAM_ARTICLE_FIELDS,
                                      PARAM_ARTICLE_INCLUDE,
                                      PARAM_IDS,
                                      PARAM_TAG,
                                      PARAM_TAG_NOT,
                                      PARAM_SECTION,
                                      PARAM_AUTHOR,
                                      PARAM_DATE,
                                      PARAM_FROM,
                                      PARAM_TO,
                                      PARAM_CHANGED_SINCE,
                                      PARAM_MIN_WORDS,
                                      PARAM_CONTEXT,
                                      PARAM_TERM_PREFIX,
                                      PARAM_ID_COUNT};
static const enum param_id no_path[LIMIT_SEGMENTS] = {PARAM_ID_COUNT};

struct row {
    const char *query;
    enum problem problem;
    const char *says; /* the normal form, or part of the fault's text */
    const char *nearest;
};

static const struct row rows[] = {
    {"", PROBLEM_NONE, "", NULL},
    {"limit=20", PROBLEM_NONE, "", NULL},
    {"limit=1000", PROBLEM_NONE, "limit=1000", NULL},
    {"limit=007", PROBLEM_NONE, "limit=7", NULL},
    {"sort=-published&pretty=0&context=0", PROBLEM_NONE, "", NULL},
    {"count=exact", PROBLEM_NONE, "count=exact", NULL},
    {"tag=b&limit=5&author=a", PROBLEM_NONE, "author=a&limit=5&tag=b", NULL},
    {"utm_source=x&_=123&utm_=1&utm_source=y&limit=5", PROBLEM_NONE, "limit=5", NULL},
    {"pretty", PROBLEM_NONE, "pretty=1", NULL},
    {"pretty=&limit=2", PROBLEM_NONE, "limit=2&pretty=1", NULL},
    {"tag=a,b&tag=c", PROBLEM_NONE, "tag=a,b&tag=c", NULL},
    {"tag=%D0%B0+b%26", PROBLEM_NONE, "tag=%D0%B0%20b%26", NULL},
    {"include=related,neighbors,paragraphs", PROBLEM_NONE, "include=paragraphs,neighbors,related",
     NULL},
    {"fields=id,tags.slug", PROBLEM_NONE, "fields=id,tags.slug", NULL},
    {"sort=title,-published", PROBLEM_NONE, "sort=title,-published", NULL},
    {"ids=3,1,3", PROBLEM_NONE, "ids=3,1,3", NULL},
    {"date=2018", PROBLEM_NONE, "date=2018", NULL},
    {"date=2018-02", PROBLEM_NONE, "date=2018-02", NULL},
    {"date=2018-02-28", PROBLEM_NONE, "date=2018-02-28", NULL},
    {"from=2018-06&to=2018", PROBLEM_NONE, "from=2018-06&to=2018", NULL},
    {"from=2018&to=2018-06", PROBLEM_NONE, "from=2018&to=2018-06", NULL},
    {"changed_since=42", PROBLEM_NONE, "changed_since=42", NULL},
    {"changed_since=2018-06-03T12:00:00%2B02:00", PROBLEM_NONE,
     "changed_since=2018-06-03T10%3A00%3A00Z", NULL},
    {"changed_since=2018-06-03T12:00:00+02:00", PROBLEM_NONE,
     "changed_since=2018-06-03T10%3A00%3A00Z", NULL},
    {"q=a%25", PROBLEM_NONE, "q=a%25", NULL},
    {"cursor=abc-_9", PROBLEM_NONE, "cursor=abc-_9", NULL},

    {"tags=x", PROBLEM_UNKNOWN_PARAMETER, "no parameter 'tags' here; did you mean 'tag'?", "tag"},
    {"Limit=5", PROBLEM_UNKNOWN_PARAMETER, "did you mean 'limit'?", "limit"},
    {"zzzzzzzz=1", PROBLEM_UNKNOWN_PARAMETER, "there is no parameter 'zzzzzzzz' here", ""},
    {"=1", PROBLEM_UNKNOWN_PARAMETER, "without a parameter name", ""},
    {"utm=1", PROBLEM_UNKNOWN_PARAMETER, "'utm'", NULL},
    {"limit=5&limit=5", PROBLEM_REPEATED_PARAMETER, "limit is given more than once", NULL},
    {"pretty=1&pretty=1", PROBLEM_REPEATED_PARAMETER, "pretty is given more than once", NULL},
    {"limit=1001", PROBLEM_BAD_PARAMETER, "limit must be between 1 and 1000, not 1001", NULL},
    {"limit=0", PROBLEM_BAD_PARAMETER, "limit must be between 1 and 1000, not 0", NULL},
    {"limit=-1", PROBLEM_BAD_PARAMETER, "limit must be between 1 and 1000, not -1", NULL},
    {"limit=99999999999999999999", PROBLEM_BAD_PARAMETER, "between 1 and 1000", NULL},
    {"limit=ten", PROBLEM_BAD_PARAMETER, "limit must be a whole number, not 'ten'", NULL},
    {"limit=1.5", PROBLEM_BAD_PARAMETER, "limit must be a whole number, not '1.5'", NULL},
    {"limit=-", PROBLEM_BAD_PARAMETER, "limit must be a whole number, not '-'", NULL},
    {"limit=", PROBLEM_BAD_PARAMETER, "limit needs a value", NULL},
    {"limit", PROBLEM_BAD_PARAMETER, "limit needs a value", NULL},
    {"pretty=yes", PROBLEM_BAD_PARAMETER, "pretty must be 1 or 0, not 'yes'", NULL},
    {"count=exactly", PROBLEM_BAD_PARAMETER,
     "count takes exact, bounded, none, not 'exactly'; did you mean 'exact'?", "exact"},
    {"sort=-publishd", PROBLEM_BAD_PARAMETER,
     "sort takes published, title, updated, words, relevance, not 'publishd'; did you mean "
     "'published'?",
     "published"},
    {"sort=title,-title", PROBLEM_BAD_PARAMETER, "sort names 'title' twice", NULL},
    {"sort=-", PROBLEM_BAD_PARAMETER, "sort takes", NULL},
    {"sort=--title", PROBLEM_BAD_PARAMETER, "'-title'", NULL},
    {"fields=id,tagz.slug", PROBLEM_BAD_PARAMETER,
     "fields takes no 'tagz.slug'; did you mean 'tags.slug'?", "tags.slug"},
    {"fields=id,neighbors.next.url", PROBLEM_BAD_PARAMETER,
     "fields names neighbors, which is there only with include=neighbors", NULL},
    {"fields=related&include=neighbors", PROBLEM_BAD_PARAMETER, "only with include=related", NULL},
    {"fields=related.id&include=related", PROBLEM_NONE, "fields=related.id&include=related", NULL},
    {"fields=paragraphs.text", PROBLEM_NONE, "fields=paragraphs.text", NULL},
    {"include=neighbours", PROBLEM_BAD_PARAMETER, "did you mean 'neighbors'?", "neighbors"},
    {"tag=a,,b", PROBLEM_BAD_PARAMETER, "nothing between two commas", NULL},
    {"tag=,", PROBLEM_BAD_PARAMETER, "nothing between two commas", NULL},
    {"ids=1,x", PROBLEM_BAD_PARAMETER, "ids takes ids (whole numbers from 1), not 'x'", NULL},
    {"ids=0", PROBLEM_BAD_PARAMETER, "not '0'", NULL},
    {"ids=1&ids=2", PROBLEM_REPEATED_PARAMETER, "more than once", NULL},
    {"date=2018-02-31", PROBLEM_BAD_PARAMETER, "date: 2018-02-31 does not exist", NULL},
    {"date=2018-13", PROBLEM_BAD_PARAMETER, "date: 2018-13 does not exist", NULL},
    {"date=31.12.2018", PROBLEM_BAD_PARAMETER,
     "date must be YYYY, YYYY-MM or YYYY-MM-DD, not '31.12.2018'", NULL},
    {"from=2019&to=2018", PROBLEM_BAD_PARAMETER,
     "from and to cannot be given together: there is no day", NULL},
    {"page=1&cursor=abc", PROBLEM_BAD_PARAMETER, "page and cursor cannot be given together", NULL},
    {"cursor=abc&page=1", PROBLEM_BAD_PARAMETER, "page and cursor cannot be given together", NULL},
    {"ids=1&sort=title", PROBLEM_BAD_PARAMETER, "ids and sort cannot be given together", NULL},
    {"changed_since=yesterday", PROBLEM_BAD_PARAMETER, "a seq (a whole number) or an instant",
     NULL},
    {"cursor=a=b", PROBLEM_BAD_CURSOR, "'a=b' is no cursor", NULL},
    {"q=", PROBLEM_BAD_PARAMETER, "q needs a value", NULL},
    {"sort=published,title,updated,words,relevance", PROBLEM_BAD_PARAMETER,
     "sort takes at most 4 keys", NULL},
    {"ids=1&changed_since=+02:00", PROBLEM_BAD_PARAMETER, "a seq (a whole number) or an instant",
     NULL},
};

static enum problem parse(const char *text, const enum param_id *path, struct arena *arena,
                          struct params *params, struct fault *fault) {
    struct target target;
    fault_init(fault);
    enum problem problem = target_parse(span_of(text), arena, &target, fault);
    return problem != PROBLEM_NONE ? problem
                                   : params_parse(&target, path, taken, arena, params, fault);
}

static enum problem parse_query(const char *query, struct arena *arena, struct params *params,
                                struct fault *fault) {
    struct buffer text;
    buffer_init(&text);
    buffer_printf(&text, "/?%s", query);
    struct span kept = arena_copy(arena, buffer_span(&text));
    buffer_fini(&text);
    return parse(kept.at, no_path, arena, params, fault);
}

/* The parameters of the row before must leave nothing. */
static void check_row(const struct row *row, struct arena *arena, struct buffer *normal) {
    static struct params params;
    struct fault fault;
    enum problem problem = parse_query(row->query, arena, &params, &fault);
    if (problem != row->problem)
        fail_msg("%s: %s, %s", row->query, problem_info(problem)->code, fault.text);
    buffer_clear(normal);
    if (problem == PROBLEM_NONE)
        params_print_normal(&params, taken, NULL, normal);
    buffer_append_char(normal, '\0');
    if (problem == PROBLEM_NONE && strcmp(normal->bytes, row->says) != 0)
        fail_msg("%s: normal form %s", row->query, normal->bytes);
    if (problem != PROBLEM_NONE && strstr(fault.text, row->says) == NULL)
        fail_msg("%s: says %s", row->query, fault.text);
    if (problem != PROBLEM_NONE && fault.name[0] == '\0' && row->query[0] != '=')
        fail_msg("%s: does not name the parameter", row->query);
    if (row->nearest != NULL && strcmp(fault.nearest, row->nearest) != 0)
        fail_msg("%s: nearest is %s", row->query, fault.nearest);
    if (row->nearest != NULL && fault.allowed_count == 0)
        fail_msg("%s: nothing allowed", row->query);
}

/* What nobody asks about is the same problem; what was said first stays. */
static void check_unasked(const struct row *row, struct arena *arena) {
    static struct params params;
    struct target target;
    struct fault fault;
    struct buffer text;
    buffer_init(&text);
    buffer_printf(&text, "/?%s", row->query);
    assert_int_equal(target_parse(buffer_span(&text), arena, &target, NULL), PROBLEM_NONE);
    assert_int_equal(params_parse(&target, no_path, taken, arena, &params, NULL), row->problem);
    fault_init(&fault);
    fault_set(&fault, "first");
    assert_int_equal(params_parse(&target, no_path, taken, arena, &params, &fault), row->problem);
    assert_string_equal(fault.text, "first");
    assert_int_equal(fault.allowed_count, 0);
    buffer_fini(&text);
}

static void checks_queries(void **state) {
    (void)state;
    struct arena arena;
    struct buffer normal;
    arena_init(&arena, 1 << 20);
    buffer_init(&normal);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row(&rows[i], &arena, &normal);
        check_unasked(&rows[i], &arena);
    }
    buffer_fini(&normal);
    arena_fini(&arena);
}

/* A normal form is a query whose normal form it is. */
static void normal_forms_are_stable(void **state) {
    (void)state;
    struct arena arena;
    struct buffer again;
    struct params params = {0};
    struct fault fault;
    arena_init(&arena, 1 << 20);
    buffer_init(&again);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].problem != PROBLEM_NONE)
            continue;
        assert_int_equal(parse_query(rows[i].says, &arena, &params, &fault), PROBLEM_NONE);
        buffer_clear(&again);
        params_print_normal(&params, taken, NULL, &again);
        buffer_append_char(&again, '\0');
        assert_string_equal(again.bytes, rows[i].says);
    }
    buffer_fini(&again);
    arena_fini(&arena);
}

static void leaves_out_what_it_is_told(void **state) {
    (void)state;
    static const enum param_id without[] = {PARAM_CURSOR, PARAM_PRETTY, PARAM_ID_COUNT};
    struct arena arena;
    struct buffer out;
    struct params params = {0};
    struct fault fault;
    arena_init(&arena, 1 << 20);
    buffer_init(&out);
    assert_int_equal(parse_query("cursor=abc&pretty&tag=a&limit=3", &arena, &params, &fault),
                     PROBLEM_NONE);
    buffer_append_text(&out, "/x?");
    params_print_normal(&params, taken, without, &out);
    assert_true(span_is(buffer_span(&out), "/x?limit=3&tag=a"));
    buffer_fini(&out);
    arena_fini(&arena);
}

static void gives_typed_values(void **state) {
    (void)state;
    struct arena arena;
    static struct params params;
    struct fault fault;
    arena_init(&arena, 1 << 20);
    assert_int_equal(parse_query("tag=a,b&tag=c&sort=-words,title&ids_=1", &arena, &params, &fault),
                     PROBLEM_UNKNOWN_PARAMETER);
    assert_int_equal(parse_query("tag=a,b&tag=c&sort=-words,title&date=2018-02&include=related",
                                 &arena, &params, &fault),
                     PROBLEM_NONE);
    const struct param_value *tag = &params.values[PARAM_TAG];
    assert_int_equal(tag->group_count, 2);
    assert_int_equal(tag->groups[0].count, 2);
    assert_true(span_is(tag->groups[0].items[1], "b"));
    assert_true(span_is(tag->groups[1].items[0], "c"));
    const struct param_value *sort = &params.values[PARAM_ARTICLE_SORT];
    assert_int_equal(sort->sort_count, 2);
    assert_int_equal(sort->sort[0].word, PARAM_ARTICLE_SORT_WORDS);
    assert_true(sort->sort[0].is_descending);
    assert_int_equal(sort->sort[1].word, PARAM_ARTICLE_SORT_TITLE);
    assert_string_equal(params.values[PARAM_DATE].first, "2018-02-01");
    assert_string_equal(params.values[PARAM_DATE].last, "2018-02-28");
    assert_true(params_has_word(&params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_RELATED));
    assert_false(params_has_word(&params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_NEIGHBORS));
    assert_true(params.values[PARAM_LIMIT].has_value);
    assert_false(params.values[PARAM_LIMIT].is_given);
    assert_int_equal(params.values[PARAM_LIMIT].number, 20);
    assert_int_equal(params.values[PARAM_COUNT_MODE].number, PARAM_COUNT_EXACT);
    assert_false(params.values[PARAM_PAGE].has_value);
    arena_fini(&arena);
}

/* `count` names in one list, or in a list each. */
static enum problem parse_names(size_t count, bool is_repeated, struct arena *arena) {
    struct buffer query;
    static struct params params;
    struct fault fault;
    buffer_init(&query);
    for (size_t i = 0; i < count; i++)
        buffer_append_text(&query, i == 0 ? "tag=a" : is_repeated ? "&tag=a" : ",a");
    buffer_append_char(&query, '\0');
    enum problem problem = parse_query(query.bytes, arena, &params, &fault);
    buffer_fini(&query);
    return problem;
}

static void holds_its_limits(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    assert_int_equal(parse_names(64, false, &arena), PROBLEM_NONE);
    assert_int_equal(parse_names(65, false, &arena), PROBLEM_BAD_PARAMETER);
    assert_int_equal(parse_names(64, true, &arena), PROBLEM_NONE);
    arena_fini(&arena);
}

/* Every fallback parses, and is the normal form that it is compared with. */
static void table_is_sound(void **state) {
    (void)state;
    struct arena arena;
    static struct params params;
    struct fault fault;
    struct target target = {.segment_count = 0};
    arena_init(&arena, 1 << 20);
    for (enum param_id id = 0; id < PARAM_ID_COUNT; id++) {
        const struct param_spec *spec = &param_specs[id];
        enum param_id one[] = {id, PARAM_ID_COUNT};
        bool has_words = spec->kind == PARAM_KIND_WORD || spec->kind == PARAM_KIND_WORDS ||
                         spec->kind == PARAM_KIND_SORT || spec->kind == PARAM_KIND_FIELDS;
        assert_non_null(spec->name);
        assert_non_null(spec->doc);
        assert_int_equal(has_words, spec->words != NULL);
        if (spec->fallback == NULL)
            continue;
        fault_init(&fault);
        assert_int_equal(params_parse(&target, no_path, one, &arena, &params, &fault),
                         PROBLEM_NONE);
        struct buffer out;
        buffer_init(&out);
        params.values[id].is_given = true;
        params_print_normal(&params, one, NULL, &out);
        if (out.used != 0)
            fail_msg("%s: its fallback is not in normal form: %.*s", spec->name, (int)out.used,
                     out.bytes);
        buffer_fini(&out);
    }
    arena_fini(&arena);
}

static void survives_no_memory(void **state) {
    (void)state;
    struct arena arena, none;
    static struct params params;
    struct target target;
    arena_init(&arena, 1 << 20);
    arena_init(&none, 0);
    static const char *const targets[] = {"/?tag=a", "/?fields=id", "/?ids=1",
                                          "/?changed_since=2018-06-03T12:00:00+02:00"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        assert_int_equal(target_parse(span_of(targets[i]), &arena, &target, NULL), PROBLEM_NONE);
        assert_int_equal(params_parse(&target, no_path, taken, &none, &params, NULL),
                         PROBLEM_OUT_OF_MEMORY);
    }
    arena_fini(&none);
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_queries),
        cmocka_unit_test(normal_forms_are_stable),
        cmocka_unit_test(leaves_out_what_it_is_told),
        cmocka_unit_test(gives_typed_values),
        cmocka_unit_test(holds_its_limits),
        cmocka_unit_test(table_is_sound),
        cmocka_unit_test(survives_no_memory),
    };
    return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
