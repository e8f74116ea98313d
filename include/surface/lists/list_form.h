/* list_form.h: the items of a list in the forms beside JSON: .csv for tables, .ndjson for programs
 * that read line by line. Links to the pages beside stand in the Link field. */
#ifndef PILCROW_SURFACE_LISTS_LIST_FORM_H
#define PILCROW_SURFACE_LISTS_LIST_FORM_H

#include <jansson.h>
#include <stdbool.h>

#include "engine/reply.h"
#include "engine/request.h"

#define LIST_FORM_NDJSON_TYPE "application/x-ndjson"

/* Whether the address asks for one of them. */
bool list_form_is_asked(const struct request *request);

/* CSV (RFC 4180): one column for each of `fields`, or for each member of an item; CRLF; a header.
 * Of what has a name the name is shown, of several with "; " between, of a path with " / ". Cells
 * hold the text as it is: one that begins with '=' is for its reader to mistrust. */
MUST_CHECK enum problem list_form_reply(struct request *request, struct reply *reply, json_t *data,
                                        enum param_id fields_id);

#endif
