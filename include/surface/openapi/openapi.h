/* openapi.h: the description of the API (OpenAPI 3.1), made of the tables of routes, parameters and
 * problems, and of the schemas in src/surface/openapi/schemas. No address is written down a second
 * time: what a row takes, answers and can refuse follows from the row. */
#ifndef PILCROW_SURFACE_OPENAPI_OPENAPI_H
#define PILCROW_SURFACE_OPENAPI_OPENAPI_H

#include <jansson.h>

#include "ground/buffer.h"
#include "ground/span.h"

/* The document; `public_url` is where the server is reached (.bytes 0: where the document is).
 * Between render_begin() and render_end(), whose arena says whether memory was out: then parts are
 * missing. */
json_t *openapi_make(struct span public_url);

/* The document as indented text; nothing when memory is out. Needs no render_begin(). */
void openapi_print(struct buffer *out);

#endif
