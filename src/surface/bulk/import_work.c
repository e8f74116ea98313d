/* import_work.c: the two sides of the queue. */
#include "surface/bulk/import_work.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/reply.h"
#include "ground/clock.h"

enum {
    NICENESS = 5,
    QUEUE_MEMORY_BYTES = 2 * 1024 * 1024,
    PIECE_BYTES_MIN = 16 * 1024, /* a smaller piece waits for the next */
    PIECE_BYTES = 64 * 1024,     /* at work at a time: other writes wait for one piece at most */
};

static void work_free(struct import_work *work) {
    import_lines_fini(&work->in);
    spool_fini(&work->queue);
    spool_fini(&work->lines);
    pthread_cond_destroy(&work->more);
    pthread_mutex_destroy(&work->mutex);
    free(work);
}

static enum problem lost_problem(const struct spool *queue) {
    return queue->tail.failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_DISK_FULL;
}

/* ---- the thread ---- */

/* Those who read go first, and whoever wakes up for one is not kept waiting; but the import shall
 * end on a busy machine, too. Under Linux this is for each thread. */
static void give_way(void) {
    struct sched_param none = {0};
    (void)sched_setscheduler(0, SCHED_BATCH, &none);
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS);
}

/* The next piece, .bytes 0 when there is none any more. */
static enum problem wait_for_piece(struct import_work *work, char *room, struct span *piece) {
    pthread_mutex_lock(&work->mutex);
    while (!work->is_closed && !work->queue.has_failed &&
           spool_bytes(&work->queue) < PIECE_BYTES_MIN)
        pthread_cond_wait(&work->more, &work->mutex);
    int64_t bytes = spool_read(&work->queue, room, PIECE_BYTES);
    enum problem problem = bytes < 0 ? lost_problem(&work->queue) : PROBLEM_NONE;
    pthread_mutex_unlock(&work->mutex);
    *piece = (struct span){room, bytes < 0 ? 0 : (size_t)bytes};
    return problem;
}

/* What was committed is told. */
static enum problem tell(struct import_work *work) {
    struct buffer *said = &work->in.answer.lines;
    enum problem problem = said->failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
    pthread_mutex_lock(&work->mutex);
    if (problem == PROBLEM_NONE && !spool_append(&work->lines, buffer_span(said)))
        problem = lost_problem(&work->lines);
    pthread_mutex_unlock(&work->mutex);
    buffer_clear(said);
    return problem;
}

static enum problem take_piece(struct import_work *work, struct span piece, bool is_end) {
    enum problem problem = import_lines_take(&work->in, piece, is_end);
    enum problem told = tell(work);
    return problem == PROBLEM_NONE ? told : problem;
}

static enum problem take_body(struct import_work *work) {
    struct span piece;
    char *room = malloc(PIECE_BYTES);
    enum problem problem = room == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
    while (problem == PROBLEM_NONE) {
        if (tasks_must_stop(&work->service->tasks))
            problem = PROBLEM_UNAVAILABLE;
        else
            problem = wait_for_piece(work, room, &piece);
        if (problem != PROBLEM_NONE || piece.bytes == 0)
            break;
        problem = take_piece(work, piece, false);
    }
    free(room);
    return problem;
}

static enum problem tell_end(struct import_work *work) {
    struct import_totals totals = import_totals(work->in.run);
    import_answer_end(&work->in.answer, &totals);
    return tell(work);
}

/* An import that ended early says so and how far it came. */
static void say_how_far(struct import_work *work) {
    struct import_totals totals = import_totals(work->in.run);
    struct fault *fault = &work->in.fault;
    bool is_stopped =
        work->problem == PROBLEM_UNAVAILABLE && tasks_must_stop(&work->service->tasks);
    fault_set(fault, "%s",
              is_stopped ? "The server is stopping" : problem_info(work->problem)->title);
    size_t used = strlen(fault->text);
    snprintf(fault->text + used, sizeof fault->text - used,
             "; the import ended at line %zu, %llu articles were created and %llu updated before; "
             "the same import again does the rest",
             work->in.lines.line, (unsigned long long)totals.outcome[IMPORT_CREATED],
             (unsigned long long)totals.outcome[IMPORT_UPDATED]);
}

static void count(const struct import_work *work) {
    struct import_totals totals = import_totals(work->in.run);
    for (unsigned i = 0; i < IMPORT_OUTCOME_COUNT && !work->in.answer.is_dry_run; i++)
        metrics_add_shared(&work->service->metrics, METRIC_IMPORT_CREATED + i, totals.outcome[i]);
}

static void do_work(void *argument) {
    struct import_work *work = argument;
    give_way();
    enum problem problem = take_body(work);
    if (problem == PROBLEM_NONE && work->is_whole)
        problem = take_piece(work, (struct span){"", 0}, true);
    if (problem == PROBLEM_NONE)
        problem = tell_end(work);
    work->problem = problem;
    count(work);
    if (problem != PROBLEM_NONE)
        say_how_far(work);
    pthread_mutex_lock(&work->mutex);
    bool is_abandoned = work->is_abandoned;
    work->is_done = true;
    pthread_mutex_unlock(&work->mutex);
    if (is_abandoned)
        work_free(work);
}

/* ---- the worker ---- */

enum problem import_work_begin(struct service *service, bool is_json,
                               const struct import_answer *options, struct import_work **out) {
    *out = NULL;
    if (service->writer == NULL)
        return PROBLEM_READ_ONLY;
    struct import_work *work = calloc(1, sizeof *work);
    if (work == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    work->service = service;
    pthread_mutex_init(&work->mutex, NULL);
    pthread_cond_init(&work->more, NULL);
    spool_init(&work->queue);
    spool_init(&work->lines);
    work->queue.memory_bytes = QUEUE_MEMORY_BYTES;
    enum problem problem = import_lines_init(&work->in, service->writer, is_json, options);
    if (problem == PROBLEM_NONE) {
        import_set_changes_keep(work->in.run, service->config->changes_keep);
        problem = tasks_start(&service->tasks, do_work, work);
    }
    if (problem != PROBLEM_NONE) {
        work_free(work);
        return problem;
    }
    *out = work;
    return PROBLEM_NONE;
}

enum problem import_work_push(struct import_work *work, struct span bytes) {
    enum problem problem = PROBLEM_NONE;
    pthread_mutex_lock(&work->mutex);
    if (work->is_done)
        problem = work->problem;
    else if (!spool_append(&work->queue, bytes))
        problem = lost_problem(&work->queue);
    pthread_cond_signal(&work->more);
    pthread_mutex_unlock(&work->mutex);
    return problem;
}

void import_work_close(struct import_work *work, bool is_whole) {
    pthread_mutex_lock(&work->mutex);
    if (!work->is_closed) {
        work->is_closed = true;
        work->is_whole = is_whole;
        work->closed_ms = clock_ms();
    }
    pthread_cond_signal(&work->more);
    pthread_mutex_unlock(&work->mutex);
}

bool import_work_is_done(struct import_work *work) {
    pthread_mutex_lock(&work->mutex);
    bool is_done = work->is_done;
    pthread_mutex_unlock(&work->mutex);
    return is_done;
}

bool import_work_has_line(struct import_work *work) {
    pthread_mutex_lock(&work->mutex);
    bool has_line = work->is_done || spool_bytes(&work->lines) > 0;
    pthread_mutex_unlock(&work->mutex);
    return has_line;
}

/* The lines are told: what is left to say of a problem fits into any room of the wire's. */
static int64_t break_off(struct import_work *work, char *out, size_t room) {
    struct buffer *last = &work->in.answer.lines;
    if (work->is_broken)
        return -1;
    work->is_broken = true;
    buffer_clear(last);
    import_answer_break(&work->in.answer, work->problem, &work->in.fault);
    if (last->failed || last->used > room)
        return -1;
    memcpy(out, last->bytes, last->used);
    return (int64_t)last->used;
}

int64_t import_work_read(struct import_work *work, char *out, size_t room) {
    pthread_mutex_lock(&work->mutex);
    int64_t bytes = spool_read(&work->lines, out, room);
    bool is_done = work->is_done;
    pthread_mutex_unlock(&work->mutex);
    if (bytes != 0)
        return bytes;
    if (!is_done)
        return REPLY_SOURCE_LATER;
    return work->problem == PROBLEM_NONE ? 0 : break_off(work, out, room);
}

void import_work_leave(struct import_work *work) {
    import_work_close(work, false);
    pthread_mutex_lock(&work->mutex);
    bool is_done = work->is_done;
    work->is_abandoned = true;
    pthread_mutex_unlock(&work->mutex);
    if (is_done)
        work_free(work);
}
