/* test_surface.c: the real table over a real store, where a socket would only be in the way: pages
 * while articles come, readiness, memory that ends, and that no address gives a 500. */
#include "store_help.h"

#include "domain/import/import.h"
#include "engine/cursor.h"
#include "engine/render.h"
#include "engine/store/writer.h"
#include "surface/lists/list.h"
#include "surface/routes.h"
#include "surface/serve.h"

struct bench {
    struct place place;
    struct store *writer, *reader;
    struct arena import_arena, arena;
    struct config config;
    struct router router;
    struct service service;
    struct request request;
    struct reply reply;
};

static int bench_setup(void **state) {
    struct bench *f = calloc(1, sizeof *f);
    struct fault fault;
    assert_non_null(f);
    fault_init(&fault);
    place_make(&f->place);
    arena_init(&f->import_arena, 64 * 1024 * 1024);
    arena_init(&f->arena, LIMIT_REQUEST_ARENA_BYTES);
    f->writer = writer_open(f->place.db);
    assert_int_equal(store_open(f->place.db, STORE_READER, &f->reader, &fault), PROBLEM_NONE);
    assert_int_equal(router_init(&f->router, routes, routes_count, &fault), PROBLEM_NONE);
    service_init(&f->service, &f->config, &f->router);
    buffer_init(&f->reply.body);
    *state = f;
    return 0;
}

static int bench_teardown(void **state) {
    struct bench *f = *state;
    buffer_fini(&f->reply.body);
    store_close(f->reader);
    store_close(f->writer);
    arena_fini(&f->arena);
    arena_fini(&f->import_arena);
    place_remove(&f->place);
    free(f);
    return 0;
}

static void put_as(struct bench *f, const char *line, enum import_outcome outcome) {
    struct import *run = NULL;
    struct import_result result;
    struct fault fault;
    fault_init(&fault);
    arena_reset(&f->import_arena);
    struct article article = article_of(line, &f->import_arena);
    assert_int_equal(import_open(f->writer, false, &run), PROBLEM_NONE);
    assert_int_equal(import_article(run, &article, span_of(""), &result, &fault), PROBLEM_NONE);
    assert_int_equal(result.outcome, outcome);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
}

static void put(struct bench *f, const char *line) {
    put_as(f, line, IMPORT_CREATED);
}

/* Day 1..28, letter = tag; the number keeps texts and titles apart. */
static void put_numbered(struct bench *f, int number, int day, const char *tag) {
    char line[300];
    snprintf(line, sizeof line,
             "Title %d %d|Ann Lee|2018-06-%02d|WORLD|%s|First of %d.~Second text of number %d.",
             number % 7, number, day, tag, number, number * 31);
    put(f, line);
}

static unsigned ask(struct bench *f, const char *target) {
    arena_reset(&f->arena);
    f->request = (struct request){.service = &f->service,
                                  .store = f->reader,
                                  .arena = &f->arena,
                                  .method = METHOD_GET,
                                  .method_name = SPAN_LITERAL("GET"),
                                  .raw_target = span_of(target),
                                  .host = SPAN_LITERAL("localhost"),
                                  .id = "request"};
    serve(&f->request, &f->reply);
    return f->reply.status;
}

/* The answer as JSON, on the heap. */
static json_t *read_json(struct bench *f) {
    struct span body = reply_body(&f->reply);
    json_t *json = json_loadb(body.at, body.bytes, 0, NULL);
    assert_non_null(json);
    return json;
}

/* ---- pages while articles come ---- */

enum { BEFORE = 60, DURING = 40, ID_MAX = BEFORE + DURING };

struct seen {
    int count[ID_MAX + 1];
    size_t pages;
};

/* One page: counts its ids, leaves the link in `next` ("" when there is none). */
static void read_page(struct bench *f, char *next, size_t next_bytes, const char *link,
                      struct seen *seen) {
    assert_int_equal(ask(f, next), 200);
    json_t *answer = read_json(f), *item;
    size_t i;
    json_array_foreach(json_object_get(answer, "data"), i, item) {
        json_int_t id = json_integer_value(json_object_get(item, "id"));
        assert_in_range(id, 1, ID_MAX);
        seen->count[id]++;
    }
    const char *url = json_string_value(json_object_get(json_object_get(answer, "links"), link));
    snprintf(next, next_bytes, "%s", url == NULL ? "" : url);
    json_decref(answer);
    seen->pages++;
}

/* Articles are put between any two pages: none is shown twice, and each that was there at the start
 * is shown once. */
static void check_walk(struct bench *f, const char *target) {
    struct seen seen = {.pages = 0};
    char next[600];
    int number = BEFORE;
    for (int i = 0; i < BEFORE; i++)
        put_numbered(f, i, 1 + i * 5 % 28, "a");
    for (snprintf(next, sizeof next, "%s", target); next[0] != '\0'; number++) {
        read_page(f, next, sizeof next, "next", &seen);
        if (number < BEFORE + DURING)
            put_numbered(f, number, 1 + number * 11 % 28, "a");
        assert_in_range(seen.pages, 1, 200);
    }
    assert_true(seen.pages >= 12);
    for (int id = 1; id <= ID_MAX; id++)
        assert_in_range(seen.count[id], id <= BEFORE ? 1 : 0, 1);
}

static void test_pages_newest(void **state) {
    check_walk(*state, "/v1/articles?limit=5&fields=id");
}

static void test_pages_by_title(void **state) {
    check_walk(*state, "/v1/articles?limit=5&fields=id&sort=title");
}

static void test_pages_by_two_keys(void **state) {
    check_walk(*state, "/v1/articles?limit=5&fields=id&sort=published,-title");
}

static void test_pages_of_tag(void **state) {
    check_walk(*state, "/v1/tags/a/articles?limit=5&fields=id");
}

static void test_pages_of_set(void **state) {
    check_walk(*state, "/v1/articles?limit=5&fields=id&tag=a&author=ann-lee&sort=-words");
}

/* ---- totals ---- */

static void test_totals(void **state) {
    (void)state;
    static const struct {
        int64_t count, limit;
        struct list_total wanted;
        const char *what;
    } rows[] = {
        {0, 0, {false, false, 0}, "count=none"},
        {9, INT64_MAX, {true, false, 9}, "count=exact"},
        {2000000, INT64_MAX, {true, false, 2000000}, "count=exact has no bound"},
        {LIST_BOUND, LIST_BOUND + 1, {true, false, LIST_BOUND}, "as many as the bound"},
        {LIST_BOUND + 1, LIST_BOUND + 1, {true, true, LIST_BOUND}, "more than the bound"},
        {LIST_BOUND + 50, LIST_BOUND + 1, {true, true, LIST_BOUND}, "many more at once"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("%s\n", rows[i].what);
        struct list_total total = list_total_of(rows[i].count, rows[i].limit);
        assert_int_equal(total.is_known, rows[i].wanted.is_known);
        assert_int_equal(total.is_lower_bound, rows[i].wanted.is_lower_bound);
        assert_int_equal(total.count, rows[i].wanted.count);
    }
}

/* ---- readiness ---- */

static void assert_not_ready(struct bench *f, const char *check, const char *why) {
    assert_int_equal(ask(f, "/readyz"), 503);
    json_t *answer = read_json(f);
    assert_string_equal(json_string_value(json_object_get(answer, "detail")), why);
    assert_string_equal(json_string_value(json_object_get(answer, "check")), check);
    assert_int_equal(json_string_length(json_object_get(answer, "since")), 20);
    json_decref(answer);
}

static void test_readyz(void **state) {
    struct bench *f = *state;
    assert_int_equal(ask(f, "/readyz"), 200);
    struct writer writer;
    writer_init(&writer, f->writer, NULL, NULL);
    f->service.writer = &writer;
    assert_int_equal(ask(f, "/readyz"), 200);
    atomic_store(&writer.has_failed, true);
    assert_not_ready(f, "writer",
                     "a write to the disk failed: what is stored is known only after a restart");
    f->service.writer = NULL;
    writer_fini(&writer);
    atomic_store(&f->service.is_draining, true);
    assert_not_ready(f, "drain", "the server is shutting down");
    assert_int_equal(ask(f, "/healthz"), 200);
    assert_int_equal(ask(f, "/v1/articles"), 200);
}

static void test_empty_store(void **state) {
    struct bench *f = *state;
    static const struct {
        const char *target;
        unsigned status;
    } cases[] = {
        {"/v1/articles", 200},
        {"/v1/articles?tag=a", 200},
        {"/v1/articles/1", 404},
        {"/v1/articles/one", 404},
        {"/v1/paragraphs", 200},
        {"/v1/paragraphs?min_words=5", 200},
        {"/v1/paragraphs/1", 404},
        {"/v1/tags", 200},
        {"/v1/tags?sort=name", 200},
        {"/v1/sections/world", 404},
        {"/v1/articles?tag_not=a", 200},
        {"/v1/articles?ids=1", 200},
        {"/v1/changes", 200},
        {"/v1/articles/1/revisions", 404},
        {"/v1/articles/1/diff", 404},
        {"/v1/articles/1?as_of=1", 404},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (ask(f, cases[i].target) != cases[i].status)
            fail_msg("%s: %u", cases[i].target, f->reply.status);
    }
}

/* ---- what must never be a 500 ---- */

static const char *const hard_targets[] = {
    "/v1/articles/long",
    "/v1/articles?limit=1",
    "/v1/paragraphs?limit=2",
    "/v1/articles?limit=3&sort=-published,title,words,updated&include=paragraphs",
    "/v1/articles?tag=a,b&tag_not=b&section=world&author=ann-lee&date=2018&changed_since=1",
    "/v1/articles/1?include=related,neighbors",
    "/v1/articles/title-1-1",
    "/v1/articles/title-1-2",
    "/v1/articles/1/paragraphs/1-2",
    "/v1/paragraphs?tag=a&min_words=2&limit=4",
    "/v1/paragraphs/3?context=3",
    "/v1/tags/a?include=related",
    "/v1/sections?q=w",
    "/v1/tags/b/articles?tag=a",
    "/v1/articles/2.txt",
    "/v1/articles/2.md",
    "/v1/articles/edited/revisions?limit=1",
    "/v1/articles/edited/revisions/1",
    "/v1/articles/edited/revisions/1.txt",
    "/v1/articles/edited/diff",
    "/v1/articles/edited?as_of=1&include=revisions",
    "/v1/articles/edited.md?as_of=2999-01-01",
    "/v1/changes?limit=8&tag=b,none&author=ann-lee&collapse=1",
    "/v1/paragraphs/28?include=revisions",
    "/",
    "/problems/gone",
    "/v1/articles/edited.html",
    "/v1/articles.html?sort=-published&limit=3&tag=a,none",
    "/v1/search.html?q=word1+OR+title:edited&limit=2",
    "/v1/tags.html",
    "/v1/articles/edited/revisions.html",
    "/v1/articles/edited/diff.html",
    "/v1/quotes.html?text=One+lamp+was+lit",
    "/v1/articles/no-such-article.html",
};

/* Large pieces of an answer do not fit where small ones still do. */
static void put_long(struct bench *f) {
    char line[4000];
    int used = snprintf(line, sizeof line, "Long|Ann Lee|2018-06-28|WORLD|a,b|");
    for (int i = 0; i < 500; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, "word%d%s", i % 10,
                         i % 250 == 249 ? "~" : " ");
    snprintf(line + used, sizeof line - (size_t)used, "end");
    put(f, line);
}

/* Two versions, between which everything happens that can. */
static void put_edited(struct bench *f) {
    put(f, "Edited|Ann Lee|2018-06-01|WORLD|a,b|One lamp was lit every night.~The second stays as "
           "it is.~The third one will be gone by then.~A fourth walks to the front.");
    put_as(
        f,
        "Edited|Ann Lee|2018-06-01|CULTURE|b,c|A fourth walks to the front.~One lamp was not lit "
        "every night.~The second stays as it is.~Something quite new arrived.",
        IMPORT_UPDATED);
}

/* With less and less memory the answer is the same or an honest 503, never anything else. */
static void test_memory_ends(void **state) {
    struct bench *f = *state;
    for (int i = 0; i < 12; i++)
        put_numbered(f, i, 1 + i, i % 3 == 0 ? "a,b" : "a");
    put_long(f);
    put_edited(f);
    for (size_t i = 0; i < sizeof hard_targets / sizeof *hard_targets; i++) {
        unsigned without_limit = ask(f, hard_targets[i]);
        assert_true(without_limit == 200 || without_limit == 404);
        struct span body = reply_body(&f->reply);
        char *whole = malloc(body.bytes);
        size_t whole_bytes = body.bytes;
        assert_non_null(whole);
        memcpy(whole, body.at, body.bytes);
        for (size_t limit = 0; limit < 160 * 1024; limit += 100) {
            arena_fini(&f->arena);
            arena_init(&f->arena, limit);
            unsigned status = ask(f, hard_targets[i]);
            if (status == 503)
                continue;
            assert_int_equal(status, without_limit);
            assert_int_equal(reply_body(&f->reply).bytes, whole_bytes);
            assert_memory_equal(reply_body(&f->reply).at, whole, whole_bytes);
        }
        free(whole);
        arena_fini(&f->arena);
        arena_init(&f->arena, LIMIT_REQUEST_ARENA_BYTES);
    }
}

/* Cursors that fit their list but name places that nobody was given. */
static void test_forged_cursors(void **state) {
    struct bench *f = *state;
    const int64_t numbers[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    const char *const texts[] = {"", "2018-06-03", "\xFF\xFE", "zzz"};
    for (int i = 0; i < 12; i++)
        put_numbered(f, i, 1 + i, "a");
    for (size_t i = 0; i < 5 * 5 * 4 * 2; i++) {
        struct buffer target;
        struct cursor cursor = {
            .list = span_hash(SPAN_LITERAL("/v1/paragraphs?")),
            .is_backward = i % 2 == 1,
            .keys = {STORE_TEXT(span_of(texts[i / 2 % 4])), STORE_INT(numbers[i / 8 % 5]),
                     STORE_INT(numbers[i / 40 % 5])},
            .key_count = 3,
        };
        buffer_init(&target);
        buffer_append_text(&target, "/v1/paragraphs?cursor=");
        buffer_append_span(&target, cursor_print(&cursor, &f->import_arena));
        buffer_append_char(&target, '\0');
        assert_int_equal(ask(f, target.bytes), 200);
        buffer_fini(&target);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pages_newest, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_pages_by_title, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_pages_by_two_keys, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_pages_of_tag, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_pages_of_set, bench_setup, bench_teardown),
        cmocka_unit_test(test_totals),
        cmocka_unit_test_setup_teardown(test_readyz, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_empty_store, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_memory_ends, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_forged_cursors, bench_setup, bench_teardown),
    };
    render_setup();
    return cmocka_run_group_tests_name("surface", tests, NULL, NULL);
}
