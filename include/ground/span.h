/* span.h: a borrowed run of bytes. Whoever made it says how long it lives; a span never owns.
 * Bytes need not end in NUL and may hold any value unless the producer promises UTF-8. */
#ifndef PILCROW_GROUND_SPAN_H
#define PILCROW_GROUND_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const char *at;
    size_t bytes;
};

#define SPAN_LITERAL(text) ((struct span){(text), sizeof(text) - 1})

static inline struct span span_of(const char *text) {
    return (struct span){text, text == NULL ? 0 : strlen(text)};
}

static inline bool span_equal(struct span a, struct span b) {
    return a.bytes == b.bytes && (a.bytes == 0 || memcmp(a.at, b.at, a.bytes) == 0);
}

/* FNV-1a, 64 bits: tells apart texts that nobody chose against us; fast, because every 304 waits
 * for it. */
static inline uint64_t span_hash(struct span span) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < span.bytes; i++)
        hash = (hash ^ (unsigned char)span.at[i]) * UINT64_C(0x100000001B3);
    return hash;
}

static inline bool span_is(struct span a, const char *text) {
    return span_equal(a, span_of(text));
}

#endif
