/* store_error_sqlite.c: SQLite's result codes as problems, and the one place that logs them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/store/store_sqlite.h"
#include "ground/log.h"

static const struct {
    int code;
    enum problem problem;
} codes[] = {
    {SQLITE_BUSY, PROBLEM_BUSY},
    {SQLITE_LOCKED, PROBLEM_BUSY},
    {SQLITE_PROTOCOL, PROBLEM_BUSY},
    {SQLITE_SCHEMA, PROBLEM_BUSY},
    {SQLITE_READONLY, PROBLEM_READ_ONLY},
    {SQLITE_PERM, PROBLEM_READ_ONLY},
    {SQLITE_FULL, PROBLEM_DISK_FULL},
    {SQLITE_CORRUPT, PROBLEM_CORRUPT},
    {SQLITE_NOTADB, PROBLEM_CORRUPT},
    {SQLITE_FORMAT, PROBLEM_CORRUPT},
    {SQLITE_NOMEM, PROBLEM_OUT_OF_MEMORY},
    {SQLITE_CONSTRAINT, PROBLEM_CONFLICT},
    {SQLITE_INTERRUPT, PROBLEM_QUERY_TIMEOUT},
    {SQLITE_IOERR, PROBLEM_UNAVAILABLE},
    {SQLITE_CANTOPEN, PROBLEM_UNAVAILABLE},
};

static enum problem classify(int code) {
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].code == (code & 0xFF))
            return codes[i].problem;
    }
    return PROBLEM_INTERNAL;
}

/* The system's reason, where there is one. SQLite keeps none of a failed commit; the last one is
 * still the system's then. */
static int system_error(struct store *store, int code, int last_error) {
    switch (code & 0xFF) {
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_FULL: {
        int kept = sqlite3_system_errno(store->db);
        return kept == 0 ? last_error : kept;
    }
    default:
        return 0;
    }
}

/* SQLite calls only ENOSPC full; a quota or a file size limit is the same to the operator. */
static bool is_full(int error) {
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/* What came before is kept or not kept by the disk, and nobody can know. */
static bool is_failed_sync(int code) {
    return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
}

static bool is_failed_write(int code) {
    return code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_TRUNCATE;
}

/* What makes SQLite undo the whole transaction, and not the statement alone. */
static bool is_undone_below(int code) {
    int primary = code & 0xFF;
    return primary == SQLITE_NOMEM || primary == SQLITE_IOERR || primary == SQLITE_INTERRUPT ||
           primary == SQLITE_FULL;
}

static enum log_level level_of(enum problem problem) {
    return problem == PROBLEM_BUSY || problem == PROBLEM_QUERY_TIMEOUT ||
                   problem == PROBLEM_CONFLICT
               ? LOG_WARN
               : LOG_ERROR;
}

enum problem store_problem(struct store *store, int code, const char *name) {
    int last_error = errno, extended = sqlite3_extended_errcode(store->db);
    if ((extended & 0xFF) != (code & 0xFF))
        extended = code;
    store->has_trouble = true;
    int error = system_error(store, extended, last_error);
    enum problem problem = classify(extended);
    if (extended == SQLITE_IOERR_NOMEM)
        problem = PROBLEM_OUT_OF_MEMORY;
    else if (is_full(error) && !is_failed_sync(extended))
        problem = PROBLEM_DISK_FULL;
    else if (is_failed_sync(extended) || is_failed_write(extended))
        store->has_failed_write = store->role == STORE_WRITER;
    if (is_undone_below(extended))
        store->has_stale_totals = store->role == STORE_WRITER;
    char code_text[16], error_text[16];
    snprintf(code_text, sizeof code_text, "%d", extended);
    snprintf(error_text, sizeof error_text, "%d", error);
    log_event(level_of(problem), "store", "problem", problem_info(problem)->code, "statement", name,
              "message", sqlite3_errmsg(store->db), "code", code_text, "errno", error_text, "db",
              store->path, NULL);
    return problem;
}

/* After its pages a commit extends the index of the log; when that fails the log holds a commit
 * that no reader sees, until the next one is written over it or a restart finds it. */
static bool may_be_stored(int code) {
    static const int late[] = {SQLITE_NOMEM, SQLITE_IOERR_NOMEM, SQLITE_IOERR_SHMOPEN,
                               SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_SHMMAP};
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        if (late[i] == code)
            return true;
    }
    return false;
}

enum problem store_commit_problem(struct store *store, int code) {
    bool had_failed = store->has_failed_write;
    int extended = sqlite3_extended_errcode(store->db);
    enum problem problem = store_problem(store, code, "commit");
    bool has_failed_now = store->has_failed_write && !had_failed;
    return has_failed_now || may_be_stored(extended) ? PROBLEM_OUTCOME_UNKNOWN : problem;
}

int store_finding_code(const char *finding) {
    static const char mark[] = "unable to get the page. error code=";
    const char *found = strstr(finding, mark);
    int code = found == NULL ? 0 : (int)strtol(found + sizeof mark - 1, NULL, 10);
    return classify(code) == PROBLEM_CORRUPT ? 0 : code;
}

void store_fault(const struct store *store, enum problem problem, struct fault *fault) {
    const char *path = store->path;
    switch (problem) {
    case PROBLEM_BUSY:
        fault_set(fault, "%s is locked by another program", path);
        break;
    case PROBLEM_READ_ONLY:
        fault_set(fault, "%s cannot be used: the file or its folder is read-only for this user",
                  path);
        break;
    case PROBLEM_DISK_FULL:
        fault_set(fault, "the disk that holds %s is full; nothing was changed", path);
        break;
    case PROBLEM_CORRUPT:
        if (sqlite3_errcode(store->db) == SQLITE_NOTADB)
            fault_set(fault, "%s is not a database", path);
        else
            fault_set(fault, "%s is damaged (%s); restore it from a backup", path,
                      sqlite3_errmsg(store->db));
        break;
    case PROBLEM_OUT_OF_MEMORY:
        fault_set(fault, "there is not enough memory to open %s", path);
        break;
    default:
        fault_set(fault, "%s cannot be opened: %s", path, sqlite3_errmsg(store->db));
        break;
    }
}
