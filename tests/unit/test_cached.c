/* test_cached.c: which answers are kept and given again, over the real table and a real store. */
#include "serve_help.h"

#include "engine/cache.h"
#include "engine/render.h"
#include "surface/routes.h"

static const struct config config = {.query_deadline_ms = 1000};

/* ---- an owner without a library ---- */

static bool make(const struct reply *reply, struct cache_answer *answer) {
    struct span body = reply->status == 200 ? reply_body(reply) : (struct span){NULL, 0};
    char *copy = malloc(body.bytes + 1);
    if (copy == NULL)
        return false;
    memcpy(copy, body.at == NULL ? "" : body.at, body.bytes);
    answer->made = copy;
    answer->body = (struct span){copy, body.bytes};
    answer->bytes = body.bytes + 100;
    return true;
}

static const struct cache_owner owner = {make, free};

/* ---- help ---- */

struct scene {
    struct served served;
    struct cache cache;
    struct arena arena;
    int articles;
};

static void put_article(struct scene *scene) {
    char line[100];
    struct import *run = NULL;
    struct import_result result;
    snprintf(line, sizeof line, "Title %d|Ann|2018-06-03|WORLD|a,b|Words.", ++scene->articles);
    struct article article = article_of(line, &scene->arena);
    assert_int_equal(import_open(scene->served.store, false, &run), PROBLEM_NONE);
    assert_int_equal(import_article(run, &article, SPAN_LITERAL("a.txt"), &result, NULL),
                     PROBLEM_NONE);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
}

static int scene_make(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    served_make(&scene->served, &config, routes, routes_count);
    arena_init(&scene->arena, 1024 * 1024);
    assert_true(cache_init(&scene->cache, 1024 * 1024, &owner));
    put_article(scene);
    *state = scene;
    return 0;
}

static int scene_drop(void **state) {
    struct scene *scene = *state;
    cache_fini(&scene->cache);
    arena_fini(&scene->arena);
    served_drop(&scene->served);
    free(scene);
    return 0;
}

struct question {
    const char *method, *target, *if_none_match, *authorization;
};

/* Whether it was answered from the cache: then nothing of its line was done. */
static bool ask(struct scene *scene, struct question question) {
    struct served *served = &scene->served;
    uint64_t hits = scene->cache.counts.hits;
    served_request(served, question.method, question.target);
    served->request.cache = &scene->cache;
    served->request.if_none_match = span_of(question.if_none_match);
    served->request.head.authorization = span_of(question.authorization);
    serve(&served->request, &served->reply);
    bool is_hit = scene->cache.counts.hits > hits;
    if (is_hit) {
        assert_true(served->request.match.pattern == NULL && served->reply.cached != NULL);
        assert_non_null(served->request.match.route); /* for who counts */
    }
    return is_hit;
}

static bool get(struct scene *scene, const char *target) {
    return ask(scene, (struct question){"GET", target, NULL, NULL});
}

/* The end of a round of the worker's loop. */
static void end_round(struct scene *scene) {
    store_rest(scene->served.reader);
}

static char *copy_body(const struct scene *scene) {
    struct span body = reply_body(&scene->served.reply);
    char *copy = strndup(body.at, body.bytes);
    assert_non_null(copy);
    return copy;
}

/* What another process does to the file. */
static void write_as_other(struct scene *scene, const char *sql) {
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(scene->served.place.db, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* ---- tests ---- */

static void test_which_answers_are_kept(void **state) {
    static const struct {
        struct question question;
        unsigned status;
        bool is_kept;
    } cases[] = {
        {{"GET", "/v1/articles/1", NULL, NULL}, 200, true},
        {{"GET", "/v1/articles/title-1?fields=id", NULL, NULL}, 200, true},
        {{"GET", "/v1/articles/1.txt", NULL, NULL}, 200, true},
        {{"HEAD", "/v1/articles/1.md", NULL, NULL}, 200, true},
        {{"GET", "/v1/articles", NULL, NULL}, 200, true},
        {{"GET", "/v1/articles.csv", NULL, NULL}, 200, true},
        {{"GET", "/v1/changes?since=0", NULL, NULL}, 200, true},
        {{"GET", "/v1/articles/1/revisions/1", NULL, NULL}, 200, true},
        {{"GET", "/v1/paragraphs/1?pretty", NULL, NULL}, 200, true},
        {{"GET", "/v1/tags?_=1", NULL, NULL}, 200, true},
        {{"GET", "/", NULL, NULL}, 200, true},
        {{"GET", "/problems/not_found", NULL, NULL}, 200, true},
        {{"GET", "/healthz", NULL, NULL}, 200, false},
        {{"GET", "/readyz", NULL, NULL}, 200, false},
        {{"GET", "/v1/articles/9", NULL, NULL}, 404, false},
        {{"GET", "/v1/articles?limt=1", NULL, NULL}, 400, false},
        {{"GET", "/nowhere", NULL, NULL}, 404, false},
        {{"OPTIONS", "/v1/authors", NULL, NULL}, 204, false},
        {{"POST", "/v1/sections", NULL, NULL}, 415, false},
        {{"QUERY", "/v1/sections", NULL, NULL}, 415, false},
        {{"DELETE", "/v1/sections", NULL, NULL}, 405, false},
        {{"GET", "/v1/authors", "*", NULL}, 304, false},
        {{"GET", "/v1/authors", NULL, "Bearer nonsense"}, 401, false},
        {{"GET", "/v1/authors", NULL, "Basic nonsense"}, 200, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int round = 0; round < 3; round++) {
            bool is_hit = ask(*state, cases[i].question);
            if (is_hit != (cases[i].is_kept && round > 0) ||
                ((struct scene *)*state)->served.reply.status != cases[i].status)
                fail_msg("%s %s, round %d", cases[i].question.method, cases[i].question.target,
                         round);
            if (round == 1)
                end_round(*state);
        }
    }
}

/* A field that keeps a request from being looked up keeps it from an answer of others, too. */
/* As the wire does it: the head first, then its body. */
static bool ask_form(struct scene *scene, const char *method, const char *target,
                     const char *form) {
    struct served *served = &scene->served;
    uint64_t hits = scene->cache.counts.hits;
    served_request(served, method, target);
    served->request.head.content_type = SPAN_LITERAL("application/x-www-form-urlencoded");
    if (serve_head(&served->request) != PROBLEM_NONE)
        fail_msg("%s %s", method, target);
    served->request.cache = &scene->cache;
    served->request.body = span_of(form);
    serve(&served->request, &served->reply);
    assert_int_equal(served->reply.status, 200);
    return scene->cache.counts.hits > hits;
}

static void test_forms(void **state) {
    struct scene *scene = *state;
    assert_false(ask_form(scene, "QUERY", "/v1/articles", "fields=id"));
    char *body = copy_body(scene);
    assert_true(ask_form(scene, "QUERY", "/v1/articles", "fields=id"));
    assert_true(span_is(reply_body(&scene->served.reply), body));
    assert_false(ask_form(scene, "QUERY", "/v1/articles", "fields=title"));
    assert_false(ask_form(scene, "QUERY", "/v1/articles?fields=id", ""));
    assert_false(get(scene, "/v1/articles?fields=id"));
    assert_true(get(scene, "/v1/articles?fields=id"));
    assert_true(ask_form(scene, "QUERY", "/v1/articles", "fields=id"));
    for (int i = 0; i < 3; i++)
        assert_false(ask_form(scene, "POST", "/v1/tags", "limit=1"));
    free(body);
}

static void test_what_is_there_is_not_for_all(void **state) {
    assert_false(get(*state, "/v1/authors"));
    assert_false(ask(*state, (struct question){"GET", "/v1/authors", NULL, "Bearer nonsense"}));
    assert_int_equal(((struct scene *)*state)->served.reply.status, 401);
    assert_false(ask(*state, (struct question){"GET", "/v1/authors", "*", NULL}));
    assert_false(ask(*state, (struct question){"DELETE", "/v1/authors", NULL, NULL}));
    assert_true(ask(*state, (struct question){"HEAD", "/v1/authors", NULL, NULL}));
    assert_true(get(*state, "/v1/authors"));
}

static void test_the_answer_is_the_same(void **state) {
    struct scene *scene = *state;
    assert_false(get(scene, "/v1/articles/1"));
    char *first = copy_body(scene);
    assert_true(get(scene, "/v1/articles/1"));
    char *second = copy_body(scene);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void test_304(void **state) {
    struct scene *scene = *state;
    char etag[ETAG_BYTES];
    assert_false(get(scene, "/v1/articles"));
    snprintf(etag, sizeof etag, "%s", served_field(&scene->served, "ETag"));
    struct question again = {"GET", "/v1/articles", etag, NULL};
    assert_false(ask(scene, again)); /* the first goes the whole way */
    assert_int_equal(scene->served.reply.status, 304);
    for (int i = 0; i < 3; i++) {
        assert_true(ask(scene, again));
        assert_int_equal(scene->served.reply.status, 304);
        assert_int_equal(reply_body(&scene->served.reply).bytes, 0);
    }
    again.if_none_match = "\"s1-0000000000000000\"";
    assert_true(ask(scene, again));
    assert_int_equal(scene->served.reply.status, 200);
    again.if_none_match = etag;
    put_article(scene);
    assert_false(ask(scene, again));
    assert_int_equal(scene->served.reply.status, 200);
}

/* In the round of the write, and in the next. */
static void test_a_write_ends_it(void **state) {
    struct scene *scene = *state;
    static const char *const targets[] = {"/v1/articles", "/v1/articles/1", "/"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        for (int round = 0; round < 2; round++) {
            (void)get(scene, targets[i]);
            assert_true(get(scene, targets[i]));
            put_article(scene);
            if (round == 1)
                end_round(scene);
            assert_false(get(scene, targets[i]));
            assert_true(get(scene, targets[i]));
        }
    }
}

static void test_a_write_of_another_process_ends_it(void **state) {
    struct scene *scene = *state;
    (void)get(scene, "/v1/articles/1");
    for (int i = 0; i < 5; i++) {
        char sql[100];
        end_round(scene);
        assert_true(get(scene, "/v1/articles/1"));
        end_round(scene);
        snprintf(sql, sizeof sql, "UPDATE article SET title = 'Other %d', version = version + 1",
                 i);
        write_as_other(scene, sql);
        assert_false(get(scene, "/v1/articles/1"));
        char *body = copy_body(scene);
        snprintf(sql, sizeof sql, "\"Other %d\"", i);
        assert_non_null(strstr(body, sql));
        free(body);
    }
}

/* What was committed between the look into the cache and the read is in the answer, which is then
 * of no state that is known. */
static void test_a_write_in_between(void **state) {
    struct scene *scene = *state;
    struct store *reader = scene->served.reader;
    uint64_t before = store_state(reader);
    assert_int_not_equal(before, 0);
    assert_int_equal(store_begin(reader), PROBLEM_NONE);
    store_end(reader);
    assert_true(store_state_read(reader) == before);
    put_article(scene);
    assert_int_equal(store_begin(reader), PROBLEM_NONE);
    store_end(reader);
    assert_true(store_state_read(reader) == 0);
    uint64_t after = store_state(reader);
    assert_true(after != before && after != 0);
    assert_true(store_state(reader) == after);
    end_round(scene);
    assert_true(store_state(reader) == after);
}

/* The last request's deadline is not this one's. */
static void test_a_deadline_that_is_over(void **state) {
    struct scene *scene = *state;
    (void)get(scene, "/v1/articles/1");
    end_round(scene);
    store_deadline_set(scene->served.reader, 1);
    usleep(2000);
    assert_true(get(scene, "/v1/articles/1"));
}

static void test_no_cache(void **state) {
    struct scene *scene = *state;
    cache_fini(&scene->cache);
    assert_true(cache_init(&scene->cache, 0, &owner));
    for (int i = 0; i < 3; i++)
        assert_false(get(scene, "/v1/articles/1"));
    assert_int_equal(scene->served.reply.status, 200);
    assert_null(scene->served.reply.cached);
}

int main(void) {
    render_setup();
#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_drop)
    const struct CMUnitTest tests[] = {
        SCENE(test_which_answers_are_kept),
        SCENE(test_forms),
        SCENE(test_what_is_there_is_not_for_all),
        SCENE(test_the_answer_is_the_same),
        SCENE(test_304),
        SCENE(test_a_write_ends_it),
        SCENE(test_a_write_of_another_process_ends_it),
        SCENE(test_a_write_in_between),
        SCENE(test_a_deadline_that_is_over),
        SCENE(test_no_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
