/* cli.h: the command line. One table of commands; each runs with its settings parsed and checked
 * and returns the exit status of the process. Results go to standard output, everything else to
 * standard error. */
#ifndef PILCROW_ENTRY_CLI_H
#define PILCROW_ENTRY_CLI_H

#include <stddef.h>

#include "ground/buffer.h"
#include "ground/config/config.h"

enum cli_exit {
    CLI_EXIT_DONE = 0,
    CLI_EXIT_REFUSED = 1, /* some input was refused, the rest was done */
    CLI_EXIT_USAGE = 2,   /* the command line or a variable is wrong; nothing was done */
    CLI_EXIT_FAILED = 3,  /* the store or the system failed */
};

struct cli_command {
    const char *name;
    const char *operands; /* as shown in usage: "PATH..." */
    size_t operands_min, operands_max;
    unsigned settings;   /* CONFIG_FOR_... */
    const char *summary; /* one line of the list of commands */
    const char *details; /* what its --help says */
    enum cli_exit (*run)(struct config *config);
};

extern const struct cli_command cli_commands[];
extern const size_t cli_commands_count;

/* The whole program after main(). */
enum cli_exit cli_run(int argc, char **argv);

/* One line on standard error with the program's name in front. */
__attribute__((format(printf, 1, 2))) void cli_complain(const char *format, ...);

/* Writes the buffer to standard output and frees it. FAILED when that cannot be done. */
enum cli_exit cli_print(struct buffer *out);

enum cli_exit cli_serve(struct config *config);
enum cli_exit cli_import(struct config *config);
enum cli_exit cli_check(struct config *config);
enum cli_exit cli_token(struct config *config);
enum cli_exit cli_backup(struct config *config);
enum cli_exit cli_restore(struct config *config);
enum cli_exit cli_healthcheck(struct config *config);
enum cli_exit cli_config(struct config *config);
enum cli_exit cli_version(struct config *config);
enum cli_exit cli_docs(struct config *config);
enum cli_exit cli_help(struct config *config);

#endif
