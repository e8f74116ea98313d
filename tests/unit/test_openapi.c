/* test_openapi.c: the description of the API over the real tables: nothing in them is without one,
 * whatever rows are added. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "engine/render.h"
#include "ground/html.h"
#include "surface/openapi/openapi.h"
#include "surface/openapi/openapi_parts.h"
#include "surface/routes.h"

enum { ARENA_BYTES = 64 * 1024 * 1024 };

static struct arena arena;

static int setup(void **state) {
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    render_begin(&arena);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    render_end();
    arena_fini(&arena);
    return 0;
}

static void every_answer_and_every_body_is_described(void **state) {
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *route = &routes[i];
        bool is_nothing = strcmp(route->answer, "nothing") == 0;
        if (!is_nothing && openapi_content(route, "") == NULL)
            fail_msg("%s answers '%s': there is no src/surface/openapi/schemas file of that name",
                     route->pattern, route->answer);
        for (size_t j = 0; route->formats[j] != NULL; j++) {
            if (openapi_content(route, route->formats[j]) == NULL)
                fail_msg("%s: no type is known for .%s", route->pattern, route->formats[j]);
        }
        if (route->body != ROUTE_BODY_NONE && openapi_request_body(route) == NULL)
            fail_msg("%s: its body is not described in openapi_bodies.c", route->pattern);
    }
}

static void operations_have_names_of_their_own(void **state) {
    (void)state;
    json_t *seen = json_object();
    char id[OPENAPI_NAME_BYTES];
    for (size_t i = 0; i < routes_count; i++) {
        for (size_t j = 0; j == 0 || routes[i].formats[j - 1] != NULL; j++) {
            openapi_operation_id(&routes[i], j == 0 ? "" : routes[i].formats[j - 1], id);
            if (json_object_get(seen, id) != NULL)
                fail_msg("%s: '%s' is the name of another operation", routes[i].pattern, id);
            json_object_set_new(seen, id, json_true());
        }
    }
}

static void names_are_made_of_method_and_path(void **state) {
    (void)state;
    static const struct {
        enum method method;
        enum route_scope scope;
        const char *pattern, *answer, *suffix, *id;
    } cases[] = {
        {METHOD_GET, ROUTE_SCOPE_READ, "/v1/articles", "article_list", "", "listArticles"},
        {METHOD_GET, ROUTE_SCOPE_READ, "/v1/articles", "article_list", "csv", "getArticlesAsCsv"},
        {METHOD_GET, ROUTE_SCOPE_READ, "/v1/articles/{article}", "article", "", "getArticle"},
        {METHOD_POST, ROUTE_SCOPE_WRITE, "/v1/articles", "article", "", "createArticle"},
        {METHOD_POST, ROUTE_SCOPE_WRITE, "/v1/tags/{slug}/merge", "term", "", "mergeTag"},
        {METHOD_POST, ROUTE_SCOPE_WRITE, "/v1/import", "import", "", "import"},
        {METHOD_POST, ROUTE_SCOPE_READ, "/v1/quotes", "quote_list", "", "postQuotes"},
        {METHOD_DELETE, ROUTE_SCOPE_WRITE, "/v1/articles/{article}/tags/{slug}", "nothing", "",
         "deleteArticleTag"},
        {METHOD_GET, ROUTE_SCOPE_NONE, "/v1", "index", "", "getIndex"},
        {METHOD_GET, ROUTE_SCOPE_READ, "/", "front", "", "getFront"},
        {METHOD_GET, ROUTE_SCOPE_NONE, "/.well-known/api-catalog", "linkset", "",
         "getWellKnownApiCatalog"},
    };
    char id[OPENAPI_NAME_BYTES];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct route route = {.method = cases[i].method,
                                    .scope = cases[i].scope,
                                    .pattern = cases[i].pattern,
                                    .answer = cases[i].answer};
        openapi_operation_id(&route, cases[i].suffix, id);
        assert_string_equal(id, cases[i].id);
    }
}

/* Each problem stands in the response of a row, or in the one for any address. */
static void every_problem_is_met_somewhere(void **state) {
    (void)state;
    json_t *components = openapi_problem_components(), *seen = json_object();
    json_t *component, *code;
    const char *name;
    size_t i;
    json_object_foreach(components, name, component) {
        json_array_foreach(json_object_get(component, "x-problems"), i, code)
            json_object_set_new(seen, json_string_value(code), json_true());
    }
    for (enum problem problem = PROBLEM_NONE + 1; problem < PROBLEM_COUNT; problem++) {
        if (json_object_get(seen, problem_info(problem)->code) == NULL)
            fail_msg("%s: openapi_problems.c does not say where it is met",
                     problem_info(problem)->code);
    }
}

static void check_references(json_t *document, json_t *part) {
    const char *name, *at = json_string_value(json_object_get(part, "$ref"));
    json_t *member;
    size_t i;
    if (at != NULL) {
        json_t *found = document;
        for (const char *step = strchr(at, '/'); step != NULL; step = strchr(step, '/')) {
            step++;
            found = json_object_getn(found, step, strcspn(step, "/"));
        }
        if (found == NULL)
            fail_msg("there is no %s", at);
    }
    json_object_foreach(part, name, member) check_references(document, member);
    json_array_foreach(part, i, member) check_references(document, member);
}

static void what_is_referred_to_is_there(void **state) {
    (void)state;
    json_t *document = openapi_make((struct span){NULL, 0});
    assert_false(arena.has_failed);
    check_references(document, document);
}

/* However little memory there is, nothing is followed that is not there. */
static void memory_ends(void **state) {
    (void)state;
    for (size_t bytes = 1024; bytes < 4 * 1024 * 1024; bytes += bytes / 3) {
        struct arena small;
        arena_init(&small, bytes);
        render_begin(&small);
        (void)openapi_make((struct span){NULL, 0});
        assert_true(small.has_failed || bytes > 512 * 1024);
        render_end();
        arena_fini(&small);
    }
    render_begin(&arena);
}

static void text_in_pages_is_text(void **state) {
    (void)state;
    struct buffer out;
    buffer_init(&out);
    html_append_text(&out, "<a href=\"x\">'&'</a>");
    html_append_text(&out, "");
    html_append_text(&out, "ä");
    buffer_append_char(&out, '\0');
    assert_string_equal(out.bytes, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;ä");
    buffer_fini(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_answer_and_every_body_is_described, setup, teardown),
        cmocka_unit_test_setup_teardown(operations_have_names_of_their_own, setup, teardown),
        cmocka_unit_test_setup_teardown(names_are_made_of_method_and_path, setup, teardown),
        cmocka_unit_test_setup_teardown(every_problem_is_met_somewhere, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_referred_to_is_there, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_ends, setup, teardown),
        cmocka_unit_test(text_in_pages_is_text),
    };
    render_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
