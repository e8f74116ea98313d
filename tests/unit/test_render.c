/* JSON out: our writer against the library's over trees of every kind, and what is left of a tree
 * when members are chosen or memory is out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/render.h"

/* Linked with --wrap=realloc: buffers grow by realloc() alone. */
static bool is_realloc_failing;
void *__real_realloc(void *pointer, size_t bytes);
void *__wrap_realloc(void *pointer, size_t bytes);

void *__wrap_realloc(void *pointer, size_t bytes) {
    return is_realloc_failing ? NULL : __real_realloc(pointer, bytes);
}

static uint64_t random_state;

static uint64_t random_below(uint64_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % bound;
}

static void append_code(struct buffer *out, uint32_t code) {
    if (code < 0x80) {
        buffer_append_char(out, (char)code);
    } else if (code < 0x800) {
        buffer_append_char(out, (char)(0xC0 | code >> 6));
        buffer_append_char(out, (char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        buffer_append_char(out, (char)(0xE0 | code >> 12));
        buffer_append_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buffer_append_char(out, (char)(0x80 | (code & 0x3F)));
    } else {
        buffer_append_char(out, (char)(0xF0 | code >> 18));
        buffer_append_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
        buffer_append_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buffer_append_char(out, (char)(0x80 | (code & 0x3F)));
    }
}

static uint32_t random_code(void) {
    static const struct {
        uint32_t first, count;
    } classes[] = {{'a', 26},       {0x20, 0x60},     {0x00, 0x20},      {'"', 1},
                   {'\\', 1},       {'/', 1},         {0x7F, 0x22},      {0xA0, 0x700},
                   {0x800, 0xD000}, {0xE000, 0x2000}, {0x10000, 0x1000}, {0x10FF00, 0x100}};
    size_t class = random_below(3) > 0 ? 0 : random_below(sizeof classes / sizeof classes[0]);
    return classes[class].first + (uint32_t)random_below(classes[class].count);
}

static void random_text(struct buffer *out, size_t codes) {
    buffer_clear(out);
    for (size_t i = 0; i < codes; i++)
        append_code(out, random_code());
}

static json_t *random_string(struct buffer *scratch) {
    random_text(scratch, random_below(10) == 0 ? 300 : random_below(40));
    return render_text(buffer_span(scratch));
}

static json_t *random_leaf(struct buffer *scratch) {
    static const json_int_t edges[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1000000007};
    switch (random_below(7)) {
    case 0:
        return json_integer(edges[random_below(6)]);
    case 1:
        return json_integer((json_int_t)random_below(UINT64_MAX));
    case 2:
        return json_real((double)(int64_t)random_below(UINT64_MAX) / 1e12);
    case 3:
        return json_true();
    case 4:
        return json_false();
    case 5:
        return json_null();
    default:
        return random_string(scratch);
    }
}

static json_t *random_tree(size_t depth, struct buffer *scratch) {
    uint64_t kind = depth == 0 ? 2 : random_below(4);
    size_t count = random_below(6);
    if (kind == 0) {
        json_t *array = json_array();
        for (size_t i = 0; i < count; i++)
            assert_int_equal(json_array_append_new(array, random_tree(depth - 1, scratch)), 0);
        return array;
    }
    if (kind != 1)
        return random_leaf(scratch);
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++) {
        json_t *value = random_tree(depth - 1, scratch);
        random_text(scratch, random_below(12));
        assert_int_equal(json_object_setn_new_nocheck(object,
                                                      scratch->used == 0 ? "" : scratch->bytes,
                                                      scratch->used, value),
                         0);
    }
    return object;
}

/* Both layouts of one value against the library's. */
static void check_same(const json_t *json, struct buffer *out) {
    char *expected =
        json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(RENDER_REAL_DIGITS));
    assert_non_null(expected);
    buffer_clear(out);
    render_write(json, false, out);
    if (!span_is(buffer_span(out), expected))
        fail_msg("compact: %s\n   ours: %.*s", expected, (int)out->used, out->bytes);
    free(expected);
    expected = json_dumps(json, JSON_INDENT(2) | JSON_ENCODE_ANY |
                                    JSON_REAL_PRECISION(RENDER_REAL_DIGITS));
    assert_non_null(expected);
    buffer_clear(out);
    render_write(json, true, out);
    assert_int_equal(out->bytes[out->used - 1], '\n');
    if (!span_is((struct span){out->bytes, out->used - 1}, expected))
        fail_msg("pretty: %s\n  ours: %.*s", expected, (int)out->used, out->bytes);
    free(expected);
}

static void writes_what_the_library_writes(void **state) {
    (void)state;
    enum { TREES = 3000 };
    struct buffer out, scratch;
    buffer_init(&out);
    buffer_init(&scratch);
    random_state = 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < TREES; i++) {
        json_t *json = random_tree(i % 6, &scratch);
        check_same(json, &out);
        json_decref(json);
    }
    buffer_fini(&scratch);
    buffer_fini(&out);
}

/* Every code point, and every byte that needs care at every place of a word. */
static void escapes_what_the_library_escapes(void **state) {
    (void)state;
    struct buffer out, text;
    buffer_init(&out);
    buffer_init(&text);
    for (uint32_t code = 0; code < 0x110000; code += code < 0x3000 ? 1 : 0x35) {
        if (code >= 0xD800 && code < 0xE000)
            continue;
        buffer_clear(&text);
        append_code(&text, code);
        json_t *json = render_text(buffer_span(&text));
        check_same(json, &out);
        json_decref(json);
    }
    for (size_t bytes = 1; bytes <= 40; bytes++) {
        for (size_t at = 0; at < bytes; at++) {
            buffer_clear(&text);
            for (size_t i = 0; i < bytes; i++)
                buffer_append_char(&text, i == at ? "\"\\\n\x01\x1F"[(at + bytes) % 5] : 'x');
            json_t *json = render_text(buffer_span(&text));
            check_same(json, &out);
            json_decref(json);
        }
    }
    buffer_fini(&text);
    buffer_fini(&out);
}

static void writes_deep_and_empty_containers(void **state) {
    (void)state;
    enum { DEPTH = 1000 };
    struct buffer out;
    buffer_init(&out);
    json_t *json = json_pack("{s:[],s:{},s:[[],{}],s:s}", "a", "b", "c", "", "");
    check_same(json, &out);
    json_decref(json);
    json = json_array();
    for (size_t i = 0; i < DEPTH; i++) {
        json_t *outer = i % 2 == 0 ? json_object() : json_array();
        if (i % 2 == 0)
            json_object_set_new(outer, "k", json);
        else
            json_array_append_new(outer, json);
        json = outer;
    }
    check_same(json, &out);
    json_decref(json);
    buffer_fini(&out);
}

static void stops_quietly_without_memory(void **state) {
    (void)state;
    struct buffer out;
    buffer_init(&out);
    json_t *json =
        json_pack("{s:[i,s,f,b,n]}", "a", 1, "text that is long enough to need room", 1.5, 1);
    is_realloc_failing = true;
    render_write(json, true, &out);
    is_realloc_failing = false;
    assert_true(out.failed);
    assert_int_equal(out.used, 0);
    json_decref(json);
    buffer_fini(&out);
}

struct prune_row {
    const char *fields;
    const char *expected;
};

static const struct prune_row prune_rows[] = {
    {"id", "{\"id\":1}"},
    {"id,title", "{\"id\":1,\"title\":\"t\"}"},
    {"tags.slug", "{\"tags\":[{\"slug\":\"a\"},{\"slug\":\"b\"}]}"},
    {"tags", "{\"tags\":[{\"slug\":\"a\",\"name\":\"A\"},{\"slug\":\"b\",\"name\":\"B\"}]}"},
    {"tags.slug,tags",
     "{\"tags\":[{\"slug\":\"a\",\"name\":\"A\"},{\"slug\":\"b\",\"name\":\"B\"}]}"},
    {"section.path.slug", "{\"section\":{\"path\":[{\"slug\":\"x\"}]}}"},
    {"tag", "{}"},
    {"tags.nothing", "{\"tags\":[{},{}]}"},
    {"", "{}"},
};

static void prunes_as_the_table_says(void **state) {
    (void)state;
    struct buffer out;
    buffer_init(&out);
    for (size_t i = 0; i < sizeof prune_rows / sizeof prune_rows[0]; i++) {
        json_t *json =
            json_pack("{s:i,s:s,s:[{s:s,s:s},{s:s,s:s}],s:{s:s,s:[{s:s,s:s}]}}", "id", 1, "title",
                      "t", "tags", "slug", "a", "name", "A", "slug", "b", "name", "B", "section",
                      "slug", "x", "path", "slug", "x", "name", "X");
        struct span fields[4];
        size_t count = 0;
        char text[64];
        snprintf(text, sizeof text, "%s", prune_rows[i].fields);
        for (char *rest = text, *field; (field = strsep(&rest, ",")) != NULL;)
            fields[count++] = span_of(field);
        render_prune(json, fields, count);
        buffer_clear(&out);
        render_write(json, false, &out);
        if (!span_is(buffer_span(&out), prune_rows[i].expected))
            fail_msg("%s: %.*s", prune_rows[i].fields, (int)out.used, out.bytes);
        json_decref(json);
    }
    buffer_fini(&out);
}

static json_t *build_article(void) {
    json_t *paragraphs = json_array();
    bool is_whole = paragraphs != NULL;
    for (int i = 0; is_whole && i < 30; i++) {
        json_t *paragraph = json_object();
        is_whole =
            render_set(paragraph, "n", json_integer(i)) &&
            render_set(paragraph, "text", render_text(SPAN_LITERAL("Words of a paragraph."))) &&
            json_array_append_new(paragraphs, paragraph) == 0;
    }
    json_t *article = json_object();
    return is_whole && render_set(article, "paragraphs", paragraphs) &&
                   render_set(article, "none", json_null())
               ? article
               : NULL;
}

/* With the arena full but for `left` bytes, whichever allocation comes first past them fails. */
static void fails_whole_at_every_allocation(void **state) {
    (void)state;
    enum { ARENA_BYTES = 64 * 1024, STEP_BYTES = 16 };
    bool is_built = false;
    for (size_t left = 0; !is_built; left += STEP_BYTES) {
        struct arena arena;
        arena_init(&arena, ARENA_BYTES);
        assert_true(left < ARENA_BYTES);
        assert_non_null(arena_alloc(&arena, ARENA_BYTES - left));
        render_begin(&arena);
        is_built = build_article() != NULL;
        render_end();
        arena_fini(&arena);
    }
}

static void lives_in_the_arena(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    render_begin(&arena);
    json_t *json = build_article();
    render_end();
    assert_true(arena_holds(&arena, json));
    assert_true(arena_holds(&arena, json_object_get(json, "paragraphs")));
    arena_fini(&arena);
    json = json_string("heap");
    assert_non_null(json);
    json_decref(json);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_the_library_writes),
        cmocka_unit_test(escapes_what_the_library_escapes),
        cmocka_unit_test(writes_deep_and_empty_containers),
        cmocka_unit_test(stops_quietly_without_memory),
        cmocka_unit_test(prunes_as_the_table_says),
        cmocka_unit_test(fails_whole_at_every_allocation),
        cmocka_unit_test(lives_in_the_arena),
    };
    render_setup();
    return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
