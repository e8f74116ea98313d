/* test_sandbox.c: in a child process that gave up its rights: what is refused, and what must not
 * be. Where the kernel has no Landlock or no seccomp, those cases are left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "entry/sandbox/sandbox.h"

enum { NOT_THERE = 200, BROKEN = 201 }; /* exit codes beside numbers of errors */

static char own[] = "/tmp/pilcrow-sandbox-XXXXXX", foreign[] = "/tmp/pilcrow-foreign-XXXXXX";

/* ---- what is tried; each returns 0 or a number of an error ---- */

static int result_of(long result) {
    return result < 0 ? errno : 0;
}

static int open_in(const char *folder, int flags) {
    char name[64];
    snprintf(name, sizeof name, "%s/file", folder);
    return result_of(open(name, flags, 0600));
}

static int try_exec(void) {
    char *const arguments[] = {"true", NULL};
    execv("/bin/true", arguments);
    return errno;
}

static int try_execveat(void) {
    return result_of(syscall(SYS_execveat, AT_FDCWD, "/bin/true", NULL, NULL, 0));
}

static int try_fork(void) {
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return result_of(child);
}

static int try_clone3(void) {
    return result_of(syscall(SYS_clone3, NULL, 0));
}

static int try_ptrace(void) {
    return result_of(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int try_memory_of_another(void) {
    return result_of(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
}

static int try_passwd(void) {
    return result_of(open("/etc/passwd", O_RDONLY));
}

static int try_read_own(void) {
    return open_in(own, O_RDONLY);
}

static int try_make_own(void) {
    char from[64], to[64];
    snprintf(from, sizeof from, "%s/new", own);
    snprintf(to, sizeof to, "%s/newer", own);
    int file = open(from, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (file < 0 || write(file, "x", 1) != 1 || ftruncate(file, 0) != 0 || fsync(file) != 0 ||
        rename(from, to) != 0 || unlink(to) != 0)
        return errno;
    return 0;
}

static int try_read_foreign(void) {
    return open_in(foreign, O_RDONLY);
}

static int try_write_foreign(void) {
    return open_in(foreign, O_WRONLY | O_TRUNC);
}

static int try_make_foreign(void) {
    char name[64];
    snprintf(name, sizeof name, "%s/new", foreign);
    return result_of(open(name, O_RDWR | O_CREAT, 0600));
}

static int try_truncate_foreign(void) {
    char name[64];
    snprintf(name, sizeof name, "%s/file", foreign);
    return result_of(truncate(name, 0));
}

static int try_link_out(void) {
    char from[64], to[64];
    snprintf(from, sizeof from, "%s/file", own);
    snprintf(to, sizeof to, "%s/link", foreign);
    return result_of(rename(from, to));
}

static int try_signal_parent(void) {
    return result_of(kill(getppid(), 0));
}

static int try_signal_self(void) {
    return result_of(kill(getpid(), 0));
}

static int try_code(void) {
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

static int try_memory_to_code(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? BROKEN : result_of(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int try_tcp(void) {
    return result_of(socket(AF_INET, SOCK_STREAM, 0));
}

static int try_unix(void) {
    return result_of(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int try_netlink(void) {
    return result_of(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int try_packet(void) {
    return result_of(socket(AF_PACKET, SOCK_RAW, 0));
}

static int connected;

static int try_connect(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return result_of(connect(connected, (const void *)&to, sizeof to));
}

static int try_bind(void) {
    struct sockaddr_in to = {.sin_family = AF_INET};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return result_of(bind(connected, (const void *)&to, sizeof to));
}

static int try_io_uring(void) {
    return result_of(syscall(SYS_io_uring_setup, 1, NULL));
}

static int try_chmod(void) {
    return result_of(chmod(own, 0777));
}

static void *thread_opens(void *result) {
    *(int *)result = try_passwd();
    return NULL;
}

static int try_thread(void) {
    pthread_t thread;
    int result = BROKEN;
    if (pthread_create(&thread, NULL, thread_opens, &result) != 0)
        return BROKEN;
    pthread_join(thread, NULL);
    return result;
}

/* ---- one child for each ---- */

enum net { LANDLOCK, SECCOMP };

static const struct trial {
    const char *what;
    enum net net;
    int (*attempt)(void);
    int error; /* 0: allowed */
    int since; /* version of Landlock */
} trials[] = {
    {"reading beside the database", LANDLOCK, try_read_own, 0, 1},
    {"making, renaming, removing beside it", LANDLOCK, try_make_own, 0, 1},
    {"reading the users", LANDLOCK, try_passwd, EACCES, 1},
    {"reading a foreign file", LANDLOCK, try_read_foreign, EACCES, 1},
    {"writing to a foreign file", LANDLOCK, try_write_foreign, EACCES, 1},
    {"making a foreign file", LANDLOCK, try_make_foreign, EACCES, 1},
    {"cutting a foreign file", LANDLOCK, try_truncate_foreign, EACCES, 3},
    {"moving a file away", LANDLOCK, try_link_out, EACCES, 1},
    {"another program", LANDLOCK, try_exec, EACCES, 1},
    {"a connection", LANDLOCK, try_connect, EACCES, 4},
    {"a port", LANDLOCK, try_bind, EACCES, 4},
    {"a signal to another", LANDLOCK, try_signal_parent, EPERM, 6},
    {"all that in a thread", LANDLOCK, try_thread, EACCES, 1},
    {"another program", SECCOMP, try_exec, EPERM, 0},
    {"another program, otherwise", SECCOMP, try_execveat, EPERM, 0},
    {"a process", SECCOMP, try_fork, EPERM, 0},
    {"what cannot be looked into", SECCOMP, try_clone3, ENOSYS, 0},
    {"a thread", SECCOMP, try_thread, 0, 0},
    {"tracing", SECCOMP, try_ptrace, EPERM, 0},
    {"another's memory", SECCOMP, try_memory_of_another, EPERM, 0},
    {"a signal to another", SECCOMP, try_signal_parent, EPERM, 0},
    {"a signal to itself", SECCOMP, try_signal_self, 0, 0},
    {"memory that is code", SECCOMP, try_code, EPERM, 0},
    {"memory that becomes code", SECCOMP, try_memory_to_code, EPERM, 0},
    {"a socket of TCP", SECCOMP, try_tcp, EPERM, 0},
    {"a socket of this machine", SECCOMP, try_unix, EPERM, 0},
    {"a socket of the kernel", SECCOMP, try_netlink, EPERM, 0},
    {"a socket of the wire", SECCOMP, try_packet, EPERM, 0},
    {"a connection", SECCOMP, try_connect, EPERM, 0},
    {"calls by a ring", SECCOMP, try_io_uring, EPERM, 0},
    {"other rights for a file", SECCOMP, try_chmod, EPERM, 0},
};

static int enter(const struct trial *trial, enum config_seccomp mode) {
    const struct sandbox_path paths[] = {{own, true}, {"/nowhere", false}};
    if (trial->net == SECCOMP)
        return sandbox_seccomp(mode);
    int version = sandbox_landlock(paths, sizeof paths / sizeof paths[0]);
    return version > 0 && version < trial->since ? SANDBOX_NOT_THERE : version;
}

static int run(const struct trial *trial, enum config_seccomp mode) {
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int entered = enter(trial, mode);
        if (entered <= 0)
            _exit(entered == SANDBOX_NOT_THERE ? NOT_THERE : BROKEN);
        _exit(trial->attempt());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void refused_and_allowed(void **state) {
    size_t left_out = 0;
    (void)state;
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        const struct trial *trial = &trials[i];
        int status = run(trial, CONFIG_SECCOMP_ON);
        if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_THERE) {
            left_out++;
            continue;
        }
        if (!WIFEXITED(status) || WEXITSTATUS(status) != trial->error)
            fail_msg("%s: status %#x instead of error %d", trial->what, (unsigned)status,
                     trial->error);
    }
    if (left_out > 0)
        print_message("%zu cases left out: not with this kernel\n", left_out);
}

/* Each of them works when nothing was given up: what refuses is the sandbox. */
static void possible_outside(void **state) {
    int (*const attempts[])(void) = {try_passwd, try_read_foreign,  try_write_foreign, try_fork,
                                     try_exec,   try_unix,          try_tcp,           try_code,
                                     try_bind,   try_signal_parent, try_netlink,       try_chmod};
    (void)state;
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        int status = 0;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(attempts[i]());
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

/* The strict form kills, the lenient one lets it happen. */
static void modes(void **state) {
    const struct trial fork_trial = {"a process", SECCOMP, try_fork, 0, 0};
    (void)state;
    int status = run(&fork_trial, CONFIG_SECCOMP_KILL);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_THERE)
        skip();
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
    assert_int_equal(run(&fork_trial, CONFIG_SECCOMP_LOG), 0);
}

static int make_folders(void **state) {
    (void)state;
    if (mkdtemp(own) == NULL || mkdtemp(foreign) == NULL || open_in(own, O_RDWR | O_CREAT) != 0 ||
        open_in(foreign, O_RDWR | O_CREAT) != 0)
        return -1;
    connected = socket(AF_INET, SOCK_STREAM, 0);
    return connected < 0 ? -1 : 0;
}

static int remove_folders(void **state) {
    const char *const folders[] = {own, foreign};
    char name[64];
    (void)state;
    close(connected);
    for (size_t i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s/file", folders[i]);
        unlink(name);
        rmdir(folders[i]);
    }
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(possible_outside),
        cmocka_unit_test(refused_and_allowed),
        cmocka_unit_test(modes),
    };
    return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
