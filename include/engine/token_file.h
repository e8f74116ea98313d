/* token_file.h: the tokens of a database, in a file of their own beside it, `<database>.tokens`
 * (beside the file itself, where the name of the database is a symbolic link).
 *
 * Not in the database: the server that runs holds its write lock, and an operator must be able
 * to make and to revoke tokens while it runs. The file holds no token, only the digest of each;
 * it belongs to its owner alone (mode 0600). One line a token, tab between:
 *
 *     id  name  scope  created  expires or -  revoked or -  digest
 *
 * with instants in RFC 3339. It is only ever replaced as a whole (written beside, flushed,
 * renamed), by one command at a time (`<database>.tokens.lock`), so a reader sees one state
 * of it. A line that cannot be read is no token, and is kept as it is. */
#ifndef PILCROW_ENGINE_TOKEN_FILE_H
#define PILCROW_ENGINE_TOKEN_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/router.h"
#include "ground/buffer.h"
#include "ground/fault.h"
#include "ground/hash.h"
#include "ground/problem.h"

enum {
    TOKEN_NAME_BYTES = 101,
    TOKEN_TEXT_BYTES = 72, /* of "pcw_<id>_<secret>" with the final NUL */
    TOKEN_FILE_BYTES_MAX = 4 * 1024 * 1024,
};

#define TOKEN_PREFIX "pcw_"

struct token {
    int64_t id; /* from 1; never given twice */
    char name[TOKEN_NAME_BYTES];
    enum route_scope scope; /* READ, WRITE or ADMIN: each allows what those before it do */
    int64_t created_s;
    int64_t expires_s; /* 0 = never */
    int64_t revoked_s; /* 0 = not */
    struct hash_digest digest;
};

const char *token_scope_name(enum route_scope scope);
bool token_scope_parse(struct span name, enum route_scope *out);

bool token_is_live(const struct token *token, int64_t now_s);

/* One line without its end. */
bool token_parse(struct span line, struct token *out);
void token_print(const struct token *token, struct buffer *out);

/* The id in "pcw_<id>_<secret>", or -1 when it is not of that form. */
int64_t token_text_id(struct span text);

/* `text` up to and without the secret of the first token in it: what may be logged of it. */
struct span token_text_public(struct span text);

/* Calls `take` for each token, in the order of the file, and `take_damaged` (may be NULL) for each
 * line that holds none. */
struct token_lines {
    struct span rest;
    size_t line; /* number of the one that was read last */
};
enum token_line { TOKEN_LINE_END, TOKEN_LINE_TOKEN, TOKEN_LINE_DAMAGED };
enum token_line token_lines_next(struct token_lines *lines, struct token *out);

/* The whole file; empty when there is none. UNAVAILABLE with fault when it cannot be read, is too
 * large, or may be written by others than its owner. */
MUST_CHECK enum problem token_file_read(const char *db, struct buffer *out, struct fault *fault);

/* Gives `token` its id and digest, adds it to the file, and prints the token itself: the only
 * moment at which it is known. */
MUST_CHECK enum problem token_file_create(const char *db, struct token *token,
                                          char text[TOKEN_TEXT_BYTES], struct fault *fault);

/* NOT_FOUND with fault when there is no such token. Revoking again changes nothing. */
MUST_CHECK enum problem token_file_revoke(const char *db, int64_t id, int64_t now_s,
                                          struct token *out, struct fault *fault);

#endif
