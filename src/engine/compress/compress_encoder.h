/* compress_encoder.h: what the three libraries have in common. Of the room compress alone. */
#ifndef PILCROW_ENGINE_COMPRESS_ENCODER_H
#define PILCROW_ENGINE_COMPRESS_ENCODER_H

#include "engine/coding.h"

/* FLUSH: all that went in can be read by who has what came out. END: the last of it. */
enum encoder_op { ENCODER_FLUSH, ENCODER_END };

/* AGAIN: there is more to come out, with the same op; DONE: all went in, and came out. */
enum encoder_step { ENCODER_AGAIN, ENCODER_DONE, ENCODER_FAILED };

struct encoder_io {
    const char *in;
    size_t in_bytes;
    char *out;
    size_t out_bytes; /* room */
};

struct encoder_kind {
    void *(*open)(void); /* NULL: no memory */
    /* Of each new run; `bytes` is how long it will be, 0: not known. */
    bool (*begin)(void *state, enum coding_use use, size_t bytes);
    /* Moves both ends of `io` on by what went in and came out. */
    enum encoder_step (*step)(void *state, struct encoder_io *io, enum encoder_op op);
    void (*close)(void *state);
};

extern const struct encoder_kind encoder_gzip, encoder_br, encoder_zstd;

#endif
