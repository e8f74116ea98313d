/* article_reader_names.c: the names of a line, held to the limits, each only once. */
#include "domain/articles/article_reader.h"
#include "domain/text/slug.h"

static bool holds(struct span text, const char *at) {
    return at >= text.at && at <= text.at + text.bytes;
}

/* Among the first `count` keys; otherwise its key becomes the next. */
static enum problem is_known(struct span *keys, size_t count, struct span name, struct arena *arena,
                             bool *known) {
    struct span key = slug_key(name, arena);
    if (key.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    *known = false;
    for (size_t i = 0; i < count && !*known; i++)
        *known = span_equal(key, keys[i]);
    keys[count] = key;
    return PROBLEM_NONE;
}

struct name_limit {
    const char *plural;
    const char *one;
    size_t count_max;
};

static const struct name_limit name_limits[] = {
    [NAME_LIST_AUTHORS] = {"authors", "author", ARTICLE_AUTHORS_MAX},
    [NAME_LIST_SECTION] = {"steps of the section", "section", ARTICLE_SECTION_DEPTH_MAX},
    [NAME_LIST_TAGS] = {"tags", "tag", ARTICLE_TAGS_MAX},
};

/* `text` holds the names; `where` is their place in the source in case `text` is a copy. */
enum problem article_reader_names(struct article_reader *reader, enum name_list kind,
                                  struct span text, const char *where, struct span_list *out) {
    const struct name_limit *limit = &name_limits[kind];
    struct span names[ARTICLE_TAGS_MAX];
    struct span keys[ARTICLE_TAGS_MAX];
    size_t count = name_list_split(kind, text, names, limit->count_max);
    if (count > limit->count_max)
        return source_text_refuse(&reader->source, where,
                                  "there are %zu %s; at most %zu are allowed", count, limit->plural,
                                  limit->count_max);
    *out = (struct span_list){arena_alloc(reader->source.arena, count * sizeof *out->items), 0};
    if (out->items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (names[i].bytes > ARTICLE_NAME_BYTES_MAX)
            return source_text_refuse(&reader->source,
                                      holds(reader->source.text, names[i].at) ? names[i].at : where,
                                      "the %s has %zu bytes; at most %d are allowed", limit->one,
                                      names[i].bytes, ARTICLE_NAME_BYTES_MAX);
        bool known = false;
        enum problem problem = kind == NAME_LIST_SECTION
                                   ? PROBLEM_NONE
                                   : is_known(keys, kept, names[i], reader->source.arena, &known);
        if (problem != PROBLEM_NONE)
            return problem;
        if (!known)
            out->items[kept++] = names[i];
    }
    out->count = kept;
    return PROBLEM_NONE;
}
