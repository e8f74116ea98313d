/* list_page.h: a list as a page to read: .md (CommonMark) and .txt. Of each thing what it is
 * called, what is known about it, where it is, and how it begins. */
#ifndef PILCROW_SURFACE_LISTS_LIST_PAGE_H
#define PILCROW_SURFACE_LISTS_LIST_PAGE_H

#include <jansson.h>

#include "engine/reply.h"
#include "engine/request.h"

/* Whether the address asks for one. */
bool list_page_is_asked(const struct request *request);

/* `next`: the address of the next page; .at NULL when there is none. */
MUST_CHECK enum problem list_page_reply(struct request *request, struct reply *reply,
                                        const json_t *data, struct span next);

#endif
