/* precondition.h: ETags, and If-None-Match against them, before any query runs. Pure. An article's
 * tag is "v<version>-<hash>", a list's "s<seq>-<hash>", the program's own "b-<hash>"; the hash
 * covers path, normalised query and build, and of an article which one it is: a slug may come to
 * mean another of the same version. */
#ifndef PILCROW_ENGINE_PRECONDITION_H
#define PILCROW_ENGINE_PRECONDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "ground/span.h"

enum { ETAG_BYTES = 48 };

/* letter 'v', 's' (thing ignored) or 'b' (number and thing ignored). Writes a quoted strong tag. */
void etag_print(char out[ETAG_BYTES], char letter, int64_t number, int64_t thing,
                struct span representation);

/* Whether one of the tags in an If-None-Match value is `etag`, by weak comparison. Accepts W/,
 * lists, `*`, and tags that a proxy has suffixed inside or outside the quotes (-gzip, ;gzip, -br,
 * -zstd, --gzip). Malformed values match nothing. */
bool etag_matches(struct span if_none_match, const char *etag);

/* Whether one of the tags in an If-Match value was given out while the thing was as it is now: what
 * is at `version` since `seq`. Which representation was read does not matter, so any "v3-..." of this
 * `thing` fits version 3, as "v3" alone does, and "s17-..." fits what has not changed since seq 17.
 * `*` fits. Weak tags fit, too: a proxy makes tags weak, and the number is exact all the same. */
bool etag_fits(struct span if_match, int64_t version, int64_t seq, int64_t thing);

#endif
