/* name_list_print.c: names into one line: the natural form if it reads back as the same names, else
 * with semicolons. */
#include "domain/articles/name_list.h"

/* What stands between the first two names, between others, and before the last. */
struct joints {
    const char *between, *before_last, *at_end;
};

static void print_joined(const struct span_list *names, struct joints joints, struct buffer *out) {
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            buffer_append_text(out, i + 1 == names->count ? joints.before_last : joints.between);
        buffer_append_span(out, names->items[i]);
    }
    buffer_append_text(out, joints.at_end);
}

static bool reads_as(enum name_list kind, struct span text, const struct span_list *names) {
    struct span read[ARTICLE_TAGS_MAX];
    size_t count = name_list_split(kind, text, read, ARTICLE_TAGS_MAX);
    if (count != names->count)
        return false;
    for (size_t i = 0; i < count && i < ARTICLE_TAGS_MAX; i++) {
        if (!span_equal(read[i], names->items[i]))
            return false;
    }
    return true;
}

static bool print_exactly(enum name_list kind, const struct span_list *names, struct joints joints,
                          struct buffer *out) {
    size_t start = out->used;
    print_joined(names, joints, out);
    if (out->failed || reads_as(kind, (struct span){out->bytes + start, out->used - start}, names))
        return true;
    out->used = start;
    return false;
}

bool name_list_print(enum name_list kind, const struct span_list *names, struct buffer *out) {
    static const struct joints natural[] = {
        [NAME_LIST_AUTHORS] = {", ", " and ", ""},
        [NAME_LIST_SECTION] = {" / ", " / ", ""},
        [NAME_LIST_TAGS] = {"\xC2\xA0 ", "\xC2\xA0 ", ""},
    };
    if (names->count == 0 || print_exactly(kind, names, natural[kind], out))
        return true;
    /* A blank before the semicolon keeps it from ending a character reference. */
    const char *end = names->count == 1 ? ";" : "";
    const char *blank_end = names->count == 1 ? " ;" : "";
    if (kind != NAME_LIST_SECTION &&
        (print_exactly(kind, names, (struct joints){"; ", "; ", end}, out) ||
         print_exactly(kind, names, (struct joints){" ; ", " ; ", blank_end}, out)))
        return true;
    print_joined(names, natural[kind], out);
    return false;
}
