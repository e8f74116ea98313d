/* snapshots.c: see snapshots.h. */
#include "engine/store/snapshots.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/store/store_copy.h"
#include "ground/clock.h"
#include "ground/log.h"

enum {
    WAIT_MS = 200,   /* a small database is copied in less */
    FRESH_MS = 5000, /* whoever was told to come back finds what was made for them */
    FILES_MAX = 2,
};

void snapshots_init(struct snapshots *snapshots, const char *path) {
    pthread_condattr_t attributes;
    *snapshots = (struct snapshots){.path = path};
    pthread_mutex_init(&snapshots->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&snapshots->made, &attributes);
    pthread_condattr_destroy(&attributes);
}

/* ---- making one, on its thread ---- */

static bool read_facts(struct snapshot *snapshot) {
    struct stat facts;
    if (fstat(snapshot->file, &facts) != 0)
        return false;
    snapshot->bytes = facts.st_size;
    return hash_sha256_file(snapshot->file, snapshot->digest);
}

static enum problem make(const char *path, struct snapshot *snapshot) {
    char name[PATH_MAX];
    if (snprintf(name, sizeof name, "%s.snapshot", path) >= (int)sizeof name)
        return PROBLEM_UNAVAILABLE;
    enum problem problem = store_copy(path, name, STORE_COPY_PUBLIC, &snapshot->seq, NULL);
    if (problem != PROBLEM_NONE)
        return problem;
    snapshot->file = open(name, O_RDONLY | O_CLOEXEC);
    unlink(name);
    if (snapshot->file >= 0 && read_facts(snapshot))
        return PROBLEM_NONE;
    log_event(LOG_ERROR, "snapshot", "file", name, "error", strerrordesc_np(errno), NULL);
    return PROBLEM_UNAVAILABLE;
}

static void snapshot_free(struct snapshot *snapshot) {
    if (snapshot->file >= 0)
        close(snapshot->file);
    free(snapshot);
}

/* With the mutex held. */
static void drop(struct snapshots *snapshots, struct snapshot *snapshot) {
    if (snapshot == NULL || --snapshot->uses > 0)
        return;
    snapshots->count--;
    snapshot_free(snapshot);
}

static void *run(void *context) {
    struct snapshots *snapshots = context;
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);
    enum problem problem = PROBLEM_OUT_OF_MEMORY;
    if (snapshot != NULL) {
        *snapshot = (struct snapshot){.file = -1, .uses = 1};
        problem = make(snapshots->path, snapshot);
    }
    pthread_mutex_lock(&snapshots->mutex);
    snapshots->is_making = false;
    snapshots->last_problem = problem;
    if (problem == PROBLEM_NONE) {
        snapshot->made_ms = clock_ms();
        drop(snapshots, snapshots->newest);
        snapshots->newest = snapshot;
        snapshots->count++;
    } else if (snapshot != NULL) {
        snapshot_free(snapshot);
    }
    pthread_cond_broadcast(&snapshots->made);
    pthread_mutex_unlock(&snapshots->mutex);
    return NULL;
}

/* ---- lending ---- */

static bool will_do(const struct snapshots *snapshots, int64_t seq) {
    const struct snapshot *newest = snapshots->newest;
    return newest != NULL && (newest->seq >= seq || clock_ms() - newest->made_ms < FRESH_MS);
}

static enum problem start(struct snapshots *snapshots) {
    if (snapshots->has_thread)
        pthread_join(snapshots->thread, NULL);
    snapshots->has_thread = pthread_create(&snapshots->thread, NULL, run, snapshots) == 0;
    snapshots->is_making = snapshots->has_thread;
    return snapshots->has_thread ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static void wait_a_little(struct snapshots *snapshots) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WAIT_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (snapshots->is_making &&
           pthread_cond_timedwait(&snapshots->made, &snapshots->mutex, &until) == 0)
        continue;
}

/* With the mutex held. Whoever starts the making waits a little; others come back. */
static enum problem find(struct snapshots *snapshots, int64_t seq, struct fault *fault) {
    enum problem problem = snapshots->last_problem;
    if (will_do(snapshots, seq))
        return PROBLEM_NONE;
    if (!snapshots->is_making) {
        snapshots->last_problem = PROBLEM_NONE;
        if (problem != PROBLEM_NONE)
            return problem;
        if (snapshots->count >= FILES_MAX)
            return PROBLEM_NONE;
        problem = start(snapshots);
        if (problem != PROBLEM_NONE)
            return problem;
        wait_a_little(snapshots);
    }
    if (!snapshots->is_making && will_do(snapshots, seq))
        return PROBLEM_NONE;
    problem = snapshots->last_problem;
    if (!snapshots->is_making && problem != PROBLEM_NONE) {
        snapshots->last_problem = PROBLEM_NONE;
        return problem;
    }
    fault_set(fault, "a copy of the database is being made; ask again");
    return PROBLEM_BUSY;
}

enum problem snapshots_lend(struct snapshots *snapshots, int64_t seq, struct snapshot **out,
                            struct fault *fault) {
    *out = NULL;
    pthread_mutex_lock(&snapshots->mutex);
    enum problem problem = find(snapshots, seq, fault);
    if (problem == PROBLEM_NONE) {
        *out = snapshots->newest;
        (*out)->uses++;
    }
    pthread_mutex_unlock(&snapshots->mutex);
    return problem;
}

void snapshots_give(struct snapshots *snapshots, struct snapshot *snapshot) {
    pthread_mutex_lock(&snapshots->mutex);
    drop(snapshots, snapshot);
    pthread_mutex_unlock(&snapshots->mutex);
}

void snapshots_fini(struct snapshots *snapshots) {
    if (snapshots->has_thread)
        pthread_join(snapshots->thread, NULL);
    drop(snapshots, snapshots->newest);
    pthread_cond_destroy(&snapshots->made);
    pthread_mutex_destroy(&snapshots->mutex);
}
