/* media_type.h: what a Content-Type says (RFC 9110, 8.3.1). */
#ifndef PILCROW_SURFACE_MEDIA_TYPE_H
#define PILCROW_SURFACE_MEDIA_TYPE_H

#include <stdbool.h>

#include "ground/span.h"

/* Whether the field, parameters aside, is this type; letters of any case. */
bool media_type_is(struct span field, const char *type);

/* Whether its charset is UTF-8, or ASCII, which is a part of it, or is not said. */
bool media_type_is_utf8(struct span field);

#endif
