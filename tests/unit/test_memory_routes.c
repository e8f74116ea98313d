/* test_memory_routes.c: for each route of the table, the n-th allocation of a request fails, for
 * every n, once or from then on: of ours, of jansson's, of SQLite's. The answer is the whole one,
 * or 503; nothing crashes, nothing is a 500. A route that no request here reaches fails the test.
 */
#include "memory_help.h"
#include "serve_help.h"

#include "engine/render.h"
#include "engine/store/writer.h"
#include "ground/log.h"
#include "surface/reader/reader_parts.h"
#include "surface/routes.h"

static struct config config = {
    .query_deadline_ms = 10000,
    .title = "Test",
    .public_url = "",
    .metrics = CONFIG_METRICS_OPEN,
};

#define TEXT "{\"text\": \"Else.\"}"
#define WHOLE "{\"title\": \"Two\", \"tags\": [\"b\"], \"paragraphs\": [\"It stays.\", \"New.\"]}"

static char asset[80]; /* its address has a hash in it */

static const struct ask {
    const char *method, *target, *body;
} asks[] = {
    {"GET", "/", NULL},
    {"GET", "/v1", NULL},
    {"GET", "/v1/articles?q=stays&facets=tag,year&count=exact&include=paragraphs", NULL},
    {"GET", "/v1/articles.atom", NULL},
    {"GET", "/v1/articles.csv", NULL},
    {"GET", "/v1/paragraphs.rss", NULL},
    {"GET", "/v1/articles/1/revisions.feed.json", NULL},
    {"GET", "/v1/tags.feed.json", NULL},
    {"GET", "/v1/changes.atom", NULL},
    {"GET", "/v1/suggest.feed.json?q=on", NULL},
    {"GET", "/v1/articles/1?include=neighbors", NULL},
    {"GET", "/v1/articles/1.html", NULL},
    {"GET", "/v1/articles/1/paragraphs", NULL},
    {"GET", "/v1/articles/1/paragraphs/1-2", NULL},
    {"GET", "/v1/articles/1/revisions", NULL},
    {"GET", "/v1/articles/1/revisions/1", NULL},
    {"GET", "/v1/articles/1/diff?from=1&to=2", NULL},
    {"GET", "/v1/articles/1/related?by=text", NULL},
    {"GET", "/v1/quotes?text=It+stayed+here", NULL},
    {"POST", "/v1/quotes", "{\"quotes\": [{\"text\": \"It stays\"}]}"},
    {"GET", "/v1/changes", NULL},
    {"GET", "/v1/paragraphs?tag=a", NULL},
    {"GET", "/v1/paragraphs/1?context=1", NULL},
    {"GET", "/v1/paragraphs/2/duplicates", NULL},
    {"GET", "/v1/search?q=stays+-never&facets=tag", NULL},
    {"GET", "/v1/suggest?q=on", NULL},
    {"POST", "/v1/articles", WHOLE},
    {"PUT", "/v1/articles/1", WHOLE},
    {"PATCH", "/v1/articles/1", "{\"title\": \"Three\"}"},
    {"DELETE", "/v1/articles/1", NULL},
    {"POST", "/v1/articles/1/revisions/1/restore", NULL},
    {"POST", "/v1/articles/1/paragraphs", TEXT},
    {"PUT", "/v1/articles/1/tags/new", "{\"name\": \"New\"}"},
    {"DELETE", "/v1/articles/1/tags/a", NULL},
    {"PUT", "/v1/paragraphs/1", TEXT},
    {"PATCH", "/v1/paragraphs/1", TEXT},
    {"DELETE", "/v1/paragraphs/1", NULL},
    {"PATCH", "/v1/tags/a", "{\"name\": \"Else\"}"},
    {"POST", "/v1/tags/a/merge", "{\"into\": \"b\"}"},
    {"GET", "/v1/tags?q=a", NULL},
    {"GET", "/v1/tags/a?include=related", NULL},
    {"GET", "/v1/tags/a/articles", NULL},
    {"GET", "/v1/sections", NULL},
    {"GET", "/v1/sections/world", NULL},
    {"GET", "/v1/sections/world/articles", NULL},
    {"GET", "/v1/authors", NULL},
    {"GET", "/v1/authors/ann", NULL},
    {"GET", "/v1/authors/ann/articles", NULL},
    {"GET", "/v1/export.ndjson", NULL},
    {"GET", "/openapi.json", NULL},
    {"GET", "/docs.html", NULL},
    {"GET", "/healthz", NULL},
    {"GET", "/readyz", NULL},
    {"GET", "/metrics", NULL},
    {"GET", "/llms.txt", NULL},
    {"GET", asset, NULL},
    {"GET", "/problems/not_found", NULL},
    {"GET", "/.well-known/api-catalog", NULL},
};

/* What the wire or a thread of its own drives, and not serve() alone. */
static const struct left_out {
    const char *path, *why;
} left_out[] = {
    {"/v1/import", "its pieces come from the wire; test_store_memory.c fails an import"},
    {"/v1/snapshot.sqlite", "made by a thread, whose allocations have no order"},
};

struct scene {
    struct served s;
    struct writer writer;
    bool is_reached[200]; /* by place in routes */
};

static void request(struct scene *scene, const struct ask *ask) {
    struct request *request = &scene->s.request;
    served_request(&scene->s, ask->method, ask->target);
    request->access.is_checked = true; /* who may is not the question here */
    if (ask->body != NULL) {
        request->body = span_of(ask->body);
        request->head.content_type = SPAN_LITERAL("application/json");
    }
    if (strcmp(ask->method, "GET") != 0)
        request->head.if_match = SPAN_LITERAL("*");
    if (strcmp(ask->method, "POST") == 0 && strcmp(ask->target, "/v1/articles") == 0)
        request->head.if_match = (struct span){NULL, 0};
    serve(request, &scene->s.reply);
    store_rest(scene->s.reader);
}

/* Two articles, the first of them in two versions. */
static void write_articles(struct scene *scene) {
    static const struct ask first[] = {
        {"POST", "/v1/articles",
         "{\"title\": \"One\", \"tags\": [\"a\"], \"authors\": [\"Ann\"], \"section\": \"World\", "
         "\"published\": \"2018-06-03\", \"paragraphs\": [\"It stays.\", \"Old words.\"]}"},
        {"POST", "/v1/articles",
         "{\"title\": \"Also\", \"tags\": [\"b\", \"a\"], \"paragraphs\": [\"It stays.\"]}"},
        {"PATCH", "/v1/articles/1", "{\"title\": \"One more\"}"},
    };
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        request(scene, &first[i]);
        struct span body = reply_body(&scene->s.reply);
        if (scene->s.reply.status / 100 != 2)
            fail_msg("%zu: %u %.*s", i, scene->s.reply.status, (int)body.bytes, body.at);
    }
}

static void make_world(struct scene *scene) {
    served_make(&scene->s, &config, routes, routes_count);
    arena_fini(&scene->s.arena);
    arena_init(&scene->s.arena, LIMIT_REQUEST_ARENA_BYTES); /* /openapi.json takes most of them */
    config.db = scene->s.place.db;                          /* an export opens it anew */
    writer_init(&scene->writer, scene->s.store, NULL, NULL);
    scene->s.service.writer = &scene->writer;
    assert_int_equal(metrics_init(&scene->s.service.metrics, 1), PROBLEM_NONE);
    write_articles(scene);
}

static void drop_world(struct scene *scene) {
    metrics_fini(&scene->s.service.metrics);
    service_fini(&scene->s.service);
    writer_fini(&scene->writer);
    served_drop(&scene->s);
}

static void drop_source(struct scene *scene) {
    struct reply_source *source = &scene->s.reply.source;
    if (source->free != NULL)
        source->free(source->state);
    *source = (struct reply_source){.bytes = 0};
}

/* One request with its n-th allocation failing; whether there was an n-th. */
static bool try_one(struct scene *scene, const struct ask *ask, size_t n, bool is_lasting,
                    unsigned *refused) {
    memory_fail_at(n, is_lasting);
    request(scene, ask);
    bool has_failed = memory.has_failed;
    memory_fail_at(0, false);
    unsigned status = scene->s.reply.status;
    drop_source(scene);
    if (status / 100 != 2 && (status != 503 || !has_failed))
        fail_msg("%s %s, allocation %zu: %u", ask->method, ask->target, n, status);
    *refused += status == 503;
    const struct route *route = scene->s.request.match.route;
    if (status / 100 == 2)
        scene->is_reached[route - routes] = true;
    bool is_write = route != NULL && route->scope == ROUTE_SCOPE_WRITE;
    if (is_write && status / 100 == 2) { /* done: the next try finds things as they were */
        drop_world(scene);
        make_world(scene);
    }
    return has_failed;
}

static size_t step_of(size_t usual) {
    const char *wanted = getenv("PILCROW_TEST_EVERY");
    return wanted == NULL ? usual : strtoul(wanted, NULL, 10);
}

static void test_each_route(void **state) {
    static struct scene scene;
    unsigned refused = 0;
    (void)state;
    assert_true(routes_count <= sizeof scene.is_reached);
    make_world(&scene);
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        for (int is_lasting = 0; is_lasting < 2; is_lasting++) {
            size_t n = 1;
            while (try_one(&scene, &asks[i], n, is_lasting, &refused))
                n += step_of(17);
        }
    }
    drop_world(&scene);
    print_message("%u refused\n", refused);
    assert_true(refused > 100);
    for (size_t i = 0; i < routes_count; i++) {
        bool is_known = scene.is_reached[i];
        for (size_t k = 0; k < sizeof left_out / sizeof left_out[0]; k++)
            is_known = is_known || strcmp(routes[i].pattern, left_out[k].path) == 0;
        if (!is_known)
            fail_msg("no request of this test reaches %s %s", router_method_name(routes[i].method),
                     routes[i].pattern);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_route)};
    snprintf(asset, sizeof asset, "%sreader.css", reader_asset_folder);
    hook_sqlite();
    log_setup(CONFIG_LOG_LOGFMT, getenv("PILCROW_TEST_LOG") == NULL ? -1 : LOG_ERROR);
    render_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
