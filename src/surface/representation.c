/* representation.c: ETags. */
#include "surface/representation.h"

#include "engine/precondition.h"

/* The path is part of it, so that a tag from one address never says "unchanged" at another, which
 * may not even exist; the store is, so that one that is made anew does not know the tags of the one
 * before. */
static void print(const struct request *request, struct span path, bool is_of_store,
                  struct buffer *out) {
    buffer_append_text(out, request->service->build);
    buffer_append_span(out, path);
    buffer_append_char(out, '?');
    params_print_normal(&request->params, request->match.route->taken, NULL, out);
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
