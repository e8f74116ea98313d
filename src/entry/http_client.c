/* http_client.c: addresses, connections, sending. */
#include "entry/http_client.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "entry/import/import_stop.h"
#include "ground/clock.h"

static bool copy_part(struct span part, char *out, size_t out_bytes) {
    if (part.bytes == 0 || part.bytes >= out_bytes)
        return false;
    memcpy(out, part.at, part.bytes);
    out[part.bytes] = '\0';
    return true;
}

/* Nobody can connect to "every address": the loopback of the same family is one of them. */
static void replace_wildcard(struct http_endpoint *endpoint) {
    if (strcmp(endpoint->host, "0.0.0.0") == 0)
        snprintf(endpoint->host, sizeof endpoint->host, "127.0.0.1");
    else if (strcmp(endpoint->host, "::") == 0)
        snprintf(endpoint->host, sizeof endpoint->host, "::1");
}

static const char *cut_scheme(const char *text, const char *scheme) {
    size_t bytes = strlen(scheme);
    return strncmp(text, scheme, bytes) == 0 ? text + bytes : text;
}

bool http_endpoint_parse(const char *text, struct http_endpoint *out) {
    const char *plain = cut_scheme(text, "http://");
    const char *secure = cut_scheme(text, "https://");
    out->is_tls = secure != text;
    text = out->is_tls ? secure : plain;
    bool is_bracketed = text[0] == '[';
    const char *name = text + (is_bracketed ? 1 : 0);
    struct span host = {name, strcspn(name, is_bracketed ? "]" : ":/?#")};
    struct span port = span_of(out->is_tls ? "443" : "80");
    const char *rest = name + host.bytes;
    if (is_bracketed && *rest++ != ']')
        return false;
    if (*rest == ':')
        port = (struct span){rest + 1, strcspn(rest + 1, "/?#")};
    else if (*rest != '\0' && strchr("/?#", *rest) == NULL)
        return false;
    if (!copy_part(host, out->host, sizeof out->host) ||
        !copy_part(port, out->port, sizeof out->port) ||
        strspn(out->port, "0123456789") != strlen(out->port))
        return false;
    replace_wildcard(out);
    return true;
}

void http_endpoint_print(const struct http_endpoint *endpoint, struct buffer *out) {
    bool is_ipv6 = strchr(endpoint->host, ':') != NULL;
    buffer_printf(out, "%s%s%s:%s", is_ipv6 ? "[" : "", endpoint->host, is_ipv6 ? "]" : "",
                  endpoint->port);
}

bool http_wait(int descriptor, short events, int64_t deadline_ms) {
    struct pollfd entry = {.fd = descriptor, .events = events};
    for (;;) {
        int64_t left = deadline_ms - clock_ms();
        if (left <= 0)
            break;
        int ready = poll(&entry, 1, (int)left);
        if (ready > 0)
            return true;
        if (ready < 0 && (errno != EINTR || import_stop_is_wanted()))
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
    if (errno == EINPROGRESS && http_wait(descriptor, POLLOUT, deadline_ms) &&
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

static int connect_socket(const struct http_endpoint *endpoint, int64_t deadline_ms) {
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

static bool shake_hands(struct http_stream *stream, int64_t deadline_ms) {
    for (;;) {
        int result = tls_client_handshake(stream->tls);
        if (result == 1)
            return true;
        if (result < 0) {
            snprintf(stream->why, sizeof stream->why, "%s", tls_client_error(stream->tls));
            errno = EPROTO;
            return false;
        }
        short events = tls_client_wants_room(stream->tls) ? POLLOUT : POLLIN;
        if (!http_wait(stream->descriptor, events, deadline_ms))
            return false;
    }
}

bool http_connect(struct http_stream *stream, const struct http_endpoint *endpoint,
                  enum tls_client_trust trust, const char *certificate_file, int64_t deadline_ms) {
    *stream = (struct http_stream){.descriptor = connect_socket(endpoint, deadline_ms)};
    if (stream->descriptor < 0 || !endpoint->is_tls)
        return stream->descriptor >= 0;
    stream->tls = tls_client_new(stream->descriptor, endpoint->host, trust, certificate_file);
    errno = ENOMEM;
    return stream->tls != NULL && shake_hands(stream, deadline_ms);
}

void http_close(struct http_stream *stream) {
    int error = errno;
    tls_client_free(stream->tls);
    if (stream->descriptor >= 0)
        close(stream->descriptor);
    stream->tls = NULL;
    stream->descriptor = -1;
    errno = error;
}

const char *http_error(const struct http_stream *stream) {
    return stream->why[0] != '\0' ? stream->why : strerrordesc_np(errno);
}

static ssize_t send_some(struct http_stream *stream, struct span bytes) {
    if (stream->tls != NULL)
        return tls_client_send(stream->tls, bytes.at, bytes.bytes);
    return send(stream->descriptor, bytes.at, bytes.bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t http_recv(struct http_stream *stream, void *out, size_t room) {
    if (stream->tls != NULL)
        return tls_client_recv(stream->tls, out, room);
    return recv(stream->descriptor, out, room, MSG_DONTWAIT);
}

bool http_send(struct http_stream *stream, struct span bytes, int64_t timeout_ms) {
    while (bytes.bytes > 0) {
        ssize_t sent = send_some(stream, bytes);
        if (sent > 0)
            bytes = (struct span){bytes.at + sent, bytes.bytes - (size_t)sent};
        else if (errno == EAGAIN) {
            if (!http_wait(stream->descriptor, POLLOUT, clock_ms() + timeout_ms))
                return false;
        } else if (errno != EINTR || import_stop_is_wanted()) {
            return false;
        }
    }
    return true;
}
