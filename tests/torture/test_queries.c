/* test_queries.c: a million search texts, each as a target through serve(): parameters, query,
 * index, evidence, facets, JSON. None is a 500, none takes more than 125 ms of the processor, and
 * what says that it is JSON is. The samples are what is searched, and ../shared/seeds where these
 * are there. QUERIES says how many; the same number asks the same.
 *
 *     QUERIES=1000000 build/release/torture/test_queries */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <string.h>
#include <time.h>

#include "../fuzz/small_world.h"

#include "domain/articles/article_text.h"

enum {
    QUERIES_DEFAULT = 20000,
    WORDS_MAX = 4096,
    TEXT_MAX = 700,
    TARGET_MAX = 8000,
    FILE_MAX = 256 * 1024,
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    CPU_MS_MAX = 125 * 8,
#else
    CPU_MS_MAX = 125,
#endif
};

/* ---- chance ---- */

static uint64_t chance_state = 7;

static uint64_t chance(uint64_t below) {
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (chance_state >> 11) % below;
}

#define CHOICE(list) ((list)[chance(sizeof(list) / sizeof(list)[0])])

/* ---- what is searched ---- */

static char *words[WORDS_MAX];
static size_t word_count;

static void words_add(char *text) {
    for (char *word = strtok(text, " \n\t"); word != NULL && word_count < WORDS_MAX;
         word = strtok(NULL, " \n\t"))
        words[word_count++] = strdup(word);
}

static bool file_read(const char *folder, const char *name, char *bytes, size_t *count) {
    char path[1000];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    *count = fread(bytes, 1, FILE_MAX - 1, file);
    bytes[*count] = '\0';
    fclose(file);
    return true;
}

static void folder_add(struct import *run, const char *folder) {
    static char bytes[FILE_MAX];
    size_t count;
    DIR *entries = opendir(folder);
    struct arena arena;
    arena_init(&arena, 64 * 1024 * 1024);
    for (struct dirent *entry = entries == NULL ? NULL : readdir(entries); entry != NULL;
         entry = readdir(entries)) {
        struct article article;
        struct import_result result;
        arena_reset(&arena);
        if (strstr(entry->d_name, ".txt") == NULL ||
            !file_read(folder, entry->d_name, bytes, &count) ||
            article_text_parse((struct span){bytes, count}, &arena, &article, NULL, NULL) !=
                PROBLEM_NONE)
            continue;
        assert_int_equal(import_article(run, &article, span_of(""), &result, NULL), PROBLEM_NONE);
        words_add(bytes);
    }
    if (entries != NULL)
        closedir(entries);
    arena_fini(&arena);
}

static void world_of_samples(void) {
    struct import *run = NULL;
    world_make(false);
    world.config.search_deadline_ms = 1000; /* of the clock; here it is work that is bounded */
    assert_int_equal(import_open(world.store, false, &run), PROBLEM_NONE);
    folder_add(run, "db/samples");
    folder_add(run, "../shared/seeds");
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
    assert_true(word_count > 500);
}

/* ---- texts ---- */

static char text[TEXT_MAX + 100];
static size_t text_bytes;

static void put(const char *more) {
    size_t bytes = strlen(more);
    if (text_bytes + bytes > TEXT_MAX)
        return;
    memcpy(text + text_bytes, more, bytes);
    text_bytes += bytes;
}

static void put_rune(unsigned rune) {
    char out[5] = "";
    if (rune < 0x80) {
        out[0] = (char)rune;
    } else if (rune < 0x800) {
        out[0] = (char)(0xC0 | rune >> 6);
        out[1] = (char)(0x80 | (rune & 0x3F));
    } else {
        out[0] = (char)(0xE0 | rune >> 12);
        out[1] = (char)(0x80 | (rune >> 6 & 0x3F));
        out[2] = (char)(0x80 | (rune & 0x3F));
    }
    put(out);
}

static void put_word(void) {
    static const char *const spelt[] = {"Aarhus",      "M\xC3\xBCller",
                                        "mueller",     "\xC3\x85rhus",
                                        "gro\xC3\x9F", "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD",
                                        "C++",         "1.000"};
    char prefix[16];
    switch (chance(8)) {
    case 0:
        put(CHOICE(spelt));
        break;
    case 1:
        snprintf(prefix, sizeof prefix, "%.*s*", (int)(1 + chance(6)), words[chance(word_count)]);
        put(prefix);
        break;
    default:
        put(words[chance(word_count)]);
    }
}

static void put_sign(void) {
    static const char *const signs[] = {"\"",
                                        "\"",
                                        "-",
                                        "*",
                                        "OR ",
                                        " OR ",
                                        "AND",
                                        "NOT",
                                        "(",
                                        ")",
                                        "{",
                                        "}",
                                        ":",
                                        "^",
                                        "+",
                                        "NEAR(",
                                        "/",
                                        ",",
                                        "title:",
                                        "tag:",
                                        "author:",
                                        "section:",
                                        "x:",
                                        "--",
                                        "\\",
                                        "'",
                                        "%",
                                        ";",
                                        "\xE2\x80\x9C",
                                        "\xE2\x80\x9D",
                                        "...",
                                        "[...]",
                                        "\t",
                                        "#",
                                        "&",
                                        "\xC2\xA0"};
    put(CHOICE(signs));
}

static void put_noise(void) {
    static const unsigned firsts[] = {0x20,  0xA0,   0x300,  0x370,  0x400,  0x5D0,  0x600,
                                      0xE00, 0x1100, 0x2000, 0x3040, 0x4E00, 0xAC00, 0xFF00};
    if (chance(20) == 0) {
        text[text_bytes < TEXT_MAX ? text_bytes++ : 0] = (char)(unsigned char)chance(256);
        return;
    }
    put_rune(CHOICE(firsts) + (unsigned)chance(0x60));
}

static void text_make(void) {
    size_t parts = 1 + chance(chance(20) == 0 ? 60 : 8);
    uint64_t share = chance(4); /* of what is no word */
    text_bytes = 0;
    for (size_t i = 0; i < parts; i++) {
        if (chance(4) >= share)
            put_word();
        else if (chance(3) > 0)
            put_sign();
        else
            put_noise();
        if (chance(4) > 0)
            put(" ");
    }
}

/* Of the text before: bytes gone, doubled, or others. */
static void text_change(void) {
    for (uint64_t i = 1 + chance(4); i > 0 && text_bytes > 1; i--) {
        size_t at = chance(text_bytes), bytes = 1 + chance(text_bytes - at);
        if (chance(2) == 0) {
            memmove(text + at, text + at + bytes, text_bytes - at - bytes);
            text_bytes -= bytes;
        } else if (chance(2) == 0 && text_bytes + bytes < TEXT_MAX) {
            memmove(text + at + bytes, text + at, text_bytes - at);
            text_bytes += bytes;
        } else {
            text[at] = (char)(unsigned char)chance(256);
        }
    }
}

/* ---- targets ---- */

static char target[TARGET_MAX];
static size_t target_bytes;

static void target_put(const char *more) {
    size_t bytes = strlen(more);
    if (target_bytes + bytes < TARGET_MAX) {
        memcpy(target + target_bytes, more, bytes);
        target_bytes += bytes;
    }
}

static void target_put_text(void) {
    for (size_t i = 0; i < text_bytes; i++) {
        char coded[4];
        unsigned char byte = (unsigned char)text[i];
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        snprintf(coded, sizeof coded, is_plain ? "%c" : "%%%02X", byte);
        target_put(byte == ' ' && chance(2) == 0 ? "+" : coded);
    }
}

static void target_make(void) {
    static const char *const begins[] = {
        "/v1/search?q=",
        "/v1/search?q=",
        "/v1/search?q=",
        "/v1/search?scope=paragraphs&q=",
        "/v1/articles?q=",
        "/v1/paragraphs?q=",
        "/v1/suggest?q=",
        "/v1/quotes?text=",
        "/v1/search.csv?q=",
        "/v1/search.atom?q=",
        "/v1/articles.ndjson?q=",
        "/v1/search.md?q=",
        "/v1/quotes?article=1&text=",
    };
    static const char *const more[] = {
        "&facets=section,author,tag,year",
        "&highlight=html",
        "&explain=1",
        "&sort=newest",
        "&limit=100",
        "&limit=1&page=3",
        "&count=exact",
        "&from=2018&to=2019",
        "&tag=harbour",
        "&tag_not=harbour",
        "&section=news",
        "&author=nobody",
        "&fields=id,title",
        "&pretty=1",
    };
    const char *begin = CHOICE(begins);
    target_bytes = 0;
    target_put(begin);
    target_put_text();
    if (strncmp(begin, "/v1/search?", 11) != 0)
        return;
    for (uint64_t i = chance(4); i > 0; i--)
        target_put(CHOICE(more));
}

/* ---- asking ---- */

struct seen {
    size_t statuses[600];
    int64_t most_ns, sum_ns;
};

static int64_t cpu_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool says_json(void) {
    for (size_t i = 0; i < world.reply.field_count; i++) {
        if (strcmp(world.reply.fields[i].name, "Content-Type") == 0)
            return strstr(world.reply.fields[i].value, "json") != NULL &&
                   strstr(world.reply.fields[i].value, "ndjson") == NULL;
    }
    return false;
}

static void ask(struct seen *seen) {
    struct request *request = &world.request;
    arena_reset(&world.arena);
    request->service = &world.service;
    request->store = world.reader;
    request->arena = &world.arena;
    request->method = METHOD_GET;
    request->raw_target = (struct span){target, target_bytes};
    request->host = SPAN_LITERAL("localhost");
    int64_t began = cpu_ns();
    serve(request, &world.reply);
    int64_t spent = cpu_ns() - began;
    unsigned status = world.reply.status;
    if (spent > seen->most_ns)
        seen->most_ns = spent;
    seen->sum_ns += spent;
    seen->statuses[status < 600 ? status : 0]++;
    bool is_good = status >= 200 && status < 600 && status != 500 &&
                   spent <= (int64_t)CPU_MS_MAX * 1000000 && (!says_json() || world_has_json());
    if (!is_good)
        fail_msg("status %u, %.1f ms of CPU: %.*s", status, (double)spent / 1e6, (int)target_bytes,
                 target);
}

static void test_queries(void **state) {
    (void)state;
    static struct seen seen;
    const char *asked = getenv("QUERIES");
    size_t count = asked == NULL ? QUERIES_DEFAULT : strtoul(asked, NULL, 10);
    world_of_samples();
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || chance(3) > 0)
            text_make();
        else
            text_change();
        target_make();
        ask(&seen);
    }
    store_rest(world.reader);
    print_message("%zu queries, %.3f ms of CPU each, %.1f ms at most;", count,
                  (double)seen.sum_ns / 1e6 / (double)(count == 0 ? 1 : count),
                  (double)seen.most_ns / 1e6);
    for (size_t i = 0; i < sizeof seen.statuses / sizeof seen.statuses[0]; i++) {
        if (seen.statuses[i] > 0)
            print_message(" %zu x %zu", seen.statuses[i], i);
    }
    print_message("\n");
    assert_true(seen.statuses[200] > count / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_queries)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
