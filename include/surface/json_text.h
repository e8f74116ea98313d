/* json_text.h: where things stand in JSON text, which the parsed value no longer knows. Pure;
 * works on text that may be no JSON at all. */
#ifndef PILCROW_SURFACE_JSON_TEXT_H
#define PILCROW_SURFACE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/span.h"

struct json_place {
    size_t line;   /* 1-based */
    size_t column; /* 1-based, in characters */
};

struct json_place json_text_place(struct span json, size_t offset);

/* Whether objects and lists are nested at most `limit` deep; when not, *offset is where it goes
 * deeper. */
bool json_text_is_flat(struct span json, size_t limit, size_t *offset);

/* The offset of the key `name` of the outermost object; 0 when it is not found as written. */
size_t json_text_find_key(struct span json, const char *name);

#endif
