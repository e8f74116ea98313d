/* compress.c: see compress.h. */
#include "engine/compress/compress.h"

#include <stdlib.h>

#include "compress_encoder.h"

enum {
    ROOM_BYTES_MIN = 64,          /* with less zlib would begin its flush again and again */
    BLOCK_BYTES = 32 * 1024,      /* that a stream codes at a time */
    SPARE_BYTES_MAX = 256 * 1024, /* a larger buffer is given back */
    ROOM_ANYWAY_BYTES = 1024,     /* what cannot be made shorter becomes so much longer */
};

static const struct encoder_kind *const kinds[CODING_COUNT] = {
    [CODING_GZIP] = &encoder_gzip,
    [CODING_BR] = &encoder_br,
    [CODING_ZSTD] = &encoder_zstd,
};

static void close_state(struct compressor *compressor, enum coding coding) {
    if (compressor->states[coding] != NULL)
        kinds[coding]->close(compressor->states[coding]);
    compressor->states[coding] = NULL;
}

void compressor_fini(struct compressor *compressor) {
    for (enum coding coding = CODING_IDENTITY + 1; coding < CODING_COUNT; coding++)
        close_state(compressor, coding);
    buffer_fini(&compressor->spare);
}

/* ---- whole bodies ---- */

static bool begin(struct compressor *compressor, enum coding coding, size_t bytes) {
    const struct encoder_kind *kind = kinds[coding];
    void **state = &compressor->states[coding];
    enum coding_use use = bytes > COMPRESS_KEPT_BYTES_MAX ? CODING_ONCE : CODING_KEPT;
    if (*state == NULL)
        *state = kind->open();
    return *state != NULL && kind->begin(*state, use, bytes);
}

/* All of it, or as much as there is room for. */
static bool run(struct compressor *compressor, enum coding coding, struct encoder_io *io) {
    void *state = compressor->states[coding];
    enum encoder_step step = kinds[coding]->step(state, io, ENCODER_END);
    while (step == ENCODER_AGAIN && io->out_bytes > 0)
        step = kinds[coding]->step(state, io, ENCODER_END);
    return step == ENCODER_DONE;
}

/* Output that would not be short enough has no room: then the first step is not the last. */
static size_t room_for(size_t plain_bytes, bool must) {
    if (must)
        return plain_bytes + plain_bytes / 8 + ROOM_ANYWAY_BYTES;
    return plain_bytes > COMPRESS_GAIN_BYTES_MIN ? plain_bytes - COMPRESS_GAIN_BYTES_MIN : 0;
}

bool compress_whole(struct compressor *compressor, enum coding coding, struct span plain, bool must,
                    struct buffer *out) {
    size_t room = room_for(plain.bytes, must);
    if (room == 0 || !buffer_reserve(out, room))
        return false;
    struct encoder_io io = {plain.at, plain.bytes, out->bytes + out->used, room};
    if (!begin(compressor, coding, plain.bytes) || !run(compressor, coding, &io)) {
        close_state(compressor, coding); /* brotli's would wait with all its memory */
        return false;
    }
    out->used += room - io.out_bytes;
    return true;
}

bool compress_body(struct compressor *compressor, enum coding coding, bool must,
                   struct reply *reply) {
    struct buffer *spare = &compressor->spare;
    buffer_clear(spare);
    bool is_coded = compress_whole(compressor, coding, reply_body(reply), must, spare);
    if (is_coded) {
        struct buffer plain = reply->body;
        reply->body = *spare;
        *spare = plain;
        reply->body_static = (struct span){NULL, 0};
    }
    if (spare->capacity > SPARE_BYTES_MAX)
        buffer_fini(spare);
    return is_coded;
}

/* ---- streams ---- */

struct stream {
    struct reply_source plain;
    const struct encoder_kind *kind;
    void *state; /* made when the first bytes are wanted: HEAD wants none */
    atomic_uint *streams;
    int64_t plain_bytes; /* that were read */
    struct encoder_io in;
    bool is_stepping; /* the last block, or the end, is not out yet */
    enum encoder_op op;
    bool is_over;
    char block[BLOCK_BYTES];
};

static void stream_free(void *state) {
    struct stream *stream = state;
    if (stream->plain.free != NULL)
        stream->plain.free(stream->plain.state);
    if (stream->state != NULL)
        stream->kind->close(stream->state);
    atomic_fetch_sub(stream->streams, 1);
    free(stream);
}

static bool open_stream(struct stream *stream) {
    if (stream->state != NULL)
        return true;
    stream->state = stream->kind->open();
    return stream->state != NULL && stream->kind->begin(stream->state, CODING_ONCE, 0);
}

/* The next block, or the end: what the source said. */
static int64_t read_block(struct stream *stream) {
    bool is_measured = stream->plain.bytes >= 0;
    int64_t left = is_measured ? stream->plain.bytes - stream->plain_bytes : BLOCK_BYTES;
    size_t room = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;
    int64_t count = room == 0 ? 0 : stream->plain.read(stream->plain.state, stream->block, room);
    if (count < 0)
        return count;
    if (count == 0 && is_measured && left > 0)
        return -1;
    stream->plain_bytes += count;
    stream->in.in = stream->block;
    stream->in.in_bytes = (size_t)count;
    stream->op = count == 0 ? ENCODER_END : ENCODER_FLUSH;
    stream->is_stepping = true;
    return count;
}

static int64_t stream_read(void *state, char *out, size_t room) {
    struct stream *stream = state;
    stream->in.out = out;
    stream->in.out_bytes = room;
    if (room < ROOM_BYTES_MIN || !open_stream(stream))
        return -1;
    while (stream->in.out_bytes == room && !stream->is_over) {
        int64_t said = stream->is_stepping ? 0 : read_block(stream);
        if (said < 0)
            return said;
        enum encoder_step step = stream->kind->step(stream->state, &stream->in, stream->op);
        if (step == ENCODER_FAILED)
            return -1;
        stream->is_stepping = step == ENCODER_AGAIN;
        stream->is_over = step == ENCODER_DONE && stream->op == ENCODER_END;
    }
    return (int64_t)(room - stream->in.out_bytes);
}

bool compress_stream(enum coding coding, atomic_uint *streams, struct reply_source *source) {
    if (atomic_fetch_add(streams, 1) >= COMPRESS_STREAMS_MAX) {
        atomic_fetch_sub(streams, 1);
        return false;
    }
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        atomic_fetch_sub(streams, 1);
        return false;
    }
    stream->plain = *source;
    stream->kind = kinds[coding];
    stream->streams = streams;
    *source = (struct reply_source){stream_read, stream_free, stream, -1};
    /* cppcheck-suppress memleak ; *source owns it */
    return true;
}
