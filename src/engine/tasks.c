/* tasks.c: see tasks.h. A thread that has ended is joined by whoever needs its slot. */
#include "engine/tasks.h"

void tasks_init(struct tasks *tasks) {
    *tasks = (struct tasks){0};
    pthread_mutex_init(&tasks->mutex, NULL);
    atomic_init(&tasks->is_stopping, false);
}

void tasks_stop(struct tasks *tasks) {
    atomic_store(&tasks->is_stopping, true);
}

void tasks_fini(struct tasks *tasks) {
    tasks_stop(tasks);
    for (size_t i = 0; i < TASKS_MAX; i++) {
        pthread_mutex_lock(&tasks->mutex);
        bool is_used = tasks->slots[i].state != TASK_NONE;
        pthread_mutex_unlock(&tasks->mutex);
        if (is_used)
            pthread_join(tasks->slots[i].thread, NULL);
    }
    pthread_mutex_destroy(&tasks->mutex);
}

static void *run_task(void *argument) {
    struct task *task = argument;
    task->run(task->argument);
    pthread_mutex_lock(&task->tasks->mutex);
    task->state = TASK_ENDED;
    pthread_mutex_unlock(&task->tasks->mutex);
    return NULL;
}

/* With the mutex held; NULL when there is none. */
static struct task *find_slot(struct tasks *tasks) {
    for (size_t i = 0; i < TASKS_MAX; i++) {
        struct task *task = &tasks->slots[i];
        if (task->state == TASK_ENDED) {
            pthread_join(task->thread, NULL);
            task->state = TASK_NONE;
        }
        if (task->state == TASK_NONE)
            return task;
    }
    return NULL;
}

enum problem tasks_start(struct tasks *tasks, void (*run)(void *argument), void *argument) {
    enum problem problem = PROBLEM_NONE;
    pthread_mutex_lock(&tasks->mutex);
    struct task *task = find_slot(tasks);
    if (task == NULL) {
        problem = PROBLEM_BUSY;
    } else {
        *task = (struct task){.tasks = tasks, .state = TASK_RUNS, .run = run, .argument = argument};
        if (pthread_create(&task->thread, NULL, run_task, task) != 0) {
            task->state = TASK_NONE;
            problem = PROBLEM_OUT_OF_MEMORY;
        }
    }
    pthread_mutex_unlock(&tasks->mutex);
    return problem;
}

bool tasks_must_stop(const struct tasks *tasks) {
    return atomic_load(&tasks->is_stopping);
}
