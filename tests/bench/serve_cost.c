/* serve_cost.c: what one serve() costs in process, and where: the store (SQLite), the writing of
 * JSON, and the rest (target, route, parameters, JSON tree, fields). No socket, no library of the
 * wire.
 *
 *     serve_cost DATABASE TARGET [TARGET...]      prints a Markdown table
 *
 * The linker puts the __wrap_ functions below between the rooms (see Makefile); each takes the
 * time of what it wraps. Reading the clock costs too: the whole is measured without it, the parts
 * with it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/precondition.h"
#include "engine/render.h"
#include "ground/log.h"
#include "surface/routes.h"
#include "surface/serve.h"

enum { REPEATS = 7, REPEAT_NS = 100 * 1000 * 1000, CALLS_AT_ONCE = 64 };

static bool takes_parts;
static int64_t store_ns;
static int64_t write_ns;

static int64_t clock_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t now_ns(void) {
    return clock_ns(CLOCK_MONOTONIC);
}

static int64_t part_begin(void) {
    return takes_parts ? now_ns() : 0;
}

static void part_end(int64_t *sum, int64_t began) {
    if (takes_parts)
        *sum += now_ns() - began;
}

enum problem __real_store_begin(struct store *store);
enum problem __wrap_store_begin(struct store *store);
enum problem __wrap_store_begin(struct store *store) {
    int64_t began = part_begin();
    enum problem problem = __real_store_begin(store);
    part_end(&store_ns, began);
    return problem;
}

void __real_store_end(struct store *store);
void __wrap_store_end(struct store *store);
void __wrap_store_end(struct store *store) {
    int64_t began = part_begin();
    __real_store_end(store);
    part_end(&store_ns, began);
}

enum problem __real_store_seq(struct store *store, int64_t *seq);
enum problem __wrap_store_seq(struct store *store, int64_t *seq);
enum problem __wrap_store_seq(struct store *store, int64_t *seq) {
    int64_t began = part_begin();
    enum problem problem = __real_store_seq(store, seq);
    part_end(&store_ns, began);
    return problem;
}

void __real_store_query(struct store *store, enum sql_id sql, struct rows *rows,
                        const struct store_value *values, size_t count);
void __wrap_store_query(struct store *store, enum sql_id sql, struct rows *rows,
                        const struct store_value *values, size_t count);
void __wrap_store_query(struct store *store, enum sql_id sql, struct rows *rows,
                        const struct store_value *values, size_t count) {
    int64_t began = part_begin();
    __real_store_query(store, sql, rows, values, count);
    part_end(&store_ns, began);
}

bool __real_rows_next(struct rows *rows);
bool __wrap_rows_next(struct rows *rows);
bool __wrap_rows_next(struct rows *rows) {
    int64_t began = part_begin();
    bool is_row = __real_rows_next(rows);
    part_end(&store_ns, began);
    return is_row;
}

enum problem __real_rows_end(struct rows *rows);
enum problem __wrap_rows_end(struct rows *rows);
enum problem __wrap_rows_end(struct rows *rows) {
    int64_t began = part_begin();
    enum problem problem = __real_rows_end(rows);
    part_end(&store_ns, began);
    return problem;
}

void __real_render_write(const json_t *json, bool is_pretty, struct buffer *out);
void __wrap_render_write(const json_t *json, bool is_pretty, struct buffer *out);
void __wrap_render_write(const json_t *json, bool is_pretty, struct buffer *out) {
    int64_t began = part_begin();
    __real_render_write(json, is_pretty, out);
    part_end(&write_ns, began);
}

struct bench {
    struct service *service;
    struct store *store;
    struct arena arena;
    struct reply reply;
};

static void serve_once(struct bench *bench, const char *target, const char *if_none_match) {
    arena_reset(&bench->arena);
    struct request request = {
        .service = bench->service,
        .store = bench->store,
        .arena = &bench->arena,
        .method = METHOD_GET,
        .method_name = SPAN_LITERAL("GET"),
        .raw_target = span_of(target),
        .host = SPAN_LITERAL("localhost"),
        .if_none_match = span_of(if_none_match),
        .id = "00000000000000000000000000",
        .seq = -1,
    };
    fault_init(&request.fault);
    reply_clear(&bench->reply);
    serve(&request, &bench->reply);
}

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Microseconds of processor time for one call: the median of the repeats. */
static double measure(struct bench *bench, const char *target, const char *if_none_match) {
    double results[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        int64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
        int64_t spent = 0;
        int64_t done = 0;
        for (; spent < REPEAT_NS; done += CALLS_AT_ONCE) {
            for (int j = 0; j < CALLS_AT_ONCE; j++)
                serve_once(bench, target, if_none_match);
            spent = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
        }
        results[i] = (double)spent / 1000.0 / (double)done;
    }
    qsort(results, REPEATS, sizeof results[0], compare_doubles);
    return results[REPEATS / 2];
}

/* Wall time of the parts beside wall time of the whole: what else runs on the machine meets
 * both. */
static void print_case(struct bench *bench, const char *target, const char *if_none_match) {
    takes_parts = false;
    double whole_us = measure(bench, target, if_none_match);
    takes_parts = true;
    store_ns = write_ns = 0;
    int64_t began = now_ns();
    (void)measure(bench, target, if_none_match);
    double all_ns = (double)(now_ns() - began);
    double store = (double)store_ns / all_ns;
    double write = (double)write_ns / all_ns;
    printf("| `%s`%s | %u | %zu | %.1f | %.0f %% | %.0f %% | %.0f %% |\n", target,
           if_none_match == NULL ? "" : " with its ETag", bench->reply.status,
           bench->reply.body.used, whole_us, 100 * store, 100 * write, 100 * (1 - store - write));
}

static const char *etag_of(const struct reply *reply, char *copy, size_t copy_bytes) {
    for (size_t i = 0; i < reply->field_count; i++) {
        if (strcmp(reply->fields[i].name, "ETag") == 0) {
            snprintf(copy, copy_bytes, "%s", reply->fields[i].value);
            return copy;
        }
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "serve_cost DATABASE TARGET [TARGET...]\n");
        return 2;
    }
    struct config config = {.db = argv[1], .query_deadline_ms = 1000};
    struct fault fault;
    fault_init(&fault);
    static struct router router;
    static struct service service;
    struct bench bench = {.service = &service};
    log_setup(CONFIG_LOG_LOGFMT, LOG_ERROR);
    render_setup();
    if (router_init(&router, routes, routes_count, &fault) != PROBLEM_NONE ||
        store_open(argv[1], STORE_READER, &bench.store, &fault) != PROBLEM_NONE) {
        fprintf(stderr, "%s\n", fault.text);
        return 3;
    }
    service_init(&service, &config, &router);
    arena_init(&bench.arena, LIMIT_REQUEST_ARENA_BYTES);
    buffer_init(&bench.reply.body);
    printf("| request | status | body bytes | us of CPU | store | JSON out | rest |\n"
           "|---|---|---|---|---|---|---|\n");
    for (int i = 2; i < argc; i++) {
        print_case(&bench, argv[i], NULL);
        char etag[ETAG_BYTES];
        serve_once(&bench, argv[i], NULL);
        const char *known = etag_of(&bench.reply, etag, sizeof etag);
        if (known != NULL)
            print_case(&bench, argv[i], known);
    }
    store_close(bench.store);
    buffer_fini(&bench.reply.body);
    arena_fini(&bench.arena);
    return 0;
}
