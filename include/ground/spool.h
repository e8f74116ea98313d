/* spool.h: bytes of any number that are read in the order in which they were written: what does not
 * fit in a little memory lies in a file without a name. What was read is forgotten when more is
 * written. The owner of the struct calls spool_fini(). */
#ifndef PILCROW_GROUND_SPOOL_H
#define PILCROW_GROUND_SPOOL_H

#include <stdint.h>

#include "ground/buffer.h"
#include "ground/span.h"

enum { SPOOL_MEMORY_BYTES = 256 * 1024 };

struct spool {
    struct buffer tail; /* what is not in the file */
    int file;           /* -1: none */
    uint64_t file_bytes, read_bytes;
    size_t memory_bytes; /* the most in `tail`; SPOOL_MEMORY_BYTES unless it is set */
    bool has_failed;
};

void spool_init(struct spool *spool);
void spool_fini(struct spool *spool);

/* False when there is no memory and no disk for it. */
bool spool_append(struct spool *spool, struct span bytes);

/* What was not yet read. */
uint64_t spool_bytes(const struct spool *spool);

/* Up to `room` of what was not yet read: how many; 0 = the end; -1 = lost. */
int64_t spool_read(struct spool *spool, char *out, size_t room);

/* A new file in TMPDIR (or /tmp) that has no name; -1 with errno. */
int spool_file(void);

#endif
