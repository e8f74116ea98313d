/* precondition.h: ETags, and If-None-Match against them, before any query runs. Pure. An article's
 * tag is "v<version>-<hash>", a list's "s<seq>-<hash>", the program's own "b-<hash>"; the hash
 * covers path, normalised query and build. */
#ifndef PILCROW_ENGINE_PRECONDITION_H
#define PILCROW_ENGINE_PRECONDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "ground/span.h"

enum { ETAG_BYTES = 48 };

/* letter 'v', 's' or 'b' (number ignored). Writes a quoted strong tag. */
void etag_print(char out[ETAG_BYTES], char letter, int64_t number, struct span representation);

/* Whether one of the tags in an If-None-Match value is `etag`, by weak comparison. Accepts W/,
 * lists, `*`, and tags that a proxy has suffixed inside or outside the quotes (-gzip, ;gzip, -br,
 * -zstd, --gzip). Malformed values match nothing. */
bool etag_matches(struct span if_none_match, const char *etag);

#endif
