/* Dispatch over a small table of its own, and the proof of tables at boot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/router.h"

static enum problem handle(struct request *request, struct reply *reply) {
    (void)request;
    (void)reply;
    return PROBLEM_NONE;
}

#define ROW(method_, pattern_, ...) \
    { \
        .method = METHOD_##method_, .pattern = (pattern_), .handler = handle, \
        .taken = {PARAM_LIMIT, PARAM_ID_COUNT}, .answer = "a", .summary = "s", __VA_ARGS__ \
    }

static const struct route table[] = {
    ROW(GET, "/", .validator = ROUTE_VALIDATOR_NONE),
    ROW(GET, "/v1/articles", .formats = {"atom"}),
    ROW(POST, "/v1/articles", .formats = {NULL}),
    ROW(GET, "/v1/articles/{article}", .formats = {"txt", "md"}),
    ROW(GET, "/v1/articles/{article}/paragraphs", .formats = {NULL}),
    ROW(GET, "/v1/articles/{article}/paragraphs/{range}", .formats = {NULL}),
    ROW(GET, "/v1/tags/all", .formats = {NULL}),
    ROW(GET, "/v1/tags/{slug}", .formats = {NULL}),
    ROW(DELETE, "/v1/tags/{slug}", .formats = {NULL}),
    ROW(GET, "/openapi.json", .formats = {NULL}),
    ROW(GET, "/llms.txt", .formats = {NULL}),
    ROW(POST, "/v1/import", .formats = {NULL}),
    ROW(GET, "/v1/search", .formats = {"csv"}, .is_queryable = true),
    ROW(GET, "/v1/made", .formats = {"csv"}, .is_queryable = true),
    ROW(POST, "/v1/made", .formats = {NULL}, .scope = ROUTE_SCOPE_WRITE),
    ROW(GET, "/v1/quotes", .formats = {NULL}, .is_queryable = true),
    ROW(POST, "/v1/quotes", .formats = {NULL}, .scope = ROUTE_SCOPE_READ),
};
enum { TABLE_COUNT = sizeof table / sizeof table[0] };

struct match_row {
    enum method method;
    const char *target;
    enum problem problem;
    const char *pattern; /* NULL: none */
    const char *allowed;
};

static const struct match_row match_rows[] = {
    {METHOD_GET, "/", PROBLEM_NONE, "/", "GET, HEAD, OPTIONS"},
    {METHOD_HEAD, "/", PROBLEM_NONE, "/", "GET, HEAD, OPTIONS"},
    {METHOD_GET, "/v1/articles", PROBLEM_NONE, "/v1/articles", "GET, HEAD, OPTIONS, POST"},
    {METHOD_POST, "/v1/articles", PROBLEM_NONE, "/v1/articles", "GET, HEAD, OPTIONS, POST"},
    {METHOD_OPTIONS, "/v1/articles", PROBLEM_NONE, NULL, "GET, HEAD, OPTIONS, POST"},
    {METHOD_OPTIONS, "/v1/import", PROBLEM_NONE, NULL, "OPTIONS, POST"},
    {METHOD_GET, "/v1/import", PROBLEM_METHOD_NOT_ALLOWED, NULL, "OPTIONS, POST"},
    {METHOD_HEAD, "/v1/import", PROBLEM_METHOD_NOT_ALLOWED, NULL, "OPTIONS, POST"},
    {METHOD_DELETE, "/", PROBLEM_METHOD_NOT_ALLOWED, NULL, "GET, HEAD, OPTIONS"},
    {METHOD_DELETE, "/v1/tags/a", PROBLEM_NONE, "/v1/tags/{slug}", "GET, HEAD, OPTIONS, DELETE"},
    {METHOD_GET, "/v1/tags/all", PROBLEM_NONE, "/v1/tags/all", "GET, HEAD, OPTIONS, DELETE"},
    {METHOD_GET, "/v1/tags/al", PROBLEM_NONE, "/v1/tags/{slug}", "GET, HEAD, OPTIONS, DELETE"},
    {METHOD_GET, "/v1/articles.atom", PROBLEM_NONE, "/v1/articles", "GET, HEAD, OPTIONS"},
    {METHOD_GET, "/v1/articles.json", PROBLEM_NONE, "/v1/articles", "GET, HEAD, OPTIONS, POST"},
    {METHOD_GET, "/v1/articles.txt", PROBLEM_NOT_FOUND, NULL, ""},
    {METHOD_GET, "/v1/articles/7", PROBLEM_NONE, "/v1/articles/{article}", "GET, HEAD, OPTIONS"},
    {METHOD_GET, "/v1/articles/7.md", PROBLEM_NONE, "/v1/articles/{article}", "GET, HEAD, OPTIONS"},
    {METHOD_GET, "/v1/articles/7.atom", PROBLEM_NOT_FOUND, NULL, ""},
    {METHOD_GET, "/v1/articles/7/paragraphs", PROBLEM_NONE, "/v1/articles/{article}/paragraphs",
     "GET, HEAD, OPTIONS"},
    {METHOD_GET, "/v1/articles/7/paragraphs/3-5", PROBLEM_NONE,
     "/v1/articles/{article}/paragraphs/{range}", "GET, HEAD, OPTIONS"},
    {METHOD_GET, "/openapi.json", PROBLEM_NONE, "/openapi.json", "GET, HEAD, OPTIONS"},
    {METHOD_GET, "/openapi", PROBLEM_NOT_FOUND, NULL, ""},
    {METHOD_GET, "/llms.txt", PROBLEM_NONE, "/llms.txt", "GET, HEAD, OPTIONS"},
    {METHOD_GET, "/llms.json", PROBLEM_NOT_FOUND, NULL, ""},
    {METHOD_GET, "/v1", PROBLEM_NOT_FOUND, NULL, ""},
    {METHOD_GET, "/V1/articles", PROBLEM_NOT_FOUND, NULL, ""},
    {METHOD_GET, "/v1/articles/7/paragraphs/3/x", PROBLEM_NOT_FOUND, NULL, ""},
    {METHOD_OPTIONS, "/nothing", PROBLEM_NOT_FOUND, NULL, ""},
};

static void matches_as_the_table_says(void **state) {
    (void)state;
    static struct router router;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    assert_int_equal(router_init(&router, table, TABLE_COUNT, NULL), PROBLEM_NONE);
    for (size_t i = 0; i < sizeof match_rows / sizeof match_rows[0]; i++) {
        const struct match_row *row = &match_rows[i];
        struct target target;
        struct router_match match;
        char allowed[64];
        assert_int_equal(target_parse(span_of(row->target), &arena, &target, NULL), PROBLEM_NONE);
        enum problem problem = router_match(&router, row->method, &target, &match);
        if (problem != row->problem)
            fail_msg("row %zu, %s: %s", i, row->target, problem_info(problem)->code);
        if ((row->pattern == NULL) != (match.route == NULL) ||
            (row->pattern != NULL && strcmp(row->pattern, match.route->pattern) != 0))
            fail_msg("row %zu, %s: wrong route", i, row->target);
        router_print_methods(match.allowed, allowed, sizeof allowed);
        assert_string_equal(allowed, row->allowed);
    }
    arena_fini(&arena);
}

static const struct {
    enum method method;
    const char *target;
    enum method of_row; /* METHOD_UNKNOWN: none */
    bool is_query, has_list;
    const char *allowed;
} query_rows[] = {
    {METHOD_QUERY, "/v1/search", METHOD_GET, true, false, "GET, HEAD, OPTIONS, POST, QUERY"},
    {METHOD_QUERY, "/v1/search.csv", METHOD_GET, true, false, "GET, HEAD, OPTIONS, POST, QUERY"},
    {METHOD_POST, "/v1/search.json", METHOD_GET, true, false, "GET, HEAD, OPTIONS, POST, QUERY"},
    {METHOD_GET, "/v1/search", METHOD_GET, false, false, "GET, HEAD, OPTIONS, POST, QUERY"},
    {METHOD_QUERY, "/v1/made", METHOD_GET, true, false, "GET, HEAD, OPTIONS, POST, QUERY"},
    {METHOD_POST, "/v1/made", METHOD_POST, false, false, "GET, HEAD, OPTIONS, POST, QUERY"},
    {METHOD_QUERY, "/v1/made.csv", METHOD_GET, true, false, "GET, HEAD, OPTIONS, QUERY"},
    {METHOD_POST, "/v1/made.csv", METHOD_UNKNOWN, false, false, "GET, HEAD, OPTIONS, QUERY"},
    {METHOD_QUERY, "/v1/quotes", METHOD_GET, true, true, "GET, HEAD, OPTIONS, POST, QUERY"},
    {METHOD_POST, "/v1/quotes", METHOD_GET, true, true, "GET, HEAD, OPTIONS, POST, QUERY"},
    {METHOD_OPTIONS, "/v1/quotes", METHOD_UNKNOWN, false, true, "GET, HEAD, OPTIONS, POST, QUERY"},
    {METHOD_QUERY, "/v1/articles", METHOD_UNKNOWN, false, false, "GET, HEAD, OPTIONS, POST"},
    {METHOD_QUERY, "/v1/import", METHOD_UNKNOWN, false, false, "OPTIONS, POST"},
};

static void matches_queries(void **state) {
    (void)state;
    static struct router router;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    assert_int_equal(router_init(&router, table, TABLE_COUNT, NULL), PROBLEM_NONE);
    for (size_t i = 0; i < sizeof query_rows / sizeof query_rows[0]; i++) {
        struct target target;
        struct router_match match;
        char allowed[64];
        assert_int_equal(target_parse(span_of(query_rows[i].target), &arena, &target, NULL),
                         PROBLEM_NONE);
        enum problem problem = router_match(&router, query_rows[i].method, &target, &match);
        bool is_found = query_rows[i].of_row != METHOD_UNKNOWN;
        if ((match.route == NULL) == is_found ||
            (is_found && match.route->method != query_rows[i].of_row) ||
            match.is_query != query_rows[i].is_query ||
            (match.query_list != NULL) != query_rows[i].has_list)
            fail_msg("row %zu, %s", i, query_rows[i].target);
        assert_int_equal(problem, is_found || query_rows[i].method == METHOD_OPTIONS
                                      ? PROBLEM_NONE
                                      : PROBLEM_METHOD_NOT_ALLOWED);
        router_print_methods(match.allowed, allowed, sizeof allowed);
        assert_string_equal(allowed, query_rows[i].allowed);
    }
    arena_fini(&arena);
}

struct flaw_row {
    struct route routes[2];
    const char *about;
};

static const struct flaw_row flaws[] = {
    {{ROW(GET, "v1", .variant = 0)}, "no slash"},
    {{ROW(GET, "", .variant = 0)}, "empty"},
    {{ROW(GET, "/v1/", .variant = 0)}, "trailing slash"},
    {{ROW(GET, "/v1//a", .variant = 0)}, "empty segment"},
    {{ROW(GET, "/v1/{nothing}", .variant = 0)}, "unknown path parameter"},
    {{ROW(GET, "/v1/{limit}", .variant = 0)}, "a query parameter in the path"},
    {{ROW(GET, "/v1/{slug}/{slug}", .variant = 0)}, "one path parameter twice"},
    {{ROW(GET, "/v1/{slug", .variant = 0)}, "open brace"},
    {{ROW(GET, "/v1/A", .variant = 0)}, "capital"},
    {{ROW(GET, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q", .variant = 0)}, "too many segments"},
    {{ROW(GET, "/.json", .variant = 0)}, "suffix alone"},
    {{ROW(GET, "/a.", .variant = 0)}, "dot without a suffix"},
    {{ROW(HEAD, "/a", .variant = 0)}, "HEAD is implied"},
    {{ROW(OPTIONS, "/a", .variant = 0)}, "OPTIONS is implied"},
    {{ROW(UNKNOWN, "/a", .variant = 0)}, "no method"},
    {{ROW(QUERY, "/a", .variant = 0)}, "QUERY is made of GET"},
    {{ROW(PUT, "/a", .is_queryable = true)}, "a write that can be queried"},
    {{{.method = METHOD_GET,
       .pattern = "/a",
       .taken = {PARAM_ID_COUNT},
       .answer = "a",
       .summary = "s"}},
     "no handler"},
    {{{.method = METHOD_GET,
       .pattern = "/a",
       .handler = handle,
       .taken = {PARAM_ID_COUNT},
       .answer = "a"}},
     "no summary"},
    {{{.method = METHOD_GET, .pattern = "/a", .handler = handle, .answer = "a", .summary = "s"}},
     "parameters not ended"},
    {{{.method = METHOD_GET,
       .pattern = "/a",
       .handler = handle,
       .answer = "a",
       .summary = "s",
       .taken = {PARAM_PATH_TERM, PARAM_ID_COUNT}}},
     "a path parameter in the query"},
    {{{.method = METHOD_GET,
       .pattern = "/a",
       .handler = handle,
       .answer = "a",
       .summary = "s",
       .taken = {PARAM_ARTICLE_SORT, PARAM_TERM_SORT, PARAM_ID_COUNT}}},
     "one name twice"},
    {{ROW(GET, "/a", .validator = ROUTE_VALIDATOR_ARTICLE)}, "validator without its article"},
    {{ROW(GET, "/{version}", .validator = ROUTE_VALIDATOR_REVISION)}, "the same of a revision"},
    {{ROW(GET, "/{article}", .validator = ROUTE_VALIDATOR_REVISION)},
     "validator without its version"},
    {{{.method = METHOD_GET,
       .pattern = "/a",
       .handler = handle,
       .taken = {PARAM_ID_COUNT},
       .summary = "s"}},
     "no answer"},
    {{ROW(GET, NULL, .variant = 0)}, "no pattern"},
    {{ROW(GET, "/a", .formats = {"a", "b", "c", "d", "e", "f", "g", "h", "i"})},
     "formats not ended"},
    {{ROW(GET, "/a", .variant = 0), ROW(GET, "/a", .variant = 1)}, "one pattern twice"},
    {{ROW(GET, "/{slug}", .variant = 0), ROW(GET, "/a", .variant = 0)}, "hidden by a parameter"},
};

static void refuses_flawed_tables(void **state) {
    (void)state;
    static struct router router;
    for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
        struct fault fault;
        fault_init(&fault);
        size_t count = flaws[i].routes[1].pattern == NULL ? 1 : 2;
        if (router_init(&router, flaws[i].routes, count, &fault) != PROBLEM_INTERNAL ||
            !fault_is_set(&fault))
            fail_msg("%s: accepted", flaws[i].about);
    }
    assert_int_equal(router_init(&router, table, ROUTER_ROUTES_MAX + 1, NULL), PROBLEM_INTERNAL);
    /* What the validators need, where it is. */
    static const struct route sound[] = {
        ROW(GET, "/a/{article}/{version}", .validator = ROUTE_VALIDATOR_REVISION),
        ROW(GET, "/a/{article}", .validator = ROUTE_VALIDATOR_ARTICLE),
    };
    assert_int_equal(router_init(&router, sound, 2, NULL), PROBLEM_NONE);
}

static void knows_methods(void **state) {
    (void)state;
    static const char *const unknown[] = {"", "get", "GETT", "GE", "TRACE", "CONNECT", "PROPFIND"};
    assert_int_equal(router_method(SPAN_LITERAL("GET")), METHOD_GET);
    assert_int_equal(router_method(SPAN_LITERAL("DELETE")), METHOD_DELETE);
    assert_string_equal(router_method_name(METHOD_PATCH), "PATCH");
    assert_string_equal(router_method_name(METHOD_UNKNOWN), "UNKNOWN");
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_int_equal(router_method(span_of(unknown[i])), METHOD_UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_as_the_table_says),
        cmocka_unit_test(matches_queries),
        cmocka_unit_test(refuses_flawed_tables),
        cmocka_unit_test(knows_methods),
    };
    return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
