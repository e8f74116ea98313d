/* cli_backup.c: one state of the database as one file. Needs no lock: the server goes on. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/store/store_copy.h"
#include "entry/cli.h"
#include "ground/log.h"

static bool is_same_file(const char *a, const char *b) {
    struct stat left, right;
    return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

static enum cli_exit refuse_target(const struct config *config, const char *target) {
    if (is_same_file(config->db, target))
        cli_complain("%s is the database itself", target);
    else
        cli_complain("%s exists; --force replaces it", target);
    return CLI_EXIT_USAGE;
}

static enum cli_exit say_copy(const char *target, int64_t seq) {
    struct buffer out;
    struct stat status;
    buffer_init(&out);
    int64_t bytes = stat(target, &status) == 0 ? (int64_t)status.st_size : 0;
    buffer_printf(&out, "%s: seq %" PRId64 ", %" PRId64 " bytes\n", target, seq, bytes);
    return cli_print(&out);
}

enum cli_exit cli_backup(struct config *config) {
    const char *target = config->operands[0];
    struct fault fault;
    int64_t seq = 0;
    fault_init(&fault);
    log_setup(CONFIG_LOG_LOGFMT, LOG_WARN);
    if (access(target, F_OK) == 0 && (!config->force || is_same_file(config->db, target)))
        return refuse_target(config, target);
    enum problem problem = store_copy(config->db, target, STORE_COPY_WHOLE, &seq, &fault);
    if (problem != PROBLEM_NONE) {
        cli_complain("%s", fault_is_set(&fault) ? fault.text : problem_info(problem)->title);
        return CLI_EXIT_FAILED;
    }
    return say_copy(target, seq);
}
