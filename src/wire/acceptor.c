/* acceptor.c: see acceptor.h. */
#include "acceptor.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/client.h"
#include "ground/log.h"
#include "listener.h"
#include "worker.h"

enum {
    ACCEPTS_PER_ROUND = 64,
    PAUSE_MS = 200, /* how long descriptors are given to come back */
};

/* Interest in a listener without events costs nothing and keeps its place. */
static void poll_listeners(struct worker *worker, bool is_on) {
    worker->is_accepting = is_on;
    for (size_t i = 0; i < worker->listener_count; i++) {
        struct epoll_event event = {.events = is_on ? (uint32_t)EPOLLIN : 0,
                                    .data.ptr = &worker->listeners[i]};
        epoll_ctl(worker->epoll_fd, EPOLL_CTL_MOD, worker->listeners[i], &event);
    }
}

void acceptor_resume(struct worker *worker) {
    poll_listeners(worker, true);
}

/* Without a pause a level-triggered listener with nobody able to accept is a busy loop. */
static void pause_accepting(struct worker *worker, int error) {
    unsigned dropped = 0;
    worker->accept_again_ms = worker->now_ms + PAUSE_MS;
    poll_listeners(worker, false);
    metrics_add(worker->metrics, METRIC_ACCEPT_PAUSES, 1);
    if (worker_quota_take(&worker->accept_quota, worker->now_ms, &dropped)) {
        struct log_line line;
        log_line_begin(&line, &worker->log, LOG_WARN, "accept_paused");
        log_line_text(&line, "why", strerror(error));
        log_line_int(&line, "worker", worker->index);
        log_line_int(&line, "lines_dropped", dropped);
        log_line_end(&line);
    }
}

/* Behind a proxy there are many clients. */
static bool is_proxy(const struct worker *worker, const struct sockaddr *address) {
    char text[NETWORK_TEXT_BYTES];
    const struct config *config = worker->config;
    if (config->trusted_proxy_count == 0)
        return false;
    admission_print(address, text);
    return client_is_proxy(config, text);
}

/* Over TLS nothing can be said before a handshake, which is what a full server has no time for. */
static void refuse(struct worker *worker, int fd) {
    if (worker->shared->tls != NULL)
        close(fd);
    else
        refusal_send(&worker->linger, fd, buffer_span(&worker->shared->answer_full),
                     worker->now_ms);
}

static void hand_over(struct worker *worker, int fd, const struct sockaddr *address,
                      socklen_t length) {
    worker->arriving_key = is_proxy(worker, address) ? ADMISSION_NO_KEY : admission_key(address);
    worker->arriving_was_taken = false;
    enum admission_answer answer =
        admission_enter(&worker->shared->admission, worker->arriving_key);
    if (answer != ADMISSION_WELCOME) {
        metrics_add(worker->metrics,
                    answer == ADMISSION_FULL ? METRIC_REFUSED_LIMIT : METRIC_REFUSED_ADDRESS, 1);
        refuse(worker, fd);
        return;
    }
    /* The library closes the socket when it fails; once it told us of the connection it also tells
     * us of its end. */
    MHD_add_connection(worker->daemon, fd, address, length);
    metrics_add(worker->metrics, METRIC_ACCEPTED, 1);
    if (!worker->arriving_was_taken)
        admission_leave(&worker->shared->admission, worker->arriving_key);
}

/* A socket for both families says ::ffff:192.0.2.1; limits, log and proxies know 192.0.2.1. */
static socklen_t unmap(struct sockaddr_storage *address, socklen_t length) {
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof v6);
    if (v6.sin6_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
        return length;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = v6.sin6_port};
    memcpy(&v4.sin_addr, &v6.sin6_addr.s6_addr[12], sizeof v4.sin_addr);
    memcpy(address, &v4, sizeof v4);
    return sizeof v4;
}

static bool is_fleeting(int error) {
    return error == EINTR || error == ECONNABORTED || error == EPROTO || error == ENETDOWN ||
           error == EHOSTDOWN || error == EHOSTUNREACH || error == ENETUNREACH;
}

void acceptor_accept(struct worker *worker, int listener) {
    for (int i = 0; i < ACCEPTS_PER_ROUND && worker->is_accepting; i++) {
        struct sockaddr_storage address;
        socklen_t length = sizeof address;
        int fd = accept4(listener, (void *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            length = unmap(&address, length);
            hand_over(worker, fd, (const void *)&address, length);
        } else if (errno == EAGAIN)
            return;
        else if (!is_fleeting(errno))
            pause_accepting(worker, errno);
    }
}

void acceptor_stop_handshakes(struct worker *worker) {
    if (worker->shared->keeps_backlog)
        return;
    for (size_t i = 0; i < worker->listener_count; i++)
        listener_stop_handshakes(worker->listeners[i]);
}

void acceptor_close(struct worker *worker) {
    for (size_t i = 0; i < worker->listener_count; i++) {
        if (worker->is_draining && !worker->shared->keeps_backlog)
            acceptor_accept(worker, worker->listeners[i]);
        /* Closing alone ends no interest in a socket that others have, too. */
        epoll_ctl(worker->epoll_fd, EPOLL_CTL_DEL, worker->listeners[i], NULL);
        close(worker->listeners[i]);
    }
    worker->listener_count = 0;
}
