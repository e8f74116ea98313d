/* store_lock.c: see store_lock.h. */
#include "engine/store/store_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static long owner_read(int descriptor) {
    char text[32] = "";
    if (pread(descriptor, text, sizeof text - 1, 0) <= 0)
        return 0;
    return strtol(text, NULL, 10);
}

/* The process id is for people; the lock holds without it, so a full disk does not matter. */
static void owner_write(int descriptor) {
    char text[32];
    int bytes = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(descriptor, 0) == 0)
        (void)!pwrite(descriptor, text, (size_t)bytes, 0);
}

static enum problem refuse_open(const char *path, int error, struct fault *fault) {
    if (error == ENOSPC || error == EDQUOT) {
        fault_set(fault, "%s.lock cannot be made: the disk is full", path);
        return PROBLEM_DISK_FULL;
    }
    if (error == EACCES || error == EPERM || error == EROFS) {
        fault_set(fault, "%s.lock cannot be written: %s; the database's folder must be writable",
                  path, strerror(error));
        return PROBLEM_READ_ONLY;
    }
    fault_set(fault, "%s.lock cannot be opened: %s", path, strerror(error));
    return PROBLEM_UNAVAILABLE;
}

static enum problem refuse_lock(const char *path, int descriptor, struct fault *fault) {
    int error = errno;
    long owner = owner_read(descriptor);
    if (error != EWOULDBLOCK)
        fault_set(fault, "%s.lock cannot be locked: %s", path, strerror(error));
    else if (owner > 0)
        fault_set(fault, "%s is being written by another pilcrow (process %ld)", path, owner);
    else
        fault_set(fault, "%s is being written by another pilcrow", path);
    return error == EWOULDBLOCK ? PROBLEM_BUSY : PROBLEM_UNAVAILABLE;
}

enum problem store_lock_open(const char *path, int *descriptor, struct fault *fault) {
    char name[PATH_MAX];
    *descriptor = -1;
    if (snprintf(name, sizeof name, "%s.lock", path) >= (int)sizeof name) {
        fault_set(fault, "the name of the database is too long");
        return PROBLEM_UNAVAILABLE;
    }
    int opened = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0644);
    if (opened < 0)
        return refuse_open(path, errno, fault);
    if (flock(opened, LOCK_EX | LOCK_NB) != 0) {
        enum problem problem = refuse_lock(path, opened, fault);
        close(opened);
        return problem;
    }
    owner_write(opened);
    *descriptor = opened;
    return PROBLEM_NONE;
}

void store_lock_close(int descriptor) {
    if (descriptor < 0)
        return;
    (void)!ftruncate(descriptor, 0);
    close(descriptor);
}

static int open_existing(const char *path, int flags) {
    char name[PATH_MAX];
    if (snprintf(name, sizeof name, "%s.lock", path) >= (int)sizeof name)
        return -1;
    return open(name, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
}

void store_lock_note(const char *path, const char *note) {
    char line[STORE_LOCK_NOTE_BYTES];
    int descriptor = open_existing(path, O_WRONLY | O_APPEND);
    int bytes = snprintf(line, sizeof line, "%s\n", note);
    if (descriptor < 0)
        return;
    if (bytes > 0 && bytes < (int)sizeof line)
        (void)!write(descriptor, line, (size_t)bytes);
    close(descriptor);
}

void store_lock_note_read(const char *path, char out[STORE_LOCK_NOTE_BYTES]) {
    char text[STORE_LOCK_NOTE_BYTES + 32] = "";
    out[0] = '\0';
    int descriptor = open_existing(path, O_RDONLY);
    if (descriptor < 0)
        return;
    ssize_t bytes = pread(descriptor, text, sizeof text - 1, 0);
    close(descriptor);
    const char *note = bytes <= 0 ? NULL : strchr(text, '\n');
    if (note != NULL)
        snprintf(out, STORE_LOCK_NOTE_BYTES, "%.*s", (int)strcspn(note + 1, "\n"), note + 1);
}
