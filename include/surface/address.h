/* address.h: addresses of things and of pages, as they stand in answers: relative to the server's
 * root. All text is made in the arena; .at (or the pointer) is NULL when memory is out. */
#ifndef PILCROW_SURFACE_ADDRESS_H
#define PILCROW_SURFACE_ADDRESS_H

#include <stdint.h>

#include "engine/request.h"

/* "/v1/articles/" 7 ".txt" */
struct span address_by_id(struct arena *arena, const char *prefix, int64_t id, const char *suffix);

/* A prefix and a text that is percent-encoded where it has to be. */
struct span address_by_text(struct arena *arena, const char *prefix, struct span text);

/* The address of the request itself (name NULL), or with `name=value` in place of cursor,
 * page and what it had of that name. */
struct span address_of_page(const struct request *request, const char *name, struct span value);

/* The same thing in another form: "/v1/articles/7" "." "html"; "" is the address itself. */
struct span address_of_form(struct arena *arena, struct span address, const char *suffix);

struct address_link {
    struct span address; /* .at NULL: left out */
    const char *relation;
    const char *type; /* NULL = not said */
};

/* The value of a Link field (RFC 8288); NULL when there is nothing to say. */
const char *address_link_field(struct arena *arena, const struct address_link *links, size_t count);

#endif
