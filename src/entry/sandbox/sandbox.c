/* sandbox.c: see sandbox.h. Which files a running server opens, and why. */
#include "entry/sandbox/sandbox.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ground/durable.h"
#include "ground/log.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    defined(PILCROW_IS_INSTRUMENTED)
#define IS_EXAMINED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define IS_EXAMINED 1
#endif
#endif
#ifndef IS_EXAMINED
#define IS_EXAMINED 0
#endif

enum { FOLDERS_MAX = 10, PATHS_MAX = FOLDERS_MAX + 4 };

struct allowed {
    struct sandbox_path paths[PATHS_MAX];
    size_t count;
    char folders[FOLDERS_MAX][PATH_MAX];
    size_t folder_count;
};

static void add(struct allowed *allowed, const char *path, bool may_write) {
    allowed->paths[allowed->count++] = (struct sandbox_path){path, may_write};
}

static void add_folder(struct allowed *allowed, const char *file, bool may_write) {
    char *folder = allowed->folders[allowed->folder_count++];
    const char *slash = strrchr(file, '/');
    if (slash == NULL)
        snprintf(folder, PATH_MAX, ".");
    else
        snprintf(folder, PATH_MAX, "%.*s", (int)(slash - file) + 1, file);
    add(allowed, folder, may_write);
}

/* What stands beside a file, or comes in its place by a new name: beside its name, and beside the
 * file when that name is a link. A pipe or a device stands for itself. */
static void add_beside(struct allowed *allowed, const char *file, bool may_write) {
    char real[PATH_MAX];
    struct stat status;
    if (file[0] == '\0')
        return;
    if (stat(file, &status) == 0 && !S_ISREG(status.st_mode)) {
        add(allowed, file, may_write);
        return;
    }
    add_folder(allowed, file, may_write);
    if (durable_follow(file, real, NULL) == PROBLEM_NONE && strcmp(real, file) != 0)
        add_folder(allowed, real, may_write);
}

static int enter_landlock(const struct config *config) {
    struct allowed allowed = {.count = 0};
    const char *spools = getenv("TMPDIR");
    add_beside(&allowed, config->db, true);       /* its journal, lock, tokens, snapshots */
    add_beside(&allowed, config->log_file, true); /* made anew when it was renamed */
    add_beside(&allowed, config->file, false);    /* read again on SIGHUP */
    add_beside(&allowed, config->tls_certificate, false);
    add_beside(&allowed, config->tls_key, false);
    add(&allowed, spools == NULL || spools[0] == '\0' ? "/tmp" : spools, true); /* long bodies */
    add(&allowed, "/proc/self", false);                     /* what metrics say of the process */
    add(&allowed, "/dev/urandom", false);                   /* SQLite's own chance */
    add(&allowed, "/proc/sys/vm/overcommit_memory", false); /* how malloc() gives memory back */
    return sandbox_landlock(allowed.paths, allowed.count);
}

static const char *result_of(int result) {
    if (result == SANDBOX_FAILED)
        log_event(LOG_WARN, "sandbox_failed", "error", strerrordesc_np(errno), NULL);
    return result == SANDBOX_FAILED ? "failed" : result == SANDBOX_NOT_THERE ? "not there" : "on";
}

void sandbox_enter(const struct config *config) {
    static const char *const modes[] = {"off", "on", "log", "kill"};
    const char *landlock = "off", *seccomp = modes[config->seccomp];
    if (IS_EXAMINED) {
        log_event(LOG_INFO, "sandbox", "landlock", "off", "seccomp", "off", "why",
                  "built to be examined", NULL);
        return;
    }
    if (config->landlock == CONFIG_LANDLOCK_ON)
        landlock = result_of(enter_landlock(config));
    if (config->seccomp != CONFIG_SECCOMP_OFF) {
        int result = sandbox_seccomp(config->seccomp);
        if (result != 1)
            seccomp = result_of(result);
    }
    log_event(LOG_INFO, "sandbox", "landlock", landlock, "seccomp", seccomp, NULL);
}
