/* media_type.c: see media_type.h. */
#include "surface/media_type.h"

#include "ground/field.h"

bool media_type_is(struct span field, const char *type) {
    return field.at != NULL && field_is(field_take(&field, ';'), type);
}

static bool is_utf8(struct span charset) {
    static const char *const names[] = {"utf-8", "utf8", "us-ascii"};
    if (charset.bytes >= 2 && charset.at[0] == '"' && charset.at[charset.bytes - 1] == '"')
        charset = (struct span){charset.at + 1, charset.bytes - 2};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (field_is(charset, names[i]))
            return true;
    }
    return false;
}

bool media_type_is_utf8(struct span field) {
    static const char name[] = "charset=";
    size_t name_bytes = sizeof name - 1;
    if (field.at == NULL)
        return true;
    (void)field_take(&field, ';');
    while (field.bytes > 0) {
        struct span part = field_take(&field, ';');
        if (part.bytes >= name_bytes && strncasecmp(part.at, name, name_bytes) == 0)
            return is_utf8((struct span){part.at + name_bytes, part.bytes - name_bytes});
    }
    return true;
}
