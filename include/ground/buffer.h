/* buffer.h: bytes that grow. A failed allocation is remembered (`failed`) and later appends do
 * nothing, so that a writer checks once at the end. The owner of the struct calls buffer_fini(). */
#ifndef PILCROW_GROUND_BUFFER_H
#define PILCROW_GROUND_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/span.h"

struct buffer {
    char *bytes; /* not NUL-terminated */
    size_t used;
    size_t capacity;
    bool failed;
};

void buffer_init(struct buffer *buffer);
void buffer_fini(struct buffer *buffer);

/* Forgets the content and the failure, keeps the memory. */
void buffer_clear(struct buffer *buffer);

/* Room for `more` bytes beyond `used`; false (and failed) if there is none. */
bool buffer_reserve(struct buffer *buffer, size_t more);

void buffer_append(struct buffer *buffer, const void *bytes, size_t count);
void buffer_append_span(struct buffer *buffer, struct span span);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_char(struct buffer *buffer, char c);
void buffer_append_int(struct buffer *buffer, int64_t value);
__attribute__((format(printf, 2, 3))) void buffer_printf(struct buffer *buffer, const char *format,
                                                         ...);

static inline struct span buffer_span(const struct buffer *buffer) {
    return (struct span){buffer->bytes, buffer->used};
}

#endif
