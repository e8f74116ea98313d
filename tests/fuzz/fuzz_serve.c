/* Any bytes as a request target, answered from a small store: never a 500, JSON where JSON is said,
 * no control bytes in a field, and the answer's own ETag brings a 304. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "domain/import.h"
#include "engine/render.h"
#include "ground/log.h"
#include "surface/routes.h"
#include "surface/serve.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static const struct config config = {.cache_max_age_s = 60, .query_deadline_ms = 5000};

/* What is made once and used by every input; the files are unlinked while they are open. */
static struct {
    struct service service;
    struct router router;
    struct store *reader;
    struct arena arena;
    struct reply reply;
} world;

static void require(bool is_true) {
    if (!is_true)
        abort();
}

static void put_article(struct import *run, const char *title, const char *date, const char *tag) {
    struct span authors[] = {SPAN_LITERAL("Ann Lee"), SPAN_LITERAL("Bob Ray")};
    struct span section[] = {SPAN_LITERAL("WORLD"), SPAN_LITERAL("Asia Pacific")};
    struct span tags[] = {span_of(tag), SPAN_LITERAL("Talks")};
    struct span paragraphs[] = {SPAN_LITERAL("First words of \"it\"."), span_of(title),
                                SPAN_LITERAL("Last\xC2\xA0words.")};
    struct article article = {
        .title = span_of(title),
        .authors = {authors, 2},
        .section = {section, 2},
        .tags = {tags, 2},
        .paragraphs = {paragraphs, 3},
    };
    struct import_result result;
    snprintf(article.published, sizeof article.published, "%s", date);
    require(import_article(run, &article, SPAN_LITERAL(""), &result, NULL) == PROBLEM_NONE);
}

static void fill(const char *path) {
    struct store *writer = NULL;
    struct import *run = NULL;
    require(store_open(path, STORE_WRITER, &writer, NULL) == PROBLEM_NONE);
    require(import_open(writer, false, &run) == PROBLEM_NONE);
    put_article(run, "One day", "2018-06-03", "North Korea");
    put_article(run, "Two days", "2018-07-01", "Trains");
    put_article(run, "\xD0\x94\xD0\xB5\xD0\xBD\xD1\x8C", "", "C++");
    require(import_commit(run) == PROBLEM_NONE);
    import_close(run);
    require(import_open(writer, false, &run) == PROBLEM_NONE);
    put_article(run, "One day", "2018-06-03", "South Korea"); /* its second version */
    require(import_commit(run) == PROBLEM_NONE);
    import_close(run);
    store_close(writer);
}

static void make_world(void) {
    char folder[] = "/tmp/pilcrow-fuzz-XXXXXX", path[64];
    log_setup(CONFIG_LOG_LOGFMT, LOG_ERROR);
    render_setup();
    require(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.db", folder);
    fill(path);
    require(store_open(path, STORE_READER, &world.reader, NULL) == PROBLEM_NONE);
    require(router_init(&world.router, routes, routes_count, NULL) == PROBLEM_NONE);
    service_init(&world.service, &config, &world.router);
    arena_init(&world.arena, LIMIT_REQUEST_ARENA_BYTES);
    buffer_init(&world.reply.body);
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s/a.db%s", folder, endings[i]);
        unlink(path);
    }
    rmdir(folder);
}

static const char *find_field(const char *name) {
    for (size_t i = 0; i < world.reply.field_count; i++) {
        if (strcmp(world.reply.fields[i].name, name) == 0)
            return world.reply.fields[i].value;
    }
    return NULL;
}

static void ask(struct span target, struct span if_none_match) {
    static struct request request;
    arena_reset(&world.arena);
    request.service = &world.service;
    request.store = world.reader;
    request.arena = &world.arena;
    request.method = METHOD_GET;
    request.raw_target = target;
    request.host = SPAN_LITERAL("localhost");
    request.if_none_match = if_none_match;
    serve(&request, &world.reply);
}

static void check_fields(void) {
    for (size_t i = 0; i < world.reply.field_count; i++) {
        for (const char *c = world.reply.fields[i].value; *c != '\0'; c++)
            require((unsigned char)*c >= 0x20 && *c != 0x7F);
    }
}

static void check_body(void) {
    const char *type = find_field("Content-Type");
    struct span body = reply_body(&world.reply);
    if (type == NULL || strstr(type, "json") == NULL)
        return;
    json_t *json = json_loadb(body.at, body.bytes, JSON_REJECT_DUPLICATES, NULL);
    require(json != NULL);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (world.reader == NULL)
        make_world();
    struct span target = {(const char *)bytes, count};
    ask(target, (struct span){NULL, 0});
    require(world.reply.status >= 200 && world.reply.status < 600 && world.reply.status != 500);
    check_fields();
    check_body();
    const char *etag = find_field("ETag");
    if (etag != NULL) {
        char kept[64];
        snprintf(kept, sizeof kept, "%s", etag);
        ask(target, span_of(kept));
        require(world.reply.status == 304);
    }
    return 0;
}
