/* The whole line of a request over a small table of its own and a real store. */
#include "serve_help.h"

#include "domain/import/import.h"
#include "engine/precondition.h"
#include "engine/render.h"

static int handler_calls;
static enum problem handler_problem;

static enum problem answer_id(struct request *request, struct reply *reply) {
    handler_calls++;
    reply_field(reply, "X-Handler", "called");
    if (handler_problem != PROBLEM_NONE)
        return handler_problem;
    json_t *json = json_object();
    if (!render_set(json, "seq", json_integer(request->seq)) ||
        !render_set(json, "host", render_text(request->host)))
        return PROBLEM_OUT_OF_MEMORY;
    return reply_json(request, reply, json, PARAM_ID_COUNT);
}

/* The first row of a statement, and all of its rows. */
static enum problem answer_totals(struct request *request, struct reply *reply) {
    enum problem problem;
    struct rows rows = {0};
    handler_calls++;
    store_query(request->store, SQL_store_totals, &rows, STORE_NO_VALUES);
    json_t *all = render_rows(&rows, &problem);
    return problem != PROBLEM_NONE ? problem : reply_json(request, reply, all, PARAM_ID_COUNT);
}

/* Begins a transaction and leaves its end to serve(). */
static enum problem answer_alone(struct request *request, struct reply *reply) {
    handler_calls++;
    enum problem problem = store_begin(request->store);
    if (problem != PROBLEM_NONE)
        return problem;
    buffer_append_text(&reply->body, "ok\n");
    return reply_text(reply, "text/plain");
}

/* clang-format off */
static const struct route table[] = {
    {METHOD_GET, "/v1/articles", answer_totals, {PARAM_LIMIT, PARAM_ID_COUNT}, {NULL},
     ROUTE_VALIDATOR_SEQ, ROUTE_CACHE_PUBLIC, 0, "article_list", "s", ROUTE_SCOPE_READ,
     ROUTE_BODY_NONE, NULL, NULL, false},
    {METHOD_GET, "/v1/articles/{article}", answer_id, {PARAM_ARTICLE_INCLUDE, PARAM_ID_COUNT},
     {"txt"}, ROUTE_VALIDATOR_ARTICLE, ROUTE_CACHE_PUBLIC, 0, "article", "s", ROUTE_SCOPE_READ,
     ROUTE_BODY_NONE, NULL, NULL, false},
    {METHOD_GET, "/about", answer_id, {PARAM_ID_COUNT}, {NULL},
     ROUTE_VALIDATOR_BUILD, ROUTE_CACHE_PUBLIC, 0, "about", "s", ROUTE_SCOPE_READ,
     ROUTE_BODY_NONE, NULL, NULL, false},
    {METHOD_GET, "/alone", answer_alone, {PARAM_ID_COUNT}, {NULL},
     ROUTE_VALIDATOR_NONE, ROUTE_CACHE_NO_STORE, 0, "text", "s", ROUTE_SCOPE_READ,
     ROUTE_BODY_NONE, NULL, NULL, false},
};
/* clang-format on */

static const struct config config = {.query_deadline_ms = 1000};

static void put_article(struct served *scene, const char *line) {
    struct import *run = NULL;
    struct import_result result;
    struct article article = article_of(line, &scene->arena);
    assert_int_equal(import_open(scene->store, false, &run), PROBLEM_NONE);
    assert_int_equal(import_article(run, &article, SPAN_LITERAL("a.txt"), &result, NULL),
                     PROBLEM_NONE);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
}

static int scene_make(void **state) {
    struct served *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    served_make(scene, &config, table, sizeof table / sizeof table[0]);
    put_article(scene, "One|Ann|2018-06-03|WORLD|a,b|First words.");
    handler_calls = 0;
    handler_problem = PROBLEM_NONE;
    *state = scene;
    return 0;
}

static int scene_drop(void **state) {
    served_drop(*state);
    free(*state);
    return 0;
}

/* Serves one request; if_none_match may be NULL. */
static void ask(struct served *scene, const char *method, const char *target,
                const char *if_none_match) {
    served_request(scene, method, target);
    scene->request.if_none_match = span_of(if_none_match);
    serve(&scene->request, &scene->reply);
}

static bool body_has(const struct served *scene, const char *text) {
    struct span body = reply_body(&scene->reply);
    return memmem(body.at, body.bytes, text, strlen(text)) != NULL;
}

struct row {
    const char *method, *target;
    unsigned status;
    enum problem problem;
    const char *body_has;
};

static const struct row rows[] = {
    {"GET", "/v1/articles", 200, PROBLEM_NONE, "[{\"seq\":1,\"article_count\":1"},
    {"HEAD", "/v1/articles", 200, PROBLEM_NONE, "[{\"seq\":1"},
    {"GET", "/v1/articles/1", 200, PROBLEM_NONE, "{\"seq\":1,\"host\":\"localhost\"}"},
    {"GET", "/v1/articles/one", 200, PROBLEM_NONE, "{\"seq\":1,"},
    {"GET", "/v1/articles/1.txt", 200, PROBLEM_NONE, "seq"},
    {"GET", "/v1/articles/1.json?pretty", 200, PROBLEM_NONE, "{\n  \"seq\": 1"},
    {"GET", "http://other:81/v1/articles/1", 200, PROBLEM_NONE, "\"host\":\"other:81\""},
    {"GET", "/about", 200, PROBLEM_NONE, "{\"seq\":-1,"},
    {"GET", "/alone", 200, PROBLEM_NONE, "ok\n"},
    {"GET", "/v1/articles?limit=0", 400, PROBLEM_BAD_PARAMETER, "\"parameter\":\"limit\""},
    {"GET", "/v1/articles?limits=1", 400, PROBLEM_UNKNOWN_PARAMETER, "\"nearest\":\"limit\""},
    {"GET", "/v1/articles?limit=1&limit=1", 400, PROBLEM_REPEATED_PARAMETER, "more than once"},
    {"GET", "/v1/articles/1?a=%00", 400, PROBLEM_BAD_TARGET, "control character"},
    {"GET", "/nothing", 404, PROBLEM_NOT_FOUND, "\"instance\":\"/nothing\""},
    {"GET", "/nothing", 404, PROBLEM_NOT_FOUND, "/v1 lists what is"},
    {"GET", "/articles", 404, PROBLEM_NOT_FOUND, "did you mean /v1/articles?"},
    {"GET", "/v1/articles/", 404, PROBLEM_NOT_FOUND, "did you mean /v1/articles?"},
    {"GET", "/v1/articles/07", 404, PROBLEM_NOT_FOUND, "is not an id or a slug"},
    {"GET", "/v1/articles/1.md", 404, PROBLEM_NOT_FOUND,
     "this address has no form '.md'; it is served as .json, .txt"},
    {"GET", "/v1/articles/1.TXT", 404, PROBLEM_NOT_FOUND, "no form '.TXT'"},
    {"GET", "/about.xml", 404, PROBLEM_NOT_FOUND, "it is served as .json\""},
    {"GET", "/nothing.xml", 404, PROBLEM_NOT_FOUND, "nothing is served at this address"},
    {"GET", "/v1/articles?foo=1&pretty", 400, PROBLEM_UNKNOWN_PARAMETER, "{\n  \"type\""},
    {"GET", "/v1/articles?pretty=1&foo=1", 400, PROBLEM_UNKNOWN_PARAMETER, "{\n  \"type\""},
    {"GET", "/v1/articles?limit=0&pretty=1", 400, PROBLEM_BAD_PARAMETER, "{\n  \"type\""},
    {"GET", "/v1/articles?limit=0&pretty=0", 400, PROBLEM_BAD_PARAMETER, "{\"type\""},
    {"GET", "/nothing?pretty=1", 404, PROBLEM_NOT_FOUND, "{\n  \"type\""},
    {"GET", "/v1/articles/?pretty=1", 404, PROBLEM_NOT_FOUND, "{\n  \"type\""},
    {"GET", "/nothing?pretty=1&a=%zz", 400, PROBLEM_BAD_TARGET, "{\n  \"type\""},
    {"GET", "/nothing", 404, PROBLEM_NOT_FOUND, "{\"type\""},
    {"POST", "/v1/articles?pretty=1", 405, PROBLEM_METHOD_NOT_ALLOWED, "{\n  \"type\""},
    {"get", "/v1/articles", 501, PROBLEM_NOT_IMPLEMENTED, "{\"type\""},
    {"POST", "/v1/articles", 405, PROBLEM_METHOD_NOT_ALLOWED,
     "this address answers GET, HEAD, OPTIONS, not POST"},
    {"POST", "/nothing", 404, PROBLEM_NOT_FOUND, "\"status\":404"},
    {"BREW", "/v1/articles", 501, PROBLEM_NOT_IMPLEMENTED, "\"status\":501"},
    {"get", "/v1/articles", 501, PROBLEM_NOT_IMPLEMENTED, "capitals"},
};

static void answers_as_the_table_says(void **state) {
    struct served *scene = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ask(scene, rows[i].method, rows[i].target, NULL);
        if (scene->reply.status != rows[i].status || scene->reply.problem != rows[i].problem)
            fail_msg("%s %s: %u", rows[i].method, rows[i].target, scene->reply.status);
        if (!body_has(scene, rows[i].body_has))
            fail_msg("%s %s: %.*s", rows[i].method, rows[i].target, (int)scene->reply.body.used,
                     scene->reply.body.bytes);
        assert_string_equal(served_field(scene, "X-Content-Type-Options"), "nosniff");
        assert_string_equal(served_field(scene, "X-Request-Id"), "01ABC");
        if (rows[i].status != 200)
            assert_string_equal(served_field(scene, "Content-Type"), "application/problem+json");
    }
}

static void allow_is_named(void **state) {
    struct served *scene = *state;
    ask(scene, "DELETE", "/v1/articles", NULL);
    assert_string_equal(served_field(scene, "Allow"), "GET, HEAD, OPTIONS");
    ask(scene, "OPTIONS", "/v1/articles/1", NULL);
    assert_int_equal(scene->reply.status, 204);
    assert_int_equal(reply_body(&scene->reply).bytes, 0);
    assert_string_equal(served_field(scene, "Allow"), "GET, HEAD, OPTIONS");
    assert_string_equal(served_field(scene, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
    assert_non_null(served_field(scene, "Access-Control-Allow-Headers"));
    assert_string_equal(served_field(scene, "Access-Control-Max-Age"), "86400");
    assert_string_equal(served_field(scene, "Access-Control-Allow-Origin"), "*");
    assert_int_equal(handler_calls, 0);
}

/* What is asked again with the ETag that it came with costs no handler and no body. */
static void assert_not_modified(struct served *scene, const char *target, const char *prefix) {
    char etag[ETAG_BYTES];
    ask(scene, "GET", target, NULL);
    assert_int_equal(scene->reply.status, 200);
    assert_non_null(served_field(scene, "ETag"));
    snprintf(etag, sizeof etag, "%s", served_field(scene, "ETag"));
    if (strncmp(etag, prefix, strlen(prefix)) != 0)
        fail_msg("%s: ETag is %s", target, etag);
    int calls = handler_calls;
    ask(scene, "HEAD", target, etag);
    assert_int_equal(scene->reply.status, 304);
    assert_int_equal(scene->reply.body.used, 0);
    assert_string_equal(served_field(scene, "ETag"), etag);
    assert_non_null(served_field(scene, "Cache-Control"));
    assert_null(served_field(scene, "Content-Type"));
    assert_int_equal(handler_calls, calls);
    ask(scene, "GET", target, "\"another\"");
    assert_int_equal(scene->reply.status, 200);
    assert_string_equal(served_field(scene, "ETag"), etag);
}

static void asking_again_costs_no_query(void **state) {
    struct served *scene = *state;
    assert_not_modified(scene, "/v1/articles", "\"s1-");
    assert_not_modified(scene, "/v1/articles/1", "\"v1-");
    assert_not_modified(scene, "/v1/articles/one?pretty=1", "\"v1-");
    assert_not_modified(scene, "/v1/articles/1?include=related", "\"s1-");
    assert_not_modified(scene, "/v1/articles/1?include=tags,neighbors", "\"s1-");
    assert_not_modified(scene, "/v1/articles/1?include=tags", "\"v1-");
    assert_not_modified(scene, "/about", "\"b-");
}

static void any_tag_matches_what_is_there(void **state) {
    struct served *scene = *state;
    static const char *const targets[] = {"/v1/articles", "/v1/articles/1", "/about",
                                          "/v1/articles/1?include=related"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        ask(scene, "GET", targets[i], "*");
        assert_int_equal(scene->reply.status, 304);
        assert_int_equal(scene->reply.body.used, 0);
    }
    handler_problem = PROBLEM_NOT_FOUND;
    ask(scene, "GET", "/v1/articles/99", "*");
    assert_int_equal(scene->reply.status, 404);
    ask(scene, "GET", "/v1/articles/99?include=related", "*");
    assert_int_equal(scene->reply.status, 404);
}

static void tag_of(struct served *scene, const char *target, char out[ETAG_BYTES]) {
    ask(scene, "GET", target, NULL);
    assert_non_null(served_field(scene, "ETag"));
    snprintf(out, ETAG_BYTES, "%s", served_field(scene, "ETag"));
}

static void tags_change_with_what_they_stand_for(void **state) {
    struct served *scene = *state;
    char article[ETAG_BYTES], list[ETAG_BYTES], other[ETAG_BYTES];
    tag_of(scene, "/v1/articles/1", article);
    tag_of(scene, "/v1/articles", list);
    tag_of(scene, "/v1/articles/1.txt", other);
    assert_string_not_equal(article, other);
    tag_of(scene, "/v1/articles/one", other);
    assert_string_not_equal(article, other);
    tag_of(scene, "/v1/articles/1?pretty=1", other);
    assert_string_not_equal(article, other);
    tag_of(scene, "/v1/articles?limit=20&utm_source=x", other);
    assert_string_equal(list, other);
    tag_of(scene, "/v1/articles?limit=21", other);
    assert_string_not_equal(list, other);
    put_article(scene, "Two|Bob|2019-06-03|WORLD|a|Other words.");
    tag_of(scene, "/v1/articles", other);
    assert_string_not_equal(list, other);
    tag_of(scene, "/v1/articles/1", other);
    assert_string_equal(article, other);
    snprintf(scene->service.build, sizeof scene->service.build, "another");
    tag_of(scene, "/v1/articles/1", other);
    assert_string_not_equal(article, other);
}

static void unknown_article_is_the_handlers_to_say(void **state) {
    struct served *scene = *state;
    handler_problem = PROBLEM_NOT_FOUND;
    ask(scene, "GET", "/v1/articles/99", "*");
    assert_int_equal(handler_calls, 1);
    assert_int_equal(scene->reply.status, 404);
    assert_null(served_field(scene, "ETag"));
    assert_null(served_field(scene, "X-Handler"));
    assert_string_equal(served_field(scene, "Cache-Control"), "no-store");
}

static void handlers_problems_are_answers(void **state) {
    struct served *scene = *state;
    handler_problem = PROBLEM_QUERY_TIMEOUT;
    ask(scene, "GET", "/v1/articles/1", NULL);
    assert_int_equal(scene->reply.status, 503);
    assert_string_equal(served_field(scene, "Retry-After"), "1");
    assert_null(served_field(scene, "ETag"));
    handler_problem = PROBLEM_NONE;
    ask(scene, "GET", "/v1/articles/1", NULL);
    assert_int_equal(scene->reply.status, 200);
}

static void memory_may_run_out_anywhere(void **state) {
    struct served *scene = *state;
    enum { ARENA_BYTES = 64 * 1024, STEP_BYTES = 16 };
    struct arena whole = scene->arena;
    bool is_whole = false;
    for (size_t left = 0; !is_whole; left += STEP_BYTES) {
        arena_init(&scene->arena, ARENA_BYTES);
        assert_non_null(arena_alloc(&scene->arena, ARENA_BYTES - left));
        scene->request = (struct request){
            .service = &scene->service,
            .store = scene->reader,
            .arena = &scene->arena,
            .method = METHOD_GET,
            .raw_target = SPAN_LITERAL("/v1/articles/%31?include=related"),
            .id = "01ABC",
        };
        serve(&scene->request, &scene->reply);
        is_whole = scene->reply.status == 200 && served_field(scene, "X-Seq") != NULL;
        if (scene->reply.status != 200)
            assert_int_equal(scene->reply.problem, PROBLEM_OUT_OF_MEMORY);
        assert_true(reply_body(&scene->reply).bytes > 0);
        arena_fini(&scene->arena);
    }
    scene->arena = whole;
}

static void refusals_parse_nothing(void **state) {
    struct served *scene = *state;
    served_request(scene, "GET", "/v1/articles");
    fault_set(&scene->request.fault, "the head has two Host fields");
    serve_refusal(&scene->request, &scene->reply, PROBLEM_BAD_HEAD);
    assert_int_equal(scene->reply.status, 400);
    assert_true(body_has(scene, "the head has two Host fields"));
    assert_false(body_has(scene, "instance"));
    assert_null(served_field(scene, "X-Seq"));
    assert_string_equal(served_field(scene, "Cache-Control"), "no-store");
    assert_string_equal(served_field(scene, "X-Request-Id"), "01ABC");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(answers_as_the_table_says),
        TEST(allow_is_named),
        TEST(asking_again_costs_no_query),
        TEST(any_tag_matches_what_is_there),
        TEST(tags_change_with_what_they_stand_for),
        TEST(unknown_article_is_the_handlers_to_say),
        TEST(handlers_problems_are_answers),
        TEST(memory_may_run_out_anywhere),
        TEST(refusals_parse_nothing),
    };
    render_setup();
    return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
