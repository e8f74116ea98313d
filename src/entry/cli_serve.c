/* cli_serve.c: the service from start to stop. What is opened in order is closed in reverse order;
 * the writer stays open for as long as the process serves, because it holds the lock on the
 * database. */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "domain/articles/article_history.h"
#include "domain/search/article_index.h"
#include "engine/limiter.h"
#include "engine/render.h"
#include "engine/request.h"
#include "engine/router.h"
#include "engine/store/store.h"
#include "engine/store/store_lock.h"
#include "engine/store/writer.h"
#include "engine/tokens.h"
#include "entry/cli.h"
#include "entry/reload.h"
#include "entry/sandbox/sandbox.h"
#include "entry/supervised.h"
#include "ground/clock.h"
#include "ground/log.h"
#include "ground/version.h"
#include "surface/routes.h"
#include "wire/server.h"

/* By itself the C library raises this bound to the largest block that it ever saw freed, and what a
 * few long answers took stays with the process. */
static void bound_idle_memory(void) {
    enum { MAPPED_FROM_BYTES = 512 * 1024 };
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED_FROM_BYTES);
}

static void raise_file_limit(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max)
        return;
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0)
        log_event(LOG_WARN, "file_limit", "error", strerrordesc_np(errno), NULL);
}

static void set_handler(int number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* What the process sends to itself when its writer failed. Not one of the other two: they get their
 * default effect back while the failure may still come. */
#define WRITER_FAILED SIGUSR1

/* Before any thread starts, so that all inherit it: only wait_for_stop() sees these signals. */
static sigset_t block_stop_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, WRITER_FAILED);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    set_handler(SIGPIPE, SIG_IGN);
    return set;
}

/* A service and what it is run with. */
struct serving {
    struct service *service;
    struct config *newest; /* in force; owns those before it */
    struct supervisor supervisor;
};

static void writer_failed(void *context) {
    (void)context;
    log_event(LOG_ERROR, "writer_failed", "effect",
              "what is stored is known only after a restart: the server stops", NULL);
    kill(getpid(), WRITER_FAILED);
}

static void reload_and_tell(struct serving *serving, struct server *server) {
    supervisor_tell(&serving->supervisor, "RELOADING=1\nMONOTONIC_USEC=%lld",
                    (long long)(clock_ns() / 1000));
    reload(serving->service, &serving->newest);
    server_reload(server);
    supervisor_tell(&serving->supervisor, "READY=1");
}

/* Afterwards a second signal has its default effect: it ends the process at once. */
static const char *wait_for_stop(const sigset_t *set, struct serving *serving,
                                 struct server *server) {
    struct service *service = serving->service;
    int number;
    while ((number = supervised_wait(&serving->supervisor, server, set)) == SIGHUP ||
           (number == WRITER_FAILED && !atomic_load(&service->writer->has_failed))) {
        if (number == SIGHUP)
            reload_and_tell(serving, server);
    }
    sigset_t again = *set;
    sigdelset(&again, WRITER_FAILED);
    sigdelset(&again, SIGHUP);
    set_handler(SIGTERM, SIG_DFL);
    set_handler(SIGINT, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &again, NULL);
    return number == SIGTERM ? "SIGTERM" : number == SIGINT ? "SIGINT" : "writer_failed";
}

static void warn_of_variable(void *context, const char *variable, const char *nearest) {
    (void)context;
    log_event(LOG_WARN, "unknown_variable", "name", variable, "nearest", nearest, NULL);
}

/* "ready url=http://127.0.0.1:8080 url=http://[::1]:8080" */
static void say_ready(const struct server *server) {
    fputs("ready", stdout);
    for (size_t i = 0; server_url(server, i) != NULL; i++)
        printf(" url=%s", server_url(server, i));
    putchar('\n');
    if (fflush(stdout) != 0)
        log_event(LOG_WARN, "ready_line", "error", strerrordesc_np(errno), NULL);
}

static enum problem serve_until_stopped(struct serving *serving, struct fault *fault) {
    struct service *service = serving->service;
    struct server *server = NULL;
    sigset_t stop_signals = block_stop_signals();
    enum problem problem = server_open(service, &server, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    sandbox_enter(service->config);
    problem = server_start(server, fault);
    if (problem != PROBLEM_NONE) {
        server_stop(server);
        return problem;
    }
    log_event(LOG_INFO, "start", "version", PILCROW_VERSION, "db", service->config->db, "url",
              server_url(server, 0), NULL);
    store_lock_note(service->config->db, server_url(server, 0));
    say_ready(server);
    supervisor_tell(&serving->supervisor, "READY=1\nSTATUS=Answering at %s", server_url(server, 0));
    const char *name = wait_for_stop(&stop_signals, serving, server);
    supervisor_tell(&serving->supervisor, "STOPPING=1\nSTATUS=Letting open requests end");
    log_event(LOG_INFO, "stop", "signal", name, NULL);
    atomic_store(&service->is_draining, true);
    server_stop(server);
    if (!atomic_load(&service->writer->has_failed))
        return PROBLEM_NONE;
    fault_set(fault,
              "a write to %s failed, and whether the last change was stored is not known; "
              "see to the disk, then start again",
              service->config->db);
    return PROBLEM_OUTCOME_UNKNOWN;
}

/* With what says who may do what, and how often. */
static enum problem serve_with_access(struct serving *serving, struct fault *fault) {
    struct service *service = serving->service;
    const struct config *config = serving->newest;
    struct limiters limiters;
    struct tokens *tokens = NULL;
    enum problem problem = limiters_init(&limiters, config->rate_limit, config->rate_limit_address);
    if (problem != PROBLEM_NONE)
        return problem;
    supervisor_open(&serving->supervisor);
    problem = tokens_open(config->db, &tokens);
    service->limiters = &limiters;
    service->tokens = tokens;
    if (problem == PROBLEM_NONE)
        problem = serve_until_stopped(serving, fault);
    service->limiters = NULL;
    service->tokens = NULL;
    supervisor_close(&serving->supervisor);
    tokens_close(tokens);
    limiters_fini(&limiters);
    return problem;
}

/* A limit on the changes that are kept holds from the start, and not from the next write; but for
 * a full disk nobody has to do without the reads. */
static enum problem open_store(const struct config *config, struct store **out,
                               struct fault *fault) {
    bool is_trimmed = false;
    enum problem problem = store_open(config->db, STORE_WRITER, out, fault);
    if (problem != PROBLEM_NONE || config->changes_keep == 0)
        return problem;
    problem = article_history_trim_all(*out, config->changes_keep, &is_trimmed);
    if (problem == PROBLEM_NONE && !is_trimmed)
        return PROBLEM_NONE;
    if (problem != PROBLEM_NONE)
        log_event(LOG_WARN, "changes_kept", "error", problem_info(problem)->title, NULL);
    store_close(*out);
    return store_open(config->db, STORE_WRITER, out, fault);
}

/* Whoever searches finds the index whole. But for a full disk nobody has to do without the reads:
 * searches say then that it is not ready. */
static void prepare_search(struct store *store) {
    enum problem problem = article_index_prepare(store);
    if (problem != PROBLEM_NONE)
        log_event(LOG_WARN, "search_index", "error", problem_info(problem)->title, NULL);
}

static enum problem serve_store(struct config *config, struct fault *fault) {
    struct serving serving = {.newest = config};
    struct router router;
    struct service service;
    struct store *store = NULL;
    struct writer writer;
    enum problem problem = router_init(&router, routes, routes_count, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    service_init(&service, config, &router);
    problem = open_store(config, &store, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    prepare_search(store);
    writer_init(&writer, store, writer_failed, NULL);
    service.writer = &writer;
    render_setup();
    serving.service = &service;
    problem = serve_with_access(&serving, fault);
    service_fini(&service);
    writer_fini(&writer);
    store_close(store);
    config_fini(serving.newest);
    return problem;
}

enum cli_exit cli_serve(struct config *config) {
    struct fault fault;
    fault_init(&fault);
    log_setup(config->log_format, config->log_level);
    bound_idle_memory();
    raise_file_limit();
    if (config_resolve(config, &fault) != PROBLEM_NONE ||
        server_check_addresses(config, &fault) != PROBLEM_NONE) {
        cli_complain("%s", fault.text);
        return CLI_EXIT_USAGE;
    }
    int error = config->log_file[0] == '\0' ? 0 : log_open(config->log_file);
    if (error != 0) {
        cli_complain("the log file %s cannot be opened: %s", config->log_file,
                     strerrordesc_np(error));
        return CLI_EXIT_FAILED;
    }
    config_check_environment(warn_of_variable, NULL);
    enum problem problem = serve_store(config, &fault);
    if (problem == PROBLEM_NONE)
        return CLI_EXIT_DONE;
    cli_complain("%s", fault_is_set(&fault) ? fault.text : problem_info(problem)->title);
    return CLI_EXIT_FAILED;
}
