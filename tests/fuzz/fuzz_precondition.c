/* Any bytes as If-None-Match: what matches holds the tag or is "*", and a tag that is made from any
 * bytes matches itself. */
#include <stdint.h>
#include <stdlib.h>

#include "engine/precondition.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static struct span trim(struct span text) {
    while (text.bytes > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.bytes--;
    }
    while (text.bytes > 0 && (text.at[text.bytes - 1] == ' ' || text.at[text.bytes - 1] == '\t'))
        text.bytes--;
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    char etag[ETAG_BYTES];
    struct span value = {(const char *)bytes, count};
    etag_print(etag, 'v', 2, 1, SPAN_LITERAL("/v1/articles/1?"));
    bool holds_tag = memmem(value.at, value.bytes, etag + 1, strlen(etag) - 2) != NULL;
    if (etag_matches(value, etag) && !holds_tag && !span_is(trim(value), "*"))
        abort();
    etag_print(etag, 'b', (int64_t)count, 1, value);
    if (strlen(etag) >= ETAG_BYTES || !etag_matches(span_of(etag), etag))
        abort();
    return 0;
}
