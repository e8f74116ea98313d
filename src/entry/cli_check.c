/* cli_check.c: what is wrong with the database. It reads only: it makes no database, migrates
 * nothing, and may run beside a server. With --repair it is a writer like others. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "domain/search/article_index_check.h"
#include "engine/store/store.h"
#include "entry/cli.h"
#include "ground/log.h"

static void say_finding(void *context, const char *finding) {
    (void)context;
    printf("%s\n", finding);
}

static enum cli_exit report(const struct config *config, size_t findings) {
    struct buffer out;
    buffer_init(&out);
    if (findings == 0)
        buffer_printf(&out, "%s: all is well\n", config->db);
    else
        buffer_printf(&out, "%s: %zu finding%s\n", config->db, findings, findings == 1 ? "" : "s");
    enum cli_exit printed = cli_print(&out);
    return findings == 0 ? printed : CLI_EXIT_FAILED;
}

static enum problem examine(const struct config *config, size_t *findings, struct fault *fault) {
    struct store *store = NULL;
    enum problem problem = store_open(config->db, STORE_READER, &store, fault);
    if (problem == PROBLEM_NONE)
        problem = store_check(store, say_finding, NULL, findings);
    /* Of a damaged store the index says nothing. */
    if (problem == PROBLEM_NONE && *findings == 0)
        problem = article_index_check(store, say_finding, NULL, findings);
    store_close(store);
    return problem;
}

static void say_repair(void *context, const char *finding) {
    (void)context;
    printf("repaired: %s\n", finding);
}

/* A writer makes a database that is missing; here that would hide what is wrong. */
static enum problem repair(const struct config *config, struct fault *fault) {
    struct store *store = NULL;
    size_t repaired = 0;
    bool is_renewed = false;
    if (access(config->db, F_OK) != 0) {
        fault_set(fault, "%s: %s", config->db, strerrordesc_np(errno));
        return PROBLEM_UNAVAILABLE;
    }
    enum problem problem = store_open(config->db, STORE_WRITER, &store, fault);
    if (problem == PROBLEM_NONE)
        problem = store_repair(store, say_repair, NULL, &repaired);
    if (problem == PROBLEM_NONE)
        problem = article_index_repair(store, say_repair, NULL, &is_renewed);
    store_close(store);
    if (problem == PROBLEM_NONE && repaired > 0)
        printf("%s: repaired %zu row%s\n", config->db, repaired, repaired == 1 ? "" : "s");
    if (problem == PROBLEM_NONE && is_renewed)
        printf("%s: made the search index anew\n", config->db);
    return problem;
}

enum cli_exit cli_check(struct config *config) {
    struct fault fault;
    size_t findings = 0;
    enum problem problem = PROBLEM_NONE;
    fault_init(&fault);
    log_setup(CONFIG_LOG_LOGFMT, LOG_WARN);
    if (config->repair)
        problem = repair(config, &fault);
    if (problem == PROBLEM_NONE)
        problem = examine(config, &findings, &fault);
    if (problem != PROBLEM_NONE) {
        cli_complain("%s%s", fault_is_set(&fault) ? fault.text : problem_info(problem)->title,
                     problem == PROBLEM_BUSY ? "; stop it, repair, and start it again" : "");
        return CLI_EXIT_FAILED;
    }
    return report(config, findings);
}
