/* Answers and problems, field by field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/render.h"
#include "engine/reply.h"

/* Linked with --wrap=realloc: buffers grow by realloc() alone. */
static bool is_realloc_failing;
void *__real_realloc(void *pointer, size_t bytes);
void *__wrap_realloc(void *pointer, size_t bytes);

void *__wrap_realloc(void *pointer, size_t bytes) {
    return is_realloc_failing ? NULL : __real_realloc(pointer, bytes);
}

static const struct config config = {.cache_control =
                                         "public, max-age=30, stale-while-revalidate=300"};
static const struct router router;
static const struct route public_route = {.cache = ROUTE_CACHE_PUBLIC};
static const struct route private_route = {.cache = ROUTE_CACHE_NO_STORE};

struct scene {
    struct service service;
    struct arena arena;
    struct request request;
    struct reply reply;
};

static int scene_make(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    service_init(&scene->service, &config, &router);
    arena_init(&scene->arena, 1 << 20);
    scene->request.service = &scene->service;
    scene->request.arena = &scene->arena;
    scene->request.seq = -1;
    snprintf(scene->request.id, sizeof scene->request.id, "01ABC");
    buffer_init(&scene->reply.body);
    reply_clear(&scene->reply);
    render_begin(&scene->arena);
    *state = scene;
    return 0;
}

static int scene_drop(void **state) {
    struct scene *scene = *state;
    render_end();
    buffer_fini(&scene->reply.body);
    arena_fini(&scene->arena);
    free(scene);
    return 0;
}

/* The value of a field that must not stand twice; NULL when it is absent. */
static const char *field(const struct scene *scene, const char *name) {
    const char *value = NULL;
    for (size_t i = 0; i < scene->reply.field_count; i++) {
        if (strcmp(scene->reply.fields[i].name, name) != 0)
            continue;
        assert_null(value);
        value = scene->reply.fields[i].value;
    }
    return value;
}

static void assert_body(const struct scene *scene, const char *expected) {
    struct span body = reply_body(&scene->reply);
    if (!span_is(body, expected))
        fail_msg("%.*s\nis not %s", (int)body.bytes, body.at, expected);
}

static bool body_has(const struct scene *scene, const char *text) {
    struct span body = reply_body(&scene->reply);
    return memmem(body.at, body.bytes, text, strlen(text)) != NULL;
}

static void json_is_sent(void **state) {
    struct scene *scene = *state;
    json_t *json = json_pack("{s:i}", "id", 7);
    assert_int_equal(reply_json(&scene->request, &scene->reply, json, PARAM_ID_COUNT),
                     PROBLEM_NONE);
    assert_int_equal(scene->reply.status, 200);
    assert_string_equal(field(scene, "Content-Type"), "application/json");
    assert_body(scene, "{\"id\":7}");
    reply_clear(&scene->reply);
    scene->request.params.values[PARAM_PRETTY].number = 1;
    assert_int_equal(reply_json(&scene->request, &scene->reply, json, PARAM_ID_COUNT),
                     PROBLEM_NONE);
    assert_body(scene, "{\n  \"id\": 7\n}\n");
    assert_int_equal(reply_json(&scene->request, &scene->reply, NULL, PARAM_ID_COUNT),
                     PROBLEM_OUT_OF_MEMORY);
}

static void fields_choose_members(void **state) {
    struct scene *scene = *state;
    struct span id = SPAN_LITERAL("id");
    struct param_value *fields = &scene->request.params.values[PARAM_ARTICLE_FIELDS];
    *fields = (struct param_value){.is_given = true, .items = &id, .item_count = 1};
    json_t *list = json_pack("{s:[{s:i,s:i}],s:{}}", "data", "id", 1, "n", 2, "meta");
    assert_int_equal(reply_json(&scene->request, &scene->reply, list, PARAM_ARTICLE_FIELDS),
                     PROBLEM_NONE);
    assert_body(scene, "{\"data\":[{\"id\":1}],\"meta\":{}}");
    reply_clear(&scene->reply);
    json_t *single = json_pack("{s:i,s:i}", "id", 1, "n", 2);
    assert_int_equal(reply_json(&scene->request, &scene->reply, single, PARAM_ARTICLE_FIELDS),
                     PROBLEM_NONE);
    assert_body(scene, "{\"id\":1}");
}

static void text_is_sent(void **state) {
    struct scene *scene = *state;
    buffer_append_text(&scene->reply.body, "Title\n");
    assert_int_equal(reply_text(&scene->reply, "text/plain; charset=utf-8"), PROBLEM_NONE);
    assert_string_equal(field(scene, "Content-Type"), "text/plain; charset=utf-8");
    assert_body(scene, "Title\n");
}

static void problem_says_everything(void **state) {
    struct scene *scene = *state;
    struct fault *fault = &scene->request.fault;
    fault_set(fault, "there is no parameter 'ta\"gs' here; did you mean 'tag'?");
    snprintf(fault->name, sizeof fault->name, "ta\"gs");
    snprintf(fault->nearest, sizeof fault->nearest, "tag");
    fault->allowed[fault->allowed_count++] = "tag";
    fault->allowed[fault->allowed_count++] = "limit";
    scene->request.target.raw_path = SPAN_LITERAL("/v1/articles");
    reply_field(&scene->reply, "ETag", "\"dropped\"");
    buffer_append_text(&scene->reply.body, "dropped");
    reply_problem(&scene->request, &scene->reply, PROBLEM_UNKNOWN_PARAMETER);
    assert_int_equal(scene->reply.status, 400);
    assert_int_equal(scene->reply.problem, PROBLEM_UNKNOWN_PARAMETER);
    assert_string_equal(field(scene, "Content-Type"), "application/problem+json");
    assert_null(field(scene, "ETag"));
    assert_null(field(scene, "Retry-After"));
    assert_body(scene, "{\"type\":\"/problems/unknown_parameter\","
                       "\"title\":\"A parameter is not known here\",\"status\":400,"
                       "\"detail\":\"there is no parameter 'ta\\\"gs' here; did you mean 'tag'?\","
                       "\"instance\":\"/v1/articles\",\"request_id\":\"01ABC\","
                       "\"errors\":[{\"parameter\":\"ta\\\"gs\",\"nearest\":\"tag\","
                       "\"allowed\":[\"tag\",\"limit\"]}]}");
}

static void problem_without_detail_says_the_remedy(void **state) {
    struct scene *scene = *state;
    reply_problem(&scene->request, &scene->reply, PROBLEM_BUSY);
    assert_int_equal(scene->reply.status, 503);
    assert_string_equal(field(scene, "Retry-After"), "1");
    assert_body(scene,
                "{\"type\":\"/problems/busy\",\"title\":\"The store is busy\",\"status\":503,"
                "\"detail\":\"Try again after the time in Retry-After.\","
                "\"request_id\":\"01ABC\"}");
}

static void problem_names_line_and_column(void **state) {
    struct scene *scene = *state;
    fault_set_at(&scene->request.fault, 2, 10, "31.02.2018 does not exist");
    reply_problem(&scene->request, &scene->reply, PROBLEM_BAD_SOURCE);
    assert_true(body_has(scene, "\"errors\":[{\"line\":2,\"column\":10}]"));
}

/* Every problem has an answer with its own status and code, indented when asked. */
static void every_problem_has_an_answer(void **state) {
    struct scene *scene = *state;
    scene->request.params.values[PARAM_PRETTY].number = 1;
    for (enum problem p = PROBLEM_NONE + 1; p < PROBLEM_COUNT; p++) {
        reply_problem(&scene->request, &scene->reply, p);
        assert_int_equal(scene->reply.status, problem_info(p)->status);
        assert_true(body_has(scene, problem_info(p)->code));
        assert_int_equal(scene->reply.body.bytes[scene->reply.body.used - 1], '\n');
    }
}

static void assert_static_body(const struct scene *scene) {
    assert_non_null(scene->reply.body_static.at);
    assert_int_equal(scene->reply.status, 503);
    assert_int_equal(scene->reply.problem, PROBLEM_OUT_OF_MEMORY);
    assert_string_equal(field(scene, "Content-Type"), "application/problem+json");
    assert_string_equal(field(scene, "Retry-After"), "1");
}

/* Wherever memory runs out, the client hears of it, and of the problem itself when it does not. */
static void problem_needs_no_memory(void **state) {
    struct scene *scene = *state;
    enum { ARENA_BYTES = 64 * 1024, STEP_BYTES = 16 };
    bool is_whole = false;
    size_t failures = 0;
    for (size_t left = 0; !is_whole; left += STEP_BYTES) {
        struct arena arena;
        arena_init(&arena, ARENA_BYTES);
        assert_non_null(arena_alloc(&arena, ARENA_BYTES - left));
        scene->request.arena = &arena;
        render_begin(&arena);
        reply_problem(&scene->request, &scene->reply, PROBLEM_NOT_FOUND);
        reply_common(&scene->request, &scene->reply);
        is_whole = scene->reply.status == 404;
        if (!is_whole)
            assert_static_body(scene);
        failures += !is_whole;
        arena_fini(&arena);
    }
    assert_true(failures > 5);
    scene->request.arena = &scene->arena;
    render_begin(&scene->arena);
    buffer_fini(&scene->reply.body);
    is_realloc_failing = true;
    reply_problem(&scene->request, &scene->reply, PROBLEM_NOT_FOUND);
    is_realloc_failing = false;
    assert_static_body(scene);
    reply_problem(&scene->request, &scene->reply, PROBLEM_NOT_FOUND);
    assert_null(scene->reply.body_static.at);
    assert_int_equal(scene->reply.status, 404);
}

struct cache_row {
    const struct route *route;
    unsigned status;
    const char *expected;
};

static const struct cache_row cache_rows[] = {
    {&public_route, 200, "public, max-age=30, stale-while-revalidate=300"},
    {&public_route, 304, "public, max-age=30, stale-while-revalidate=300"},
    {&public_route, 404, "no-store"},
    {&private_route, 200, "no-store"},
    {NULL, 204, "no-store"},
};

static void common_fields_are_there(void **state) {
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof cache_rows / sizeof cache_rows[0]; i++) {
        reply_clear(&scene->reply);
        scene->request.match.route = cache_rows[i].route;
        scene->reply.status = cache_rows[i].status;
        reply_common(&scene->request, &scene->reply);
        assert_string_equal(field(scene, "Cache-Control"), cache_rows[i].expected);
    }
    assert_string_equal(field(scene, "X-Content-Type-Options"), "nosniff");
    assert_string_equal(field(scene, "Content-Security-Policy"),
                        "default-src 'none'; frame-ancestors 'none'");
    assert_string_equal(field(scene, "Access-Control-Allow-Origin"), "*");
    assert_string_equal(
        field(scene, "Access-Control-Expose-Headers"),
        "Accept-Query, Accept-Ranges, Content-Disposition, Content-Range, "
        "ETag, Idempotency-Replayed, Link, Location, Preference-Applied, RateLimit, "
        "RateLimit-Policy, Repr-Digest, Retry-After, X-Seq");
    assert_string_equal(field(scene, "X-Request-Id"), "01ABC");
    assert_null(field(scene, "X-Seq"));
    reply_clear(&scene->reply);
    scene->request.seq = 4711;
    reply_common(&scene->request, &scene->reply);
    assert_string_equal(field(scene, "X-Seq"), "4711");
}

static void fields_have_a_bound(void **state) {
    struct scene *scene = *state;
    for (size_t i = 0; i < REPLY_FIELDS_MAX + 5; i++)
        reply_field(&scene->reply, "Link", "a");
    assert_int_equal(scene->reply.field_count, REPLY_FIELDS_MAX);
    reply_clear(&scene->reply);
    reply_field(&scene->reply, "Link", NULL);
    assert_int_equal(scene->reply.field_count, 0);
}

/* The program's own build id, not the version that stands in when there is none. */
static void build_id_is_found(void **state) {
    const struct scene *scene = *state;
    assert_true(strlen(scene->service.build) >= 32);
    assert_int_equal(strspn(scene->service.build, "0123456789abcdef"),
                     strlen(scene->service.build));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(json_is_sent),
        TEST(fields_choose_members),
        TEST(text_is_sent),
        TEST(problem_says_everything),
        TEST(problem_without_detail_says_the_remedy),
        TEST(problem_names_line_and_column),
        TEST(every_problem_has_an_answer),
        TEST(problem_needs_no_memory),
        TEST(common_fields_are_there),
        TEST(fields_have_a_bound),
        TEST(build_id_is_found),
    };
    render_setup();
    return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
