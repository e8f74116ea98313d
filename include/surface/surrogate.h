/* surrogate.h: the Surrogate-Key field, by which caches in front purge what a write has changed:
 *
 *   article-7      what shows article 7 alone, in any form and version
 *   articles       everything else that is made of the store: lists, searches, quotes, terms,
 *                  paragraphs, changes; any write may change any of it
 *   tag-harbour, section-..., author-...
 *                  beside article-7 what that article carries, and beside `articles` what the
 *                  address is of; slugs percent-encoded
 *
 * So whoever purges article-7 and `articles` after article 7 was written leaves nothing behind that
 * shows it, or should. */
#ifndef PILCROW_SURFACE_SURROGATE_H
#define PILCROW_SURFACE_SURROGATE_H

#include "engine/reply.h"
#include "engine/request.h"

/* Adds the field to a 200 that caches may keep, when it is wanted. Inside the read transaction, as
 * terms are read. */
MUST_CHECK enum problem surrogate_keys(struct request *request, struct reply *reply);

#endif
