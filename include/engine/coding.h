/* coding.h: the content codings that answers come in, and which of them a client takes (RFC 9110,
 * 12.5.3). Pure. */
#ifndef PILCROW_ENGINE_CODING_H
#define PILCROW_ENGINE_CODING_H

#include <stdbool.h>

#include "ground/span.h"

enum coding { CODING_IDENTITY, CODING_GZIP, CODING_BR, CODING_ZSTD, CODING_COUNT };

/* How long what is coded will be of use; see coding_choose(). */
enum coding_use { CODING_KEPT, CODING_ONCE, CODING_USE_COUNT };

/* What a client takes: thousandths of a weight for each coding; 0 = not that one. */
struct coding_wish {
    unsigned short weights[CODING_COUNT];
};

/* Of all Accept-Encoding fields, joined with ", ". .at NULL: there was none, and whoever says
 * nothing gets what is not coded, though none would be refused. What is malformed is not wished. */
struct coding_wish coding_wish_parse(struct span field);

/* The same when nothing may be coded. */
struct coding_wish coding_wish_none(void);

static inline bool coding_is_taken(const struct coding_wish *wish, enum coding coding) {
    return wish->weights[coding] > 0;
}

/* The coding with the greatest weight; identity when none has any. Of equal weight:
 * KEPT  br, zstd, gzip: it is coded once and sent often, and br is the smallest (an article of
 *       2.8 kB is 1,083 bytes, 1,181 and 1,182; a list of 10 kB 2,961, 3,091 and 3,130) for twice
 *       the time, 50 to 180 us.
 * ONCE  zstd, br, gzip: every reader pays for it, and zstd takes a fifth of the time of the others
 *       for the same size (390 kB: 0.2 ms, br 1.2, gzip 1.8). */
enum coding coding_choose(const struct coding_wish *wish, enum coding_use use);

/* As it stands in Content-Encoding and behind ETags. */
const char *coding_name(enum coding coding);

#endif
