/* access_log.h: one line per request, written into the worker's buffer. Query values are part of
 * the target; nothing else of the request is shown, no field and no body. */
#ifndef PILCROW_WIRE_ACCESS_LOG_H
#define PILCROW_WIRE_ACCESS_LOG_H

#include <microhttpd.h>
#include <stdint.h>

struct exchange;
struct worker;

void access_log_line(struct worker *worker, const struct exchange *exchange,
                     struct MHD_Connection *library, enum MHD_RequestTerminationCode code,
                     int64_t duration_us);

/* What the line says of a finished request; who counts says the same. */
unsigned access_log_status(const struct exchange *exchange, struct MHD_Connection *library);
size_t access_log_bytes(const struct exchange *exchange);

#endif
