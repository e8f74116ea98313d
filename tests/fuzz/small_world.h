/* small_world.h: a few articles and all that serve() needs over them, made once and used by every
 * input of a fuzz target; the files are unlinked while they are open. */
#ifndef PILCROW_TESTS_SMALL_WORLD_H
#define PILCROW_TESTS_SMALL_WORLD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "domain/import/import.h"
#include "engine/render.h"
#include "engine/store/writer.h"
#include "ground/log.h"
#include "surface/routes.h"
#include "surface/serve.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static struct {
    struct config config;
    struct service service;
    struct router router;
    struct store *store, *reader;
    struct writer writer;
    struct arena arena;
    struct request request;
    struct reply reply;
} world;

static void require(bool is_true) {
    if (!is_true)
        abort();
}

static void world_put(struct import *run, const char *title, const char *date, const char *tag) {
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

static void world_fill(void) {
    struct import *run = NULL;
    require(import_open(world.store, false, &run) == PROBLEM_NONE);
    world_put(run, "One day", "2018-06-03", "North Korea");
    world_put(run, "Two days", "2018-07-01", "Trains");
    world_put(run, "\xD0\x94\xD0\xB5\xD0\xBD\xD1\x8C", "", "C++");
    require(import_commit(run) == PROBLEM_NONE);
    import_close(run);
    require(import_open(world.store, false, &run) == PROBLEM_NONE);
    world_put(run, "One day", "2018-06-03", "South Korea"); /* its second version */
    require(import_commit(run) == PROBLEM_NONE);
    import_close(run);
}

/* Without a writer the world is read only. */
static void world_make(bool has_writer) {
    char folder[] = "/tmp/pilcrow-fuzz-XXXXXX", path[64];
    log_setup(CONFIG_LOG_LOGFMT, LOG_ERROR);
    render_setup();
    world.config = (struct config){
        .db = "", /* it is unlinked by then: what opens it anew hears 503 */
        .title = "Small world",
        .public_url = "",
        .query_deadline_ms = 5000,
    };
    require(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.db", folder);
    require(store_open(path, STORE_WRITER, &world.store, NULL) == PROBLEM_NONE);
    world_fill();
    require(store_open(path, STORE_READER, &world.reader, NULL) == PROBLEM_NONE);
    require(router_init(&world.router, routes, routes_count, NULL) == PROBLEM_NONE);
    service_init(&world.service, &world.config, &world.router);
    writer_init(&world.writer, world.store, NULL, NULL);
    world.service.writer = has_writer ? &world.writer : NULL;
    arena_init(&world.arena, LIMIT_REQUEST_ARENA_BYTES);
    buffer_init(&world.reply.body);
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s/a.db%s", folder, endings[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* A body that is JSON can be read, and has no key twice. */
static inline bool world_has_json(void) {
    struct span body = reply_body(&world.reply);
    json_t *json = json_loadb(body.at, body.bytes, JSON_REJECT_DUPLICATES, NULL);
    bool is_json = json != NULL;
    json_decref(json);
    return is_json;
}

static inline void world_check_json(void) {
    require(world_has_json());
}

#endif
