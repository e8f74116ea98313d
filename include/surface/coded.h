/* coded.h: answers in the content coding that the client wants, and what is said of it. */
#ifndef PILCROW_SURFACE_CODED_H
#define PILCROW_SURFACE_CODED_H

#include "engine/reply.h"
#include "engine/request.h"

/* What the client takes, into request->codings; nothing is coded when the operator says so. */
void coded_note(struct request *request);

/* Codes body or source, unless they would not be shorter, and says so: Content-Encoding, the ETag
 * of that coding, and Vary on whatever could have been coded. Each answer passes here once, before
 * it is kept. */
void coded_reply(struct request *request, struct reply *reply);

#endif
