/* precondition.c: making and matching ETags. */
#include "engine/precondition.h"

#include <string.h>

#include "ground/decimal.h"

enum { HASH_DIGITS = 16, THING_DIGITS = 8 };

static char hash_digit(uint64_t hash, size_t at) {
    return "0123456789abcdef"[hash >> (60 - 4 * at) & 15];
}

/* Its upper half stands for the thing, its lower half for the representation. */
static uint64_t hash_of_thing(int64_t thing) {
    uint64_t hash = span_hash((struct span){(const char *)&thing, sizeof thing});
    return (hash ^ hash >> 32) << 32;
}

void etag_print(char out[ETAG_BYTES], char letter, int64_t number, int64_t thing,
                struct span representation) {
    uint64_t hash = span_hash(representation);
    char *to = out;
    if (letter == 'v')
        hash = hash_of_thing(thing) | ((hash ^ hash >> 32) & UINT32_MAX);
    *to++ = '"';
    *to++ = letter;
    if (letter != 'b') {
        char room[DECIMAL_BYTES];
        struct span text = decimal_print(number, room);
        memcpy(to, text.at, text.bytes);
        to += text.bytes;
    }
    *to++ = '-';
    for (size_t i = 0; i < HASH_DIGITS; i++)
        *to++ = hash_digit(hash, i);
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
    const char *etag; /* ours with its quotes; NULL: by the three below */
    int64_t version, seq, thing;
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

/* A version alone speaks of whatever is there; what has a hash was read of one thing. */
static bool is_of_thing(struct span opaque, int64_t thing) {
    const char *hyphen = memchr(opaque.at, '-', opaque.bytes);
    uint64_t hash = hash_of_thing(thing);
    size_t left = hyphen == NULL ? 0 : opaque.bytes - (size_t)(hyphen + 1 - opaque.at);
    if (left < HASH_DIGITS)
        return true;
    for (size_t i = 0; i < THING_DIGITS; i++) {
        if (hyphen[1 + i] != hash_digit(hash, i))
            return false;
    }
    return true;
}

static bool is_wanted(struct span opaque, const struct wanted *wanted) {
    int64_t number;
    if (wanted->etag != NULL)
        return is_same_tag(opaque, wanted->etag);
    if (opaque.bytes < 2 || !read_number((struct span){opaque.at + 1, opaque.bytes - 1}, &number))
        return false;
    if (opaque.at[0] == 'v')
        return number == wanted->version && is_of_thing(opaque, wanted->thing);
    return opaque.at[0] == 's' && number >= wanted->seq;
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
    struct wanted wanted = {etag, 0, 0, 0};
    return has_wanted(if_none_match, &wanted);
}

bool etag_fits(struct span if_match, int64_t version, int64_t seq, int64_t thing) {
    struct wanted wanted = {NULL, version, seq, thing};
    return has_wanted(if_match, &wanted);
}
