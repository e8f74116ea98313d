/* request_id.h: ids that sort by time, differ within and between processes, and are short enough to
 * be read out: 9 characters of milliseconds, 6 of a count, 2 of the worker, 4 of the process. */
#ifndef PILCROW_WIRE_REQUEST_ID_H
#define PILCROW_WIRE_REQUEST_ID_H

#include "engine/request.h"

struct worker;

void request_id_make(struct worker *worker, char out[REQUEST_ID_BYTES]);

#endif
