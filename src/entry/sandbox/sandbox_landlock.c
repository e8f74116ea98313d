/* sandbox_landlock.c: files, by Landlock. There is no library for it and none is needed: three
 * system calls, and a table of what each version of it can forbid. Rights that the kernel does not
 * know cannot be asked for, so the table is cut to what it says it has. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "entry/sandbox/sandbox.h"

/* Younger than the header of Debian 12. */
enum { RIGHT_TRUNCATE = 1 << 14 };

/* The kernel's struct landlock_ruleset_attr as it is now; older kernels take its beginning. */
struct ruleset {
    uint64_t files, network, signals;
};

/* A right is a bit, and each version has more of them: of files the lowest so many; bind and
 * connect of TCP; abstract sockets and signals to processes outside. */
static const struct version {
    int version, file_rights, network_rights, scopes;
    size_t bytes;
} versions[] = {
    {1, 13, 0, 0, 8},  {2, 14, 0, 0, 8},  {3, 15, 0, 0, 8},
    {4, 15, 2, 0, 16}, {5, 16, 2, 0, 16}, {6, 16, 2, 2, 24},
};

enum {
    READING = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    WRITING = READING | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
              LANDLOCK_ACCESS_FS_REMOVE_FILE | RIGHT_TRUNCATE,
    OF_A_FILE = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_TRUNCATE,
};

static uint64_t lowest_bits(int count) {
    return (UINT64_C(1) << count) - 1;
}

static struct version find_version(int version) {
    size_t i = sizeof versions / sizeof versions[0] - 1;
    while (i > 0 && versions[i].version > version)
        i--;
    return versions[i];
}

static bool allow(int ruleset, uint64_t known, const struct sandbox_path *path) {
    struct landlock_path_beneath_attr rule = {.allowed_access = path->may_write ? WRITING : READING,
                                              .parent_fd = open(path->path, O_PATH | O_CLOEXEC)};
    struct stat status;
    if (rule.parent_fd < 0)
        return true;
    bool is_known = fstat(rule.parent_fd, &status) == 0;
    rule.allowed_access &= known & (S_ISDIR(status.st_mode) ? UINT64_MAX : OF_A_FILE);
    bool is_allowed = is_known && syscall(SYS_landlock_add_rule, ruleset,
                                          LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    int error = errno;
    close(rule.parent_fd);
    errno = error;
    return is_allowed;
}

static bool restrict_to(int ruleset, uint64_t known, const struct sandbox_path *paths,
                        size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!allow(ruleset, known, &paths[i]))
            return false;
    }
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
}

int sandbox_landlock(const struct sandbox_path *paths, size_t count) {
    int version =
        (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version <= 0)
        return SANDBOX_NOT_THERE; /* ENOSYS, EOPNOTSUPP; EPERM in some containers */
    struct version has = find_version(version);
    struct ruleset wanted = {lowest_bits(has.file_rights), lowest_bits(has.network_rights),
                             lowest_bits(has.scopes)};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &wanted, has.bytes, 0);
    if (ruleset < 0)
        return SANDBOX_FAILED;
    bool is_done = restrict_to(ruleset, wanted.files, paths, count);
    int error = errno;
    close(ruleset);
    errno = error;
    return is_done ? version : SANDBOX_FAILED;
}
