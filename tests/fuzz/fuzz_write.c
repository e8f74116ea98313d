/* Any bytes as the body of a write to a small store: never a 500, JSON where JSON is said, and what
 * was refused has changed nothing. The first byte chooses the request. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "domain/import.h"
#include "engine/render.h"
#include "engine/writer.h"
#include "ground/log.h"
#include "surface/routes.h"
#include "surface/serve.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static const struct config config = {.cache_max_age_s = 60, .query_deadline_ms = 5000};

/* What is made once and used by every input; the files are unlinked while they are open. */
static struct {
    struct service service;
    struct router router;
    struct store *store, *reader;
    struct writer writer;
    struct arena arena;
    struct reply reply;
} world;

static const struct {
    enum method method;
    const char *name, *target, *type;
} requests[] = {
    {METHOD_POST, "POST", "/v1/articles", "application/json"},
    {METHOD_POST, "POST", "/v1/articles", "text/plain"},
    {METHOD_PUT, "PUT", "/v1/articles/1", "application/json"},
    {METHOD_PUT, "PUT", "/v1/articles/1", "text/plain"},
    {METHOD_PATCH, "PATCH", "/v1/articles/1", "application/merge-patch+json"},
    {METHOD_POST, "POST", "/v1/articles/1/paragraphs", "application/json"},
    {METHOD_PUT, "PUT", "/v1/paragraphs/2", "application/json"},
    {METHOD_PATCH, "PATCH", "/v1/paragraphs/2", "application/json"},
    {METHOD_PUT, "PUT", "/v1/articles/2/tags/trains", "application/json"},
    {METHOD_PATCH, "PATCH", "/v1/tags/talks", "application/json"},
    {METHOD_POST, "POST", "/v1/tags/trains/merge", "application/json"},
};

enum { REQUESTS = sizeof requests / sizeof requests[0] };

static void require(bool is_true) {
    if (!is_true)
        abort();
}

static void put_article(struct import *run, const char *title, const char *tag) {
    struct span tags[] = {span_of(tag), SPAN_LITERAL("Talks")};
    struct span paragraphs[] = {SPAN_LITERAL("First words of \"it\"."), span_of(title),
                                SPAN_LITERAL("Last\xC2\xA0words.")};
    struct article article = {
        .title = span_of(title), .tags = {tags, 2}, .paragraphs = {paragraphs, 3}};
    struct import_result result;
    require(import_article(run, &article, SPAN_LITERAL(""), &result, NULL) == PROBLEM_NONE);
}

static void fill(void) {
    struct import *run = NULL;
    require(import_open(world.store, false, &run) == PROBLEM_NONE);
    put_article(run, "One day", "North Korea");
    put_article(run, "Two days", "Trains");
    require(import_commit(run) == PROBLEM_NONE);
    import_close(run);
}

static void make_world(void) {
    char folder[] = "/tmp/pilcrow-fuzz-XXXXXX", path[64];
    log_setup(CONFIG_LOG_LOGFMT, LOG_ERROR);
    render_setup();
    require(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.db", folder);
    require(store_open(path, STORE_WRITER, &world.store, NULL) == PROBLEM_NONE);
    fill();
    require(store_open(path, STORE_READER, &world.reader, NULL) == PROBLEM_NONE);
    require(router_init(&world.router, routes, routes_count, NULL) == PROBLEM_NONE);
    service_init(&world.service, &config, &world.router);
    writer_init(&world.writer, world.store, NULL, NULL);
    world.service.writer = &world.writer;
    arena_init(&world.arena, LIMIT_REQUEST_ARENA_BYTES);
    buffer_init(&world.reply.body);
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s/a.db%s", folder, endings[i]);
        unlink(path);
    }
    rmdir(folder);
}

static int64_t seq_now(void) {
    int64_t seq = -1;
    require(store_begin(world.reader) == PROBLEM_NONE);
    require(store_seq(world.reader, &seq) == PROBLEM_NONE);
    store_end(world.reader);
    return seq;
}

static void ask(size_t index, struct span body) {
    static struct request request;
    arena_reset(&world.arena);
    request = (struct request){
        .service = &world.service,
        .store = world.reader,
        .arena = &world.arena,
        .method = requests[index].method,
        .method_name = span_of(requests[index].name),
        .raw_target = span_of(requests[index].target),
        .host = SPAN_LITERAL("localhost"),
        .id = "01ABC",
        .head = {.content_type = span_of(requests[index].type), .if_match = SPAN_LITERAL("*")},
        .body = body,
    };
    request.access.is_checked = true; /* who may write is not the question here */
    serve(&request, &world.reply);
}

static void check_answer(void) {
    struct span body = reply_body(&world.reply);
    if (body.bytes == 0)
        return;
    json_t *json = json_loadb(body.at, body.bytes, JSON_REJECT_DUPLICATES, NULL);
    require(json != NULL);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (world.store == NULL)
        make_world();
    if (count == 0)
        return 0;
    int64_t before = seq_now();
    ask(bytes[0] % REQUESTS, (struct span){(const char *)bytes + 1, count - 1});
    unsigned status = world.reply.status;
    require(status >= 200 && status < 600 && status != 500);
    check_answer();
    require(status < 300 || seq_now() == before);
    return 0;
}
