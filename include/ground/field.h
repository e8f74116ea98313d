/* field.h: the values of fields of HTTP, in parts (RFC 9110, 5.6). Blanks are its optional white
 * space: space and tab. Spans are borrowed as they are in span.h. */
#ifndef PILCROW_GROUND_FIELD_H
#define PILCROW_GROUND_FIELD_H

#include <strings.h>

#include "ground/span.h"

static inline bool field_is_blank(char c) {
    return c == ' ' || c == '\t';
}

static inline struct span field_trim_start(struct span text) {
    while (text.bytes > 0 && field_is_blank(text.at[0]))
        text = (struct span){text.at + 1, text.bytes - 1};
    return text;
}

static inline struct span field_trim(struct span text) {
    text = field_trim_start(text);
    while (text.bytes > 0 && field_is_blank(text.at[text.bytes - 1]))
        text.bytes--;
    return text;
}

/* What stands before `end`, trimmed, or all that is left; *rest goes on behind it. */
static inline struct span field_take(struct span *rest, char end) {
    const char *found = rest->bytes == 0 ? NULL : (const char *)memchr(rest->at, end, rest->bytes);
    struct span part = {rest->at, found == NULL ? rest->bytes : (size_t)(found - rest->at)};
    size_t gone = part.bytes + (found != NULL);
    if (gone > 0)
        *rest = (struct span){rest->at + gone, rest->bytes - gone};
    return field_trim(part);
}

/* Names and tokens are the same in capitals. */
static inline bool field_is(struct span text, const char *word) {
    return text.bytes == strlen(word) &&
           (text.bytes == 0 || strncasecmp(text.at, word, text.bytes) == 0);
}

#endif
