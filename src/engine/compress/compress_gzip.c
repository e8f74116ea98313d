/* compress_gzip.c: gzip, by zlib. */
#include <stdlib.h>
#include <zlib.h>

#include "compress_encoder.h"

enum { WINDOW_BITS = 15, GZIP_WRAPPER = 16, MEMORY_LEVEL = 8 };

static const int levels[CODING_USE_COUNT] = {[CODING_KEPT] = 6, [CODING_ONCE] = 4};

static void *gzip_alloc(void *unused, unsigned count, unsigned size) {
    (void)unused;
    return calloc(count, size);
}

static void gzip_give(void *unused, void *memory) {
    (void)unused;
    free(memory);
}

static void *gzip_open(void) {
    z_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        return NULL;
    stream->zalloc = gzip_alloc;
    stream->zfree = gzip_give;
    if (deflateInit2(stream, levels[CODING_KEPT], Z_DEFLATED, WINDOW_BITS + GZIP_WRAPPER,
                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK)
        return stream;
    free(stream);
    return NULL;
}

static bool gzip_begin(void *state, enum coding_use use, size_t bytes) {
    (void)bytes;
    return deflateReset(state) == Z_OK &&
           deflateParams(state, levels[use], Z_DEFAULT_STRATEGY) == Z_OK;
}

static enum encoder_step gzip_step(void *state, struct encoder_io *io, enum encoder_op op) {
    z_stream *stream = state;
    unsigned in = io->in_bytes > UINT32_MAX ? UINT32_MAX : (unsigned)io->in_bytes;
    unsigned out = io->out_bytes > UINT32_MAX ? UINT32_MAX : (unsigned)io->out_bytes;
    bool is_all = in == io->in_bytes;
    stream->next_in = (z_const Bytef *)(uintptr_t)io->in;
    stream->avail_in = in;
    stream->next_out = (Bytef *)io->out;
    stream->avail_out = out;
    int status = deflate(stream, !is_all             ? Z_NO_FLUSH
                                 : op == ENCODER_END ? Z_FINISH
                                                     : Z_SYNC_FLUSH);
    io->in += in - stream->avail_in;
    io->in_bytes -= in - stream->avail_in;
    io->out += out - stream->avail_out;
    io->out_bytes -= out - stream->avail_out;
    if (status == Z_STREAM_END)
        return ENCODER_DONE;
    /* Z_BUF_ERROR: nothing could be done, for want of room, or because all is flushed. */
    if (status != Z_OK && status != Z_BUF_ERROR)
        return ENCODER_FAILED;
    bool is_flushed = is_all && stream->avail_in == 0 && stream->avail_out > 0;
    return op == ENCODER_FLUSH && is_flushed ? ENCODER_DONE : ENCODER_AGAIN;
}

static void gzip_close(void *state) {
    deflateEnd(state);
    free(state);
}

const struct encoder_kind encoder_gzip = {gzip_open, gzip_begin, gzip_step, gzip_close};
