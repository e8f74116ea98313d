/* range.h: the Range field (RFC 9110, 14.2) of one part of a file. Pure. */
#ifndef PILCROW_ENGINE_RANGE_H
#define PILCROW_ENGINE_RANGE_H

#include <stdint.h>

#include "ground/span.h"

enum range_kind {
    RANGE_WHOLE,         /* none is wanted, or not one that is served: several, other units */
    RANGE_PART,          /* from *first to *last, both counted from 0 and included */
    RANGE_UNSATISFIABLE, /* it begins behind the end */
};

enum range_kind range_parse(struct span field, int64_t size, int64_t *first, int64_t *last);

#endif
