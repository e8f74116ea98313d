/* wire_server.c: the wire alone, over a serve() that says what it saw, so that the tests of the
 * sockets need no database. Takes the flags of `pilcrow serve`, and WIRE_GRACE_S from the
 * environment. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground/config.h"
#include "ground/log.h"
#include "surface/serve.h"
#include "wire/server.h"

enum { LARGEST_BODY_BYTES = 64 * 1024 * 1024 };

static void add_field(struct reply *reply, const char *name, const char *value) {
    reply->fields[reply->field_count++] = (struct reply_field){name, value};
}

/* /big/N: N bytes. */
static void serve_big(struct request *request, struct reply *reply) {
    unsigned long bytes = strtoul(request->raw_target.at + strlen("/big/"), NULL, 10);
    if (bytes > LARGEST_BODY_BYTES || !buffer_reserve(&reply->body, bytes))
        return;
    memset(reply->body.bytes, 'x', bytes);
    reply->body.used = bytes;
}

/* /status/N: that status, with an ETag. */
static void serve_status(struct request *request, struct reply *reply) {
    reply->status = (unsigned)strtoul(request->raw_target.at + strlen("/status/"), NULL, 10);
    add_field(reply, "ETag", "\"1\"");
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
    print_span(&reply->body, "id", span_of(request->id));
}

static const struct {
    const char *prefix;
    void (*serve)(struct request *request, struct reply *reply);
} pages[] = {{"/big/", serve_big},
             {"/status/", serve_status},
             {"/split", serve_split},
             {"/field/", serve_field},
             {"", serve_echo}};

void serve(struct request *request, struct reply *reply) {
    size_t i = 0;
    while (strncmp(request->raw_target.at, pages[i].prefix, strlen(pages[i].prefix)) != 0)
        i++;
    reply->status = 200;
    add_field(reply, "Content-Type", "text/plain");
    pages[i].serve(request, reply);
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
    sigprocmask(SIG_BLOCK, &ends, NULL);
    if (server_start(&service, &server, &fault) != PROBLEM_NONE) {
        fprintf(stderr, "%s\n", fault.text);
        return 3;
    }
    for (size_t i = 0; server_url(server, i) != NULL; i++)
        printf("ready url=%s\n", server_url(server, i));
    fflush(stdout);
    sigwait(&ends, &received);
    server_stop(server);
    return 0;
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
