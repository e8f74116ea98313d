/* response.h: a reply on its way out: the library's response made of ours. */
#ifndef PILCROW_WIRE_RESPONSE_H
#define PILCROW_WIRE_RESPONSE_H

#include <microhttpd.h>

#include "engine/reply.h"

struct exchange;
struct worker;

/* Queues x->reply. Body and source stay where they are: the exchange outlives the library's use of
 * them. */
enum MHD_Result response_queue(struct worker *worker, struct exchange *x,
                               struct MHD_Connection *library);

/* False when there was no memory. A value that is too long for the library is left out. */
bool response_add_field(struct MHD_Response *response, const struct reply_field *field);

/* What needs no memory. */
enum MHD_Result response_queue_no_memory(struct worker *worker, struct MHD_Connection *library);

/* The whole reply as bytes, for a peer to whom the library can no longer answer; a source is left
 * out. */
void response_print(const struct reply *reply, struct buffer *out);

#endif
