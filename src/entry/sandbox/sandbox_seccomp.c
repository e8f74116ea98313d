/* sandbox_seccomp.c: system calls, by seccomp. THE table of what a running server calls, and why.
 *
 * What is not in it fails with EPERM, and the kernel's log says what it was. Not death, by default:
 * a call that a new C library makes and this table does not know costs one answer, not all
 * connections, and somebody who got in gets nothing by it either way. `--seccomp kill` ends the
 * process instead (the tests run so, and by that the table is known to be whole); `--seccomp log`
 * lets the call happen. Calls for another architecture end the process always. */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "entry/sandbox/sandbox.h"

#define CALL(name) SCMP_SYS(name)

/* Allowed whatever the arguments are. */
/* clang-format off */
static const int calls[] = {
    /* Requests and answers, on sockets that are accepted; none is made. */
    CALL(accept4), CALL(recvfrom), CALL(recvmsg), CALL(sendto), CALL(sendmsg), CALL(sendfile),
    CALL(shutdown), CALL(getsockopt), CALL(setsockopt), CALL(getsockname), CALL(getpeername),
    /* Waiting for them. */
    CALL(epoll_wait), CALL(epoll_pwait), CALL(epoll_ctl), CALL(poll), CALL(ppoll),
    /* The database, its journal, copies of it, tokens, spools, the log; which of them, says
     * Landlock. */
    CALL(read), CALL(readv), CALL(pread64), CALL(write), CALL(writev), CALL(pwrite64), CALL(open),
    CALL(openat), CALL(close), CALL(lseek), CALL(fcntl), CALL(flock), CALL(fsync),
    CALL(fdatasync), CALL(ftruncate), CALL(fallocate), CALL(stat), CALL(lstat), CALL(fstat),
    CALL(newfstatat), CALL(statx), CALL(access), CALL(faccessat), CALL(faccessat2),
    CALL(readlink), CALL(readlinkat), CALL(getcwd), CALL(unlink), CALL(unlinkat), CALL(rename),
    CALL(renameat), CALL(renameat2), CALL(umask),
    /* How many files are open, for metrics. */
    CALL(getdents64),
    /* A log file that was renamed is opened anew, under the same number. */
    CALL(dup2), CALL(dup3),
    /* SQLite gives the journal the mode and, as root, the owner of the database. */
    CALL(fchmod), CALL(fchown), CALL(geteuid), CALL(getuid),
    /* Memory; mmap() and mprotect() are below. */
    CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise), CALL(sysinfo),
    /* Threads, their locks and their end; clone() is below. */
    CALL(clone3), CALL(futex), CALL(set_robust_list), CALL(rseq), CALL(sched_yield),
    CALL(sched_getaffinity), CALL(gettid), CALL(getpid), CALL(exit), CALL(exit_group),
    /* Signals; kill() and tgkill() are below. */
    CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(rt_sigtimedwait),
    CALL(sigaltstack), CALL(restart_syscall),
    /* Time, chance, and what all this has cost. */
    CALL(clock_gettime), CALL(clock_getres), CALL(gettimeofday), CALL(time), CALL(nanosleep),
    CALL(clock_nanosleep), CALL(getrandom), CALL(getrusage), CALL(times), CALL(uname),
};
/* clang-format on */

/* Allowed when (argument & mask) == value. */
struct limited {
    int call;
    unsigned argument;
    uint64_t mask, value;
};

static const struct limited limited_calls[] = {
    /* Memory never becomes code. */
    {CALL(mmap), 2, PROT_EXEC, 0},
    {CALL(mprotect), 2, PROT_EXEC, 0},
    /* Threads, and no processes. */
    {CALL(clone), 0, CLONE_THREAD, CLONE_THREAD},
    /* Imports step back for requests. */
    {CALL(sched_setscheduler), 0, UINT32_MAX, 0},
    {CALL(setpriority), 0, UINT32_MAX, PRIO_PROCESS},
    /* Whether standard output is a terminal. */
    {CALL(ioctl), 1, UINT32_MAX, TCGETS},
    /* How many files may be open: asked, not changed. */
    {CALL(prlimit64), 2, UINT64_MAX, 0},
    {CALL(getrlimit), 0, 0, 0},
};

/* Signals to itself alone. */
static const int own_signals[] = {CALL(kill), CALL(tgkill)};

static uint32_t answer_of(enum config_seccomp mode) {
    if (mode == CONFIG_SECCOMP_LOG)
        return SCMP_ACT_LOG;
    return mode == CONFIG_SECCOMP_KILL ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM);
}

static int allow_masked(scmp_filter_ctx filter, const struct limited *rule) {
    const struct scmp_arg_cmp check = {rule->argument, SCMP_CMP_MASKED_EQ, rule->mask, rule->value};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rule->call, 1, &check);
}

static int fill_allowed(scmp_filter_ctx filter) {
    int error = 0;
    for (size_t i = 0; error == 0 && i < sizeof calls / sizeof calls[0]; i++)
        error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, calls[i], 0, NULL);
    for (size_t i = 0; error == 0 && i < sizeof limited_calls / sizeof limited_calls[0]; i++)
        error = allow_masked(filter, &limited_calls[i]);
    for (size_t i = 0; error == 0 && i < sizeof own_signals / sizeof own_signals[0]; i++) {
        struct limited rule = {own_signals[i], 0, UINT32_MAX, (uint64_t)getpid()};
        error = allow_masked(filter, &rule);
    }
    return error;
}

/* All threads are held to it, and looking a call up takes the time of a tree, not of a list. */
static int set_attributes(scmp_filter_ctx filter, bool is_logged) {
    const struct {
        enum scmp_filter_attr name;
        uint32_t value;
    } attributes[] = {
        {SCMP_FLTATR_API_SYSRAWRC, 1},
        {SCMP_FLTATR_CTL_TSYNC, 1},
        {SCMP_FLTATR_CTL_LOG, is_logged},
        {SCMP_FLTATR_CTL_OPTIMIZE, 2},
        {SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS},
    };
    int error = 0;
    for (size_t i = 0; error == 0 && i < sizeof attributes / sizeof attributes[0]; i++)
        error = seccomp_attr_set(filter, attributes[i].name, attributes[i].value);
    return error;
}

/* The flags of clone3() cannot be looked at: it is not there, and the C library takes clone(). In a
 * filter of its own, because what happens for each thread is nothing for the kernel's log. */
static int fill_absent(scmp_filter_ctx filter) {
    return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3), 0, NULL);
}

static int load(uint32_t otherwise, bool is_logged, int (*fill_with)(scmp_filter_ctx filter)) {
    scmp_filter_ctx filter = seccomp_init(otherwise);
    if (filter == NULL)
        return -ENOMEM;
    int error = set_attributes(filter, is_logged);
    if (error == 0)
        error = fill_with(filter);
    if (error == 0)
        error = seccomp_load(filter);
    seccomp_release(filter);
    return error;
}

int sandbox_seccomp(enum config_seccomp mode) {
    if (seccomp_api_get() < 3)
        return SANDBOX_NOT_THERE; /* no filters, or none that can log: before Linux 4.14 */
    int error = load(SCMP_ACT_ALLOW, false, fill_absent);
    if (error == 0)
        error = load(answer_of(mode), true, fill_allowed);
    errno = -error;
    return error == 0 ? 1 : SANDBOX_FAILED;
}
