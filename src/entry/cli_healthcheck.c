/* cli_healthcheck.c: GET /healthz over a plain socket, under one deadline for all of it. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "entry/cli.h"
#include "ground/clock.h"

enum { HOST_BYTES = 256, PORT_BYTES = 8, ANSWER_BYTES = 512 };

struct endpoint {
    char host[HOST_BYTES]; /* without brackets */
    char port[PORT_BYTES];
};

static bool copy_part(struct span part, char *out, size_t out_bytes) {
    if (part.bytes == 0 || part.bytes >= out_bytes)
        return false;
    memcpy(out, part.at, part.bytes);
    out[part.bytes] = '\0';
    return true;
}

/* "127.0.0.1:8080", "[::1]:8080", "localhost"; what follows a slash is of no interest. */
static bool split_endpoint(const char *text, struct endpoint *out) {
    bool is_bracketed = text[0] == '[';
    const char *name = text + (is_bracketed ? 1 : 0);
    struct span host = {name, strcspn(name, is_bracketed ? "]" : ":/?#")};
    struct span port = SPAN_LITERAL("80");
    const char *rest = name + host.bytes;
    if (is_bracketed && *rest++ != ']')
        return false;
    if (*rest == ':')
        port = (struct span){rest + 1, strcspn(rest + 1, "/?#")};
    else if (*rest != '\0' && strchr("/?#", *rest) == NULL)
        return false;
    return copy_part(host, out->host, sizeof out->host) &&
           copy_part(port, out->port, sizeof out->port) &&
           strspn(out->port, "0123456789") == strlen(out->port);
}

/* Nobody can connect to "every address": the loopback of the same family is one of them. */
static void replace_wildcard(struct endpoint *endpoint) {
    if (strcmp(endpoint->host, "0.0.0.0") == 0)
        snprintf(endpoint->host, sizeof endpoint->host, "127.0.0.1");
    else if (strcmp(endpoint->host, "::") == 0)
        snprintf(endpoint->host, sizeof endpoint->host, "::1");
}

static bool wait_for(int descriptor, short events, int64_t deadline_ms) {
    struct pollfd entry = {.fd = descriptor, .events = events};
    for (;;) {
        int64_t left = deadline_ms - clock_ms();
        if (left <= 0)
            break;
        int ready = poll(&entry, 1, (int)left);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
    errno = ETIMEDOUT;
    return false;
}

static int connect_one(const struct addrinfo *address, int64_t deadline_ms) {
    int descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -1;
    int error = 0;
    socklen_t error_bytes = sizeof error;
    if (connect(descriptor, address->ai_addr, address->ai_addrlen) == 0)
        return descriptor;
    if (errno == EINPROGRESS && wait_for(descriptor, POLLOUT, deadline_ms) &&
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &error_bytes) == 0) {
        if (error == 0)
            return descriptor;
        errno = error;
    }
    error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

static int connect_any(const struct endpoint *endpoint, int64_t deadline_ms) {
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses = NULL;
    int descriptor = -1;
    if (getaddrinfo(endpoint->host, endpoint->port, &wanted, &addresses) != 0) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    for (const struct addrinfo *a = addresses; a != NULL && descriptor < 0; a = a->ai_next)
        descriptor = connect_one(a, deadline_ms);
    int error = errno;
    freeaddrinfo(addresses);
    errno = error;
    return descriptor;
}

static bool send_request(int descriptor, const struct endpoint *endpoint, int64_t deadline_ms) {
    char request[HOST_BYTES + 128];
    bool is_ipv6 = strchr(endpoint->host, ':') != NULL;
    int bytes = snprintf(request, sizeof request,
                         "GET /healthz HTTP/1.1\r\nHost: %s%s%s:%s\r\nConnection: close\r\n\r\n",
                         is_ipv6 ? "[" : "", endpoint->host, is_ipv6 ? "]" : "", endpoint->port);
    return wait_for(descriptor, POLLOUT, deadline_ms) &&
           send(descriptor, request, (size_t)bytes, MSG_NOSIGNAL) == bytes;
}

/* The status of the answer; 0 with errno when there is none. */
static int read_status(int descriptor, int64_t deadline_ms) {
    char answer[ANSWER_BYTES];
    size_t used = 0;
    while (used < 12) {
        if (!wait_for(descriptor, POLLIN, deadline_ms))
            return 0;
        ssize_t got = recv(descriptor, answer + used, sizeof answer - 1 - used, 0);
        if (got < 0)
            return 0;
        if (got == 0)
            break;
        used += (size_t)got;
    }
    answer[used] = '\0';
    errno = EPROTO;
    if (used < 12 || strncmp(answer, "HTTP/1.", 7) != 0)
        return 0;
    return (int)strtol(answer + 9, NULL, 10);
}

static int ask(const struct endpoint *endpoint, int64_t deadline_ms) {
    int descriptor = connect_any(endpoint, deadline_ms);
    if (descriptor < 0)
        return 0;
    int status = 0;
    if (send_request(descriptor, endpoint, deadline_ms))
        status = read_status(descriptor, deadline_ms);
    int error = errno;
    close(descriptor);
    errno = error;
    return status;
}

enum cli_exit cli_healthcheck(struct config *config) {
    struct endpoint endpoint;
    const char *text =
        config->url[0] == '\0' ? config->listens[0] : config->url + strlen("http://");
    if (!split_endpoint(text, &endpoint)) {
        cli_complain("'%.100s' is not of the form http://HOST:PORT", config->url);
        return CLI_EXIT_USAGE;
    }
    replace_wildcard(&endpoint);
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
