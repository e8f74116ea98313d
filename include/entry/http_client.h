/* http_client.h: the little of HTTP/1.1 that the commands need to talk to a server: plain or over
 * TLS. Waiting ends when a signal asks the program to stop. */
#ifndef PILCROW_ENTRY_HTTP_CLIENT_H
#define PILCROW_ENTRY_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/buffer.h"
#include "ground/config/config.h"
#include "wire/tls_client.h"

enum { HTTP_HOST_BYTES = 256, HTTP_PORT_BYTES = 8 };

struct http_endpoint {
    char host[HTTP_HOST_BYTES]; /* without brackets */
    char port[HTTP_PORT_BYTES];
    bool is_tls;
};

/* A connection. `descriptor` is -1 when there is none. */
struct http_stream {
    int descriptor;
    struct tls_client *tls; /* NULL: plain */
    char why[256];          /* it failed, when TLS knows more than errno; else "" */
};

/* "http://127.0.0.1:8080", "https://[::1]:8443", "localhost"; what follows a slash is of no interest. An address
 * that stands for all becomes the loopback of its kind. */
bool http_endpoint_parse(const char *text, struct http_endpoint *out);

/* As it stands in a Host field. */
void http_endpoint_print(const struct http_endpoint *endpoint, struct buffer *out);

/* False with errno. Over TLS the endpoint has to be who `trust` says; the endpoint and the name of
 * the file are borrowed. Whatever comes back, http_close() follows. */
bool http_connect(struct http_stream *stream, const struct http_endpoint *endpoint,
                  enum tls_client_trust trust, const char *certificate_file, int64_t deadline_ms);
void http_close(struct http_stream *stream);

/* What went wrong, in words: of TLS, else of errno. */
const char *http_error(const struct http_stream *stream);

/* False with errno: ETIMEDOUT, EINTR after a signal to stop. */
bool http_wait(int descriptor, short events, int64_t deadline_ms);

/* All of it; each piece may take `timeout_ms`. */
bool http_send(struct http_stream *stream, struct span bytes, int64_t timeout_ms);

/* As recv(); EAGAIN when nothing is there. */
ssize_t http_recv(struct http_stream *stream, void *out, size_t room);

/* The answer as it comes. The caller calls http_reply_fini(). */
struct http_reply {
    struct http_stream *stream; /* borrowed */
    int64_t timeout_ms;         /* of each wait */
    int64_t deadline_ms;        /* of all of it; 0 = none */
    struct buffer bytes;
    size_t start; /* of what is not yet given out */
    int status;
    int64_t retry_after_s; /* 0 = not said */
    bool is_chunked;
    int64_t left; /* of the body or of the chunk; -1 = up to the end of the connection */
    bool is_end;
};

void http_reply_init(struct http_reply *reply, struct http_stream *stream, int64_t timeout_ms);
void http_reply_fini(struct http_reply *reply);

/* Reads a head; after one of status 1xx another one follows. False with errno. */
bool http_reply_head(struct http_reply *reply);

/* A piece of the body, borrowed until the next call; .bytes 0 at its end. False with errno when it
 * breaks off. */
bool http_reply_body(struct http_reply *reply, struct span *piece);

#endif
