/* wire_server.c: the wire alone, over a serve() that says what it saw, so that the tests of the
 * sockets need no database. Takes the flags of `pilcrow serve`, and WIRE_GRACE_S from the
 * environment. */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground/clock.h"
#include "ground/config/config.h"
#include "ground/log.h"
#include "surface/serve.h"
#include "wire/server.h"
#include "wire_pages.h"

enum { LARGEST_BODY_BYTES = 64 * 1024 * 1024 };

/* /big/N: N bytes. */
static void serve_big(struct request *request, struct reply *reply) {
    unsigned long bytes = strtoul(request->raw_target.at + strlen("/big/"), NULL, 10);
    if (bytes > LARGEST_BODY_BYTES || !buffer_reserve(&reply->body, bytes))
        return;
    memset(reply->body.bytes, 'x', bytes);
    reply->body.used = bytes;
}

/* /status/N?TEXT: that status, with an ETag and with X-Query: TEXT. */
static void serve_status(struct request *request, struct reply *reply) {
    reply->status = (unsigned)strtoul(request->raw_target.at + strlen("/status/"), NULL, 10);
    add_field(reply, "ETag", "\"1\"");
    const char *query = memchr(request->raw_target.at, '?', request->raw_target.bytes);
    if (query == NULL)
        return;
    size_t bytes = request->raw_target.bytes - (size_t)(query + 1 - request->raw_target.at);
    char *text = arena_alloc(request->arena, bytes + 1);
    if (text == NULL || bytes == 0)
        return;
    memcpy(text, query + 1, bytes);
    text[bytes] = '\0';
    add_field(reply, "X-Query", text);
}

/* /split: a field that must not leave. */
static void serve_split(struct request *request, struct reply *reply) {
    (void)request;
    add_field(reply, "X-Split", "a\r\nX-Evil: 1");
}

/* /field/N: a field of N bytes. */
static void serve_field(struct request *request, struct reply *reply) {
    unsigned long bytes = strtoul(request->raw_target.at + strlen("/field/"), NULL, 10);
    char *value = bytes > LARGEST_BODY_BYTES ? NULL : arena_alloc(request->arena, bytes + 1);
    if (value == NULL)
        return;
    memset(value, 'y', bytes);
    value[bytes] = '\0';
    add_field(reply, "X-Long", value);
}

/* ---- streams ---- */

/* Bodies and replies that are under way; whoever is opened must be freed, once. */
static atomic_int streams_open;

struct intake {
    unsigned long bytes;
    unsigned long sum;
    unsigned long pieces;
    unsigned long fails_at; /* 0 = never */
    int64_t ready_ms;       /* 0 = the end has not come */
};

static void intake_free(void *state) {
    free(state);
    atomic_fetch_sub(&streams_open, 1);
}

/* /stream/N: counts, and has enough after N bytes (0 = never). */
static enum problem take_stream(struct request *request, struct span bytes) {
    struct intake *intake = request->stream;
    if (intake == NULL) {
        intake = calloc(1, sizeof *intake);
        if (intake == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        atomic_fetch_add(&streams_open, 1);
        intake->fails_at =
            request->match.route->ready == NULL ? number_after(request, "/stream/") : 0;
        request->stream = intake;
        request->stream_free = intake_free;
    }
    intake->pieces++;
    intake->bytes += bytes.bytes;
    for (size_t i = 0; i < bytes.bytes; i++)
        intake->sum += (unsigned char)bytes.at[i];
    return intake->fails_at != 0 && intake->bytes >= intake->fails_at ? PROBLEM_INVALID
                                                                      : PROBLEM_NONE;
}

/* /later/N: a stream whose answer is there N milliseconds after its end. */
static bool is_later(struct request *request) {
    struct intake *intake = request->stream;
    if (intake->ready_ms == 0)
        intake->ready_ms = clock_ms() + (int64_t)number_after(request, "/later/");
    return clock_ms() >= intake->ready_ms;
}

static void serve_stream(struct request *request, struct reply *reply) {
    const struct intake *intake = request->stream;
    if (request->stream_problem != PROBLEM_NONE)
        reply->status = problem_info(request->stream_problem)->status;
    buffer_printf(&reply->body, "bytes=%lu sum=%lu pieces=%lu\n",
                  intake == NULL ? 0 : intake->bytes, intake == NULL ? 0 : intake->sum,
                  intake == NULL ? 0 : intake->pieces);
}

struct outlet {
    unsigned long left;
    bool breaks;
    unsigned long block_bytes; /* 0: as much as there is room for */
    int64_t pause_ms;          /* before each block */
    int64_t next_ms;
};

static int64_t outlet_read(void *state, char *out, size_t room) {
    struct outlet *outlet = state;
    if (outlet->left == 0)
        return outlet->breaks ? -1 : 0;
    if (clock_ms() < outlet->next_ms)
        return REPLY_SOURCE_LATER;
    outlet->next_ms = clock_ms() + outlet->pause_ms;
    size_t bytes = outlet->left < room ? outlet->left : room;
    if (outlet->block_bytes != 0 && bytes > outlet->block_bytes)
        bytes = outlet->block_bytes;
    memset(out, 'z', bytes);
    outlet->left -= bytes;
    return (int64_t)bytes;
}

static void outlet_free(void *state) {
    free(state);
    atomic_fetch_sub(&streams_open, 1);
}

static void set_source(struct reply *reply, unsigned long bytes, int64_t announced, bool breaks) {
    struct outlet *outlet = calloc(1, sizeof *outlet);
    if (outlet == NULL)
        return;
    atomic_fetch_add(&streams_open, 1);
    *outlet = (struct outlet){.left = bytes, .breaks = breaks};
    reply->source = (struct reply_source){outlet_read, outlet_free, outlet, announced};
}

/* /made/N, /file/N: N bytes while they are sent, without and with a length. */
static void serve_made(struct request *request, struct reply *reply) {
    set_source(reply, number_after(request, "/made/"), -1, false);
}

static void serve_file(struct request *request, struct reply *reply) {
    unsigned long bytes = number_after(request, "/file/");
    set_source(reply, bytes, (int64_t)bytes, false);
}

/* /made_late/N: five blocks of a hundred bytes, N ms before each. */
static void serve_made_late(struct request *request, struct reply *reply) {
    set_source(reply, 500, -1, false);
    struct outlet *outlet = reply->source.state;
    if (outlet == NULL)
        return;
    outlet->block_bytes = 100;
    outlet->pause_ms = (int64_t)number_after(request, "/made_late/");
    outlet->next_ms = clock_ms() + outlet->pause_ms;
}

/* /made_broken/N, /file_short/N: N bytes, then trouble. */
static void serve_made_broken(struct request *request, struct reply *reply) {
    set_source(reply, number_after(request, "/made_broken/"), -1, true);
}

static void serve_file_short(struct request *request, struct reply *reply) {
    unsigned long bytes = number_after(request, "/file_short/");
    set_source(reply, bytes, (int64_t)bytes + 1, false);
}

/* /made_split, /made_status/N: a source that is not sent. */
static void serve_made_split(struct request *request, struct reply *reply) {
    (void)request;
    set_source(reply, 1000, -1, false);
    add_field(reply, "X-Split", "a\r\nX-Evil: 1");
}

static void serve_made_status(struct request *request, struct reply *reply) {
    reply->status = (unsigned)number_after(request, "/made_status/");
    set_source(reply, 1000, -1, false);
}

/* ---- what was sent ---- */

static void print_span(struct buffer *out, const char *name, struct span value) {
    buffer_printf(out, "%s=", name);
    if (value.at == NULL)
        buffer_append_char(out, '-');
    buffer_append_span(out, value);
    buffer_append_char(out, '\n');
}

static void serve_echo(struct request *request, struct reply *reply) {
    print_span(&reply->body, "method", request->method_name);
    print_span(&reply->body, "target", request->raw_target);
    print_span(&reply->body, "host", request->host);
    print_span(&reply->body, "if_none_match", request->if_none_match);
    print_span(&reply->body, "content_type", request->head.content_type);
    print_span(&reply->body, "content_encoding", request->head.content_encoding);
    print_span(&reply->body, "if_match", request->head.if_match);
    print_span(&reply->body, "idempotency_key", request->head.idempotency_key);
    print_span(&reply->body, "prefer", request->head.prefer);
    print_span(&reply->body, "authorization", request->head.authorization);
    print_span(&reply->body, "range", request->head.range);
    print_span(&reply->body, "if_range", request->head.if_range);
    print_span(&reply->body, "last_event_id", request->head.last_event_id);
    print_span(&reply->body, "x_forwarded_for", request->head.x_forwarded_for);
    print_span(&reply->body, "address", span_of(request->address));
    print_span(&reply->body, "body", request->body);
    print_span(&reply->body, "id", span_of(request->id));
}

/* /whole: the length of the body and whether all of it is one letter. */
static void serve_whole(struct request *request, struct reply *reply) {
    struct span body = request->body;
    bool is_even = body.bytes == 0 || memcmp(body.at, body.at + 1, body.bytes - 1) == 0;
    buffer_printf(&reply->body, "bytes=%zu even=%d at=%d\n", body.bytes, is_even, body.at != NULL);
    serve_echo(&(struct request){.method_name = request->method_name,
                                 .raw_target = request->raw_target,
                                 .head = request->head,
                                 .address = request->address},
               reply);
}

static const struct route dropped = {.body = ROUTE_BODY_NONE};
static const struct route whole = {.body = ROUTE_BODY_WHOLE};
static const struct route streamed = {.body = ROUTE_BODY_STREAM, .take = take_stream};
static const struct route later = {
    .body = ROUTE_BODY_STREAM, .take = take_stream, .ready = is_later};

static const struct {
    const char *prefix;
    void (*serve)(struct request *request, struct reply *reply);
    const struct route *route; /* NULL: nobody may */
} pages[] = {{"/big/", serve_big, &dropped},
             {"/status/", serve_status, &dropped},
             {"/split", serve_split, &dropped},
             {"/field/", serve_field, &dropped},
             {"/kept/", serve_kept, &dropped},
             {"/kept_until_now", serve_kept_until_now, &dropped},
             {"/stream/", serve_stream, &streamed},
             {"/later/", serve_stream, &later},
             {"/whole", serve_whole, &whole},
             {"/echo", serve_echo, &whole},
             {"/made/", serve_made, &dropped},
             {"/file/", serve_file, &dropped},
             {"/made_late/", serve_made_late, &dropped},
             {"/made_broken/", serve_made_broken, &dropped},
             {"/file_short/", serve_file_short, &dropped},
             {"/made_split", serve_made_split, &dropped},
             {"/made_status/", serve_made_status, &dropped},
             {"/forbidden", serve_echo, NULL},
             {"", serve_echo, &dropped}};

static size_t find_page(const struct request *request) {
    size_t i = 0;
    while (strncmp(request->raw_target.at, pages[i].prefix, strlen(pages[i].prefix)) != 0)
        i++;
    return i;
}

enum problem serve_head(struct request *request) {
    request->match.route = pages[find_page(request)].route;
    request->match.is_query = request->method == METHOD_QUERY;
    request->is_routed = request->match.route != NULL;
    if (request->is_routed)
        return PROBLEM_NONE;
    fault_set(&request->fault, "nobody may");
    return PROBLEM_FORBIDDEN;
}

void serve(struct request *request, struct reply *reply) {
    if (!request->is_routed && serve_head(request) != PROBLEM_NONE) {
        serve_refusal(request, reply, PROBLEM_FORBIDDEN);
        return;
    }
    reply->status = 200;
    add_field(reply, "Content-Type", "text/plain");
    pages[find_page(request)].serve(request, reply);
}

void serve_refusal(struct request *request, struct reply *reply, enum problem problem) {
    reply->problem = problem;
    reply->status = problem_info(problem)->status;
    add_field(reply, "Content-Type", "application/problem+json");
    buffer_printf(&reply->body, "{\"code\":\"%s\",\"detail\":\"%s\"}", problem_info(problem)->code,
                  request->fault.text);
}

/* There is no database here. */
enum problem store_open(const char *path, enum store_role role, struct store **out,
                        struct fault *fault) {
    (void)path;
    (void)role;
    (void)fault;
    *out = NULL;
    return PROBLEM_NONE;
}

void store_close(struct store *store) {
    (void)store;
}

void store_rest(struct store *store) {
    (void)store;
}

static int run(const struct config *config) {
    static struct service service;
    struct fault fault;
    struct server *server = NULL;
    sigset_t ends;
    int received = 0;
    fault_init(&fault);
    service.config = config;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    if (server_open(&service, &server, &fault) != PROBLEM_NONE ||
        server_start(server, &fault) != PROBLEM_NONE) {
        fprintf(stderr, "%s\n", fault.text);
        return 3;
    }
    for (size_t i = 0; server_url(server, i) != NULL; i++)
        printf("ready url=%s\n", server_url(server, i));
    fflush(stdout);
    while (sigwait(&ends, &received) == 0 && received == SIGHUP)
        server_reload(server);
    server_stop(server);
    metrics_fini(&service.metrics);
    if (atomic_load(&streams_open) == 0)
        return 0;
    fprintf(stderr, "%d streams were not freed\n", atomic_load(&streams_open));
    return 4;
}

int main(int argc, char **argv) {
    static struct config config;
    struct fault fault;
    fault_init(&fault);
    signal(SIGPIPE, SIG_IGN);
    if (config_parse(&config, CONFIG_FOR_SERVE, argc - 1, argv + 1, &fault) != PROBLEM_NONE ||
        config_resolve(&config, &fault) != PROBLEM_NONE) {
        fprintf(stderr, "%s\n", fault.text);
        return 2;
    }
    const char *grace = getenv("WIRE_GRACE_S");
    config.rate_grace_s = grace == NULL ? 0 : (unsigned)strtoul(grace, NULL, 10);
    log_setup(config.log_format, config.log_level);
    return run(&config);
}
