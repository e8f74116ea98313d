/* What was coded is what it was: whole and streamed, at sizes where something changes, with memory
 * that ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "decode_help.h"

#include "engine/compress/compress.h"

/* ---- memory that ends ---- */

static size_t fails_at, calls; /* 0: never */

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);

static bool fails(void) {
    return fails_at != 0 && ++calls >= fails_at;
}

void *__wrap_malloc(size_t bytes) {
    return fails() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes) {
    return fails() ? NULL : __real_calloc(count, bytes);
}

/* ---- what is coded ---- */

enum { PLAIN_BYTES = 700 * 1024 };

static char words[PLAIN_BYTES]; /* can be made shorter */
static char noise[PLAIN_BYTES]; /* cannot */

static int setup(void **state) {
    (void)state;
    uint32_t seed = 1;
    for (size_t i = 0; i < PLAIN_BYTES; i++) {
        seed = seed * 1664525 + 1013904223;
        noise[i] = (char)(seed >> 24);
        words[i] = "the quay and the ferry, the harbour cat "[(i + (seed >> 28) % 2) % 40];
    }
    return 0;
}

static const size_t sizes[] = {0,
                               1,
                               COMPRESS_GAIN_BYTES_MIN,
                               COMPRESS_GAIN_BYTES_MIN + 1,
                               COMPRESS_BYTES_MIN - 1,
                               COMPRESS_BYTES_MIN,
                               32 * 1024 - 1,
                               32 * 1024,
                               32 * 1024 + 1,
                               COMPRESS_KEPT_BYTES_MAX,
                               COMPRESS_KEPT_BYTES_MAX + 1,
                               PLAIN_BYTES};

#define EACH_CODING(coding) for (enum coding coding = CODING_GZIP; coding < CODING_COUNT; coding++)
#define EACH_SIZE(i) for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)

static void whole_bodies_come_back(void **state) {
    (void)state;
    struct compressor compressor = {0};
    EACH_CODING(coding) {
        EACH_SIZE(i) {
            struct buffer out;
            buffer_init(&out);
            buffer_append_text(&out, "before");
            struct span plain = {words, sizes[i]};
            assert_true(compress_whole(&compressor, coding, plain, true, &out));
            assert_memory_equal(out.bytes, "before", 6);
            assert_decodes_to(coding, (struct span){out.bytes + 6, out.used - 6}, plain);
            buffer_clear(&out);
            bool is_worth_it = compress_whole(&compressor, coding, plain, false, &out);
            assert_true(is_worth_it ? out.used + COMPRESS_GAIN_BYTES_MIN <= plain.bytes
                                    : out.used == 0 && plain.bytes < COMPRESS_BYTES_MIN);
            buffer_clear(&out);
            struct span random = {noise, sizes[i]};
            assert_false(compress_whole(&compressor, coding, random, false, &out));
            assert_int_equal(out.used, 0);
            assert_true(compress_whole(&compressor, coding, random, true, &out));
            assert_decodes_to(coding, buffer_span(&out), random);
            buffer_fini(&out);
        }
    }
    compressor_fini(&compressor);
}

/* A strong ETag says so: whatever a compressor has done before. */
static void the_same_bytes_give_the_same(void **state) {
    (void)state;
    struct compressor used = {0};
    EACH_CODING(coding) {
        EACH_SIZE(i) {
            struct compressor fresh = {0};
            struct buffer first, second;
            struct span plain = {words, sizes[i]};
            buffer_init(&first);
            buffer_init(&second);
            assert_true(compress_whole(&used, coding, plain, true, &first));
            assert_true(compress_whole(&fresh, coding, plain, true, &second));
            assert_true(span_equal(buffer_span(&first), buffer_span(&second)));
            buffer_fini(&first);
            buffer_fini(&second);
            compressor_fini(&fresh);
        }
    }
    compressor_fini(&used);
}

static void a_reply_exchanges_its_body(void **state) {
    (void)state;
    struct compressor compressor = {0};
    struct reply reply = {.body_static = {words, 5000}};
    buffer_init(&reply.body);
    assert_true(compress_body(&compressor, CODING_BR, false, &reply));
    assert_decodes_to(CODING_BR, reply_body(&reply), (struct span){words, 5000});
    reply.body_static = (struct span){noise, 5000};
    struct span before = reply_body(&reply);
    assert_false(compress_body(&compressor, CODING_BR, false, &reply));
    assert_true(span_equal(reply_body(&reply), before));
    buffer_fini(&reply.body);
    compressor_fini(&compressor);
}

/* ---- streams ---- */

struct source {
    struct span plain;
    size_t at, step; /* so many bytes at most at a time */
    size_t breaks_at;
    bool waits, was_late;
    int freed;
};

static int64_t source_read(void *state, char *out, size_t room) {
    struct source *source = state;
    size_t left = source->plain.bytes - source->at;
    size_t count = left < room ? left : room;
    count = count < source->step ? count : source->step;
    if (source->breaks_at != 0 && source->at >= source->breaks_at)
        return -1;
    source->was_late = source->waits && !source->was_late;
    if (source->was_late)
        return REPLY_SOURCE_LATER;
    memcpy(out, source->plain.at + source->at, count);
    source->at += count;
    return (int64_t)count;
}

static void source_free(void *state) {
    ((struct source *)state)->freed++;
}

/* What it said last: 0 or -1; LATER is asked again. */
static int64_t drain(struct reply_source *source, size_t room, struct buffer *out) {
    int64_t count;
    do {
        assert_true(buffer_reserve(out, room));
        count = source->read(source->state, out->bytes + out->used, room);
        assert_true(count <= (int64_t)room);
        out->used += count > 0 ? (size_t)count : 0;
    } while (count > 0 || count == REPLY_SOURCE_LATER);
    return count;
}

static void run_stream(enum coding coding, struct source *source, int64_t bytes, size_t room) {
    atomic_uint streams = 0;
    struct reply_source coded = {source_read, source_free, source, bytes};
    struct buffer out;
    buffer_init(&out);
    assert_true(compress_stream(coding, &streams, &coded));
    assert_int_equal(atomic_load(&streams), 1);
    assert_int_equal(coded.bytes, -1);
    assert_int_equal(drain(&coded, room, &out), 0);
    assert_int_equal(coded.read(coded.state, out.bytes, room), 0); /* the end stays the end */
    assert_decodes_to(coding, buffer_span(&out), source->plain);
    coded.free(coded.state);
    assert_int_equal(source->freed, 1);
    assert_int_equal(atomic_load(&streams), 0);
    buffer_fini(&out);
}

static void streams_come_back(void **state) {
    (void)state;
    static const size_t rooms[] = {64, 100, 1000, 32 * 1024};
    EACH_CODING(coding) {
        EACH_SIZE(i) {
            for (size_t k = 0; k < sizeof rooms / sizeof rooms[0]; k++) {
                if (rooms[k] < 1000 && sizes[i] > 40000)
                    continue;
                struct source open = {.plain = {words, sizes[i]}, .step = 1 + 997 * (k + 1)};
                struct source measured = {
                    .plain = {noise, sizes[i]}, .step = SIZE_MAX, .waits = true};
                run_stream(coding, &open, -1, rooms[k]);
                run_stream(coding, &measured, (int64_t)sizes[i], rooms[k]);
            }
        }
    }
}

/* A line that was read can be decoded before the next one is there. */
static void each_piece_arrives(void **state) {
    (void)state;
    EACH_CODING(coding) {
        atomic_uint streams = 0;
        struct source source = {.plain = {words, 3000}, .step = 1000};
        struct reply_source coded = {source_read, source_free, &source, -1};
        char out[32 * 1024];
        assert_true(compress_stream(coding, &streams, &coded));
        int64_t count = coded.read(coded.state, out, sizeof out);
        assert_true(count > 0 && source.at == 1000);
        if (coding == CODING_GZIP) {
            char plain[2000];
            z_stream stream = {.next_in = (Bytef *)out, .avail_in = (unsigned)count};
            stream.next_out = (Bytef *)plain;
            stream.avail_out = sizeof plain;
            assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
            assert_int_equal(inflate(&stream, Z_SYNC_FLUSH), Z_OK);
            assert_int_equal(stream.total_out, 1000);
            assert_memory_equal(plain, words, 1000);
            inflateEnd(&stream);
        }
        coded.free(coded.state);
    }
}

static void a_source_that_breaks_off_is_cut(void **state) {
    (void)state;
    EACH_CODING(coding) {
        for (int measured = 0; measured < 2; measured++) {
            atomic_uint streams = 0;
            struct source source = {.plain = {words, 90000}, .step = 1000, .breaks_at = 50000};
            struct reply_source coded = {source_read, source_free, &source, measured ? 90000 : -1};
            struct buffer out;
            buffer_init(&out);
            assert_true(compress_stream(coding, &streams, &coded));
            assert_int_equal(drain(&coded, 5000, &out), -1);
            coded.free(coded.state);
            assert_int_equal(source.freed, 1);
            buffer_fini(&out);
        }
        atomic_uint streams = 0;
        struct source shorter = {.plain = {words, 100}, .step = 1000};
        struct reply_source coded = {source_read, source_free, &shorter, 101};
        struct buffer out;
        buffer_init(&out);
        assert_true(compress_stream(coding, &streams, &coded));
        assert_int_equal(drain(&coded, 5000, &out), -1);
        coded.free(coded.state);
        buffer_fini(&out);
    }
}

static void few_streams_at_a_time(void **state) {
    (void)state;
    atomic_uint streams = 0;
    struct source source = {.plain = {words, 100}, .step = 1000};
    struct reply_source coded[COMPRESS_STREAMS_MAX + 1];
    for (size_t i = 0; i <= COMPRESS_STREAMS_MAX; i++) {
        coded[i] = (struct reply_source){source_read, source_free, &source, -1};
        assert_int_equal(compress_stream(CODING_ZSTD, &streams, &coded[i]),
                         i < COMPRESS_STREAMS_MAX);
    }
    assert_true(coded[COMPRESS_STREAMS_MAX].read == source_read);
    for (size_t i = 0; i < COMPRESS_STREAMS_MAX; i++)
        coded[i].free(coded[i].state);
    assert_int_equal(atomic_load(&streams), 0);
}

/* ---- the n-th allocation fails, and all after it ---- */

static bool code_without_memory(enum coding coding, size_t bytes) {
    struct compressor compressor = {0};
    struct buffer out;
    buffer_init(&out);
    assert_true(buffer_reserve(&out, 2 * bytes));
    struct span plain = {words, bytes};
    calls = 0;
    bool is_coded = compress_whole(&compressor, coding, plain, false, &out);
    size_t failed_at = fails_at;
    fails_at = 0;
    if (is_coded)
        assert_decodes_to(coding, buffer_span(&out), plain);
    else
        assert_int_equal(out.used, 0);
    buffer_clear(&out); /* and the compressor is none the worse */
    assert_true(compress_whole(&compressor, coding, plain, false, &out));
    assert_decodes_to(coding, buffer_span(&out), plain);
    fails_at = failed_at;
    buffer_fini(&out);
    compressor_fini(&compressor);
    return is_coded;
}

static bool stream_without_memory(enum coding coding) {
    atomic_uint streams = 0;
    struct source source = {.plain = {words, 100000}, .step = SIZE_MAX};
    struct reply_source coded = {source_read, source_free, &source, -1};
    struct buffer out;
    buffer_init(&out);
    assert_true(buffer_reserve(&out, 400000));
    calls = 0;
    bool is_coded = compress_stream(coding, &streams, &coded);
    bool is_whole = is_coded && drain(&coded, 100, &out) == 0;
    fails_at = 0;
    assert_true(is_coded || coded.read == source_read);
    if (is_whole)
        assert_decodes_to(coding, buffer_span(&out), source.plain);
    coded.free(coded.state);
    assert_int_equal(source.freed, 1);
    assert_int_equal(atomic_load(&streams), 0);
    buffer_fini(&out);
    return is_whole;
}

static void memory_may_end_anywhere(void **state) {
    (void)state;
    EACH_CODING(coding) {
        for (int way = 0; way < 3; way++) {
            bool is_done = false;
            for (size_t n = 1; !is_done; n++) {
                assert_true(n < 200);
                fails_at = n;
                is_done = way == 2 ? stream_without_memory(coding)
                                   : code_without_memory(coding, way == 0 ? 3000 : 300000);
            }
            fails_at = 0;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_bodies_come_back),
        cmocka_unit_test(the_same_bytes_give_the_same),
        cmocka_unit_test(a_reply_exchanges_its_body),
        cmocka_unit_test(streams_come_back),
        cmocka_unit_test(each_piece_arrives),
        cmocka_unit_test(a_source_that_breaks_off_is_cut),
        cmocka_unit_test(few_streams_at_a_time),
        cmocka_unit_test(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests_name("compress", tests, setup, NULL);
}
