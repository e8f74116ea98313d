/* precondition.h: ETags, and If-None-Match against them, before any query runs. Pure. An article's
 * tag is "v<version>-<hash>", a list's "s<seq>-<hash>", the program's own "b-<hash>"; the hash
 * covers path, normalised query and build, and of an article which one it is: a slug may come to
 * mean another of the same version. The same coded is another representation, with a tag of its
 * own: "v3-<hash>-gzip". */
#ifndef PILCROW_ENGINE_PRECONDITION_H
#define PILCROW_ENGINE_PRECONDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/coding.h"
#include "ground/span.h"

enum { ETAG_BYTES = 48 };

/* letter 'v', 's' (thing ignored) or 'b' (number and thing ignored). Writes a quoted strong tag. */
void etag_print(char out[ETAG_BYTES], char letter, int64_t number, int64_t thing,
                struct span representation);

/* Writes the tag of what `etag` stands for in a coding; of identity that is `etag` itself. */
void etag_print_coded(char out[ETAG_BYTES], const char *etag, enum coding coding);

/* As which codings of `etag` the tags in an If-None-Match value are, by weak comparison: bits 1 <<
 * coding, and ETAG_REWRITTEN for those that a proxy has changed, and perhaps what they stand for
 * (W/, `;gzip`, `--gzip`, a suffix behind the quotes), and for `*`. 0: it is not among them, or the
 * value is malformed. */
enum { ETAG_REWRITTEN = 1 << CODING_COUNT };
unsigned etag_find(struct span if_none_match, const char *etag);

/* Whether it is found as any. */
bool etag_matches(struct span if_none_match, const char *etag);

/* Whether one of the tags in an If-Match value was given out while the thing was as it is now: what
 * is at `version` since `seq`. Which representation was read does not matter, so any "v3-..." of this
 * `thing` fits version 3, as "v3" alone does, and "s17-..." fits what has not changed since seq 17.
 * `*` fits. Weak tags fit, too: a proxy makes tags weak, and the number is exact all the same. */
bool etag_fits(struct span if_match, int64_t version, int64_t seq, int64_t thing);

#endif
