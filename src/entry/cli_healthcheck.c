/* cli_healthcheck.c: GET /healthz over a plain socket, under one deadline for all of it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "entry/cli.h"
#include "entry/http_client.h"
#include "ground/clock.h"

static bool send_request(int descriptor, const struct http_endpoint *endpoint, int64_t timeout_ms) {
    struct buffer request;
    buffer_init(&request);
    buffer_append_text(&request, "GET /healthz HTTP/1.1\r\nHost: ");
    http_endpoint_print(endpoint, &request);
    buffer_append_text(&request, "\r\nConnection: close\r\n\r\n");
    bool is_sent = !request.failed && http_send(descriptor, buffer_span(&request), timeout_ms);
    buffer_fini(&request);
    return is_sent;
}

/* The status of the answer; 0 with errno when there is none. */
static int read_status(int descriptor, int64_t deadline_ms) {
    struct http_reply reply;
    http_reply_init(&reply, descriptor, 0);
    reply.deadline_ms = deadline_ms;
    int status = http_reply_head(&reply) ? reply.status : 0;
    int error = errno;
    http_reply_fini(&reply);
    errno = error;
    return status;
}

static int ask(const struct http_endpoint *endpoint, int64_t deadline_ms) {
    int descriptor = http_connect(endpoint, deadline_ms);
    if (descriptor < 0)
        return 0;
    int status = 0;
    if (send_request(descriptor, endpoint, deadline_ms - clock_ms()))
        status = read_status(descriptor, deadline_ms);
    int error = errno;
    close(descriptor);
    errno = error;
    return status;
}

enum cli_exit cli_healthcheck(struct config *config) {
    struct http_endpoint endpoint;
    const char *text =
        config->url[0] == '\0' ? config->listens[0] : config->url + strlen("http://");
    if (!http_endpoint_parse(text, &endpoint)) {
        cli_complain("'%.100s' is not of the form http://HOST:PORT", config->url);
        return CLI_EXIT_USAGE;
    }
    if (strcmp(endpoint.port, "0") == 0) {
        cli_complain("port 0 cannot be asked; give the server's address as --url");
        return CLI_EXIT_USAGE;
    }
    int status = ask(&endpoint, clock_ms() + (int64_t)config->timeout_s * 1000);
    if (status == 200) {
        puts("healthy");
        return CLI_EXIT_DONE;
    }
    if (status == 0)
        cli_complain("no answer from %s port %s: %s", endpoint.host, endpoint.port,
                     strerrordesc_np(errno));
    else
        cli_complain("%s port %s answers %d", endpoint.host, endpoint.port, status);
    return CLI_EXIT_FAILED;
}
