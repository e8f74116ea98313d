/* list_title.h: what a list is called where it is read by people: in feeds and on pages. */
#ifndef PILCROW_SURFACE_LISTS_LIST_TITLE_H
#define PILCROW_SURFACE_LISTS_LIST_TITLE_H

#include "engine/request.h"

/* "Pilcrow: Ferry (date: 2018)", "Pilcrow: tags": the publication, what the list is of, what was
 * asked. In the arena. */
MUST_CHECK enum problem list_title(struct request *request, struct span *title);

#endif
