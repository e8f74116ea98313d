/* reader_root.c: pages behind a proxy that adds a path. Addresses of the API begin at the root of
 * this server; in a page they must lead through the proxy. They are found in the finished page:
 * text cannot look like one, because its quotes are escaped. */
#include "surface/reader/reader.h"
#include "surface/reader/reader_parts.h"

/* "/a" of "https://news.example/a" */
static struct span root_of(struct span url) {
    const char *host = url.bytes == 0 ? NULL : memmem(url.at, url.bytes, "://", 3);
    if (host == NULL)
        return (struct span){NULL, 0};
    host += 3;
    const char *end = url.at + url.bytes, *path = memchr(host, '/', (size_t)(end - host));
    return (struct span){path, path == NULL ? 0 : (size_t)(end - path)};
}

/* Behind the quote of an attribute that holds an address of this server; NULL: there is none. */
static const char *find_address(const char *at, const char *end) {
    static const struct span names[] = {
        {" href=\"", 7},
        {" src=\"", 6},
        {" action=\"", 9},
    };
    while (at < end && (at = memmem(at, (size_t)(end - at), "=\"/", 3)) != NULL) {
        at += 2;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            if (memcmp(at - names[i].bytes, names[i].at, names[i].bytes) == 0)
                return at;
        }
    }
    return NULL;
}

struct span reader_root(const struct request *request) {
    return reader_is_asked(request) ? root_of(request->service->public_url)
                                    : (struct span){NULL, 0};
}

void reader_add_root(struct reader *page) {
    struct span root = root_of(page->request->service->public_url);
    struct buffer *out = page->out;
    if (root.bytes == 0 || out->failed)
        return;
    struct buffer whole;
    buffer_init(&whole);
    const char *at = out->bytes, *end = at + out->used;
    for (const char *found; (found = find_address(at, end)) != NULL; at = found) {
        buffer_append(&whole, at, (size_t)(found - at));
        html_append(&whole, root);
    }
    buffer_append(&whole, at, (size_t)(end - at));
    buffer_clear(out);
    buffer_append_span(out, buffer_span(&whole));
    out->failed = out->failed || whole.failed;
    buffer_fini(&whole);
}
