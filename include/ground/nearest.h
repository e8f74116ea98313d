/* nearest.h: "did you mean": the known name closest to a wrong one. Pure. */
#ifndef PILCROW_GROUND_NEAREST_H
#define PILCROW_GROUND_NEAREST_H

#include <stddef.h>

#include "ground/span.h"

/* The name with the fewest insertions, deletions, substitutions and swaps of neighbours away from
 * `given`, the first of equals; NULL when none is near (more than a third of its length off). */
const char *nearest_name(struct span given, const char *const *names, size_t count);

#endif
