/* import_answer.h: what the sender of an import hears: one line of JSON for each item, in order,
 * and one with the sums. For import_stream.c alone. */
#ifndef PILCROW_SURFACE_IMPORT_ANSWER_H
#define PILCROW_SURFACE_IMPORT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/import.h"
#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/spool.h"

struct import_answer {
    struct spool lines;
    uint64_t errors;
    enum import_mode mode;
    bool is_dry_run;
};

/* False when there is no room for the line. Outside of render_begin(). */
bool import_answer_add(struct import_answer *answer, size_t line,
                       const struct import_result *result);
bool import_answer_refuse(struct import_answer *answer, size_t line, enum problem problem,
                          const struct fault *fault);
bool import_answer_end(struct import_answer *answer, const struct import_totals *totals);

#endif
