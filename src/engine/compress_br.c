/* compress_br.c: br, by brotli, whose states are of one run: begin() makes a new one. */
#include <brotli/encode.h>
#include <stdlib.h>

#include "compress_encoder.h"

/* A window of 64 KiB takes half of the memory of the next, and loses nothing on bodies so short. */
enum { WINDOW_BITS = 16 };

static const unsigned qualities[CODING_USE_COUNT] = {[CODING_KEPT] = 5, [CODING_ONCE] = 4};

struct br {
    BrotliEncoderState *run; /* NULL between runs */
};

static void *br_alloc(void *unused, size_t bytes) {
    (void)unused;
    return malloc(bytes);
}

static void br_give(void *unused, void *memory) {
    (void)unused;
    free(memory);
}

static void *br_open(void) {
    return calloc(1, sizeof(struct br));
}

static void end_run(struct br *br) {
    if (br->run != NULL)
        BrotliEncoderDestroyInstance(br->run);
    br->run = NULL;
}

static bool br_begin(void *state, enum coding_use use, size_t bytes) {
    struct br *br = state;
    uint32_t hint = bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
    end_run(br);
    br->run = BrotliEncoderCreateInstance(br_alloc, br_give, NULL);
    return br->run != NULL &&
           BrotliEncoderSetParameter(br->run, BROTLI_PARAM_QUALITY, qualities[use]) &&
           BrotliEncoderSetParameter(br->run, BROTLI_PARAM_LGWIN, WINDOW_BITS) &&
           BrotliEncoderSetParameter(br->run, BROTLI_PARAM_MODE, BROTLI_MODE_TEXT) &&
           BrotliEncoderSetParameter(br->run, BROTLI_PARAM_SIZE_HINT, hint);
}

static enum encoder_step br_step(void *state, struct encoder_io *io, enum encoder_op op) {
    struct br *br = state;
    const uint8_t *in = (const uint8_t *)io->in;
    uint8_t *out = (uint8_t *)io->out;
    bool is_done = BrotliEncoderCompressStream(
        br->run, op == ENCODER_END ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_FLUSH,
        &io->in_bytes, &in, &io->out_bytes, &out, NULL);
    io->in = (const char *)in;
    io->out = (char *)out;
    if (is_done && (io->in_bytes > 0 || BrotliEncoderHasMoreOutput(br->run) ||
                    (op == ENCODER_END && !BrotliEncoderIsFinished(br->run))))
        return ENCODER_AGAIN;
    if (!is_done || op == ENCODER_END)
        end_run(br);
    return is_done ? ENCODER_DONE : ENCODER_FAILED;
}

static void br_close(void *state) {
    end_run(state);
    free(state);
}

const struct encoder_kind encoder_br = {br_open, br_begin, br_step, br_close};
