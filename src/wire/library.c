/* library.c: see library.h. */
#include "library.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "connection.h"
#include "exchange.h"
#include "ground/log.h"
#include "tls.h"
#include "worker.h"

/* Holds a head of 16 KiB with 100 fields, the reply's head beside it, and some more, so that our
 * own 414 and 431 come before the library's. The library clears all of it after each request, so
 * that more than is needed costs time: 1 us for 32 KiB. */
enum { CONNECTION_MEMORY_BYTES = 28 * 1024 };

__attribute__((noreturn)) static void panic(void *cls, const char *file, unsigned line,
                                            const char *reason) {
    char where[32];
    (void)cls;
    snprintf(where, sizeof where, "%u", line);
    log_event(LOG_ERROR, "library_panic", "file", file, "line", where, "reason",
              reason == NULL ? "" : reason, NULL);
    abort();
}

void library_set_panic(void) {
    MHD_set_panic_func(panic, NULL);
}

/* What the library says about a peer's doings; a peer can make it say as much as it likes. */
__attribute__((format(printf, 2, 0))) static void report(void *cls, const char *format,
                                                         va_list list) {
    struct worker *worker = cls;
    unsigned dropped = 0;
    char text[LOG_VALUE_BYTES];
    if (!worker_quota_take(&worker->library_quota, worker->now_ms, &dropped))
        return;
    int bytes = vsnprintf(text, sizeof text, format, list);
    while (bytes > 0 && bytes < (int)sizeof text && text[bytes - 1] == '\n')
        text[--bytes] = '\0';
    struct log_line line;
    log_line_begin(&line, &worker->log, LOG_WARN, "library");
    log_line_text(&line, "says", text);
    log_line_int(&line, "lines_dropped", dropped);
    log_line_end(&line);
}

/* Without a connection of ours there is nothing to show, and its handshake fails. */
static void show_certificate(struct worker *worker, struct MHD_Connection *library,
                             struct connection *connection) {
    void *session = library_tls_session(library);
    if (connection != NULL)
        connection->tls =
            (struct tls_link){tls_take(worker->shared->tls), &worker->has_worked, connection->fd};
    if (session != NULL)
        tls_session_link(session, connection == NULL ? NULL : &connection->tls);
}

static void connection_started(struct worker *worker, struct MHD_Connection *library,
                               void **context) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct connection *connection =
        info == NULL ? NULL
                     : connection_new(&worker->connections, info->connect_fd, worker->now_ms);
    *context = connection;
    if (worker->shared->tls != NULL)
        show_certificate(worker, library, connection);
    if (connection == NULL)
        return; /* acceptor.c takes back its place; exchange.c answers 503 */
    worker->arriving_was_taken = true;
    connection->key = worker->arriving_key;
    info = MHD_get_connection_info(library, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (worker->library_timeout_s != library_timeout_s(worker->config))
        (void)MHD_set_connection_option(library, MHD_CONNECTION_OPTION_TIMEOUT,
                                        library_timeout_s(worker->config));
    if (info == NULL || info->client_addr == NULL)
        return;
    admission_print(info->client_addr, connection->address);
}

static void connection_event(void *cls, struct MHD_Connection *library, void **context,
                             enum MHD_ConnectionNotificationCode code) {
    struct worker *worker = cls;
    struct connection *connection = *context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        connection_started(worker, library, context);
        return;
    }
    if (connection == NULL)
        return;
    *context = NULL;
    admission_leave(&worker->shared->admission, connection->key);
    tls_give(connection->tls.identity);
    connection_free(&worker->connections, connection);
}

unsigned library_timeout_s(const struct config *config) {
    unsigned longest = config->idle_timeout_s > config->head_timeout_s ? config->idle_timeout_s
                                                                       : config->head_timeout_s;
    return longest + 2 * LIMIT_GRACE_S + 5;
}

struct MHD_Daemon *library_start(struct worker *worker) {
    const struct config *config = worker->shared->service->config;
    bool is_tls = worker->shared->tls != NULL;
    struct MHD_OptionItem tls_options[] = {
        {is_tls ? MHD_OPTION_HTTPS_CERT_CALLBACK2 : MHD_OPTION_END, 0, tls_retrieve()},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_priorities()},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG | (is_tls ? MHD_USE_TLS : 0u),
        0, NULL, NULL, exchange_handle, worker, MHD_OPTION_EXTERNAL_LOGGER, report, worker,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, worker, MHD_OPTION_NOTIFY_COMPLETED,
        exchange_end, worker, MHD_OPTION_NOTIFY_CONNECTION, connection_event, worker,
        MHD_OPTION_CONNECTION_LIMIT, worker->shared->admission.limit + 1,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, library_timeout_s(config), MHD_OPTION_ARRAY, tls_options,
#if MHD_VERSION >= 0x00097701
        MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1,
#endif
        MHD_OPTION_END);
}

struct MHD_Response *library_make_no_memory(struct worker_shared *shared) {
    static const char *const fields[][2] = {
        {MHD_HTTP_HEADER_CONTENT_TYPE, "application/problem+json"},
        {MHD_HTTP_HEADER_CACHE_CONTROL, "no-store"},
        {MHD_HTTP_HEADER_RETRY_AFTER, "1"},
        {MHD_HTTP_HEADER_CONNECTION, "close"},
        {"X-Content-Type-Options", "nosniff"},
    };
    struct MHD_Response *response = MHD_create_response_from_buffer(
        shared->body_no_memory.used, shared->body_no_memory.bytes, MHD_RESPMEM_PERSISTENT);
    for (size_t i = 0; response != NULL && i < sizeof fields / sizeof fields[0]; i++) {
        if (MHD_add_response_header(response, fields[i][0], fields[i][1]) != MHD_YES) {
            MHD_destroy_response(response);
            return NULL;
        }
    }
    return response;
}

void *library_tls_session(struct MHD_Connection *library) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info == NULL ? NULL : info->tls_session;
}

int library_epoll_fd(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info == NULL ? -1 : info->epoll_fd;
}
