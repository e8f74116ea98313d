/* http_client.h: the little of HTTP/1.1 that the commands need to talk to a server: plain sockets,
 * no TLS. Waiting ends when a signal asks the program to stop. */
#ifndef PILCROW_ENTRY_HTTP_CLIENT_H
#define PILCROW_ENTRY_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/buffer.h"

enum { HTTP_HOST_BYTES = 256, HTTP_PORT_BYTES = 8 };

struct http_endpoint {
    char host[HTTP_HOST_BYTES]; /* without brackets */
    char port[HTTP_PORT_BYTES];
};

/* "127.0.0.1:8080", "[::1]:8080", "localhost"; what follows a slash is of no interest. An address
 * that stands for all becomes the loopback of its kind. */
bool http_endpoint_parse(const char *text, struct http_endpoint *out);

/* As it stands in a Host field. */
void http_endpoint_print(const struct http_endpoint *endpoint, struct buffer *out);

/* -1 with errno. */
int http_connect(const struct http_endpoint *endpoint, int64_t deadline_ms);

/* False with errno: ETIMEDOUT, EINTR after a signal to stop. */
bool http_wait(int descriptor, short events, int64_t deadline_ms);

/* All of it; each piece may take `timeout_ms`. */
bool http_send(int descriptor, struct span bytes, int64_t timeout_ms);

/* The answer as it comes. The caller calls http_reply_fini(). */
struct http_reply {
    int descriptor;      /* borrowed */
    int64_t timeout_ms;  /* of each wait */
    int64_t deadline_ms; /* of all of it; 0 = none */
    struct buffer bytes;
    size_t start; /* of what is not yet given out */
    int status;
    int64_t retry_after_s; /* 0 = not said */
    bool is_chunked;
    int64_t left; /* of the body or of the chunk; -1 = up to the end of the connection */
    bool is_end;
};

void http_reply_init(struct http_reply *reply, int descriptor, int64_t timeout_ms);
void http_reply_fini(struct http_reply *reply);

/* Reads a head; after one of status 1xx another one follows. False with errno. */
bool http_reply_head(struct http_reply *reply);

/* A piece of the body, borrowed until the next call; .bytes 0 at its end. False with errno when it
 * breaks off. */
bool http_reply_body(struct http_reply *reply, struct span *piece);

#endif
