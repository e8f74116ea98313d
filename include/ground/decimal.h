/* decimal.h: whole numbers as text, for where each request writes some and printf() would cost more
 * than what is around it. Pure. */
#ifndef PILCROW_GROUND_DECIMAL_H
#define PILCROW_GROUND_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

#include "ground/span.h"

enum { DECIMAL_BYTES = 20 }; /* of the longest: -9223372036854775808 */

/* The digits, and '-' before them when there is need, in `room`. */
static inline struct span decimal_print(int64_t value, char room[DECIMAL_BYTES]) {
    char *end = room + DECIMAL_BYTES, *start = end;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--start = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        *--start = '-';
    return (struct span){start, (size_t)(end - start)};
}

#endif
