/* tokens.h: the tokens that a running server knows. They lie in a file of their own (token_file.h
 * says why), which is looked at again once a second, when somebody uses a token, and at once when a
 * token is not known: what is made is in force, what is revoked within a second. Shared by all
 * workers.
 *
 * A file that cannot be trusted (not readable, writable by others) means that no token is known;
 * reads that need none go on. */
#ifndef PILCROW_ENGINE_TOKENS_H
#define PILCROW_ENGINE_TOKENS_H

#include <stdint.h>

#include "engine/router.h"
#include "ground/problem.h"
#include "ground/span.h"

struct tokens;

struct token_grant {
    int64_t id;
    enum route_scope scope;
};

/* `db` is the name of the database, borrowed. There need be no file. */
MUST_CHECK enum problem tokens_open(const char *db, struct tokens **out);

/* NULL is allowed. */
void tokens_close(struct tokens *tokens);

/* What `text` allows. UNAUTHORIZED for all that is wrong alike: not of the form, unknown,
 * another secret, expired, revoked; each takes one digest and one comparison. `now_s` is wall
 * clock, `now_ms` of a clock that never goes back. */
MUST_CHECK enum problem tokens_find(struct tokens *tokens, struct span text, int64_t now_s,
                                    int64_t now_ms, struct token_grant *out);

#endif
