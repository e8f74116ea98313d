/* target.c: the request target, taken apart. Splitting comes before decoding, so that an encoded
 * separator stays a character of its part. */
#include "engine/target.h"

#include <stdint.h>
#include <strings.h>

#include "ground/utf8.h"

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The first byte of `separators` in text, or its end. */
static size_t find_any(struct span text, const char *separators) {
    size_t at = 0;
    while (at < text.bytes && strchr(separators, text.at[at]) == NULL)
        at++;
    return at;
}

static struct span skip(struct span text, size_t bytes) {
    return (struct span){text.at + bytes, text.bytes - bytes};
}

/* C0, DEL and C1: nothing that is stored holds them, and no header or log should. */
static bool has_control(struct span text) {
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool is_c1 = c == 0xC2 && i + 1 < text.bytes && (unsigned char)text.at[i + 1] < 0xA0;
        if (c < 0x20 || c == 0x7F || is_c1)
            return true;
    }
    return false;
}

/* What is decoded, which says how, and what is said when that cannot be done. */
enum part { PART_PATH, PART_QUERY, PART_FORM };

static enum problem bad(enum part part) {
    return part == PART_FORM ? PROBLEM_BAD_SOURCE : PROBLEM_BAD_TARGET;
}

static enum problem check_decoded(struct span text, enum part part, struct fault *fault) {
    const char *where = part == PART_FORM ? "body" : "target";
    if (!utf8_is_valid(text, NULL)) {
        fault_set(fault, "the %s holds encoded bytes that are not UTF-8", where);
        return bad(part);
    }
    if (has_control(text)) {
        fault_set(fault, "the %s holds an encoded control character", where);
        return bad(part);
    }
    return PROBLEM_NONE;
}

/* Undoes %XX once and, in a query, "+"; text without either is borrowed as it is. */
static enum problem decode(struct span raw, enum part part, struct arena *arena, struct span *out,
                           struct fault *fault) {
    *out = raw;
    if (find_any(raw, part == PART_PATH ? "%" : "%+") == raw.bytes)
        return PROBLEM_NONE;
    char *text = arena_alloc(arena, raw.bytes);
    if (text == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    size_t used = 0;
    for (size_t i = 0; i < raw.bytes; i++) {
        char c = raw.at[i];
        if (c == '+' && part != PART_PATH) {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < raw.bytes ? hex_digit(raw.at[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(raw.at[i + 2]) : -1;
            if (low < 0) {
                fault_set(fault, "'%%' must be followed by two hexadecimal digits; a percent sign "
                                 "itself is written %%25");
                return bad(part);
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        text[used++] = c;
    }
    *out = (struct span){text, used};
    return check_decoded(*out, part, fault);
}

static enum problem check_bytes(struct span raw, struct fault *fault) {
    for (size_t i = 0; i < raw.bytes; i++) {
        unsigned char c = (unsigned char)raw.at[i];
        if (c < 0x21 || c > 0x7E || c == '#') {
            fault_set(fault, "byte %zu of the target is 0x%02X, which must be percent-encoded",
                      i + 1, (unsigned)c);
            return PROBLEM_BAD_TARGET;
        }
    }
    return PROBLEM_NONE;
}

/* Takes "http://authority" off the front of the absolute form. */
static enum problem take_authority(struct span *rest, struct target *out, struct fault *fault) {
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t bytes = strlen(schemes[i]);
        if (rest->bytes < bytes || strncasecmp(rest->at, schemes[i], bytes) != 0)
            continue;
        *rest = skip(*rest, bytes);
        out->authority = (struct span){rest->at, find_any(*rest, "/?")};
        if (out->authority.bytes == 0 || find_any(out->authority, "@%\\") < out->authority.bytes) {
            fault_set(fault, "the target names no host, or more than a host and a port");
            return PROBLEM_BAD_TARGET;
        }
        *rest = skip(*rest, out->authority.bytes);
        return PROBLEM_NONE;
    }
    return PROBLEM_NONE;
}

/* Takes the suffix off the last segment: no name has a dot, so it is all that stands behind the
 * first one ("feed.json"). A dot with nothing behind it makes no second name for the plain
 * address. */
static bool split_suffix(struct target *out) {
    if (out->segment_count == 0)
        return true;
    struct span *last = &out->segments[out->segment_count - 1];
    size_t dot = find_any(*last, ".");
    if (dot == last->bytes)
        return true;
    out->suffix = skip(*last, dot + 1);
    last->bytes = dot;
    return last->bytes > 0 && out->suffix.bytes > 0;
}

static bool names_nothing(struct span segment) {
    return segment.bytes == 0 || span_is(segment, ".") || span_is(segment, "..");
}

static enum problem split_path(struct span path, struct arena *arena, struct target *out,
                               struct fault *fault) {
    bool can_match = true;
    if (path.bytes == 1)
        return PROBLEM_NONE;
    while (path.bytes > 0) {
        path = skip(path, 1);
        struct span raw = {path.at, find_any(path, "/")};
        path = skip(path, raw.bytes);
        if (out->segment_count == LIMIT_SEGMENTS) {
            fault_set(fault, "the path has more than %d segments", (int)LIMIT_SEGMENTS);
            return PROBLEM_BAD_TARGET;
        }
        struct span *segment = &out->segments[out->segment_count++];
        enum problem problem = decode(raw, PART_PATH, arena, segment, fault);
        if (problem != PROBLEM_NONE)
            return problem;
        can_match = can_match && !names_nothing(*segment);
    }
    return can_match && split_suffix(out) ? PROBLEM_NONE : PROBLEM_NOT_FOUND;
}

static enum problem split_query(struct span query, enum part part, struct arena *arena,
                                struct target *out, struct fault *fault) {
    while (query.bytes > 0) {
        struct span pair = {query.at, find_any(query, "&")};
        query = skip(query, pair.bytes < query.bytes ? pair.bytes + 1 : pair.bytes);
        if (pair.bytes == 0)
            continue;
        if (out->pair_count == LIMIT_QUERY_PAIRS) {
            fault_set(fault, "the query has more than %d parameters", (int)LIMIT_QUERY_PAIRS);
            return bad(part);
        }
        struct target_pair *parsed = &out->pairs[out->pair_count];
        size_t equals = find_any(pair, "=");
        parsed->has_value = equals < pair.bytes;
        struct span value = skip(pair, parsed->has_value ? equals + 1 : equals);
        enum problem problem =
            decode((struct span){pair.at, equals}, part, arena, &parsed->name, fault);
        if (problem == PROBLEM_NONE)
            problem = decode(value, part, arena, &parsed->value, fault);
        if (problem != PROBLEM_NONE)
            return problem;
        out->pair_count++;
    }
    return PROBLEM_NONE;
}

static void clear(struct target *out) {
    out->authority = out->raw_path = out->raw_query = out->suffix = (struct span){NULL, 0};
    out->segment_count = out->pair_count = 0;
}

enum problem target_parse(struct span raw, struct arena *arena, struct target *out,
                          struct fault *fault) {
    clear(out);
    if (raw.bytes > LIMIT_TARGET_BYTES) {
        fault_set(fault, "the target has %zu bytes; %d are allowed", raw.bytes,
                  (int)LIMIT_TARGET_BYTES);
        return PROBLEM_TARGET_TOO_LONG;
    }
    enum problem problem = check_bytes(raw, fault);
    if (problem == PROBLEM_NONE)
        problem = take_authority(&raw, out, fault);
    if (problem != PROBLEM_NONE)
        return problem;

    struct span path = {raw.at, find_any(raw, "?")};
    if (path.bytes < raw.bytes)
        out->raw_query = skip(raw, path.bytes + 1);
    if (path.bytes == 0 && out->authority.at != NULL)
        path = SPAN_LITERAL("/");
    if (path.bytes == 0 || path.at[0] != '/') {
        fault_set(fault, "the target does not begin with '/'");
        return PROBLEM_BAD_TARGET;
    }
    out->raw_path = path;

    /* A malformed query is said before a path that names nothing. */
    enum problem path_problem = split_path(path, arena, out, fault);
    if (path_problem != PROBLEM_NONE && path_problem != PROBLEM_NOT_FOUND)
        return path_problem;
    problem = split_query(out->raw_query, PART_QUERY, arena, out, fault);
    return problem != PROBLEM_NONE ? problem : path_problem;
}

enum problem target_add_form(struct span body, struct arena *arena, struct target *out,
                             struct fault *fault) {
    if (!utf8_is_valid(body, NULL) || has_control(body)) {
        fault_set(fault, "the body holds a control character or bytes that are not UTF-8; it is "
                         "written as the query of a URL is");
        return PROBLEM_BAD_SOURCE;
    }
    return split_query(body, PART_FORM, arena, out, fault);
}

static bool is_plain(char c, const char *plain) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && (strchr("-._~", c) != NULL || strchr(plain, c) != NULL));
}

void target_encode(struct span text, const char *plain, struct buffer *out) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (is_plain(text.at[i], plain)) {
            buffer_append_char(out, text.at[i]);
            continue;
        }
        buffer_append(out, (char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
    }
}
