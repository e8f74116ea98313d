/* export.c: every article, a line each, in one state of the store: made while it is sent, on a
 * connection of its own, as the worker's belongs to whoever asks next. The state that is read keeps
 * the writer's log from being emptied, so there are few exports at a time and each has an end. */
#include <stdlib.h>

#include "engine/render.h"
#include "ground/clock.h"
#include "surface/handlers.h"
#include "surface/shapes.h"

enum { EXPORTS_MAX = 2, EXPORT_MS_MAX = 15 * 60 * 1000 };

struct export {
    struct service *service;
    struct request reading; /* what shapes are made for: store and arena */
    struct arena arena;     /* of one article */
    struct rows ids;
    struct buffer line;
    size_t sent; /* of the line */
    int64_t ends_ms;
};

static void export_free(void *state) {
    struct export *export = state;
    rows_cleanup(&export->ids);
    store_close(export->reading.store);
    arena_fini(&export->arena);
    buffer_fini(&export->line);
    atomic_fetch_sub(&export->service->exports, 1);
    free(export);
}

static enum problem print_article(struct export *export, int64_t id) {
    rows_auto struct rows rows = {0};
    json_t *article = NULL, *paragraphs = NULL;
    store_query(export->reading.store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    if (!rows_next(&rows))
        return rows_end(&rows) == PROBLEM_NONE ? PROBLEM_INTERNAL : PROBLEM_UNAVAILABLE;
    enum problem problem = shape_article(&export->reading, &rows, &article);
    if (problem == PROBLEM_NONE)
        problem = shape_paragraphs(&export->reading, id, 1, INT64_MAX, &paragraphs);
    if (problem != PROBLEM_NONE)
        return problem;
    if (!render_set(article, "paragraphs", paragraphs) || export->arena.has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    render_write(article, false, &export->line);
    buffer_append_char(&export->line, '\n');
    return export->line.failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

/* The next line; none is left when it stays empty. */
static enum problem next_line(struct export *export) {
    buffer_clear(&export->line);
    export->sent = 0;
    if (!rows_next(&export->ids))
        return rows_end(&export->ids);
    render_begin(&export->arena);
    enum problem problem = print_article(export, rows_int(&export->ids, 0));
    render_end();
    arena_reset(&export->arena);
    return problem;
}

static int64_t export_read(void *state, char *out, size_t room) {
    struct export *export = state;
    size_t used = 0;
    if (clock_ms() > export->ends_ms)
        return -1;
    while (used < room) {
        if (export->sent == export->line.used) {
            if (next_line(export) != PROBLEM_NONE)
                return -1;
            if (export->line.used == 0)
                break;
        }
        size_t left = export->line.used - export->sent;
        size_t count = left < room - used ? left : room - used;
        memcpy(out + used, export->line.bytes + export->sent, count);
        export->sent += count;
        used += count;
    }
    return (int64_t)used;
}

static enum problem export_begin(struct export *export, struct request *request) {
    export->reading.service = request->service;
    enum problem problem =
        store_open(request->service->config->db, STORE_READER, &export->reading.store, NULL);
    if (problem == PROBLEM_NONE)
        problem = store_begin(export->reading.store);
    if (problem == PROBLEM_NONE)
        problem = store_seq(export->reading.store, &request->seq);
    if (problem == PROBLEM_NONE)
        store_query(export->reading.store, SQL_article_ids, &export->ids,
                    STORE_VALUES(STORE_INT(0)));
    return problem;
}

/* *out has its place among the exports, whatever is said. */
static enum problem export_new(struct request *request, struct export **out) {
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        atomic_fetch_sub(&request->service->exports, 1);
        return PROBLEM_OUT_OF_MEMORY;
    }
    struct export *export = *out;
    export->service = request->service;
    export->reading.arena = &export->arena;
    export->ends_ms = clock_ms() + EXPORT_MS_MAX;
    arena_init(&export->arena, LIMIT_REQUEST_ARENA_BYTES);
    buffer_init(&export->line);
    return export_begin(export, request);
}

enum problem export_get(struct request *request, struct reply *reply) {
    struct export *export;
    if (atomic_fetch_add(&request->service->exports, 1) >= EXPORTS_MAX) {
        atomic_fetch_sub(&request->service->exports, 1);
        fault_set(&request->fault, "%d exports are under way, which is the most at a time",
                  EXPORTS_MAX);
        return PROBLEM_BUSY;
    }
    enum problem problem = export_new(request, &export);
    if (problem != PROBLEM_NONE) {
        if (export != NULL)
            export_free(export);
        return problem;
    }
    reply->status = 200;
    reply->source = (struct reply_source){export_read, export_free, export, -1};
    reply_field(reply, "Content-Type", "application/x-ndjson");
    return PROBLEM_NONE;
}
