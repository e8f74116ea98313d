/* refusal.h: answers that the wire writes by itself, without the library: to a connection that may
 * not come in, and to a body that does not end. Best effort: one write that does not wait. */
#ifndef PILCROW_WIRE_REFUSAL_H
#define PILCROW_WIRE_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/buffer.h"
#include "ground/problem.h"
#include "ground/span.h"

/* Appends the JSON body of `problem`, the same as other answers have but for request_id. */
void refusal_print_body(enum problem problem, struct buffer *out);

/* Appends a whole HTTP/1.1 response that closes. */
void refusal_print(enum problem problem, struct buffer *out);

/* Sockets that were refused and closed by us for writing. They stay open for a moment, because to
 * close one whose request is still coming in would reset it before its peer has read the answer. */
enum {
    REFUSAL_LINGER_MAX = 8,  /* of one worker */
    REFUSAL_LINGER_ALL = 32, /* of all workers: out of the descriptors that are kept free */
    REFUSAL_LINGER_MS = 500,
};

struct refusal_linger {
    struct {
        int fd; /* -1 = free */
        int64_t since_ms;
    } sockets[REFUSAL_LINGER_MAX];
    size_t capacity; /* at most REFUSAL_LINGER_MAX */
    size_t next;
};

void refusal_linger_init(struct refusal_linger *linger, size_t capacity);

/* Sends `answer` and takes the socket. */
void refusal_send(struct refusal_linger *linger, int fd, struct span answer, int64_t now_ms);

bool refusal_linger_is_empty(const struct refusal_linger *linger);

/* Closes those that had their time; all of them when now_ms is INT64_MAX. */
void refusal_linger_sweep(struct refusal_linger *linger, int64_t now_ms);

#endif
