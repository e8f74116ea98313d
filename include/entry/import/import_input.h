/* import_input.h: one file or standard input, read within bounds: as a whole, or line by line. */
#ifndef PILCROW_ENTRY_IMPORT_IMPORT_INPUT_H
#define PILCROW_ENTRY_IMPORT_IMPORT_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/fault.h"
#include "ground/lines.h"
#include "ground/problem.h"

/* The owner of the struct calls import_input_close(). */
struct import_input {
    int descriptor;
    struct lines lines; /* what was read and is not yet given out; the number of the line */
    bool is_at_end;
};

/* "-" is standard input. BAD_SOURCE with fault: no such file, no permission, larger than an
 * article may be (when `is_whole`). */
MUST_CHECK enum problem import_input_open(struct import_input *input, const char *path,
                                          bool is_whole, struct fault *fault);
void import_input_close(struct import_input *input);

/* Whether the first character that is no blank is '{'. Reads only what it needs. */
MUST_CHECK enum problem import_input_is_json(struct import_input *input, bool *is_json,
                                             struct fault *fault);

/* Everything up to the end, borrowed until the input is closed. */
MUST_CHECK enum problem import_input_all(struct import_input *input, struct span *out,
                                         struct fault *fault);

/* The next line without its end, borrowed until the next call; .at NULL at the end of the input. A
 * line that is too long is passed over: BAD_SOURCE with *is_lost false, and reading goes on after
 * it. */
MUST_CHECK enum problem import_input_line(struct import_input *input, struct span *out,
                                          bool *is_lost, struct fault *fault);

#endif
