/* Values that stand in the path: which text names a thing at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/params/params.h"

static enum problem parse(const char *text, const enum param_id *path, struct arena *arena,
                          struct params *params, struct fault *fault) {
    static const enum param_id nothing_taken[] = {PARAM_ID_COUNT};
    struct target target;
    fault_init(fault);
    assert_int_equal(target_parse(span_of(text), arena, &target, fault), PROBLEM_NONE);
    return params_parse(&target, path, nothing_taken, arena, params, fault);
}

#define FIFTY "a-slug-of-fifty-bytes-a-slug-of-fifty-bytes-a-slug"
#define TWO_HUNDRED FIFTY FIFTY FIFTY FIFTY
#define LONGEST_SLUG TWO_HUNDRED TWO_HUNDRED TWO_HUNDRED TWO_HUNDRED TWO_HUNDRED

struct path_row {
    enum param_id id;
    const char *text;
    enum problem problem;
    int64_t number, last_number;
};

static const struct path_row path_rows[] = {
    {PARAM_PATH_ARTICLE, "7", PROBLEM_NONE, 7, 0},
    {PARAM_PATH_ARTICLE, "9223372036854775807", PROBLEM_NONE, INT64_MAX, 0},
    {PARAM_PATH_ARTICLE, "9223372036854775808", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_ARTICLE, "0", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_ARTICLE, "07", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_ARTICLE, "7-days", PROBLEM_NONE, 0, 0},
    {PARAM_PATH_ARTICLE, "-7", PROBLEM_NONE, 0, 0},
    {PARAM_PATH_PARAGRAPH, "7", PROBLEM_NONE, 7, 0},
    {PARAM_PATH_PARAGRAPH, "p7", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_PARAGRAPH, "+7", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_TERM, "nato", PROBLEM_NONE, 0, 0},
    {PARAM_PATH_TERM, "2018", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_RANGE, "3", PROBLEM_NONE, 3, 3},
    {PARAM_PATH_RANGE, "3-5", PROBLEM_NONE, 3, 5},
    {PARAM_PATH_RANGE, "3-3", PROBLEM_NONE, 3, 3},
    {PARAM_PATH_RANGE, "5-3", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_RANGE, "0-3", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_RANGE, "03", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_RANGE, "3-", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_RANGE, "-3", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_RANGE, "3-4-5", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_RANGE, "a", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_RANGE, "99999999999", PROBLEM_NOT_FOUND, 0, 0},
    {PARAM_PATH_TERM, LONGEST_SLUG, PROBLEM_NONE, 0, 0},
    {PARAM_PATH_TERM, LONGEST_SLUG "s", PROBLEM_NOT_FOUND, 0, 0},
};

static void checks_paths(void **state) {
    (void)state;
    struct arena arena;
    static struct params params;
    struct fault fault;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof path_rows / sizeof path_rows[0]; i++) {
        const struct path_row *row = &path_rows[i];
        enum param_id path[LIMIT_SEGMENTS] = {row->id};
        char text[1100] = "/";
        strcat(text, row->text);
        enum problem problem = parse(text, path, &arena, &params, &fault);
        if (problem != row->problem)
            fail_msg("%s as %s: %s", row->text, param_specs[row->id].name,
                     problem_info(problem)->code);
        if (problem != PROBLEM_NONE)
            continue;
        assert_true(params.values[row->id].number == row->number);
        assert_true(params.values[row->id].last_number == row->last_number);
    }
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_paths),
    };
    return cmocka_run_group_tests_name("params_path", tests, NULL, NULL);
}
