/* store_open_sqlite.c: a connection from nothing to all its statements prepared, and back. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/store/store_lock.h"
#include "engine/store/store_sqlite.h"
#include "ground/log.h"

enum {
    PROGRESS_OPERATIONS = 100,
    LEAST_FILE_BYTES = 512, /* one page of the smallest kind */
};

/* SQLite 3.7.0 to 3.51.2 can lose commits when one connection writes while another checkpoints.
 * Pilcrow's one writer does both, so only foreign programs on a live file are a danger. */
static void warn_of_log_reset(void) {
    int version = sqlite3_libversion_number();
    if (version >= 3007000 && version <= 3051002)
        log_event(LOG_INFO, "sqlite_version", "version", sqlite3_libversion(), "advice",
                  "while Pilcrow runs, let no other program write to its database", NULL);
}

/* Whoever has initialised SQLite before us (a test) keeps its own settings. */
static void configure(void) {
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    (void)sqlite3_initialize();
    warn_of_log_reset();
}

static void configure_once(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure);
}

/* ---- defences ---- */

static const struct {
    int id, value;
} limits[] = {
    {SQLITE_LIMIT_LENGTH, 4 * 1024 * 1024}, {SQLITE_LIMIT_SQL_LENGTH, 16 * 1024},
    {SQLITE_LIMIT_EXPR_DEPTH, 50},          {SQLITE_LIMIT_COMPOUND_SELECT, 20},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 999},    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 10},       {SQLITE_LIMIT_WORKER_THREADS, 0},
};

static const struct {
    int option, value;
} flags[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
    {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
};

enum problem store_harden(struct store *store) {
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        int code = sqlite3_db_config(store->db, flags[i].option, flags[i].value, NULL);
        if (code != SQLITE_OK)
            return store_problem(store, code, "db_config");
    }
    sqlite3_busy_timeout(store->db, STORE_BUSY_TIMEOUT_MS);
    sqlite3_progress_handler(store->db, PROGRESS_OPERATIONS, store_progress, store);
    if (store->role == STORE_READER) {
        int code = sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        if (code != SQLITE_OK)
            return store_problem(store, code, "db_config");
    }
    return store_script(store, "settings",
                        store->role == STORE_READER
                            ? "PRAGMA wal_autocheckpoint=0; PRAGMA query_only=ON;"
                              "PRAGMA cell_size_check=ON; PRAGMA cache_size=-1024;"
                              "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
                            : "PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=FULL;"
                              "PRAGMA cell_size_check=ON; PRAGMA cache_size=-2048;"
                              "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;");
}

/* The words of a whole article are written as one value: of 16 MiB of text, which pairs of
 * characters can make three times as long. */
enum { WRITER_LENGTH_MAX = 64 * 1024 * 1024 };

static void limit_all(struct store *store) {
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        sqlite3_limit(store->db, limits[i].id, limits[i].value);
    if (store->role == STORE_WRITER)
        sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, WRITER_LENGTH_MAX);
}

static bool is_reading_pragma(const char *name) {
    return strcmp(name, "data_version") == 0 || strcmp(name, "integrity_check") == 0 ||
           strcmp(name, "quick_check") == 0 || strcmp(name, "foreign_key_check") == 0;
}

/* What a reader's statement may do. Called while statements are prepared. */
static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *trigger) {
    (void)context, (void)database, (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return second != NULL && strcmp(second, "load_extension") != 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_PRAGMA:
        return is_reading_pragma(first) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_UPDATE:
        /* What is parsed when a virtual table of the schema is opened; it is not run, and could
         * not be: nobody writes the schema by SQL. */
        return strcmp(first, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

enum problem store_harden_reader(struct store *store) {
    int code = sqlite3_set_authorizer(store->db, authorize, store);
    return code == SQLITE_OK ? PROBLEM_NONE : store_problem(store, code, "authorizer");
}

static int log_grew(void *context, sqlite3 *db, const char *database, int pages) {
    (void)db, (void)database;
    struct store *store = context;
    store->log_pages = pages;
    return SQLITE_OK;
}

/* ---- open and close ---- */

/* A name that SQLite takes for a file: neither ":memory:" nor "file:..." nor relative to a
 * symbolic link, so that two names of one file have one lock. NULL when out of memory. */
static char *real_name(const char *path) {
    char *real = realpath(path, NULL);
    if (real != NULL || errno == ENOMEM)
        return real;
    size_t bytes = strlen(path) + 3;
    real = malloc(bytes);
    if (real != NULL)
        snprintf(real, bytes, "%s%s", strchr(path, '/') == NULL ? "./" : "", path);
    return real;
}

static struct store *store_new(const char *path, enum store_role role) {
    char *real = real_name(path);
    if (real == NULL)
        return NULL;
    size_t bytes = strlen(real) + 1;
    struct store *store = calloc(1, sizeof *store + bytes);
    if (store != NULL) {
        store->role = role;
        store->lock = -1;
        memcpy(store->path, real, bytes);
    }
    free(real);
    return store;
}

static enum problem look_at_folder(const char *path, struct fault *fault) {
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t bytes = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    if (bytes >= sizeof folder)
        return PROBLEM_NONE;
    memcpy(folder, slash == NULL ? "." : path, slash == NULL ? 1 : bytes);
    folder[slash == NULL ? 1 : bytes] = '\0';
    struct stat facts;
    if (stat(folder, &facts) == 0 && S_ISDIR(facts.st_mode))
        return PROBLEM_NONE;
    fault_set(fault, "the folder %s for the database does not exist", folder);
    return PROBLEM_UNAVAILABLE;
}

/* What the file system says before SQLite sees the name. */
static enum problem look_at_file(const char *path, enum store_role role, struct fault *fault) {
    struct stat facts;
    if (path[0] == '\0') {
        fault_set(fault, "the database has no name");
        return PROBLEM_UNAVAILABLE;
    }
    if (stat(path, &facts) == 0) {
        /* SQLite would take a file of one byte for an empty one, and write over it. */
        if (S_ISREG(facts.st_mode) && facts.st_size > 0 && facts.st_size < LEAST_FILE_BYTES) {
            fault_set(fault, "%s is not a database", path);
            return PROBLEM_CORRUPT;
        }
        if (S_ISREG(facts.st_mode))
            return PROBLEM_NONE;
        fault_set(fault, "%s is %s, not a database file", path,
                  S_ISDIR(facts.st_mode) ? "a folder" : "no regular file");
        return PROBLEM_UNAVAILABLE;
    }
    int error = errno;
    if (error == ENOENT && role == STORE_WRITER)
        return look_at_folder(path, fault);
    if (error == ENOENT)
        fault_set(fault, "%s does not exist; `pilcrow import` makes it", path);
    else
        fault_set(fault, "%s cannot be opened: %s", path, strerror(error));
    return PROBLEM_UNAVAILABLE;
}

static enum problem connect(struct store *store, struct fault *fault) {
    int flags_open = store->role == STORE_READER ? SQLITE_OPEN_READONLY
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int code = sqlite3_open_v2(store->path, &store->db,
                               flags_open | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    enum problem problem = PROBLEM_NONE;
    if (store->db == NULL)
        problem = PROBLEM_OUT_OF_MEMORY;
    else if (code != SQLITE_OK)
        problem = store_problem(store, code, "open");
    else
        problem = store_harden(store);
    if (problem == PROBLEM_OUT_OF_MEMORY)
        fault_set(fault, "there is not enough memory to open %s", store->path);
    else if (problem != PROBLEM_NONE)
        store_fault(store, problem, fault);
    return problem;
}

/* A store whose row of totals is lost opens all the same, so that it can be checked. */
static enum problem read_birth(struct store *store) {
    enum problem problem = store_int(store, SQL_store_birth, &store->birth, STORE_NO_VALUES);
    if (problem == PROBLEM_NONE)
        problem = store_int(store, SQL_store_origin, &store->origin, STORE_NO_VALUES);
    return problem == PROBLEM_NOT_FOUND ? PROBLEM_NONE : problem;
}

static enum problem open_all(struct store *store, const struct store_migration *migrations,
                             size_t count, struct fault *fault) {
    enum problem problem = PROBLEM_NONE;
    if (store->role == STORE_WRITER)
        problem = store_lock_open(store->path, &store->lock, fault);
    if (problem == PROBLEM_NONE)
        problem = connect(store, fault);
    if (problem == PROBLEM_NONE)
        problem = store_migrate(store, migrations, count, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    limit_all(store);
    if (store->role == STORE_READER)
        problem = store_harden_reader(store);
    else
        sqlite3_wal_hook(store->db, log_grew, store);
    if (problem == PROBLEM_NONE)
        problem = store_prepare(store, fault);
    return problem == PROBLEM_NONE ? read_birth(store) : problem;
}

enum problem store_open_with(const char *path, enum store_role role,
                             const struct store_migration *migrations, size_t count,
                             struct store **out, struct fault *fault) {
    *out = NULL;
    configure_once();
    enum problem problem = look_at_file(path, role, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    struct store *store = store_new(path, role);
    if (store == NULL) {
        fault_set(fault, "there is not enough memory to open %s", path);
        return PROBLEM_OUT_OF_MEMORY;
    }
    problem = open_all(store, migrations, count, fault);
    if (problem == PROBLEM_NONE) {
        *out = store;
        return PROBLEM_NONE;
    }
    if (store->db != NULL)
        store_fault(store, problem, fault);
    store_close(store);
    return problem;
}

enum problem store_open(const char *path, enum store_role role, struct store **out,
                        struct fault *fault) {
    return store_open_with(path, role, store_migrations, store_migrations_count, out, fault);
}

/* Leaves the whole database in its one file. What a failure leaves in the log is read at next
 * start. */
static void checkpoint_last(struct store *store) {
    if (store->has_failed_write || store->statements[0] == NULL)
        return;
    store->deadline_ns = 0;
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        (void)store_problem(store, code, "checkpoint_last");
}

void store_close(struct store *store) {
    if (store == NULL)
        return;
    if (store->db != NULL) {
        if (store->role == STORE_WRITER) {
            if (store->steps[STORE_STEP_ROLLBACK] != NULL)
                store_end(store);
            checkpoint_last(store);
        }
        for (size_t i = 0; i < SQL_COUNT; i++)
            sqlite3_finalize(store->statements[i]);
        for (size_t i = 0; i < STORE_STEP_COUNT; i++)
            sqlite3_finalize(store->steps[i]);
        sqlite3_close(store->db);
    }
    store_lock_close(store->lock);
    free(store);
}
