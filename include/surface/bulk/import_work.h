/* import_work.h: one import over HTTP, on a thread of its own. The worker that has the request
 * hands over the body as it comes and waits for nothing; what the thread has not yet looked at lies
 * in a queue of bounded memory, and beyond that in a file without a name. For import_stream.c
 * alone. */
#ifndef PILCROW_SURFACE_BULK_IMPORT_WORK_H
#define PILCROW_SURFACE_BULK_IMPORT_WORK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/request.h"
#include "ground/problem.h"
#include "ground/spool.h"
#include "surface/bulk/import_lines.h"

struct import_work {
    struct service *service;

    /* Between the two threads, under the mutex. */
    pthread_mutex_t mutex;
    pthread_cond_t more;
    struct spool queue;
    bool is_closed;    /* nothing more comes */
    bool is_whole;     /* what came is all of it */
    bool is_abandoned; /* nobody waits for the answer: the thread frees it */
    bool is_done;
    struct spool lines; /* of the answer, each after the commit of its article */

    /* The thread's; once it is done, of whoever waited. */
    struct import_lines in;
    enum problem problem; /* what ended it before its time; in.fault has the words */

    /* The worker's. */
    int64_t closed_ms;
    bool is_broken; /* the last line of an answer that is broken off is told */
};

/* Borrows the service; of `options` mode and is_dry_run count. READ_ONLY, OUT_OF_MEMORY, BUSY: too
 * many at a time. */
MUST_CHECK enum problem import_work_begin(struct service *service, bool is_json,
                                          const struct import_answer *options,
                                          struct import_work **out);

/* The next piece of the body. A problem is what the import has come to, or that there is no room
 * for the piece; the import ends then. */
MUST_CHECK enum problem import_work_push(struct import_work *work, struct span bytes);

/* Nothing more comes; without all of it the line that is not whole is dropped. */
void import_work_close(struct import_work *work, bool is_whole);

/* Whether all lines, problem and in.fault are there to be read. */
bool import_work_is_done(struct import_work *work);

/* Whether there is a line to be told, or will be none any more. */
bool import_work_has_line(struct import_work *work);

/* Of the lines, as the read of a reply_source: REPLY_SOURCE_LATER while the next is not there. The
 * last line of an import that came to a problem says which, and then the reply is broken off. */
int64_t import_work_read(struct import_work *work, char *out, size_t room);

/* Whoever waited goes. What was handed over is imported, if the process does not stop before. */
void import_work_leave(struct import_work *work);

#endif
