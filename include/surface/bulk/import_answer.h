/* import_answer.h: what the sender of an import hears: one line of JSON for each item, in order,
 * and one with the sums, or with the problem that ended it before its time. For import_stream.c and
 * import_work.c alone. */
#ifndef PILCROW_SURFACE_BULK_IMPORT_ANSWER_H
#define PILCROW_SURFACE_BULK_IMPORT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/import/import.h"
#include "ground/buffer.h"
#include "ground/fault.h"
#include "ground/problem.h"

struct import_answer {
    struct buffer lines; /* not yet told */
    uint64_t errors;
    enum import_mode mode;
    bool is_dry_run;
};

/* Without memory `lines` has failed. Outside of render_begin(). */
void import_answer_add(struct import_answer *answer, size_t line,
                       const struct import_result *result);
void import_answer_refuse(struct import_answer *answer, size_t line, enum problem problem,
                          const struct fault *fault);
void import_answer_end(struct import_answer *answer, const struct import_totals *totals);

/* The last line of an answer that has begun. */
void import_answer_break(struct import_answer *answer, enum problem problem,
                         const struct fault *fault);

#endif
