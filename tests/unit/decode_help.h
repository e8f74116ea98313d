/* decode_help.h: what was coded, as it was before, by the libraries' own decoders. */
#ifndef PILCROW_TESTS_DECODE_HELP_H
#define PILCROW_TESTS_DECODE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include "engine/coding.h"
#include "ground/buffer.h"

static inline void decode_gzip(struct span coded, struct buffer *out) {
    z_stream stream = {0};
    int status = Z_OK;
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)coded.at;
    stream.avail_in = (unsigned)coded.bytes;
    while (status == Z_OK) {
        assert_true(buffer_reserve(out, 65536));
        stream.next_out = (Bytef *)out->bytes + out->used;
        stream.avail_out = 65536;
        status = inflate(&stream, Z_NO_FLUSH);
        out->used += 65536 - stream.avail_out;
    }
    assert_int_equal(status, Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    inflateEnd(&stream);
}

static inline void decode_br(struct span coded, struct buffer *out) {
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    const uint8_t *in = (const uint8_t *)coded.at;
    size_t left = coded.bytes;
    while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
        assert_true(buffer_reserve(out, 65536));
        uint8_t *to = (uint8_t *)out->bytes + out->used;
        size_t room = 65536;
        result = BrotliDecoderDecompressStream(state, &left, &in, &room, &to, NULL);
        out->used += 65536 - room;
    }
    assert_int_equal(result, BROTLI_DECODER_RESULT_SUCCESS);
    assert_int_equal(left, 0);
    BrotliDecoderDestroyInstance(state);
}

static inline void decode_zstd(struct span coded, struct buffer *out) {
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_inBuffer in = {coded.at, coded.bytes, 0};
    size_t left = 1;
    while (left != 0) {
        assert_true(buffer_reserve(out, 65536));
        ZSTD_outBuffer to = {out->bytes + out->used, 65536, 0};
        left = ZSTD_decompressStream(context, &to, &in);
        assert_false(ZSTD_isError(left));
        assert_false(left != 0 && to.pos == 0 && in.pos == in.size);
        out->used += to.pos;
    }
    assert_int_equal(in.pos, in.size);
    ZSTD_freeDCtx(context);
}

static void (*const decoders[CODING_COUNT])(struct span coded, struct buffer *out) = {
    [CODING_GZIP] = decode_gzip, [CODING_BR] = decode_br, [CODING_ZSTD] = decode_zstd};

static inline void assert_decodes_to(enum coding coding, struct span coded, struct span plain) {
    struct buffer out;
    buffer_init(&out);
    decoders[coding](coded, &out);
    assert_int_equal(out.used, plain.bytes);
    if (plain.bytes > 0)
        assert_memory_equal(out.bytes, plain.at, plain.bytes);
    buffer_fini(&out);
}

#endif
