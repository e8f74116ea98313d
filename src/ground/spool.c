/* spool.c: see spool.h. */
#include "ground/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void spool_init(struct spool *spool) {
    *spool = (struct spool){.file = -1, .memory_bytes = SPOOL_MEMORY_BYTES};
    buffer_init(&spool->tail);
}

void spool_fini(struct spool *spool) {
    buffer_fini(&spool->tail);
    if (spool->file >= 0)
        close(spool->file);
    spool->file = -1;
}

int spool_file(void) {
    char name[4096];
    const char *folder = getenv("TMPDIR");
    if (folder == NULL || folder[0] == '\0')
        folder = "/tmp";
    if (snprintf(name, sizeof name, "%s/pilcrow-XXXXXX", folder) >= (int)sizeof name) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = mkostemp(name, O_CLOEXEC);
    if (file >= 0)
        unlink(name);
    return file;
}

static bool move_to_file(struct spool *spool) {
    size_t done = 0;
    if (spool->file < 0)
        spool->file = spool_file();
    while (spool->file >= 0 && done < spool->tail.used) {
        ssize_t count = write(spool->file, spool->tail.bytes + done, spool->tail.used - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        done += (size_t)count;
    }
    spool->file_bytes += done;
    buffer_clear(&spool->tail);
    return spool->file >= 0;
}

/* The file when all of it was read, and of the memory what was read once it is the larger part, so
 * that what is moved is little beside what was written. */
static bool forget_read(struct spool *spool) {
    if (spool->read_bytes < spool->file_bytes)
        return true;
    if (spool->file_bytes > 0 &&
        (ftruncate(spool->file, 0) != 0 || lseek(spool->file, 0, SEEK_SET) != 0))
        return false;
    spool->read_bytes -= spool->file_bytes;
    spool->file_bytes = 0;
    size_t done = (size_t)spool->read_bytes;
    if (done == 0 || done < spool->tail.used / 2)
        return true;
    memmove(spool->tail.bytes, spool->tail.bytes + done, spool->tail.used - done);
    spool->tail.used -= done;
    spool->read_bytes = 0;
    return true;
}

bool spool_append(struct spool *spool, struct span bytes) {
    if (spool->has_failed)
        return false;
    if (!forget_read(spool)) {
        spool->has_failed = true;
        return false;
    }
    buffer_append_span(&spool->tail, bytes);
    if (spool->tail.failed || (spool->tail.used > spool->memory_bytes && !move_to_file(spool)))
        spool->has_failed = true;
    return !spool->has_failed;
}

uint64_t spool_bytes(const struct spool *spool) {
    return spool->file_bytes + spool->tail.used - spool->read_bytes;
}

static int64_t read_file(struct spool *spool, char *out, size_t room) {
    uint64_t left = spool->file_bytes - spool->read_bytes;
    for (;;) {
        ssize_t count =
            pread(spool->file, out, left < room ? (size_t)left : room, (off_t)spool->read_bytes);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return -1;
        spool->read_bytes += (uint64_t)count;
        return count;
    }
}

int64_t spool_read(struct spool *spool, char *out, size_t room) {
    if (spool->has_failed)
        return -1;
    if (spool->read_bytes < spool->file_bytes)
        return read_file(spool, out, room);
    size_t at = (size_t)(spool->read_bytes - spool->file_bytes);
    size_t left = spool->tail.used - at;
    size_t count = left < room ? left : room;
    if (count > 0)
        memcpy(out, spool->tail.bytes + at, count);
    spool->read_bytes += count;
    return (int64_t)count;
}
