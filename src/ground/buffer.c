/* buffer.c: bytes that grow by doubling; failure is sticky. */
#include "ground/buffer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ground/decimal.h"

enum { FIRST_CAPACITY = 256 };

void buffer_init(struct buffer *buffer) {
    *buffer = (struct buffer){NULL, 0, 0, false};
}

void buffer_fini(struct buffer *buffer) {
    free(buffer->bytes);
    buffer_init(buffer);
}

void buffer_clear(struct buffer *buffer) {
    buffer->used = 0;
    buffer->failed = false;
}

bool buffer_reserve(struct buffer *buffer, size_t more) {
    if (buffer->failed)
        return false;
    if (buffer->capacity - buffer->used >= more)
        return true;
    if (more > SIZE_MAX / 2 - buffer->used) {
        buffer->failed = true;
        return false;
    }
    size_t capacity = buffer->capacity == 0 ? FIRST_CAPACITY : buffer->capacity;
    while (capacity - buffer->used < more)
        capacity *= 2;
    char *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t count) {
    if (count == 0 || !buffer_reserve(buffer, count))
        return;
    memcpy(buffer->bytes + buffer->used, bytes, count);
    buffer->used += count;
}

void buffer_append_span(struct buffer *buffer, struct span span) {
    buffer_append(buffer, span.at, span.bytes);
}

void buffer_append_text(struct buffer *buffer, const char *text) {
    buffer_append(buffer, text, strlen(text));
}

void buffer_append_char(struct buffer *buffer, char c) {
    buffer_append(buffer, &c, 1);
}

void buffer_append_int(struct buffer *buffer, int64_t value) {
    char room[DECIMAL_BYTES];
    buffer_append_span(buffer, decimal_print(value, room));
}

void buffer_printf(struct buffer *buffer, const char *format, ...) {
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int wanted = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (wanted < 0)
        buffer->failed = true;
    else if (buffer_reserve(buffer, (size_t)wanted + 1)) {
        vsnprintf(buffer->bytes + buffer->used, (size_t)wanted + 1, format, again);
        buffer->used += (size_t)wanted;
    }
    va_end(again);
}
