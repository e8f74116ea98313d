/* representation.h: what makes one answer to an address differ from another beside version and seq:
 * program, path, query, store. ETags are made of it. */
#ifndef PILCROW_SURFACE_REPRESENTATION_H
#define PILCROW_SURFACE_REPRESENTATION_H

#include "engine/request.h"
#include "ground/buffer.h"

/* The ETag of `path` (undecoded) under the parameters of the request, in the arena; NULL when
 * memory is out. Letter and number are those of etag_print(), the article is the thing; `scratch`
 * is empty before and after. */
const char *representation_etag(const struct request *request, struct span path, char letter,
                                int64_t number, int64_t article_id, struct buffer *scratch);

/* The media type of a form by its suffix, without parameters; of "" and "json" that of JSON. NULL:
 * none has that suffix. */
const char *representation_type(struct span suffix);

#endif
