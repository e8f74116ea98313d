/* representation.c: ETags. */
#include "surface/representation.h"

#include "engine/precondition.h"

/* The path is part of it, so that a tag from one address never says "unchanged" at another, which
 * may not even exist; so is what is set for the forms that show it; so is the store, so that one
 * that is made anew does not know the tags of the one before. */
static void print(const struct request *request, struct span path, bool is_of_store,
                  struct buffer *out) {
    buffer_append_text(out, request->service->build);
    buffer_append_span(out, path);
    buffer_append_char(out, '?');
    params_print_normal(&request->params, request->match.route->taken, NULL, out);
    if (request->target.suffix.bytes > 0 || request->page != NULL ||
        request->params.values[PARAM_FORMAT].is_given) {
        buffer_append_span(out, request->service->title);
        buffer_append_char(out, '@');
        buffer_append_span(out, request->service->public_url);
    }
    if (request->is_of_host) {
        buffer_append_char(out, '@');
        buffer_append_span(out, request->host);
    }
    if (is_of_store) {
        int64_t birth = store_birth(request->store);
        buffer_append(out, &birth, sizeof birth);
    }
}

const char *representation_etag(const struct request *request, struct span path, char letter,
                                int64_t number, int64_t article_id, struct buffer *scratch) {
    char *etag = arena_alloc(request->arena, ETAG_BYTES);
    print(request, path, letter != 'b', scratch);
    bool is_whole = etag != NULL && !scratch->failed;
    if (is_whole)
        etag_print(etag, letter, number, article_id, buffer_span(scratch));
    buffer_clear(scratch);
    return is_whole ? etag : NULL;
}

const char *representation_type(struct span suffix) {
    static const struct {
        const char *suffix, *type;
    } types[] = {
        {"", "application/json"},
        {"json", "application/json"},
        {"txt", "text/plain"},
        {"md", "text/markdown"},
        {"html", "text/html"},
        {"csv", "text/csv"},
        {"ndjson", "application/x-ndjson"},
        {"atom", "application/atom+xml"},
        {"rss", "application/rss+xml"},
        {"feed.json", "application/feed+json"},
        {"jsonld", "application/ld+json"},
        {"sqlite", "application/vnd.sqlite3"},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (span_is(suffix, types[i].suffix))
            return types[i].type;
    }
    return NULL;
}
