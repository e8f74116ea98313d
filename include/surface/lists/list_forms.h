/* list_forms.h: what the forms of a list beside JSON have in common: where they are, and which
 * parameters mean nothing in them. */
#ifndef PILCROW_SURFACE_LISTS_LIST_FORMS_H
#define PILCROW_SURFACE_LISTS_LIST_FORMS_H

#include "engine/reply.h"
#include "engine/request.h"

/* Whether the address asks for plain JSON: by .json, or by no suffix. */
bool list_forms_is_json(const struct request *request);

/* Whether it asks for a form that shows of each thing what there is to read: a page or a feed. */
bool list_forms_is_read(const struct request *request);

/* Whether the list has a page of the reader. */
bool list_forms_has_page(const struct request *request);

/* The Link field: the pages beside (.at NULL: none) and, from JSON, the other forms of this page,
 * unless its query is long. */
void list_forms_link(struct request *request, struct reply *reply, struct span next,
                     struct span prev);

/* Whether a parameter says something that only JSON has a place for. */
bool list_forms_is_of_json(enum param_id id);

/* A page or a feed shows of each item what it shows: what chooses members, or says something in
 * `meta`, is refused there. BAD_PARAMETER with a sentence. */
MUST_CHECK enum problem list_forms_check(struct request *request);

/* The address of the request in another form; "" is plain JSON. Parameters that mean nothing there
 * are left out. */
struct span list_forms_address(const struct request *request, const char *suffix);

/* The address of the first page of the same list in the same form. */
struct span list_forms_first(const struct request *request);

#endif
