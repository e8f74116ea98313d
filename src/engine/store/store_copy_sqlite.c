/* store_copy_sqlite.c: VACUUM INTO a new file, fsync, rename, fsync of the folder. The database
 * itself is opened by SQLite alone: to open and close it here would give up the locks that this
 * process has on it. */
#include "engine/store/store_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/store/store_sqlite.h"
#include "ground/log.h"

struct copy {
    const char *target;
    char partial[PATH_MAX]; /* the name until it is whole */
    struct fault *fault;
};

static enum problem refuse_errno(const struct copy *copy, const char *what) {
    int error = errno;
    bool is_full = error == ENOSPC || error == EDQUOT;
    log_event(LOG_ERROR, "copy", "target", copy->target, "step", what, "error",
              strerrordesc_np(error), NULL);
    fault_set(copy->fault, "%.200s cannot be written: %s", copy->target, strerrordesc_np(error));
    return is_full ? PROBLEM_DISK_FULL : PROBLEM_UNAVAILABLE;
}

static enum problem refuse(const struct copy *copy, enum problem problem) {
    fault_set(copy->fault, "no copy could be made at %.200s: %s", copy->target,
              problem_info(problem)->title);
    return problem;
}

/* ---- the copy ---- */

/* What a reader may not do and a copy needs: one more file, and only that. */
static void let_copy(struct store *source) {
    sqlite3_set_authorizer(source->db, NULL, NULL);
    sqlite3_limit(source->db, SQLITE_LIMIT_ATTACHED, 1);
}

static enum problem vacuum_into(struct store *source, const char *file) {
    sqlite3_stmt *statement = NULL;
    enum problem problem = PROBLEM_NONE;
    int code = sqlite3_exec(source->db, "PRAGMA query_only=OFF", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(source->db, "VACUUM INTO ?1", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 1, file, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code != SQLITE_DONE)
        problem = store_problem(source, code, "copy");
    sqlite3_finalize(statement);
    return problem;
}

/* Made here, empty, because SQLite would let everybody read it: who may not read the database may
 * not read a copy either. */
static enum problem make_empty(const char *path, const struct copy *copy) {
    struct stat status;
    mode_t mode = stat(path, &status) == 0 ? status.st_mode & 0666 : 0600;
    int descriptor =
        open(copy->partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode | 0600);
    if (descriptor < 0)
        return refuse_errno(copy, "open");
    close(descriptor);
    return PROBLEM_NONE;
}

static enum problem copy_make(const char *path, const struct copy *copy) {
    struct store *source;
    enum problem problem = store_open(path, STORE_READER, &source, copy->fault);
    if (problem != PROBLEM_NONE)
        return problem;
    problem = make_empty(path, copy);
    if (problem != PROBLEM_NONE) {
        store_close(source);
        return problem;
    }
    let_copy(source);
    problem = vacuum_into(source, copy->partial);
    store_close(source);
    return problem == PROBLEM_NONE ? PROBLEM_NONE : refuse(copy, problem);
}

/* ---- what is nobody else's business ---- */

static const char *const private_tables[] = {"idempotency", "token"};

/* What is deleted is overwritten, so that it cannot be read in free pages either. No journal: a
 * copy that is half done is thrown away. */
static int open_for_stripping(const char *file, sqlite3 **db) {
    int code = sqlite3_open_v2(file, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(*db,
                            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                            "PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;",
                            NULL, NULL, NULL);
    return code;
}

static int empty_table(sqlite3 *db, const char *table) {
    char text[100];
    if (sqlite3_table_column_metadata(db, "main", table, NULL, NULL, NULL, NULL, NULL, NULL) !=
        SQLITE_OK)
        return SQLITE_OK; /* this version has none */
    snprintf(text, sizeof text, "DELETE FROM %s", table);
    return sqlite3_exec(db, text, NULL, NULL, NULL);
}

static int strip(sqlite3 *db) {
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < sizeof private_tables / sizeof *private_tables; i++)
        code = empty_table(db, private_tables[i]);
    if (code == SQLITE_OK)
        code =
            sqlite3_exec(db, "UPDATE article SET source = '' WHERE source <> ''", NULL, NULL, NULL);
    return code;
}

static int take_seq(void *seq, int columns, char **values, char **names) {
    (void)names;
    if (columns == 1 && values[0] != NULL)
        *(int64_t *)seq = strtoll(values[0], NULL, 10);
    return 0;
}

static enum problem copy_strip(const struct copy *copy, enum store_copy_kind kind, int64_t *seq) {
    sqlite3 *db = NULL;
    int code = open_for_stripping(copy->partial, &db);
    *seq = -1;
    if (code == SQLITE_OK && kind == STORE_COPY_PUBLIC)
        code = strip(db);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "SELECT seq FROM store WHERE id = 1", take_seq, seq, NULL);
    if (code != SQLITE_OK)
        log_event(LOG_ERROR, "copy", "target", copy->target, "message", sqlite3_errstr(code), NULL);
    sqlite3_close(db);
    if (code == SQLITE_OK && *seq >= 0)
        return PROBLEM_NONE;
    return refuse(copy, code == SQLITE_FULL ? PROBLEM_DISK_FULL : PROBLEM_UNAVAILABLE);
}

/* ---- to the disk, and into its place ---- */

static enum problem sync_name(const struct copy *copy, const char *name, int flags) {
    int descriptor = open(name, O_RDONLY | O_CLOEXEC | flags);
    if (descriptor < 0)
        return refuse_errno(copy, "open");
    enum problem problem = PROBLEM_NONE;
    if (fsync(descriptor) != 0)
        problem = refuse_errno(copy, "fsync");
    close(descriptor);
    return problem;
}

static enum problem sync_folder(const struct copy *copy) {
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(copy->target, '/');
    if (slash != NULL)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - copy->target) + 1, copy->target);
    return sync_name(copy, folder, O_DIRECTORY);
}

static enum problem copy_place(const struct copy *copy) {
    enum problem problem = sync_name(copy, copy->partial, 0);
    if (problem != PROBLEM_NONE)
        return problem;
    if (rename(copy->partial, copy->target) != 0)
        return refuse_errno(copy, "rename");
    return sync_folder(copy);
}

/* The same file under any name. */
static bool is_itself(const char *path, const char *target) {
    char *a = realpath(path, NULL), *b = realpath(target, NULL);
    bool is_same = a != NULL && b != NULL && strcmp(a, b) == 0;
    free(a);
    free(b);
    return is_same;
}

enum problem store_copy(const char *path, const char *target, enum store_copy_kind kind,
                        int64_t *seq, struct fault *fault) {
    struct copy copy = {.target = target, .fault = fault};
    int64_t copied_seq = -1;
    if (is_itself(path, target)) {
        fault_set(fault, "%.200s is the database itself; a copy needs another name", target);
        return PROBLEM_CONFLICT;
    }
    int bytes = snprintf(copy.partial, sizeof copy.partial, "%s%s.%ld.partial",
                         strchr(target, '/') == NULL ? "./" : "", target, (long)getpid());
    if (bytes >= (int)sizeof copy.partial) {
        fault_set(fault, "the name of the copy is too long");
        return PROBLEM_UNAVAILABLE;
    }
    unlink(copy.partial); /* of a process that had this number and was killed */
    enum problem problem = copy_make(path, &copy);
    if (problem == PROBLEM_NONE)
        problem = copy_strip(&copy, kind, &copied_seq);
    if (problem == PROBLEM_NONE)
        problem = copy_place(&copy);
    if (problem != PROBLEM_NONE)
        unlink(copy.partial);
    if (problem == PROBLEM_NONE && seq != NULL)
        *seq = copied_seq;
    return problem;
}

bool store_copy_may_be_ours(const char *path) {
    enum { HEADER_BYTES = 100, APPLICATION_ID_AT = 68 };
    unsigned char header[HEADER_BYTES] = "";
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return true;
    ssize_t got = read(descriptor, header, sizeof header);
    close(descriptor);
    const unsigned char *id = header + APPLICATION_ID_AT;
    uint32_t application =
        (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    return got < 0 ||
           (memcmp(header, "SQLite format 3", 16) == 0 && application == STORE_APPLICATION_ID);
}
