/* html.c: see html.h. */
#include "ground/html.h"

#include <string.h>

static const char *reference_of(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_append(struct buffer *out, struct span text) {
    size_t start = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        const char *reference = reference_of(text.at[i]);
        if (reference == NULL)
            continue;
        buffer_append(out, text.at + start, i - start);
        buffer_append_text(out, reference);
        start = i + 1;
    }
    if (start < text.bytes)
        buffer_append(out, text.at + start, text.bytes - start);
}

void html_append_text(struct buffer *out, const char *text) {
    html_append(out, span_of(text));
}
