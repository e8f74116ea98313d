/* durable.c: see durable.h. */
#include "ground/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum problem refuse(const char *path, const char *what, struct fault *fault) {
    int error = errno;
    fault_set(fault, "%s cannot be %s: %s", path, what, strerrordesc_np(error));
    if (error == ENOSPC || error == EDQUOT)
        return PROBLEM_DISK_FULL;
    return error == EROFS ? PROBLEM_READ_ONLY : PROBLEM_UNAVAILABLE;
}

static bool write_all(int descriptor, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t done = write(descriptor, bytes, count);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        count -= (size_t)done;
    }
    return true;
}

/* What close() says late is a failed write, too. */
static bool close_flushed(int descriptor, bool is_well) {
    is_well = is_well && fsync(descriptor) == 0;
    int error = errno;
    bool is_closed = close(descriptor) == 0;
    if (!is_well)
        errno = error;
    return is_well && is_closed;
}

static bool flush_folder(const char *path) {
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    if (slash != NULL)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return descriptor >= 0 && close_flushed(descriptor, true);
}

enum problem durable_rename(const char *from, const char *to, struct fault *fault) {
    if (rename(from, to) != 0)
        return refuse(to, "put in place", fault);
    return flush_folder(to) ? PROBLEM_NONE : refuse(to, "flushed to the disk", fault);
}

enum problem durable_flush(const char *path, struct fault *fault) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0 || !close_flushed(descriptor, true))
        return refuse(path, "flushed to the disk", fault);
    return PROBLEM_NONE;
}

enum problem durable_write(const char *path, struct span content, mode_t mode,
                           struct fault *fault) {
    char name[PATH_MAX];
    if (snprintf(name, sizeof name, "%s.new", path) >= (int)sizeof name) {
        errno = ENAMETOOLONG;
        return refuse(path, "written", fault);
    }
    unlink(name); /* of a run that was interrupted */
    int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (descriptor < 0)
        return refuse(name, "made", fault);
    bool is_written = close_flushed(descriptor, write_all(descriptor, content.at, content.bytes));
    enum problem problem =
        is_written ? durable_rename(name, path, fault) : refuse(name, "written", fault);
    if (problem != PROBLEM_NONE)
        unlink(name);
    return problem;
}

static bool copy_bytes(int from, int to) {
    char room[64 * 1024];
    for (;;) {
        ssize_t got = read(from, room, sizeof room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        if (!write_all(to, room, (size_t)got))
            return false;
    }
}

enum problem durable_copy(const char *from, const char *to, mode_t mode, struct fault *fault) {
    int source = open(from, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (source < 0)
        return refuse(from, "read", fault);
    int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    enum problem problem = PROBLEM_NONE;
    if (target < 0)
        problem = refuse(to, "made", fault);
    else if (!close_flushed(target, copy_bytes(source, target)))
        problem = refuse(to, "written", fault);
    close(source);
    if (problem != PROBLEM_NONE && target >= 0)
        unlink(to);
    return problem;
}

enum problem durable_follow(const char *path, char out[PATH_MAX], struct fault *fault) {
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        if (realpath(path, out) != NULL)
            return PROBLEM_NONE;
        fault_set(fault, "%s is a link that cannot be followed: %s", path, strerrordesc_np(errno));
        return PROBLEM_UNAVAILABLE;
    }
    if (snprintf(out, PATH_MAX, "%s", path) < PATH_MAX)
        return PROBLEM_NONE;
    errno = ENAMETOOLONG;
    return refuse(path, "used", fault);
}
