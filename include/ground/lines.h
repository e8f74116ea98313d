/* lines.h: lines out of bytes that come piece by piece, in bounded memory. The owner of the struct
 * calls lines_fini(). */
#ifndef PILCROW_GROUND_LINES_H
#define PILCROW_GROUND_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/buffer.h"
#include "ground/span.h"

struct lines {
    struct buffer bytes; /* what came and is not yet given out begins at `start` */
    size_t start;
    size_t searched;    /* of what is there, without finding an end */
    size_t limit_bytes; /* of one line */
    size_t line;        /* 1-based number of the line that was given out last */
    bool is_passing;    /* the rest of a line that was too long is passed over */
};

enum lines_found {
    LINES_NONE,     /* more bytes are needed */
    LINES_LINE,     /* one line, without its end */
    LINES_TOO_LONG, /* one line that is longer than the limit; what is left of it is passed over */
};

void lines_init(struct lines *lines, size_t limit_bytes);
void lines_fini(struct lines *lines);

/* Adds a piece; false when there is no memory. Lines that were given out are invalid then. */
bool lines_push(struct lines *lines, struct span piece);

/* What is there and not yet given out. */
struct span lines_rest(const struct lines *lines);

/* The next line, borrowed until the next lines_push(). At the end of the bytes (`is_end`) what is
 * left is a line too. */
enum lines_found lines_next(struct lines *lines, bool is_end, struct span *out);

#endif
