/* test_json_merge.c: merge patches, by example: those of RFC 7396 and some of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "surface/writing/json_merge.h"

static const struct {
    const char *target, *patch, *result;
} rows[] = {
    {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
    {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
    {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
    {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
    {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
    {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
    {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
    {"{\"a\":\"foo\"}", "null", "null"},
    {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
    {"{\"e\":null}", "{\"a\":1}", "{\"a\":1,\"e\":null}"},
    {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
    {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    {"{\"a\":1}", "{}", "{\"a\":1}"},
    {"{\"a\":{\"b\":{\"c\":1,\"d\":2}}}", "{\"a\":{\"b\":{\"c\":null}}}",
     "{\"a\":{\"b\":{\"d\":2}}}"},
};

static json_t *load(const char *text) {
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    return json;
}

static void assert_is(const json_t *json, const char *text) {
    char *dumped = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    assert_string_equal(dumped, text);
    free(dumped);
}

static void test_examples(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *target = load(rows[i].target), *patch = load(rows[i].patch);
        json_t *before = json_deep_copy(target), *patch_before = json_deep_copy(patch);
        json_t *merged = json_merge(target, patch);
        assert_is(merged, rows[i].result);
        assert_true(json_equal(target, before));
        assert_true(json_equal(patch, patch_before));
        json_decref(merged);
        json_decref(patch_before);
        json_decref(before);
        json_decref(patch);
        json_decref(target);
    }
}

static void test_nothing_to_merge_into(void **state) {
    (void)state;
    json_t *patch = load("{\"a\":{\"b\":null,\"c\":1}}");
    json_t *merged = json_merge(NULL, patch);
    assert_is(merged, "{\"a\":{\"c\":1}}");
    json_decref(merged);
    json_decref(patch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_nothing_to_merge_into),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
