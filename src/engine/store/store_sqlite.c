/* store_sqlite.c: statements, rows and transactions over SQLite. Opening stands in
 * store_open_sqlite.c, the schema in store_migrate_sqlite.c, the full check in
 * store_check_sqlite.c, errors in store_error_sqlite.c. Nothing here allocates per query. */
#include <stdatomic.h>

#include "engine/store/store_sqlite.h"
#include "ground/clock.h"
#include "ground/log.h"

static const char *const sql_names[SQL_COUNT] = {
#define SQL(name, role, text) [SQL_##name] = #name,
#include "sql.def"
#undef SQL
};

void store_deadline_set(struct store *store, unsigned deadline_ms) {
    store->deadline_ns = deadline_ms == 0 ? 0 : clock_ns() + (int64_t)deadline_ms * 1000000;
}

static bool is_late(const struct store *store) {
    return store->deadline_ns != 0 && clock_ns() >= store->deadline_ns;
}

/* SQLite asks whether to stop: every hundred operations, as what FTS5 reads counts as a few for
 * each page. */
int store_progress(void *context) {
    return is_late(context);
}

/* ---- transactions ---- */

static const char *const step_names[STORE_STEP_COUNT] = {"begin", "commit",    "rollback",
                                                         "mark",  "mark_undo", "mark_keep"};

void store_clock_start(struct store *store) {
    store->is_timed = true;
    store->worked_ns = 0;
}

int64_t store_clock_ns(const struct store *store) {
    return store->worked_ns;
}

static int step_timed(struct store *store, sqlite3_stmt *statement) {
    if (!store->is_timed)
        return sqlite3_step(statement);
    int64_t began_ns = clock_ns();
    int code = sqlite3_step(statement);
    store->worked_ns += clock_ns() - began_ns;
    return code;
}

static enum problem step_run(struct store *store, enum store_step step) {
    int code = step_timed(store, store->steps[step]);
    enum problem problem = PROBLEM_NONE;
    if (code != SQLITE_DONE)
        problem = store_problem(store, code, step_names[step]);
    sqlite3_reset(store->steps[step]);
    return problem;
}

/* How many writes this process has committed: what tells a reader that the state it put aside is
 * an old one. It counts for the whole process, as the writer and its readers know nothing of each
 * other. */
static atomic_uint_fast64_t commits;

static void roll_back(struct store *store) {
    store->is_aside = store->has_trouble = false;
    if (sqlite3_get_autocommit(store->db))
        return;
    /* Late or not, what was begun must end. */
    int64_t deadline_ns = store->deadline_ns;
    store->deadline_ns = 0;
    (void)step_run(store, STORE_STEP_ROLLBACK);
    store->deadline_ns = deadline_ns;
}

/* Whether the state put aside is still that of the store. */
static bool is_current(const struct store *store, uint64_t commits_now) {
    return store->is_aside && store->commits_seen == commits_now;
}

/* When memory or disk fail FTS5 of SQLite 3.40 while it reads its totals, SQLite undoes the
 * transaction below it, and it goes on to take totals of nothing for true: the next write would
 * store them, or call the database malformed. Undoing a write that changes nothing makes it
 * forget. */
static enum problem totals_forget(struct store *store) {
    enum problem problem = step_run(store, STORE_STEP_BEGIN);
    if (problem == PROBLEM_NONE)
        problem = store_run(store, SQL_search_articles_touch, STORE_NO_VALUES);
    if (problem == PROBLEM_NONE)
        problem = store_run(store, SQL_search_paragraphs_touch, STORE_NO_VALUES);
    roll_back(store);
    store->has_stale_totals = problem != PROBLEM_NONE;
    return problem;
}

enum problem store_begin(struct store *store) {
    if (store->has_failed_write)
        return PROBLEM_UNAVAILABLE;
    if (is_late(store))
        return PROBLEM_QUERY_TIMEOUT;
    uint64_t commits_now = atomic_load(&commits);
    if (is_current(store, commits_now)) {
        store->is_aside = false;
        return PROBLEM_NONE;
    }
    if (store->is_aside)
        roll_back(store);
    enum problem problem = store->has_stale_totals ? totals_forget(store) : PROBLEM_NONE;
    if (problem != PROBLEM_NONE)
        return problem;
    store->commits_seen = commits_now;
    store->state = 0;
    store->has_trouble = false;
    return step_run(store, STORE_STEP_BEGIN);
}

/* The writer alone moves the log into the database: with SQLite 3.7.0 to 3.51.2 a checkpoint from
 * any other connection can lose what was committed. A failure here loses nothing; it is logged. */
static void checkpoint_passive(struct store *store) {
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    store->log_pages = 0;
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        (void)store_problem(store, code, "checkpoint");
}

enum problem store_commit(struct store *store) {
    int code = sqlite3_step(store->steps[STORE_STEP_COMMIT]);
    enum problem problem = code == SQLITE_DONE ? PROBLEM_NONE : store_commit_problem(store, code);
    sqlite3_reset(store->steps[STORE_STEP_COMMIT]);
    atomic_fetch_add(&commits, 1);
    if (problem == PROBLEM_NONE && store->log_pages >= STORE_CHECKPOINT_PAGES)
        checkpoint_passive(store);
    return problem;
}

void store_end(struct store *store) {
    if (store->role == STORE_READER && !store->has_trouble && !sqlite3_get_autocommit(store->db))
        store->is_aside = true;
    else
        roll_back(store);
}

void store_rest(struct store *store) {
    if (store->is_aside)
        roll_back(store);
}

uint64_t store_state(struct store *store) {
    int64_t version = 0;
    if (is_current(store, atomic_load(&commits)) && store->state != 0)
        return store->state;
    store->deadline_ns = 0; /* the last request's */
    if (store_begin(store) == PROBLEM_NONE &&
        store_int(store, SQL_store_data_version, &version, STORE_NO_VALUES) == PROBLEM_NONE)
        store->state = (uint64_t)version + 1;
    store_end(store);
    return store->is_aside ? store->state : 0;
}

uint64_t store_state_read(const struct store *store) {
    return store->is_aside ? store->state : 0;
}

bool store_has_failed(const struct store *store) {
    return store->has_failed_write;
}

enum problem store_mark(struct store *store) {
    return step_run(store, STORE_STEP_MARK);
}

void store_mark_undo(struct store *store) {
    /* An error such as a full disk may have rolled everything back already. */
    if (sqlite3_get_autocommit(store->db))
        return;
    (void)step_run(store, STORE_STEP_MARK_UNDO);
    (void)step_run(store, STORE_STEP_MARK_KEEP);
}

enum problem store_mark_keep(struct store *store) {
    return step_run(store, STORE_STEP_MARK_KEEP);
}

/* ---- statements ---- */

static int bind(sqlite3_stmt *statement, int index, const struct store_value *value) {
    switch (value->type) {
    case STORE_TYPE_INT:
        return sqlite3_bind_int64(statement, index, value->number);
    case STORE_TYPE_TEXT:
        return sqlite3_bind_text64(statement, index, value->text.bytes == 0 ? "" : value->text.at,
                                   value->text.bytes, SQLITE_STATIC, SQLITE_UTF8);
    case STORE_TYPE_BYTES:
        return sqlite3_bind_blob64(statement, index, value->text.bytes == 0 ? "" : value->text.at,
                                   value->text.bytes, SQLITE_STATIC);
    case STORE_TYPE_NULL:
        break;
    }
    return sqlite3_bind_null(statement, index);
}

/* A mistake of the caller: wrong role, a statement used twice at a time, a wrong number of values.
 */
static enum problem misuse(enum sql_id sql, const char *what) {
    log_event(LOG_ERROR, "store_misuse", "statement", sql_names[sql], "what", what, NULL);
    return PROBLEM_INTERNAL;
}

static enum problem bind_all(struct store *store, enum sql_id sql, sqlite3_stmt *statement,
                             const struct store_value *values, size_t value_count) {
    if (sqlite3_stmt_busy(statement))
        return misuse(sql, "it has rows open already");
    if ((size_t)sqlite3_bind_parameter_count(statement) != value_count)
        return misuse(sql, "the number of values is wrong");
    for (size_t i = 0; i < value_count; i++) {
        int code = bind(statement, (int)i + 1, &values[i]);
        if (code != SQLITE_OK)
            return store_problem(store, code, sql_names[sql]);
    }
    return PROBLEM_NONE;
}

void store_query(struct store *store, enum sql_id sql, struct rows *rows,
                 const struct store_value *values, size_t value_count) {
    *rows = (struct rows){store, sql, PROBLEM_NONE, NULL};
    store_rest(store); /* outside a transaction each statement sees what is there now */
    sqlite3_stmt *statement = store->statements[sql];
    if (statement == NULL)
        rows->problem = misuse(sql, "only the writer has it");
    else if (is_late(store))
        rows->problem = PROBLEM_QUERY_TIMEOUT;
    else
        rows->problem = bind_all(store, sql, statement, values, value_count);
    if (rows->problem == PROBLEM_NONE)
        rows->statement = statement;
}

static void rows_reset(struct rows *rows) {
    if (rows->statement == NULL)
        return;
    sqlite3_reset(rows->statement);
    sqlite3_clear_bindings(rows->statement);
    rows->statement = NULL;
    if (rows->store->has_lost_text) {
        rows->store->has_lost_text = false;
        rows->problem = PROBLEM_OUT_OF_MEMORY;
    }
}

bool rows_next(struct rows *rows) {
    if (rows->statement == NULL)
        return false;
    if (rows->store->has_lost_text) {
        rows_reset(rows);
        return false;
    }
    int code = step_timed(rows->store, rows->statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        rows->problem = store_problem(rows->store, code, sql_names[rows->sql]);
    rows_reset(rows);
    return false;
}

enum problem rows_end(struct rows *rows) {
    rows_reset(rows);
    return rows->problem;
}

void rows_cleanup(struct rows *rows) {
    rows_reset(rows);
}

int rows_width(const struct rows *rows) {
    return rows->store == NULL ? 0 : sqlite3_column_count(rows->store->statements[rows->sql]);
}

const char *rows_name(const struct rows *rows, int column) {
    return sqlite3_column_name(rows->store->statements[rows->sql], column);
}

enum store_type rows_type(const struct rows *rows, int column) {
    switch (sqlite3_column_type(rows->statement, column)) {
    case SQLITE_INTEGER:
        return STORE_TYPE_INT;
    case SQLITE_TEXT:
        return STORE_TYPE_TEXT;
    case SQLITE_BLOB:
        return STORE_TYPE_BYTES;
    default:
        return STORE_TYPE_NULL;
    }
}

int64_t rows_int(const struct rows *rows, int column) {
    return sqlite3_column_int64(rows->statement, column);
}

static struct span column_of(const struct rows *rows, const void *bytes, int column) {
    if (bytes == NULL) {
        if (sqlite3_errcode(rows->store->db) == SQLITE_NOMEM)
            rows->store->has_lost_text = true;
        return (struct span){"", 0};
    }
    return (struct span){bytes, (size_t)sqlite3_column_bytes(rows->statement, column)};
}

struct span rows_text(const struct rows *rows, int column) {
    return column_of(rows, sqlite3_column_text(rows->statement, column), column);
}

struct span rows_bytes(const struct rows *rows, int column) {
    return column_of(rows, sqlite3_column_blob(rows->statement, column), column);
}

enum problem store_run(struct store *store, enum sql_id sql, const struct store_value *values,
                       size_t value_count) {
    struct rows rows;
    store_query(store, sql, &rows, values, value_count);
    while (rows_next(&rows))
        continue;
    return rows_end(&rows);
}

enum problem store_int(struct store *store, enum sql_id sql, int64_t *out,
                       const struct store_value *values, size_t value_count) {
    struct rows rows;
    store_query(store, sql, &rows, values, value_count);
    bool has_row = rows_next(&rows);
    if (has_row) {
        *out = rows_int(&rows, 0);
        /* To its end: an INSERT ... RETURNING is done only then. */
        while (rows_next(&rows))
            continue;
    }
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !has_row ? PROBLEM_NOT_FOUND : problem;
}

int64_t store_birth(const struct store *store) {
    return store->birth;
}

int64_t store_origin(const struct store *store) {
    return store->origin;
}

enum problem store_seq(struct store *store, int64_t *seq) {
    return store_int(store, SQL_store_totals, seq, STORE_NO_VALUES);
}
