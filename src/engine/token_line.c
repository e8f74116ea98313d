/* token_line.c: tokens as text, and lines of their file; see token_file.h. */
#include <inttypes.h>
#include <string.h>

#include "engine/token_file.h"
#include "ground/date.h"
#include "ground/utf8.h"

static const char *const scopes[] =
    {
        [ROUTE_SCOPE_NONE] = "none",
        [ROUTE_SCOPE_METRICS] = "metrics", /* of routes alone: any token will do */
        [ROUTE_SCOPE_READ] = "read",
        [ROUTE_SCOPE_WRITE] = "write",
        [ROUTE_SCOPE_ADMIN] = "admin",
};

const char *token_scope_name(enum route_scope scope) {
    return scopes[scope];
}

bool token_scope_parse(struct span name, enum route_scope *out) {
    for (enum route_scope scope = ROUTE_SCOPE_READ; scope <= ROUTE_SCOPE_ADMIN; scope++) {
        *out = scope;
        if (span_is(name, scopes[scope]))
            return true;
    }
    return false;
}

bool token_is_live(const struct token *token, int64_t now_s) {
    return token->revoked_s == 0 && (token->expires_s == 0 || now_s < token->expires_s);
}

/* From 1, without leading zeros, so that each id has one spelling. */
static bool parse_id(struct span text, int64_t *out) {
    *out = 0;
    if (text.bytes == 0 || text.bytes > 18 || text.at[0] == '0')
        return false;
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *out = *out * 10 + (text.at[i] - '0');
    }
    return true;
}

static bool parse_name(struct span text, struct token *out) {
    uint32_t code;
    if (text.bytes == 0 || text.bytes >= sizeof out->name)
        return false;
    for (size_t at = 0, step; at < text.bytes; at += step) {
        step = utf8_decode(text, at, &code);
        if (step == 0 || !utf8_is_visible(code))
            return false;
    }
    memcpy(out->name, text.at, text.bytes);
    out->name[text.bytes] = '\0';
    return true;
}

static bool parse_instant_or_none(struct span text, int64_t *out) {
    *out = 0;
    return span_is(text, "-") || (instant_parse(text, out) && *out > 0);
}

bool token_parse(struct span line, struct token *out) {
    enum { ID, NAME, SCOPE, CREATED, EXPIRES, REVOKED, DIGEST, FIELDS };
    struct span fields[FIELDS];
    for (size_t i = 0; i < FIELDS; i++) {
        const char *tab = line.bytes == 0 ? NULL : memchr(line.at, '\t', line.bytes);
        if ((tab == NULL) != (i == DIGEST))
            return false;
        fields[i] = (struct span){line.at, tab == NULL ? line.bytes : (size_t)(tab - line.at)};
        line = tab == NULL ? (struct span){NULL, 0}
                           : (struct span){tab + 1, line.bytes - fields[i].bytes - 1};
    }
    return parse_id(fields[ID], &out->id) && parse_name(fields[NAME], out) &&
           token_scope_parse(fields[SCOPE], &out->scope) &&
           instant_parse(fields[CREATED], &out->created_s) &&
           parse_instant_or_none(fields[EXPIRES], &out->expires_s) &&
           parse_instant_or_none(fields[REVOKED], &out->revoked_s) &&
           hash_digest_parse(fields[DIGEST], &out->digest);
}

static void print_instant_or_none(int64_t unix_s, struct buffer *out) {
    char text[INSTANT_BYTES] = "-";
    if (unix_s != 0)
        instant_print(unix_s, text);
    buffer_printf(out, "\t%s", text);
}

void token_print(const struct token *token, struct buffer *out) {
    char digest[HASH_DIGEST_TEXT_BYTES];
    char created[INSTANT_BYTES];
    instant_print(token->created_s, created);
    hash_digest_print(&token->digest, digest);
    buffer_printf(out, "%" PRId64 "\t%s\t%s\t%s", token->id, token->name, scopes[token->scope],
                  created);
    print_instant_or_none(token->expires_s, out);
    print_instant_or_none(token->revoked_s, out);
    buffer_printf(out, "\t%s", digest);
}

int64_t token_text_id(struct span text) {
    static const char secret_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_";
    size_t prefix = sizeof TOKEN_PREFIX - 1;
    int64_t id;
    if (text.bytes < prefix || memcmp(text.at, TOKEN_PREFIX, prefix) != 0)
        return -1;
    struct span rest = {text.at + prefix, text.bytes - prefix};
    const char *end = rest.bytes == 0 ? NULL : memchr(rest.at, '_', rest.bytes);
    if (end == NULL || !parse_id((struct span){rest.at, (size_t)(end - rest.at)}, &id))
        return -1;
    size_t secret = rest.bytes - (size_t)(end - rest.at) - 1;
    for (size_t i = 0; i < secret; i++) {
        if (memchr(secret_bytes, end[1 + i], sizeof secret_bytes - 1) == NULL)
            return -1;
    }
    return secret == HASH_SECRET_TEXT_BYTES - 1 ? id : -1;
}

struct span token_text_public(struct span text) {
    size_t prefix = sizeof TOKEN_PREFIX - 1;
    const char *found = text.bytes == 0 ? NULL : memmem(text.at, text.bytes, TOKEN_PREFIX, prefix);
    if (found == NULL)
        return text;
    size_t end = (size_t)(found - text.at) + prefix;
    while (end < text.bytes && text.at[end] >= '0' && text.at[end] <= '9')
        end++;
    return (struct span){text.at, end};
}

enum token_line token_lines_next(struct token_lines *lines, struct token *out) {
    while (lines->rest.bytes > 0) {
        const char *end = memchr(lines->rest.at, '\n', lines->rest.bytes);
        size_t bytes = end == NULL ? lines->rest.bytes : (size_t)(end - lines->rest.at);
        size_t taken = bytes + (end != NULL);
        struct span line = {lines->rest.at, bytes};
        lines->rest = (struct span){lines->rest.at + taken, lines->rest.bytes - taken};
        lines->line++;
        if (bytes > 0)
            return token_parse(line, out) ? TOKEN_LINE_TOKEN : TOKEN_LINE_DAMAGED;
    }
    return TOKEN_LINE_END;
}
