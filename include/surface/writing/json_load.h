/* json_load.h: JSON text from outside into a value: no duplicate keys, at most 32 levels, UTF-8
 * without NUL; what is wrong is said with line and column. */
#ifndef PILCROW_SURFACE_WRITING_JSON_LOAD_H
#define PILCROW_SURFACE_WRITING_JSON_LOAD_H

#include <jansson.h>

#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/span.h"

/* *out is the caller's. BAD_SOURCE with ->line and ->column. */
MUST_CHECK enum problem json_load(struct span json, json_t **out, struct fault *fault);

#endif
