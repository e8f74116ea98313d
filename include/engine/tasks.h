/* tasks.h: the few threads that work beside the workers, on what would hold up their loops (an
 * import). A worker starts one and goes on; all have ended before what they use is closed. */
#ifndef PILCROW_ENGINE_TASKS_H
#define PILCROW_ENGINE_TASKS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "ground/problem.h"

enum { TASKS_MAX = 4 };

enum task_state { TASK_NONE, TASK_RUNS, TASK_ENDED };

struct tasks;

struct task {
    struct tasks *tasks;
    pthread_t thread;
    enum task_state state;
    void (*run)(void *argument);
    void *argument;
};

struct tasks {
    pthread_mutex_t mutex; /* over the slots */
    struct task slots[TASKS_MAX];
    atomic_bool is_stopping;
};

void tasks_init(struct tasks *tasks);

/* Asks those that run to stop, and waits until they have. Nobody starts one any more. */
void tasks_fini(struct tasks *tasks);

/* run(argument) on a thread of its own. BUSY when TASKS_MAX run, OUT_OF_MEMORY when no thread can
 * be made; it was not called then. */
MUST_CHECK enum problem tasks_start(struct tasks *tasks, void (*run)(void *argument),
                                    void *argument);

/* Asks those that run to stop; waits for nothing. Any thread may. */
void tasks_stop(struct tasks *tasks);

/* A task asks this between two steps of its work. */
bool tasks_must_stop(const struct tasks *tasks);

#endif
