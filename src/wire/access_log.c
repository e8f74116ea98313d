/* access_log.c: see access_log.h. */
#include "access_log.h"

#include "connection.h"
#include "engine/token_file.h"
#include "exchange.h"
#include "ground/log.h"
#include "worker.h"

/* A request that the library refused by itself has no reply of ours; the library knows the
 * status. */
unsigned access_log_status(const struct exchange *x, struct MHD_Connection *library) {
    if (x->reply.status != 0)
        return x->reply.status;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_HTTP_STATUS);
    return info == NULL ? 0 : info->http_status;
}

size_t access_log_bytes(const struct exchange *x) {
    unsigned status = x->reply.status;
    if (x->request.method == METHOD_HEAD || status == MHD_HTTP_NOT_MODIFIED ||
        status == MHD_HTTP_NO_CONTENT)
        return 0;
    return x->reply.source.read != NULL ? x->source_bytes : reply_body(&x->reply).bytes;
}

static const char *ending(enum MHD_RequestTerminationCode code) {
    static const char *const names[] = {
        [MHD_REQUEST_TERMINATED_COMPLETED_OK] = NULL,
        [MHD_REQUEST_TERMINATED_WITH_ERROR] = "error",
        [MHD_REQUEST_TERMINATED_TIMEOUT_REACHED] = "timeout",
        [MHD_REQUEST_TERMINATED_DAEMON_SHUTDOWN] = "shutdown",
        [MHD_REQUEST_TERMINATED_READ_ERROR] = "read_error",
        [MHD_REQUEST_TERMINATED_CLIENT_ABORT] = "client_abort",
    };
    return (size_t)code < sizeof names / sizeof names[0] ? names[code] : "unknown";
}

void access_log_line(struct worker *worker, const struct exchange *x,
                     struct MHD_Connection *library, enum MHD_RequestTerminationCode code,
                     int64_t duration_us) {
    struct log_line line;
    if (!log_is_on(LOG_INFO))
        return;
    log_line_begin(&line, &worker->log, LOG_INFO, "request");
    log_line_span(&line, "method", x->request.method_name);
    log_line_span(&line, "target", token_text_public(x->request.raw_target));
    log_line_int(&line, "status", access_log_status(x, library));
    log_line_int(&line, "bytes", (int64_t)access_log_bytes(x));
    log_line_int(&line, "duration_us", duration_us);
    log_line_text(&line, "request_id", x->request.id);
    log_line_text(&line, "address", x->request.address);
    if (x->reply.problem != PROBLEM_NONE)
        log_line_text(&line, "problem", problem_info(x->reply.problem)->code);
    else if (x->step != EXCHANGE_ANSWERED)
        log_line_text(&line, "problem", "refused_by_library");
    const char *ended = code == MHD_REQUEST_TERMINATED_COMPLETED_OK ? NULL : ending(code);
    if (ended != NULL)
        log_line_text(&line, "ended", x->connection->is_cut ? "cut" : ended);
    log_line_end(&line);
}
