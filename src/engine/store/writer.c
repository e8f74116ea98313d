/* writer.c: see writer.h. To wait with a limit on the monotonic clock is what conditions are for:
 * the mutex that could do it alone is not known to ThreadSanitizer. */
#include "engine/store/writer.h"

#include <time.h>

enum { WAIT_S = 2 };

void writer_init(struct writer *writer, struct store *store, void (*on_failure)(void *),
                 void *context) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&writer->given, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&writer->mutex, NULL);
    writer->is_taken = false;
    writer->first = NULL;
    writer->last = &writer->first;
    writer->store = store;
    atomic_init(&writer->has_failed, false);
    writer->on_failure = on_failure;
    writer->context = context;
}

void writer_fini(struct writer *writer) {
    pthread_mutex_destroy(&writer->mutex);
    pthread_cond_destroy(&writer->given);
}

static void turn_end(struct writer *writer, const struct writer_turn *turn) {
    struct writer_turn **at = &writer->first;
    while (*at != turn)
        at = &(*at)->next;
    *at = turn->next;
    if (*at == NULL)
        writer->last = at;
}

static bool is_free_for(const struct writer *writer, const struct writer_turn *turn) {
    return !writer->is_taken && writer->first == turn;
}

/* With the mutex held. Whoever had the store may have failed while we waited. */
static enum problem wait_for_store(struct writer *writer) {
    struct writer_turn turn = {NULL};
    struct timespec until;
    int code = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_S;
    *writer->last = &turn;
    /* cppcheck-suppress autoVariables ; turn_end() takes it out */
    writer->last = &turn.next;
    while (!is_free_for(writer, &turn) && !atomic_load(&writer->has_failed) && code == 0)
        code = pthread_cond_timedwait(&writer->given, &writer->mutex, &until);
    enum problem problem = is_free_for(writer, &turn) ? PROBLEM_NONE : PROBLEM_BUSY;
    turn_end(writer, &turn);
    /* The next one may have been told before it was next. */
    if (problem == PROBLEM_BUSY && writer->first != NULL)
        pthread_cond_broadcast(&writer->given);
    return atomic_load(&writer->has_failed) ? PROBLEM_UNAVAILABLE : problem;
}

enum problem writer_take(struct writer *writer, struct store **store) {
    *store = NULL;
    pthread_mutex_lock(&writer->mutex);
    enum problem problem = wait_for_store(writer);
    if (problem == PROBLEM_NONE) {
        writer->is_taken = true;
        store_deadline_set(writer->store, 0);
        *store = writer->store;
    }
    pthread_mutex_unlock(&writer->mutex);
    return problem;
}

void writer_give(struct writer *writer) {
    store_end(writer->store);
    bool is_news = store_has_failed(writer->store) && !atomic_exchange(&writer->has_failed, true);
    pthread_mutex_lock(&writer->mutex);
    writer->is_taken = false;
    pthread_cond_broadcast(&writer->given);
    pthread_mutex_unlock(&writer->mutex);
    if (is_news && writer->on_failure != NULL)
        writer->on_failure(writer->context);
}
