/* media_type.c: see media_type.h. */
#include "surface/media_type.h"

#include <string.h>
#include <strings.h>

static struct span trimmed(struct span text) {
    while (text.bytes > 0 && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = (struct span){text.at + 1, text.bytes - 1};
    while (text.bytes > 0 && (text.at[text.bytes - 1] == ' ' || text.at[text.bytes - 1] == '\t'))
        text.bytes--;
    return text;
}

/* Up to the next semicolon, which takes away what it gives. */
static struct span take_part(struct span *rest) {
    const char *end = rest->bytes == 0 ? NULL : memchr(rest->at, ';', rest->bytes);
    struct span part = *rest;
    if (end != NULL)
        part.bytes = (size_t)(end - rest->at);
    size_t taken = end == NULL ? part.bytes : part.bytes + 1;
    *rest = (struct span){rest->at + taken, rest->bytes - taken};
    return trimmed(part);
}

static bool is_word(struct span text, const char *word) {
    return text.bytes == strlen(word) && strncasecmp(text.at, word, text.bytes) == 0;
}

bool media_type_is(struct span field, const char *type) {
    return field.at != NULL && is_word(take_part(&field), type);
}

static bool is_utf8(struct span charset) {
    static const char *const names[] = {"utf-8", "utf8", "us-ascii"};
    if (charset.bytes >= 2 && charset.at[0] == '"' && charset.at[charset.bytes - 1] == '"')
        charset = (struct span){charset.at + 1, charset.bytes - 2};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (is_word(charset, names[i]))
            return true;
    }
    return false;
}

bool media_type_is_utf8(struct span field) {
    static const char name[] = "charset=";
    size_t name_bytes = sizeof name - 1;
    if (field.at == NULL)
        return true;
    (void)take_part(&field);
    while (field.bytes > 0) {
        struct span part = take_part(&field);
        if (part.bytes >= name_bytes && strncasecmp(part.at, name, name_bytes) == 0)
            return is_utf8((struct span){part.at + name_bytes, part.bytes - name_bytes});
    }
    return true;
}
