/* store.h: the database, as named statements. It names no engine: everything above works against
 * statements declared in db/sqlite/ (sql.h lists them), typed values, and rows.
 *
 * One struct store is one connection with all its statements prepared; it belongs to one thread at
 * a time. Readers cannot write. There is one writer per database, guarded by a lock file beside
 * it.
 *
 * What the client may hear comes back as enum problem; what the operator needs (the engine's own
 * message, the statement's name) is logged once, here, where it is born. */
#ifndef PILCROW_ENGINE_STORE_STORE_H
#define PILCROW_ENGINE_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/store/sql.h"
#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/span.h"

enum store_role {
    STORE_READER, /* read-only connection to an existing, current database */
    STORE_WRITER, /* the one writer: takes the lock, creates or migrates the database */
};

struct store;

/* Opens `path`. A writer creates the file when it is missing, migrates it when it is older (after a
 * backup copy beside it when it holds data) and runs a quick check.
 * On failure *out is NULL and fault says in one sentence what is wrong and what to do:
 * not a database, newer version, damaged, locked (with the pid), no permission, disk full. */
MUST_CHECK enum problem store_open(const char *path, enum store_role role, struct store **out,
                                   struct fault *fault);

/* NULL is allowed. A writer checkpoints and gives the lock back. */
void store_close(struct store *store);

/* Every statement and transaction after this call fails with PROBLEM_QUERY_TIMEOUT once
 * `deadline_ms` milliseconds have passed; 0 = no deadline. Cheap: call it per request. */
void store_deadline_set(struct store *store, unsigned deadline_ms);

/* A transaction. Reads inside one see one state of the store. store_end() on a write transaction
 * rolls back unless store_commit() succeeded before; ending what is not begun does nothing.
 *
 * To begin and end a read costs three system calls, so store_end() on a reader only puts its state
 * aside: the next store_begin() takes it up again unless this process's writer has committed since,
 * and store_rest() gives it up. Whoever serves many requests in a round calls store_rest() once at
 * the round's end; a state held for longer would keep the writer's log from being emptied. */
MUST_CHECK enum problem store_begin(struct store *store);

/* OUTCOME_UNKNOWN when it failed after the last of its bytes may have reached the disk; any other
 * problem: nothing was stored. */
MUST_CHECK enum problem store_commit(struct store *store);
void store_end(struct store *store);
void store_rest(struct store *store);

/* The state of the store that a read beginning now would see, as a number that is another one after
 * every commit, of this process or of another: the same number, the same answers. 0 = not known.
 * For a reader, outside a transaction: begins one and puts it aside, so that what is read next in
 * this round is of that state; asked again in the same round it costs nothing. */
uint64_t store_state(struct store *store);

/* That of the transaction which the reader ended last, when store_state() was asked in it or before
 * it was taken up; else 0. */
uint64_t store_state_read(const struct store *store);

/* How long the engine has worked since store_clock_start(), in nanoseconds; not measured before. */
void store_clock_start(struct store *store);
int64_t store_clock_ns(const struct store *store);

/* A write or sync of the writer failed: what the disk holds is known only after a restart, and no
 * transaction begins any more. */
bool store_has_failed(const struct store *store);

/* Part of a write transaction that can be undone alone. */
MUST_CHECK enum problem store_mark(struct store *store);
void store_mark_undo(struct store *store);
MUST_CHECK enum problem store_mark_keep(struct store *store);

/* Values, in the order in which the statement first names its parameters. Text and bytes are
 * borrowed until the rows end. */
enum store_type { STORE_TYPE_NULL, STORE_TYPE_INT, STORE_TYPE_TEXT, STORE_TYPE_BYTES };

struct store_value {
    enum store_type type;
    int64_t number;
    struct span text;
};

#define STORE_INT(value) ((struct store_value){STORE_TYPE_INT, (value), {NULL, 0}})
#define STORE_TEXT(span) ((struct store_value){STORE_TYPE_TEXT, 0, (span)})
#define STORE_BYTES(span) ((struct store_value){STORE_TYPE_BYTES, 0, (span)})
#define STORE_NULL ((struct store_value){STORE_TYPE_NULL, 0, {NULL, 0}})

/* STORE_VALUES(STORE_INT(id), STORE_TEXT(slug)) expands to two arguments: array and count. */
#define STORE_VALUES(...) \
    (const struct store_value[]){__VA_ARGS__}, \
        sizeof((const struct store_value[]){__VA_ARGS__}) / sizeof(struct store_value)
#define STORE_NO_VALUES NULL, 0

/* The running answer of one statement. At most one at a time per statement and connection.
 *
 *     rows_auto struct rows rows = {0};
 *     store_query(store, SQL_term_by_article, &rows, STORE_VALUES(STORE_INT(id)));
 *     while (rows_next(&rows)) { ... rows_text(&rows, 0) ... }
 *     return rows_end(&rows);
 *
 * Errors are sticky: they end the loop and come out of rows_end(), so a broken query is never
 * mistaken for a short answer. Text is borrowed until the next rows_next() or rows_end(). */
struct rows {
    struct store *store;
    enum sql_id sql;
    enum problem problem;
    void *statement;
};

void store_query(struct store *store, enum sql_id sql, struct rows *rows,
                 const struct store_value *values, size_t value_count);
bool rows_next(struct rows *rows);
MUST_CHECK enum problem rows_end(struct rows *rows); /* may be called again; resets the statement */
void rows_cleanup(struct rows *rows);
#define rows_auto __attribute__((cleanup(rows_cleanup)))

int rows_width(const struct rows *rows);
const char *rows_name(const struct rows *rows, int column); /* valid while the store is open */
enum store_type rows_type(const struct rows *rows, int column);
int64_t rows_int(const struct rows *rows, int column);
struct span rows_text(const struct rows *rows, int column);
struct span rows_bytes(const struct rows *rows, int column);

/* One statement, no rows wanted. */
MUST_CHECK enum problem store_run(struct store *store, enum sql_id sql,
                                  const struct store_value *values, size_t value_count);

/* One statement, one integer wanted: the first column of its first row (INSERT ... RETURNING id).
 * PROBLEM_NOT_FOUND when there is no row. */
MUST_CHECK enum problem store_int(struct store *store, enum sql_id sql, int64_t *out,
                                  const struct store_value *values, size_t value_count);

/* The number of the last committed write that this connection's transaction sees. */
MUST_CHECK enum problem store_seq(struct store *store, int64_t *seq);

/* The number that was given to the store when it was made: no other has it. */
int64_t store_birth(const struct store *store);

/* The same but that it stays for ever, whatever is repaired or trimmed: what ids in feeds are made
 * with. */
int64_t store_origin(const struct store *store);

/* What is wrong with the database as a whole, for `pilcrow check`: calls `say` for each finding.
 * PROBLEM_NONE with *findings == 0 when all is well. */
typedef void store_check_say(void *context, const char *finding);
MUST_CHECK enum problem store_check(struct store *store, store_check_say *say, void *context,
                                    size_t *findings);

/* Rebuilds what follows from other rows: counts, totals, the dates that stand with terms, the last
 * seq. For a writer outside a transaction; commits. `say` hears what was wrong, *repaired = how
 * many rows. Anything else that store_check() finds needs a backup. */
MUST_CHECK enum problem store_repair(struct store *store, store_check_say *say, void *context,
                                     size_t *repaired);

/* Of the engine that is loaded, for `pilcrow version`. */
const char *store_engine_version(void);

#endif
