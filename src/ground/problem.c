/* problem.c: lookups in the one list of problems. */
#include "ground/problem.h"

#include <string.h>

static const struct problem_info infos[PROBLEM_COUNT] = {
    [PROBLEM_NONE] = {200, "none", "No problem", ""},
#define X(id, status, code, title, remedy) [PROBLEM_##id] = {status, code, title, remedy},
    PROBLEMS(X)
#undef X
};

const struct problem_info *problem_info(enum problem problem) {
    return &infos[problem < PROBLEM_COUNT ? problem : PROBLEM_INTERNAL];
}

enum problem problem_by_code(const char *code, size_t code_bytes) {
    for (enum problem p = PROBLEM_NONE + 1; p < PROBLEM_COUNT; p++) {
        if (strlen(infos[p].code) == code_bytes && memcmp(infos[p].code, code, code_bytes) == 0)
            return p;
    }
    return PROBLEM_NONE;
}
