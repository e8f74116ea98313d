/* precondition.c: making and matching ETags. */
#include "engine/precondition.h"

#include <string.h>

#include "ground/decimal.h"

void etag_print(char out[ETAG_BYTES], char letter, int64_t number, struct span representation) {
    static const char digits[] = "0123456789abcdef";
    uint64_t hash = span_hash(representation);
    char *to = out;
    *to++ = '"';
    *to++ = letter;
    if (letter != 'b') {
        char room[DECIMAL_BYTES];
        struct span text = decimal_print(number, room);
        memcpy(to, text.at, text.bytes);
        to += text.bytes;
    }
    *to++ = '-';
    for (int shift = 60; shift >= 0; shift -= 4)
        *to++ = digits[hash >> shift & 15];
    *to++ = '"';
    *to = '\0';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static struct span take(struct span *rest, size_t bytes) {
    struct span taken = {rest->at, bytes};
    rest->at += bytes;
    rest->bytes -= bytes;
    return taken;
}

static void skip_blanks(struct span *rest) {
    while (rest->bytes > 0 && is_blank(rest->at[0]))
        take(rest, 1);
}

/* What compressing proxies append to a tag, inside its quotes or outside. */
static bool is_proxy_suffix(struct span text) {
    static const char *const suffixes[] = {"gzip", "br", "zstd", "deflate"};
    size_t marks = 0;
    while (marks < text.bytes && marks < 2 && (text.at[marks] == '-' || text.at[marks] == ';'))
        marks++;
    if (marks == 0)
        return false;
    take(&text, marks);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (span_is(text, suffixes[i]))
            return true;
    }
    return false;
}

/* `opaque` is what stands between the quotes that were sent, `etag` ours with its quotes. */
static bool is_same_tag(struct span opaque, const char *etag) {
    size_t bytes = strlen(etag) - 2;
    if (opaque.bytes < bytes || memcmp(opaque.at, etag + 1, bytes) != 0)
        return false;
    take(&opaque, bytes);
    return opaque.bytes == 0 || is_proxy_suffix(opaque);
}

/* Takes `W/"opaque"suffix` off the front. */
static bool take_tag(struct span *rest, struct span *opaque, struct span *outside) {
    if (rest->bytes >= 2 && (rest->at[0] == 'W' || rest->at[0] == 'w') && rest->at[1] == '/')
        take(rest, 2);
    if (rest->bytes == 0 || rest->at[0] != '"')
        return false;
    take(rest, 1);
    const char *end = memchr(rest->at, '"', rest->bytes);
    if (end == NULL)
        return false;
    *opaque = take(rest, (size_t)(end - rest->at));
    take(rest, 1);
    size_t bytes = 0;
    while (bytes < rest->bytes && rest->at[bytes] != ',' && !is_blank(rest->at[bytes]))
        bytes++;
    *outside = take(rest, bytes);
    return outside->bytes == 0 || is_proxy_suffix(*outside);
}

/* Whether a tag, given as what stands between its quotes, is the one that is looked for. */
struct wanted {
    const char *etag; /* ours with its quotes; NULL: by version and seq */
    int64_t version, seq;
};

/* Digits without a leading zero up to the hyphen before the hash, or to the end. */
static bool read_number(struct span text, int64_t *out) {
    size_t at = 0;
    *out = 0;
    for (; at < text.bytes && text.at[at] >= '0' && text.at[at] <= '9'; at++) {
        if (at == DECIMAL_BYTES - 2 || (at == 1 && text.at[0] == '0'))
            return false;
        *out = 10 * *out + (text.at[at] - '0');
    }
    return at > 0 && (at == text.bytes || text.at[at] == '-');
}

static bool is_wanted(struct span opaque, const struct wanted *wanted) {
    int64_t number;
    if (wanted->etag != NULL)
        return is_same_tag(opaque, wanted->etag);
    if (opaque.bytes < 2 || !read_number((struct span){opaque.at + 1, opaque.bytes - 1}, &number))
        return false;
    return opaque.at[0] == 'v' ? number == wanted->version
                               : opaque.at[0] == 's' && number >= wanted->seq;
}

static bool has_wanted(struct span tags, const struct wanted *wanted) {
    struct span rest = tags;
    bool is_match = false;
    skip_blanks(&rest);
    while (rest.bytes > 0 && is_blank(rest.at[rest.bytes - 1]))
        rest.bytes--;
    if (span_is(rest, "*"))
        return true;
    while (rest.bytes > 0) {
        struct span opaque, outside;
        if (rest.at[0] != ',') {
            if (!take_tag(&rest, &opaque, &outside))
                return false;
            is_match = is_match || is_wanted(opaque, wanted);
            skip_blanks(&rest);
            if (rest.bytes > 0 && rest.at[0] != ',')
                return false;
        }
        if (rest.bytes > 0)
            take(&rest, 1);
        skip_blanks(&rest);
    }
    return is_match;
}

bool etag_matches(struct span if_none_match, const char *etag) {
    struct wanted wanted = {etag, 0, 0};
    return has_wanted(if_none_match, &wanted);
}

bool etag_fits(struct span if_match, int64_t version, int64_t seq) {
    struct wanted wanted = {NULL, version, seq};
    return has_wanted(if_match, &wanted);
}
