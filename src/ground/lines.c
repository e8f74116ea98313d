/* lines.c: see lines.h. */
#include "ground/lines.h"

#include <string.h>

void lines_init(struct lines *lines, size_t limit_bytes) {
    *lines = (struct lines){.limit_bytes = limit_bytes};
    buffer_init(&lines->bytes);
}

void lines_fini(struct lines *lines) {
    buffer_fini(&lines->bytes);
}

struct span lines_rest(const struct lines *lines) {
    if (lines->bytes.bytes == NULL)
        return (struct span){"", 0};
    return (struct span){lines->bytes.bytes + lines->start, lines->bytes.used - lines->start};
}

bool lines_push(struct lines *lines, struct span piece) {
    struct span rest = lines_rest(lines);
    if (lines->start > 0 && rest.bytes > 0)
        memmove(lines->bytes.bytes, rest.at, rest.bytes);
    lines->bytes.used = rest.bytes;
    lines->start = 0;
    buffer_append_span(&lines->bytes, piece);
    return !lines->bytes.failed;
}

static void forget(struct lines *lines) {
    lines->start = lines->bytes.used;
    lines->searched = 0;
}

static void give(struct lines *lines, size_t bytes, bool has_end) {
    lines->start += bytes + has_end;
    lines->searched = 0;
}

enum lines_found lines_next(struct lines *lines, bool is_end, struct span *out) {
    struct span rest = lines_rest(lines);
    size_t searched = lines->searched;
    const char *end =
        rest.bytes == searched ? NULL : memchr(rest.at + searched, '\n', rest.bytes - searched);
    if (lines->is_passing) {
        if (end == NULL) {
            forget(lines);
            return LINES_NONE;
        }
        lines->is_passing = false;
        give(lines, (size_t)(end - rest.at), true);
        return lines_next(lines, is_end, out);
    }
    size_t bytes = end == NULL ? rest.bytes : (size_t)(end - rest.at);
    if (bytes > lines->limit_bytes) {
        lines->line++;
        lines->is_passing = end == NULL;
        give(lines, bytes, end != NULL);
        return LINES_TOO_LONG;
    }
    if (end == NULL && (!is_end || bytes == 0)) {
        lines->searched = rest.bytes;
        return LINES_NONE;
    }
    lines->line++;
    *out = (struct span){rest.at, bytes};
    give(lines, bytes, end != NULL);
    return LINES_LINE;
}
