/* compress.h: answers in fewer bytes. The only room that knows zlib, brotli and zstd, each in a
 * file of its own.
 *
 * A whole body is coded by the worker's own compressor, which keeps what can be used again: zlib's
 * state (260 KiB), zstd's (up to 4 MiB after long bodies) and 2 MiB of the memory that brotli had
 * last, which takes 0.6 to 1.9 MiB for as long as one body is coded. A stream has a state of its
 * own, of at most 1.3 MiB, so few are coded at a time. */
#ifndef PILCROW_ENGINE_COMPRESS_COMPRESS_H
#define PILCROW_ENGINE_COMPRESS_COMPRESS_H

#include <stdatomic.h>

#include "engine/coding.h"
#include "engine/reply.h"
#include "ground/buffer.h"

enum {
    /* A shorter body leaves in one packet with its head either way. */
    COMPRESS_BYTES_MIN = 860,
    /* A longer one is kept by no cache of ours, and is coded as what is sent once. */
    COMPRESS_KEPT_BYTES_MAX = 256 * 1024,
    /* What saves less than the fields that say so is not worth a reader's time. */
    COMPRESS_GAIN_BYTES_MIN = 64,
    COMPRESS_STREAMS_MAX = 8, /* at a time; what comes then is sent as it is */
};

/* One worker's; all zeros = nothing was coded yet. */
struct compressor {
    void *states[CODING_COUNT];
    struct buffer spare; /* what compress_body() has exchanged */
};

void compressor_fini(struct compressor *compressor);

/* Appends `plain` coded (not as identity) to `out`: false, and then nothing is appended, when there
 * is no memory or, unless it must be coded, when it is not shorter by COMPRESS_GAIN_BYTES_MIN. The
 * same bytes are coded to the same bytes by any compressor. */
bool compress_whole(struct compressor *compressor, enum coding coding, struct span plain, bool must,
                    struct buffer *out);

/* The reply's body, coded. False: it stays as it is. */
bool compress_body(struct compressor *compressor, enum coding coding, bool must,
                   struct reply *reply);

/* Puts a source in the place of `source` that gives the same coded, of unknown length, and frees it
 * with itself. What was read of the one leaves the other at once. `streams` counts those under way.
 * False: there are too many, or there is no memory; the source is as it was. */
bool compress_stream(enum coding coding, atomic_uint *streams, struct reply_source *source);

#endif
