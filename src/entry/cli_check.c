/* cli_check.c: what is wrong with the database. It reads only: it makes no database, migrates
 * nothing, and may run beside a server. */
#include <stdio.h>

#include "engine/store.h"
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

enum cli_exit cli_check(struct config *config) {
    struct fault fault;
    struct store *store = NULL;
    size_t findings = 0;
    fault_init(&fault);
    log_setup(CONFIG_LOG_LOGFMT, LOG_WARN);
    enum problem problem = store_open(config->db, STORE_READER, &store, &fault);
    if (problem == PROBLEM_NONE)
        problem = store_check(store, say_finding, NULL, &findings);
    store_close(store);
    if (problem != PROBLEM_NONE) {
        cli_complain("%s", fault_is_set(&fault) ? fault.text : problem_info(problem)->title);
        return CLI_EXIT_FAILED;
    }
    return report(config, findings);
}
