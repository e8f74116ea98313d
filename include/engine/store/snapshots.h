/* snapshots.h: copies of the database for download, one for each seq that is asked for. They are
 * made by a thread of their own, as that may take longer than any request; there is one file at a
 * time, without a name, and at most one older one that is still being sent. */
#ifndef PILCROW_ENGINE_STORE_SNAPSHOTS_H
#define PILCROW_ENGINE_STORE_SNAPSHOTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ground/fault.h"
#include "ground/hash.h"
#include "ground/problem.h"

struct snapshot {
    int file;
    int64_t seq, bytes;
    char digest[HASH_SHA256_BYTES]; /* of the whole file, in base64 */
    int64_t made_ms;
    unsigned uses; /* by downloads, and by being the newest */
};

struct snapshots {
    pthread_mutex_t mutex;
    pthread_cond_t made;
    pthread_t thread;
    bool has_thread, is_making;
    const char *path;          /* of the database */
    struct snapshot *newest;   /* NULL: none yet */
    unsigned count;            /* files */
    enum problem last_problem; /* of the last one that was made; told once */
};

/* Borrows the path. */
void snapshots_init(struct snapshots *snapshots, const char *path);

/* Waits for what is being made. Nothing may be lent then. */
void snapshots_fini(struct snapshots *snapshots);

/* A snapshot of `seq` or, when that took a while to make and others have written since, of one a
 * few seconds ago: (*out)->seq says. To be given back. BUSY with a sentence while one is being
 * made. */
MUST_CHECK enum problem snapshots_lend(struct snapshots *snapshots, int64_t seq,
                                       struct snapshot **out, struct fault *fault);
void snapshots_give(struct snapshots *snapshots, struct snapshot *snapshot);

#endif
