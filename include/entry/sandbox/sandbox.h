/* sandbox.h: what a server gives up once all that it needs is open, so that whoever gets hold of it
 * through a request gets little: no other program, no other files, no new sockets.
 *
 * Two nets of the kernel, one behind the other: Landlock says which files (sandbox_landlock.c),
 * seccomp which system calls with which arguments (sandbox_seccomp.c). Both can only be made
 * narrower afterwards. Where the kernel has none of it, the server serves all the same and says so
 * once. */
#ifndef PILCROW_ENTRY_SANDBOX_SANDBOX_H
#define PILCROW_ENTRY_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/config/config.h"

/* Before any other thread runs: what is started afterwards inherits it. Nothing happens in a
 * program that was built to be examined (sanitizers, coverage), whose run-time opens and calls what
 * it likes. */
void sandbox_enter(const struct config *config);

/* ---- the two nets, for sandbox_enter() and the tests ---- */

struct sandbox_path {
    const char *path; /* what is not there is left out */
    bool may_write;   /* and make, rename, remove; else only read */
};

enum { SANDBOX_NOT_THERE = 0, SANDBOX_FAILED = -1 };

/* From here on this thread and those that it starts open these files and what is below them, run
 * no program and bind or connect no TCP socket, as far as the kernel can say so. What was open
 * before stays open. The version of Landlock that is in force, or one of the two above; with
 * SANDBOX_FAILED errno says why. */
int sandbox_landlock(const struct sandbox_path *paths, size_t count);

/* From here on every thread of the process makes only the system calls of the table. 1, or one of
 * the two above. */
int sandbox_seccomp(enum config_seccomp mode);

#endif
