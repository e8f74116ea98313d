/* writer.h: the one writer of the process, lent to one request at a time. A commit that may or may
 * not have reached the disk ends all writing: what is stored is then known only after a restart, so
 * the process answers OUTCOME_UNKNOWN, drains and exits with failure. */
#ifndef PILCROW_ENGINE_STORE_WRITER_H
#define PILCROW_ENGINE_STORE_WRITER_H

#include <pthread.h>
#include <stdatomic.h>

#include "engine/store/store.h"
#include "ground/problem.h"

struct writer_turn {
    struct writer_turn *next;
};

struct writer {
    pthread_mutex_t mutex; /* over is_taken and those who wait */
    pthread_cond_t given;
    bool is_taken;
    struct writer_turn *first; /* of those who wait: whoever came first is served first */
    struct writer_turn **last;
    struct store *store;
    atomic_bool has_failed;
    void (*on_failure)(void *context); /* called once, on the thread that failed */
    void *context;
};

/* Borrows the store (STORE_WRITER). */
void writer_init(struct writer *writer, struct store *store, void (*on_failure)(void *),
                 void *context);
void writer_fini(struct writer *writer);

/* The store, with no transaction open and no deadline set, until writer_give(). BUSY when it is not
 * free within 2 s, UNAVAILABLE after a failure. Those who wait get it in the order in which they
 * came, so that one who takes it again at once keeps nobody out. */
MUST_CHECK enum problem writer_take(struct writer *writer, struct store **store);

/* Rolls back what is open, and looks whether a commit failed. */
void writer_give(struct writer *writer);

#endif
