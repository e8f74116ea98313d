/* Any bytes as a request target, through the real tables: what is accepted has a normal form, and
 * the normal form is accepted and is its own. */
#include <stdint.h>
#include <stdlib.h>

#include "engine/router.h"
#include "ground/buffer.h"
#include "surface/routes.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

struct line {
    struct target target;
    struct router_match match;
    struct params params;
    struct fault fault;
};

static enum problem follow(const struct router *router, struct span raw, struct arena *arena,
                           struct line *line) {
    fault_init(&line->fault);
    enum problem problem = target_parse(raw, arena, &line->target, &line->fault);
    if (problem == PROBLEM_NONE)
        problem = router_match(router, METHOD_GET, &line->target, &line->match);
    if (problem == PROBLEM_NONE)
        problem = params_parse(&line->target, line->match.pattern->path, line->match.route->taken,
                               arena, &line->params, &line->fault);
    return problem;
}

static void print_normal(const struct line *line, struct buffer *out) {
    buffer_append_span(out, line->target.raw_path);
    buffer_append_char(out, '?');
    params_print_normal(&line->params, line->match.route->taken, NULL, out);
}

/* Percent-encoding may make a normal form longer than a target may be. */
static void check_normal(const struct router *router, struct line *line, struct arena *arena) {
    struct buffer first, second;
    buffer_init(&first);
    buffer_init(&second);
    print_normal(line, &first);
    if (first.used <= LIMIT_TARGET_BYTES) {
        if (follow(router, buffer_span(&first), arena, line) != PROBLEM_NONE)
            abort();
        print_normal(line, &second);
        if (!span_equal(buffer_span(&first), buffer_span(&second)))
            abort();
    }
    buffer_fini(&second);
    buffer_fini(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static struct router router;
    static struct line line;
    struct arena arena;
    if (router.count == 0 && router_init(&router, routes, routes_count, NULL) != PROBLEM_NONE)
        abort();
    arena_init(&arena, LIMIT_REQUEST_ARENA_BYTES);
    struct span raw = {(const char *)bytes, count};
    enum problem problem = follow(&router, raw, &arena, &line);
    if (problem == PROBLEM_NONE)
        check_normal(&router, &line, &arena);
    else if (problem_info(problem)->status >= 500)
        abort();
    arena_fini(&arena);
    return 0;
}
