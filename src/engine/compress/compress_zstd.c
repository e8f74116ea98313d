/* compress_zstd.c: zstd (RFC 8878). */
#include <stdlib.h>
#include <zstd.h>

#include "compress_encoder.h"

enum { WINDOW_BITS = 18 };

static const int levels[CODING_USE_COUNT] = {[CODING_KEPT] = 6, [CODING_ONCE] = 3};

static void *zstd_open(void) {
    return ZSTD_createCCtx();
}

static bool set(ZSTD_CCtx *context, ZSTD_cParameter parameter, int value) {
    return !ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value));
}

static bool zstd_begin(void *state, enum coding_use use, size_t bytes) {
    return !ZSTD_isError(ZSTD_CCtx_reset(state, ZSTD_reset_session_only)) &&
           set(state, ZSTD_c_compressionLevel, levels[use]) &&
           set(state, ZSTD_c_windowLog, WINDOW_BITS) && set(state, ZSTD_c_checksumFlag, 1) &&
           !ZSTD_isError(
               ZSTD_CCtx_setPledgedSrcSize(state, bytes == 0 ? ZSTD_CONTENTSIZE_UNKNOWN : bytes));
}

static enum encoder_step zstd_step(void *state, struct encoder_io *io, enum encoder_op op) {
    ZSTD_inBuffer in = {io->in, io->in_bytes, 0};
    ZSTD_outBuffer out = {io->out, io->out_bytes, 0};
    size_t left =
        ZSTD_compressStream2(state, &out, &in, op == ENCODER_END ? ZSTD_e_end : ZSTD_e_flush);
    io->in += in.pos;
    io->in_bytes -= in.pos;
    io->out += out.pos;
    io->out_bytes -= out.pos;
    if (ZSTD_isError(left))
        return ENCODER_FAILED;
    return left == 0 && io->in_bytes == 0 ? ENCODER_DONE : ENCODER_AGAIN;
}

static void zstd_close(void *state) {
    ZSTD_freeCCtx(state);
}

const struct encoder_kind encoder_zstd = {zstd_open, zstd_begin, zstd_step, zstd_close};
