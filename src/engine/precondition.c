/* precondition.c: making and matching ETags. */
#include "engine/precondition.h"

#include <string.h>

#include "ground/decimal.h"
#include "ground/field.h"

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

void etag_print_coded(char out[ETAG_BYTES], const char *etag, enum coding coding) {
    size_t bytes = strlen(etag) - 1; /* without the closing quote */
    const char *name = coding_name(coding);
    memmove(out, etag, bytes + 2);
    if (coding == CODING_IDENTITY || bytes + strlen(name) + 3 > ETAG_BYTES)
        return;
    out[bytes] = '-';
    memcpy(out + bytes + 1, name, strlen(name));
    memcpy(out + bytes + 1 + strlen(name), "\"", 2);
}

static struct span take(struct span *rest, size_t bytes) {
    struct span taken = {rest->at, bytes};
    rest->at += bytes;
    rest->bytes -= bytes;
    return taken;
}

/* What a suffix behind a tag says, ours or a compressing proxy's; 0: it is none. */
static unsigned find_suffix(struct span text) {
    size_t marks = 0;
    while (marks < text.bytes && marks < 2 && (text.at[marks] == '-' || text.at[marks] == ';'))
        marks++;
    bool is_ours = marks == 1 && text.at[0] == '-';
    take(&text, marks);
    if (marks == 0)
        return 0;
    for (unsigned i = CODING_IDENTITY + 1; i < CODING_COUNT; i++) {
        if (span_is(text, coding_name((enum coding)i)))
            return is_ours ? 1U << i : ETAG_REWRITTEN;
    }
    return span_is(text, "deflate") ? ETAG_REWRITTEN : 0;
}

/* One tag as it was sent: W/"opaque"outside. */
struct tag {
    bool is_weak;
    struct span opaque, outside;
};

/* `etag` is ours with its quotes. */
static unsigned find_tag(const struct tag *tag, const char *etag) {
    struct span opaque = tag->opaque;
    size_t bytes = strlen(etag) - 2;
    if (opaque.bytes < bytes || memcmp(opaque.at, etag + 1, bytes) != 0)
        return 0;
    take(&opaque, bytes);
    unsigned found = opaque.bytes == 0 ? 1U << CODING_IDENTITY : find_suffix(opaque);
    return found != 0 && (tag->is_weak || tag->outside.bytes > 0) ? found | ETAG_REWRITTEN : found;
}

static bool take_tag(struct span *rest, struct tag *tag) {
    tag->is_weak =
        rest->bytes >= 2 && (rest->at[0] == 'W' || rest->at[0] == 'w') && rest->at[1] == '/';
    if (tag->is_weak)
        take(rest, 2);
    if (rest->bytes == 0 || rest->at[0] != '"')
        return false;
    take(rest, 1);
    const char *end = memchr(rest->at, '"', rest->bytes);
    if (end == NULL)
        return false;
    tag->opaque = take(rest, (size_t)(end - rest->at));
    take(rest, 1);
    size_t bytes = 0;
    while (bytes < rest->bytes && rest->at[bytes] != ',' && !field_is_blank(rest->at[bytes]))
        bytes++;
    tag->outside = take(rest, bytes);
    return tag->outside.bytes == 0 || find_suffix(tag->outside) != 0;
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

/* Not 0 when it is. */
static unsigned find_wanted(const struct tag *tag, const struct wanted *wanted) {
    struct span opaque = tag->opaque;
    int64_t number;
    if (wanted->etag != NULL)
        return find_tag(tag, wanted->etag);
    if (opaque.bytes < 2 || !read_number((struct span){opaque.at + 1, opaque.bytes - 1}, &number))
        return 0;
    if (opaque.at[0] == 'v')
        return number == wanted->version && is_of_thing(opaque, wanted->thing);
    return opaque.at[0] == 's' && number >= wanted->seq;
}

static unsigned find(struct span tags, const struct wanted *wanted) {
    struct span rest = field_trim(tags);
    unsigned found = 0;
    if (span_is(rest, "*"))
        return ETAG_REWRITTEN;
    while (rest.bytes > 0) {
        struct tag tag;
        if (rest.at[0] != ',') {
            if (!take_tag(&rest, &tag))
                return 0;
            found |= find_wanted(&tag, wanted);
            rest = field_trim_start(rest);
            if (rest.bytes > 0 && rest.at[0] != ',')
                return 0;
        }
        if (rest.bytes > 0)
            take(&rest, 1);
        rest = field_trim_start(rest);
    }
    return found;
}

unsigned etag_find(struct span if_none_match, const char *etag) {
    struct wanted wanted = {etag, 0, 0, 0};
    return find(if_none_match, &wanted);
}

bool etag_matches(struct span if_none_match, const char *etag) {
    return etag_find(if_none_match, etag) != 0;
}

bool etag_fits(struct span if_match, int64_t version, int64_t seq, int64_t thing) {
    struct wanted wanted = {NULL, version, seq, thing};
    return find(if_match, &wanted) != 0;
}
