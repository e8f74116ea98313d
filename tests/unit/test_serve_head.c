/* test_serve_head.c: a request whose body is still to come is routed once, when its head is there;
 * a refusal says as much as it would at the end. No store is needed for that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/render.h"
#include "surface/serve.h"

static unsigned handler_calls, source_frees;

static int64_t read_nothing(void *state, char *out, size_t room) {
    (void)state;
    (void)out;
    (void)room;
    return 0;
}

static void count_free(void *state) {
    (void)state;
    source_frees++;
}

/* `pretty` asks for a problem after a source was made ready. */
static enum problem answer_source(struct request *request, struct reply *reply) {
    handler_calls++;
    reply->source = (struct reply_source){read_nothing, count_free, NULL, -1};
    if (request->params.values[PARAM_PRETTY].number != 0)
        return PROBLEM_INVALID;
    return reply_text(reply, "text/plain");
}

/* clang-format off */
static const struct route table[] = {
    {METHOD_GET, "/things", answer_source, {PARAM_PRETTY, PARAM_LIMIT, PARAM_ID_COUNT}, {NULL},
     ROUTE_VALIDATOR_NONE, ROUTE_CACHE_NO_STORE, 0, "thing", "s", ROUTE_SCOPE_NONE,
     ROUTE_BODY_NONE, NULL, NULL, false},
    {METHOD_POST, "/things", answer_source, {PARAM_PRETTY, PARAM_ID_COUNT}, {NULL},
     ROUTE_VALIDATOR_NONE, ROUTE_CACHE_NO_STORE, 0, "thing", "s", ROUTE_SCOPE_NONE,
     ROUTE_BODY_WHOLE, NULL, NULL, false},
};
/* clang-format on */

struct scene {
    struct config config;
    struct router router;
    struct service service;
    struct arena arena;
    struct request request;
    struct reply reply;
};

static int scene_make(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    assert_int_equal(router_init(&scene->router, table, sizeof table / sizeof table[0], NULL),
                     PROBLEM_NONE);
    service_init(&scene->service, &scene->config, &scene->router);
    arena_init(&scene->arena, 1 << 20);
    buffer_init(&scene->reply.body);
    handler_calls = source_frees = 0;
    *state = scene;
    return 0;
}

static int scene_drop(void **state) {
    struct scene *scene = *state;
    reply_clear(&scene->reply);
    buffer_fini(&scene->reply.body);
    arena_fini(&scene->arena);
    free(scene);
    return 0;
}

static struct request *request_of(struct scene *scene, const char *method, const char *target) {
    arena_reset(&scene->arena);
    scene->request = (struct request){
        .service = &scene->service,
        .arena = &scene->arena,
        .method = router_method(span_of(method)),
        .method_name = span_of(method),
        .raw_target = span_of(target),
        .host = SPAN_LITERAL("localhost"),
        .seq = -1,
        .id = "01ABC",
    };
    fault_init(&scene->request.fault);
    return &scene->request;
}

static const char *field(const struct scene *scene, const char *name) {
    for (size_t i = 0; i < scene->reply.field_count; i++) {
        if (strcmp(scene->reply.fields[i].name, name) == 0)
            return scene->reply.fields[i].value;
    }
    return NULL;
}

static bool body_has(const struct scene *scene, const char *text) {
    struct span body = reply_body(&scene->reply);
    return memmem(body.at, body.bytes, text, strlen(text)) != NULL;
}

static void heads_are_served_once(void **state) {
    struct scene *scene = *state;
    struct request *request = request_of(scene, "POST", "/things");
    assert_int_equal(serve_head(request), PROBLEM_NONE);
    assert_ptr_equal(request->match.route, &table[1]);
    assert_int_equal(handler_calls, 0);
    request->raw_target = SPAN_LITERAL("/nowhere");
    serve(request, &scene->reply);
    assert_int_equal(scene->reply.status, 200);
    assert_int_equal(handler_calls, 1);
    serve(request, &scene->reply);
    assert_int_equal(scene->reply.status, 404);
}

static void heads_that_are_refused(void **state) {
    static const struct {
        const char *method, *target;
        enum problem problem;
        const char *detail, *allow;
    } cases[] = {
        {"PUT", "/things?pretty", PROBLEM_METHOD_NOT_ALLOWED, "GET, HEAD, OPTIONS, POST, not PUT",
         "GET, HEAD, OPTIONS, POST"},
        {"POST", "/thinks", PROBLEM_NOT_FOUND, "did you mean /things?", NULL},
        {"POST", "/things?limit=1", PROBLEM_UNKNOWN_PARAMETER, "limit", NULL},
        {"GET", "/things?limit=x", PROBLEM_BAD_PARAMETER, "limit", NULL},
        {"POST", "/thi%ngs", PROBLEM_BAD_TARGET, "", NULL},
        {"BREW", "/", PROBLEM_NOT_IMPLEMENTED, "this method is not known", NULL},
    };
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *allow = cases[i].allow;
        struct request *request = request_of(scene, cases[i].method, cases[i].target);
        enum problem problem = serve_head(request);
        assert_int_equal(problem, cases[i].problem);
        reply_clear(&scene->reply);
        serve_refusal(request, &scene->reply, problem);
        assert_int_equal(scene->reply.status, problem_info(problem)->status);
        assert_true(body_has(scene, cases[i].detail));
        assert_true((field(scene, "Allow") == NULL) == (allow == NULL));
        if (allow != NULL)
            assert_string_equal(field(scene, "Allow"), allow);
        assert_string_equal(field(scene, "X-Request-Id"), "01ABC");
    }
    assert_int_equal(handler_calls, 0);
}

static void options_has_no_route(void **state) {
    struct scene *scene = *state;
    struct request *request = request_of(scene, "OPTIONS", "/things");
    assert_int_equal(serve_head(request), PROBLEM_NONE);
    assert_null(request->match.route);
    serve(request, &scene->reply);
    assert_int_equal(scene->reply.status, 204);
}

/* Whoever made a source ready need not care what becomes of the reply. */
static void sources_are_freed_once(void **state) {
    struct scene *scene = *state;
    serve(request_of(scene, "POST", "/things?pretty"), &scene->reply);
    assert_int_equal(scene->reply.status, 422);
    assert_null(scene->reply.source.read);
    assert_int_equal(source_frees, 1);
    serve(request_of(scene, "POST", "/things"), &scene->reply);
    assert_int_equal(scene->reply.status, 200);
    assert_non_null(scene->reply.source.read);
    assert_int_equal(source_frees, 1);
    reply_source_free(&scene->reply);
    reply_clear(&scene->reply);
    assert_int_equal(source_frees, 2);
}

static enum problem take_nothing(struct request *request, struct span bytes) {
    (void)request;
    (void)bytes;
    return PROBLEM_NONE;
}

/* What is wrong with a row about bodies is a refused start. */
static void rows_about_bodies(void **state) {
    static const struct {
        enum method method;
        enum route_validator validator;
        enum route_body body;
        route_taker *take;
        enum problem expected;
    } cases[] = {
        {METHOD_PUT, ROUTE_VALIDATOR_NONE, ROUTE_BODY_WHOLE, NULL, PROBLEM_NONE},
        {METHOD_PATCH, ROUTE_VALIDATOR_NONE, ROUTE_BODY_STREAM, take_nothing, PROBLEM_NONE},
        {METHOD_DELETE, ROUTE_VALIDATOR_NONE, ROUTE_BODY_NONE, NULL, PROBLEM_NONE},
        {METHOD_DELETE, ROUTE_VALIDATOR_NONE, ROUTE_BODY_WHOLE, NULL, PROBLEM_INTERNAL},
        {METHOD_GET, ROUTE_VALIDATOR_SEQ, ROUTE_BODY_WHOLE, NULL, PROBLEM_INTERNAL},
        {METHOD_PUT, ROUTE_VALIDATOR_NONE, ROUTE_BODY_STREAM, NULL, PROBLEM_INTERNAL},
        {METHOD_PUT, ROUTE_VALIDATOR_NONE, ROUTE_BODY_WHOLE, take_nothing, PROBLEM_INTERNAL},
        {METHOD_PUT, ROUTE_VALIDATOR_SEQ, ROUTE_BODY_WHOLE, NULL, PROBLEM_INTERNAL},
    };
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct route row = table[1];
        row.method = cases[i].method;
        row.validator = cases[i].validator;
        row.body = cases[i].body;
        row.take = cases[i].take;
        assert_int_equal(router_init(&scene->router, &row, 1, NULL), cases[i].expected);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(heads_are_served_once),  TEST(heads_that_are_refused), TEST(options_has_no_route),
        TEST(sources_are_freed_once), TEST(rows_about_bodies),
    };
    render_setup();
    return cmocka_run_group_tests_name("serve_head", tests, NULL, NULL);
}
