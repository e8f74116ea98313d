/* compress_br.c: br, by brotli, whose states are of one run: begin() makes a new one.
 *
 * Brotli as distributions build it ends the process when it is refused memory. So br_alloc() does
 * not return then, but jumps out of the library, whose memory is then given back by the list of it
 * that is kept here: nothing else of the run is left. */
#include <brotli/encode.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>

#include "compress_encoder.h"

/* A window of 64 KiB takes half of the memory of the next, and loses nothing on bodies so short. */
enum { WINDOW_BITS = 16 };

/* What one run gave back the next one takes: as new memory it would cost more than the coding. */
enum { SPARE_BYTES_MAX = 2 * 1024 * 1024 };

static const unsigned qualities[CODING_USE_COUNT] = {[CODING_KEPT] = 5, [CODING_ONCE] = 4};

/* In front of what the library holds. */
struct block {
    _Alignas(max_align_t) struct block *next;
    struct block *previous;
    size_t bytes;
};

struct br {
    BrotliEncoderState *run; /* NULL between runs */
    struct block *blocks;
    struct block *spare; /* by next */
    size_t spare_bytes;
    bool is_stepping; /* `refused` leads out */
    jmp_buf refused;
};

/* Runs of bodies alike ask for the same sizes, once those are rounded. */
static struct block *take_spare(struct br *br, size_t bytes) {
    struct block **place = &br->spare;
    while (*place != NULL && (*place)->bytes != bytes)
        place = &(*place)->next;
    struct block *block = *place;
    if (block != NULL) {
        *place = block->next;
        br->spare_bytes -= bytes;
    }
    return block;
}

static void free_spare(struct br *br) {
    while (br->spare != NULL)
        free(take_spare(br, br->spare->bytes));
}

/* What no run has asked for again makes room. */
static void give_spare(struct br *br, struct block *block) {
    if (br->spare_bytes + block->bytes > SPARE_BYTES_MAX)
        free_spare(br);
    if (block->bytes > SPARE_BYTES_MAX) {
        free(block);
        return;
    }
    block->next = br->spare;
    br->spare = block;
    br->spare_bytes += block->bytes;
}

/* To the next power of two; what is beyond `bytes` is never touched, and costs no memory. */
static size_t round_up(size_t bytes) {
    size_t rounded = 64;
    while (rounded < bytes)
        rounded *= 2;
    return rounded;
}

/* Of so many bytes, which were rounded. */
static struct block *new_block(struct br *br, size_t bytes) {
    struct block *block = take_spare(br, bytes);
    return block != NULL ? block : malloc(sizeof *block + bytes);
}

static void *br_alloc(void *state, size_t bytes) {
    struct br *br = state;
    bool is_sane = bytes <= SIZE_MAX / 4;
    bytes = round_up(is_sane ? bytes : 0);
    struct block *block = is_sane ? new_block(br, bytes) : NULL;
    if (block == NULL && br->is_stepping)
        longjmp(br->refused, 1);
    if (block == NULL)
        return NULL;
    *block = (struct block){br->blocks, NULL, bytes};
    if (block->next != NULL)
        block->next->previous = block;
    br->blocks = block;
    return block + 1;
}

static void br_give(void *state, void *memory) {
    struct br *br = state;
    if (memory == NULL)
        return;
    struct block *block = (struct block *)memory - 1;
    if (block->next != NULL)
        block->next->previous = block->previous;
    if (block->previous != NULL)
        block->previous->next = block->next;
    else
        br->blocks = block->next;
    give_spare(br, block);
}

static void *br_open(void) {
    return calloc(1, sizeof(struct br));
}

/* The same as destroying it, and good for one that was left in the middle. */
static void end_run(struct br *br) {
    struct block *block = br->blocks;
    br->blocks = NULL;
    br->run = NULL;
    while (block != NULL) {
        struct block *next = block->next;
        give_spare(br, block);
        block = next;
    }
}

static bool br_begin(void *state, enum coding_use use, size_t bytes) {
    struct br *br = state;
    uint32_t hint = bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
    end_run(br);
    br->run = BrotliEncoderCreateInstance(br_alloc, br_give, br);
    return br->run != NULL &&
           BrotliEncoderSetParameter(br->run, BROTLI_PARAM_QUALITY, qualities[use]) &&
           BrotliEncoderSetParameter(br->run, BROTLI_PARAM_LGWIN, WINDOW_BITS) &&
           BrotliEncoderSetParameter(br->run, BROTLI_PARAM_MODE, BROTLI_MODE_TEXT) &&
           BrotliEncoderSetParameter(br->run, BROTLI_PARAM_SIZE_HINT, hint);
}

/* A function of its own, so that nothing of it stands in the registers of the one that is jumped
 * back to. */
__attribute__((noinline)) static bool step(struct br *br, struct encoder_io *io,
                                           enum encoder_op op) {
    const uint8_t *in = (const uint8_t *)io->in;
    uint8_t *out = (uint8_t *)io->out;
    bool is_done = BrotliEncoderCompressStream(
        br->run, op == ENCODER_END ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_FLUSH,
        &io->in_bytes, &in, &io->out_bytes, &out, NULL);
    io->in = (const char *)in;
    io->out = (char *)out;
    return is_done;
}

static bool step_or_be_refused(struct br *br, struct encoder_io *io, enum encoder_op op) {
    if (setjmp(br->refused) != 0)
        return false;
    br->is_stepping = true;
    return step(br, io, op);
}

static enum encoder_step br_step(void *state, struct encoder_io *io, enum encoder_op op) {
    struct br *br = state;
    bool is_done = step_or_be_refused(br, io, op);
    br->is_stepping = false;
    if (!is_done) {
        end_run(br);
        return ENCODER_FAILED;
    }
    if (io->in_bytes > 0 || BrotliEncoderHasMoreOutput(br->run) ||
        (op == ENCODER_END && !BrotliEncoderIsFinished(br->run)))
        return ENCODER_AGAIN;
    if (op == ENCODER_END)
        end_run(br);
    return ENCODER_DONE;
}

static void br_close(void *state) {
    end_run(state);
    free_spare(state);
    free(state);
}

const struct encoder_kind encoder_br = {br_open, br_begin, br_step, br_close};
