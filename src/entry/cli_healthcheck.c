/* cli_healthcheck.c: GET /healthz plain or over TLS, under one deadline for all of it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "entry/cli.h"
#include "entry/http_client.h"
#include "ground/clock.h"

static bool send_request(struct http_stream *stream, const struct http_endpoint *endpoint,
                         int64_t timeout_ms) {
    struct buffer request;
    buffer_init(&request);
    buffer_append_text(&request, "GET /healthz HTTP/1.1\r\nHost: ");
    http_endpoint_print(endpoint, &request);
    buffer_append_text(&request, "\r\nConnection: close\r\n\r\n");
    bool is_sent = !request.failed && http_send(stream, buffer_span(&request), timeout_ms);
    buffer_fini(&request);
    return is_sent;
}

/* The status of the answer; 0 with errno when there is none. */
static int read_status(struct http_stream *stream, int64_t deadline_ms) {
    struct http_reply reply;
    http_reply_init(&reply, stream, 0);
    reply.deadline_ms = deadline_ms;
    int status = http_reply_head(&reply) ? reply.status : 0;
    int error = errno;
    http_reply_fini(&reply);
    errno = error;
    return status;
}

/* Whoever answers: no secret is told, and the name of 127.0.0.1 is in no certificate. */
static int ask(struct http_stream *stream, const struct http_endpoint *endpoint,
               int64_t deadline_ms) {
    int status = 0;
    if (http_connect(stream, endpoint, TLS_CLIENT_ANYBODY, NULL, deadline_ms) &&
        send_request(stream, endpoint, deadline_ms - clock_ms()))
        status = read_status(stream, deadline_ms);
    http_close(stream);
    return status;
}

enum cli_exit cli_healthcheck(struct config *config) {
    struct http_endpoint endpoint;
    struct http_stream stream;
    bool is_own = config->url[0] == '\0';
    if (!http_endpoint_parse(is_own ? config->listens[0] : config->url, &endpoint)) {
        cli_complain("'%.100s' is not of the form http://HOST:PORT or https://HOST:PORT",
                     config->url);
        return CLI_EXIT_USAGE;
    }
    endpoint.is_tls = endpoint.is_tls || (is_own && config->tls_certificate[0] != '\0');
    if (strcmp(endpoint.port, "0") == 0) {
        cli_complain("port 0 cannot be asked; give the server's address as --url");
        return CLI_EXIT_USAGE;
    }
    int status = ask(&stream, &endpoint, clock_ms() + (int64_t)config->timeout_s * 1000);
    if (status == 200) {
        puts("healthy");
        return CLI_EXIT_DONE;
    }
    if (status == 0)
        cli_complain("no answer from %s port %s: %s", endpoint.host, endpoint.port,
                     http_error(&stream));
    else
        cli_complain("%s port %s answers %d", endpoint.host, endpoint.port, status);
    return CLI_EXIT_FAILED;
}
