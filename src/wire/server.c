/* server.c: from addresses to running workers and back. */
#include "wire/server.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ground/log.h"
#include "ground/supervisor.h"
#include "head_read.h"
#include "library.h"
#include "listener.h"
#include "tls.h"
#include "worker.h"

enum {
    RESERVED_DESCRIPTORS = 64, /* for the store, the log, refusals: never for connections */
    CONNECTIONS_MIN = 4,
    /* Set, it stays: by itself it would grow with the longest reply, and from then on such replies
     * would leave holes in the heap instead of going back. */
    MMAP_THRESHOLD_BYTES = 128 * 1024,
};

struct server {
    struct worker_shared shared;
    struct listener_address addresses[CONFIG_LISTENS_MAX];
    size_t address_count;
    struct worker *workers;
    unsigned worker_count;
    pthread_t *threads;
    unsigned thread_count; /* how many run */
};

static unsigned connection_limit(const struct config *config) {
    struct rlimit files;
    unsigned limit = config->max_connections;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY)
        return limit;
    rlim_t most = files.rlim_cur < RESERVED_DESCRIPTORS + CONNECTIONS_MIN
                      ? CONNECTIONS_MIN
                      : files.rlim_cur - RESERVED_DESCRIPTORS;
    if (limit > 0 && limit <= most)
        return limit;
    if (limit > 0)
        log_event(LOG_WARN, "max_connections_lowered", "why",
                  "more than the descriptors that the process may open", NULL);
    return most > 1000000 ? 1000000 : (unsigned)most;
}

static enum problem shared_init(struct worker_shared *shared, struct service *service,
                                struct fault *fault) {
    const struct config *config = service->config;
    shared->service = service;
    shared->library_is_known = head_read_layout_is_known();
    if (getrandom(&shared->id_salt, sizeof shared->id_salt, 0) != sizeof shared->id_salt)
        shared->id_salt = (uint32_t)getpid();
    refusal_print(PROBLEM_TOO_MANY_CONNECTIONS, &shared->answer_full);
    refusal_print(PROBLEM_BODY_TOO_LARGE, &shared->answer_large);
    refusal_print_body(PROBLEM_OUT_OF_MEMORY, &shared->body_no_memory);
    if (shared->answer_full.failed || shared->answer_large.failed ||
        shared->body_no_memory.failed ||
        admission_init(&shared->admission, connection_limit(config),
                       config->max_connections_per_address) != PROBLEM_NONE) {
        fault_set(fault, "no memory to start the server");
        return PROBLEM_OUT_OF_MEMORY;
    }
    return PROBLEM_NONE;
}

/* The first worker picks the port where 0 was asked for; the others take the same. */
static enum problem open_listeners(struct server *server, struct worker *worker, bool is_first,
                                   struct fault *fault) {
    for (size_t i = 0; i < server->address_count; i++) {
        int fd = -1;
        enum problem problem = listener_open(&server->addresses[i], is_first, &fd, fault);
        if (problem != PROBLEM_NONE)
            return problem;
        worker->listeners[worker->listener_count++] = fd;
    }
    return PROBLEM_NONE;
}

static enum problem open_worker(struct server *server, unsigned index, struct fault *fault) {
    struct worker *worker = &server->workers[index];
    struct service *service = server->shared.service;
    enum problem problem = open_listeners(server, worker, index == 0, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    worker->metrics = &service->metrics.blocks[index];
    worker->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (worker->wake_fd < 0) {
        fault_set(fault, "cannot start worker %u: too many open files", index);
        return PROBLEM_UNAVAILABLE;
    }
    problem = store_open(service->config->db, STORE_READER, &worker->store, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    return worker_open(worker, &server->shared, index, fault);
}

/* Signals are for the main thread. */
static bool start_threads(struct server *server) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    while (server->thread_count < server->worker_count &&
           pthread_create(&server->threads[server->thread_count], NULL, worker_run,
                          &server->workers[server->thread_count]) == 0)
        server->thread_count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return server->thread_count == server->worker_count;
}

static enum problem find_addresses(struct server *server, struct fault *fault) {
    const struct config *config = server->shared.service->config;
    size_t passed = 0;
    enum problem problem = supervisor_sockets(&passed, fault);
    if (problem == PROBLEM_NONE && passed > CONFIG_LISTENS_MAX) {
        fault_set(fault, "%zu sockets were passed: more than %d", passed, CONFIG_LISTENS_MAX);
        problem = PROBLEM_BAD_PARAMETER;
    }
    server->shared.keeps_backlog = passed > 0;
    size_t count = passed > 0 ? passed : config->listen_count;
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++) {
        struct listener_address *address = &server->addresses[server->address_count];
        problem = passed > 0 ? listener_adopt(SUPERVISOR_FIRST_SOCKET + (int)i, address, fault)
                             : listener_parse(config->listens[i], address, fault);
        if (problem == PROBLEM_NONE)
            server->addresses[server->address_count++].is_tls = server->shared.tls != NULL;
    }
    return problem;
}

static enum problem open_all(struct server *server, struct service *service, struct fault *fault) {
    const struct config *config = service->config;
    enum problem problem = shared_init(&server->shared, service, fault);
    if (problem == PROBLEM_NONE)
        problem = tls_open(config, &server->shared.tls, fault);
    if (problem == PROBLEM_NONE)
        problem = find_addresses(server, fault);
    unsigned count = config->workers == 0 ? 1 : config->workers;
    server->workers = calloc(count, sizeof *server->workers);
    server->threads = calloc(count, sizeof *server->threads);
    if (problem == PROBLEM_NONE && (server->workers == NULL || server->threads == NULL)) {
        fault_set(fault, "no memory to start the server");
        problem = PROBLEM_OUT_OF_MEMORY;
    }
    if (problem == PROBLEM_NONE)
        problem = metrics_init(&service->metrics, count);
    while (problem == PROBLEM_NONE && server->worker_count < count)
        problem = open_worker(server, server->worker_count++, fault);
    return problem;
}

enum problem server_check_addresses(const struct config *config, struct fault *fault) {
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < config->listen_count; i++) {
        struct listener_address address;
        problem = listener_parse(config->listens[i], &address, fault);
    }
    return problem;
}

enum problem server_open(struct service *service, struct server **out, struct fault *fault) {
    *out = NULL;
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        fault_set(fault, "no memory to start the server");
        return PROBLEM_OUT_OF_MEMORY;
    }
    library_set_panic();
    mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES);
    enum problem problem = open_all(server, service, fault);
    if (problem != PROBLEM_NONE) {
        server_stop(server);
        return problem;
    }
    *out = server;
    return PROBLEM_NONE;
}

enum problem server_start(struct server *server, struct fault *fault) {
    if (start_threads(server))
        return PROBLEM_NONE;
    fault_set(fault, "cannot start a thread for each of %u workers", server->worker_count);
    return PROBLEM_UNAVAILABLE;
}

const char *server_url(const struct server *server, size_t index) {
    return index < server->address_count ? server->addresses[index].url : NULL;
}

static void wake(struct worker *worker) {
    uint64_t one = 1;
    (void)!write(worker->wake_fd, &one, sizeof one);
}

bool server_is_alive(struct server *server) {
    bool is_alive = true;
    for (unsigned i = 0; i < server->thread_count; i++) {
        if (atomic_exchange(&server->workers[i].is_asked, true)) {
            char number[16];
            snprintf(number, sizeof number, "%u", i);
            log_event(LOG_ERROR, "worker_stuck", "worker", number, NULL);
            is_alive = false;
        }
        wake(&server->workers[i]);
    }
    return is_alive;
}

void server_reload(struct server *server) {
    struct fault fault;
    fault_init(&fault);
    if (server->shared.tls != NULL && tls_reload(server->shared.tls, &fault) != PROBLEM_NONE)
        log_event(LOG_ERROR, "tls", "error", fault.text, "effect",
                  "the certificate stays as it was", NULL);
}

void server_stop(struct server *server) {
    if (server == NULL)
        return;
    atomic_store(&server->shared.is_stopping, true);
    for (unsigned i = 0; i < server->thread_count; i++)
        wake(&server->workers[i]);
    for (unsigned i = 0; i < server->thread_count; i++)
        pthread_join(server->threads[i], NULL);
    for (unsigned i = 0; i < server->worker_count; i++) {
        worker_close(&server->workers[i]);
        if (server->workers[i].wake_fd > 0)
            close(server->workers[i].wake_fd);
    }
    if (server->shared.admission.limit > 0)
        admission_fini(&server->shared.admission);
    tls_close(server->shared.tls);
    buffer_fini(&server->shared.answer_full);
    buffer_fini(&server->shared.answer_large);
    buffer_fini(&server->shared.body_no_memory);
    for (size_t i = 0; i < server->address_count; i++) {
        if (server->addresses[i].passed_fd >= 0)
            close(server->addresses[i].passed_fd);
    }
    free(server->workers);
    free(server->threads);
    free(server);
}
