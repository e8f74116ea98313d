/* test_memory_writes.c: the n-th allocation of a write over the whole line of a request fails, for
 * every n, once or from then on. The answer is that it is done, and it is; or that there is no
 * memory, and nothing of it is there. (An import alone: tests/unit/test_store_memory.c.) */
#include "memory_help.h"
#include "serve_help.h"

#include "engine/render.h"
#include "engine/store/writer.h"
#include "ground/log.h"
#include "surface/routes.h"

static const struct config config = {.query_deadline_ms = 10000};

struct scene {
    struct served s;
    struct writer writer;
    int counter;  /* what the first paragraph of article 1 holds */
    int articles; /* how many there are */
    char etag[80];
};

static void ask(struct scene *scene, const char *method, const char *target, const char *body,
                const char *key) {
    struct request *request = &scene->s.request;
    served_request(&scene->s, method, target);
    request->access.is_checked = true; /* who may write is not the question here */
    if (body != NULL) {
        request->body = span_of(body);
        request->head.content_type = SPAN_LITERAL("application/json");
    }
    if (key != NULL)
        request->head.idempotency_key = span_of(key);
    else if (body != NULL)
        request->head.if_match = span_of(scene->etag);
    serve(request, &scene->s.reply);
    store_rest(scene->s.reader);
}

static void learn_etag(struct scene *scene) {
    ask(scene, "GET", "/v1/articles/1", NULL, NULL);
    assert_int_equal(scene->s.reply.status, 200);
    snprintf(scene->etag, sizeof scene->etag, "%s", served_field(&scene->s, "ETag"));
}

static int scene_make(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    served_make(&scene->s, &config, routes, routes_count);
    writer_init(&scene->writer, scene->s.store, NULL, NULL);
    scene->s.service.writer = &scene->writer;
    ask(scene, "POST", "/v1/articles",
        "{\"title\": \"One\", \"tags\": [\"a\"], \"paragraphs\": [\"0\", \"It stays.\"]}", "k0");
    assert_int_equal(scene->s.reply.status, 201);
    scene->articles = 1;
    learn_etag(scene);
    *state = scene;
    return 0;
}

static int scene_drop(void **state) {
    struct scene *scene = *state;
    writer_fini(&scene->writer);
    served_drop(&scene->s);
    free(scene);
    return 0;
}

/* The n-th try of a write; what it makes of the counter and of the number of articles. */
typedef void try(struct scene *scene, int n, int *counter, int *articles);

static void put_article(struct scene *scene, int n, int *counter, int *articles) {
    char body[200];
    (void)articles;
    snprintf(body, sizeof body,
             "{\"title\": \"One\", \"tags\": [\"b%d\"], \"paragraphs\": [\"%d\", \"It stays.\"]}",
             n % 3, n);
    *counter = n;
    ask(scene, "PUT", "/v1/articles/1", body, NULL);
}

static void put_paragraph(struct scene *scene, int n, int *counter, int *articles) {
    char body[80];
    (void)articles;
    snprintf(body, sizeof body, "{\"text\": \"%d\"}", n);
    *counter = n;
    ask(scene, "PUT", "/v1/paragraphs/1", body, NULL);
}

static void post_article(struct scene *scene, int n, int *counter, int *articles) {
    char body[120], key[20];
    (void)counter;
    snprintf(body, sizeof body, "{\"title\": \"New %d\", \"paragraphs\": [\"A.\", \"B.\"]}", n);
    snprintf(key, sizeof key, "k%d", n);
    *articles += 1;
    ask(scene, "POST", "/v1/articles", body, key);
}

static void see(struct scene *scene, unsigned n) {
    char wanted[40];
    assert_store_sound(scene->s.store);
    snprintf(wanted, sizeof wanted, "%d|%d", scene->counter, scene->articles);
    const char *found = asked(scene->s.store, "SELECT text, (SELECT count(*) FROM article) FROM "
                                              "paragraph WHERE article_id = 1 AND position = 1");
    if (strcmp(found, wanted) != 0)
        fail_msg("allocation %u: answered %u; the store holds %s, expected %s", n,
                 scene->s.reply.status, found, wanted);
    assert_string_equal(asked(scene->s.store, "SELECT count(*) - max(seq) FROM change"), "0");
}

static void fail_each(struct scene *scene, try *once) {
    const char *every = getenv("EVERY");
    unsigned step = every == NULL ? 1 : (unsigned)strtoul(every, NULL, 10), refused = 0, runs = 0;
    int tries = 0;
    for (int is_lasting = 0; is_lasting < 2; is_lasting++) {
        bool has_failed = true;
        for (unsigned n = 1; has_failed; n += step) {
            int counter = scene->counter, articles = scene->articles;
            memory_fail_at(n, is_lasting);
            once(scene, ++tries, &counter, &articles);
            has_failed = memory.has_failed;
            memory_fail_at(0, false);
            unsigned status = scene->s.reply.status;
            if (status / 100 == 2) {
                scene->counter = counter;
                scene->articles = articles;
            } else if (status != 503 || !has_failed) {
                struct span body = reply_body(&scene->s.reply);
                fail_msg("allocation %u: %u %.*s", n, status, (int)body.bytes, body.at);
            }
            refused += status == 503;
            runs++;
            see(scene, n);
            assert_false(atomic_load(&scene->writer.has_failed));
            learn_etag(scene);
        }
    }
    print_message("%u runs, %u refused\n", runs, refused);
    assert_true(refused > 0);
}

static void test_put_article(void **state) {
    fail_each(*state, put_article);
}

static void test_put_paragraph(void **state) {
    fail_each(*state, put_paragraph);
}

static void test_post_article(void **state) {
    fail_each(*state, post_article);
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE_TEST(test_put_article),
        SCENE_TEST(test_put_paragraph),
        SCENE_TEST(test_post_article),
    };
    hook_sqlite();
    log_setup(CONFIG_LOG_LOGFMT, -1);
    render_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
