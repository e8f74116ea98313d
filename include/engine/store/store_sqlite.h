/* store_sqlite.h: what the rooms of the SQLite store share. Only src/engine/store/ and their
 * tests include it; everything else speaks store.h. */
#ifndef PILCROW_ENGINE_STORE_STORE_SQLITE_H
#define PILCROW_ENGINE_STORE_STORE_SQLITE_H

#include <sqlite3.h>

#include "engine/store/store.h"

enum {
    STORE_APPLICATION_ID = 0x50696C63, /* "Pilc" in the file's header */
    STORE_BUSY_TIMEOUT_MS = 2000,
    STORE_CHECKPOINT_PAGES = 1000, /* a passive checkpoint once the log holds as many */
};

/* Statements without a name: transactions and marks. */
enum store_step {
    STORE_STEP_BEGIN,
    STORE_STEP_COMMIT,
    STORE_STEP_ROLLBACK,
    STORE_STEP_MARK,
    STORE_STEP_MARK_UNDO,
    STORE_STEP_MARK_KEEP,
    STORE_STEP_COUNT,
};

struct store {
    sqlite3 *db;
    enum store_role role;
    int lock;            /* descriptor of the lock file; -1 when not held */
    int64_t birth;       /* see store_birth() */
    int64_t origin;      /* see store_origin() */
    int64_t deadline_ns; /* monotonic; 0 = none */
    int64_t worked_ns;   /* see store_clock_ns() */
    bool is_timed;
    uint64_t commits_seen; /* of this process, before the reader's state was taken */
    uint64_t state;        /* see store_state(); 0 = not read in this transaction */
    bool is_aside;         /* a reader's transaction is open, though nobody is in it */
    bool has_trouble;      /* a statement failed: the transaction is not taken up again */
    int log_pages;         /* of the write-ahead log after the last commit */
    bool has_failed_write; /* a write or sync failed: what is on disk is unknown, no more writes */
    bool has_stale_totals; /* of FTS5, perhaps: see totals_forget() */
    bool has_lost_text;    /* a column's text did not fit in memory; its rows end with a problem */
    sqlite3_stmt *steps[STORE_STEP_COUNT];
    sqlite3_stmt *statements[SQL_COUNT]; /* NULL: not for this role */
    char path[];
};

/* One numbered change of the schema. */
struct store_migration {
    int number;
    const char *file;
    const char *text;
};

/* Those of db/sqlite/migrations. */
extern const struct store_migration store_migrations[];
extern const size_t store_migrations_count;

/* store_open() with another list of migrations: what a newer or older Pilcrow would do. */
MUST_CHECK enum problem store_open_with(const char *path, enum store_role role,
                                        const struct store_migration *migrations, size_t count,
                                        struct store **out, struct fault *fault);

/* Identity and version of the file; a writer creates what is missing and migrates what is old. */
MUST_CHECK enum problem store_migrate(struct store *store, const struct store_migration *migrations,
                                      size_t count, struct fault *fault);

/* Whether the deadline has passed; `context` is the store. The progress handler. */
int store_progress(void *context);

/* Prepares all statements of the role. */
MUST_CHECK enum problem store_prepare(struct store *store, struct fault *fault);

/* Limits and defences of a connection; store_harden_reader() after the file was found good. */
MUST_CHECK enum problem store_harden(struct store *store);
MUST_CHECK enum problem store_harden_reader(struct store *store);

/* Maps the connection's last error, logs it once. `name` is the statement or step that failed. */
enum problem store_problem(struct store *store, int code, const char *name);

/* The same for a commit: OUTCOME_UNKNOWN where the disk may hold it. */
enum problem store_commit_problem(struct store *store, int code);

/* A finding of SQLite's checks may be no damage but a page that could not be read for want of
 * memory, or by an error of the disk: its result code then, else 0. */
int store_finding_code(const char *finding);

/* Runs text of our own that gives no rows. */
MUST_CHECK enum problem store_script(struct store *store, const char *name, const char *text);

/* Runs text of our own that gives one integer. */
MUST_CHECK enum problem store_scalar(struct store *store, const char *text, int64_t *out);

/* The operator's sentence for a store that cannot be opened. */
void store_fault(const struct store *store, enum problem problem, struct fault *fault);

#endif
