/* writer.c: see writer.h. */
#include "engine/writer.h"

#include <time.h>

enum { WAIT_S = 2 };

void writer_init(struct writer *writer, struct store *store, void (*on_failure)(void *),
                 void *context) {
    pthread_mutex_init(&writer->mutex, NULL);
    writer->store = store;
    atomic_init(&writer->has_failed, false);
    writer->on_failure = on_failure;
    writer->context = context;
}

void writer_fini(struct writer *writer) {
    pthread_mutex_destroy(&writer->mutex);
}

enum problem writer_take(struct writer *writer, struct store **store) {
    struct timespec until;
    *store = NULL;
    if (atomic_load(&writer->has_failed))
        return PROBLEM_UNAVAILABLE;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_S;
    if (pthread_mutex_clocklock(&writer->mutex, CLOCK_MONOTONIC, &until) != 0)
        return PROBLEM_BUSY;
    /* Whoever had it may have failed while we waited. */
    if (atomic_load(&writer->has_failed)) {
        pthread_mutex_unlock(&writer->mutex);
        return PROBLEM_UNAVAILABLE;
    }
    store_deadline_set(writer->store, 0);
    *store = writer->store;
    return PROBLEM_NONE;
}

void writer_give(struct writer *writer) {
    store_end(writer->store);
    bool is_news = store_has_failed(writer->store) && !atomic_exchange(&writer->has_failed, true);
    pthread_mutex_unlock(&writer->mutex);
    if (is_news && writer->on_failure != NULL)
        writer->on_failure(writer->context);
}
