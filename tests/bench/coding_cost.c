/* coding_cost.c: what each coding of a file costs and how long it becomes: CPU time of this thread,
 * the fastest of some rounds. `coding_cost FILE...` prints a line for each file and coding:
 * FILE coding bytes microseconds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/compress/compress.h"

enum { ROUNDS = 7, ROUND_NS = 20 * 1000 * 1000 };

static int64_t cpu_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool read_all(const char *path, struct buffer *out) {
    FILE *file = fopen(path, "rb");
    size_t count = 1;
    while (file != NULL && count > 0 && buffer_reserve(out, 65536)) {
        count = fread(out->bytes + out->used, 1, 65536, file);
        out->used += count;
    }
    if (file != NULL)
        fclose(file);
    return file != NULL && count == 0;
}

/* As often as fits into a round, and once in any case. */
static double round_us(struct compressor *compressor, enum coding coding, struct span plain,
                       struct buffer *out) {
    int64_t begin = cpu_ns(), now = begin;
    int count = 0;
    for (; now - begin < ROUND_NS; now = cpu_ns(), count++) {
        buffer_clear(out);
        if (!compress_whole(compressor, coding, plain, true, out))
            exit(1);
    }
    return (double)(now - begin) / count / 1000;
}

static void measure(const char *path, struct span plain) {
    for (enum coding coding = CODING_GZIP; coding < CODING_COUNT; coding++) {
        struct compressor compressor = {0};
        struct buffer out;
        double best = 0;
        buffer_init(&out);
        for (int i = 0; i < ROUNDS; i++) {
            double us = round_us(&compressor, coding, plain, &out);
            best = i == 0 || us < best ? us : best;
        }
        printf("%s %s %zu %.1f\n", path, coding_name(coding), out.used, best);
        buffer_fini(&out);
        compressor_fini(&compressor);
    }
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        struct buffer plain;
        buffer_init(&plain);
        if (!read_all(argv[i], &plain))
            return 1;
        measure(argv[i], buffer_span(&plain));
        buffer_fini(&plain);
    }
    return 0;
}
