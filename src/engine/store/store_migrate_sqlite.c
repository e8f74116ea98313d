/* store_migrate_sqlite.c: whose file it is, of which version, and the way to the current version:
 * each migration in one transaction, so that a crash leaves the old schema or the new one. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/store/store_sqlite.h"
#include "ground/log.h"

/* A schema is longer than the 4,095 bytes of a literal that every C compiler must take. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"
const struct store_migration store_migrations[] = {
#define MIGRATION(number, file, text) {number, file, text},
#include "migrations.def"
#undef MIGRATION
};
#pragma GCC diagnostic pop
const size_t store_migrations_count = sizeof store_migrations / sizeof store_migrations[0];

enum { BACKUP_NAMES_MAX = 100 };

enum problem store_script(struct store *store, const char *name, const char *text) {
    int code = sqlite3_exec(store->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? PROBLEM_NONE : store_problem(store, code, name);
}

enum problem store_scalar(struct store *store, const char *text, int64_t *out) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->db, text, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
            *out = sqlite3_column_int64(statement, 0);
    }
    enum problem problem = PROBLEM_NONE;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        problem = store_problem(store, code, text);
    sqlite3_finalize(statement);
    return problem;
}

/* ---- whose file is it ---- */

struct file_facts {
    int64_t application_id, version, objects, pages;
};

static enum problem facts_read(struct store *store, struct file_facts *facts) {
    static const char *const texts[] = {
        "PRAGMA application_id",
        "PRAGMA user_version",
        "SELECT count(*) FROM sqlite_schema",
        "PRAGMA page_count",
    };
    int64_t *const outs[] = {&facts->application_id, &facts->version, &facts->objects,
                             &facts->pages};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        enum problem problem = store_scalar(store, texts[i], outs[i]);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

static enum problem version_check(const struct store *store, const struct file_facts *facts,
                                  int newest, struct fault *fault) {
    bool is_fresh = facts->application_id == 0 && facts->version == 0 && facts->objects == 0;
    if (!is_fresh && (facts->application_id != STORE_APPLICATION_ID || facts->version < 1)) {
        fault_set(fault, "%s is not a Pilcrow database, but one of another program", store->path);
        return PROBLEM_UNAVAILABLE;
    }
    if (facts->version > newest) {
        fault_set(fault, "%s was written by a newer Pilcrow (version %lld; this one knows %d)",
                  store->path, (long long)facts->version, newest);
        return PROBLEM_UNAVAILABLE;
    }
    if (store->role == STORE_WRITER || facts->version == newest)
        return PROBLEM_NONE;
    if (is_fresh)
        fault_set(fault, "%s is empty; `pilcrow import` fills it", store->path);
    else
        fault_set(fault,
                  "%s was written by an older Pilcrow (version %lld; this one needs %d); "
                  "`pilcrow serve` brings it up to date",
                  store->path, (long long)facts->version, newest);
    return PROBLEM_UNAVAILABLE;
}

/* ---- damage ---- */

static enum problem finding_read(struct store *store, const char *text, struct fault *fault) {
    sqlite3_stmt *statement = NULL;
    enum problem problem = PROBLEM_NONE;
    int code = sqlite3_prepare_v2(store->db, text, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        const char *finding = (const char *)sqlite3_column_text(statement, 0);
        if (finding == NULL) {
            problem = PROBLEM_OUT_OF_MEMORY;
        } else if (store_finding_code(finding) != 0) {
            problem = store_problem(store, store_finding_code(finding), "quick_check");
        } else if (strcmp(finding, "ok") != 0) {
            log_event(LOG_ERROR, "store_damaged", "db", store->path, "message", finding, NULL);
            fault_set(fault, "%s is damaged (%.120s); restore it from a backup", store->path,
                      finding);
            problem = PROBLEM_CORRUPT;
        }
    } else if (code != SQLITE_DONE) {
        problem = store_problem(store, code, "quick_check");
    }
    sqlite3_finalize(statement);
    return problem;
}

/* Which tables are checked at start, up to which size of the file: a check takes about 10 ms for
 * each 1,000 pages of a table, and the start shall take less than 100. */
static const struct {
    const char *check;
    int64_t pages_max;
} quick_checks[] = {
    {"PRAGMA quick_check(store)", INT64_MAX}, {"PRAGMA quick_check(term)", 32768},
    {"PRAGMA quick_check(article)", 8192},    {"PRAGMA quick_check(article_term)", 8192},
    {"PRAGMA quick_check(paragraph)", 1536},
};

static enum problem quick_check(struct store *store, const struct file_facts *facts,
                                struct fault *fault) {
    size_t skipped = 0;
    for (size_t i = 0; i < sizeof quick_checks / sizeof quick_checks[0]; i++) {
        if (facts->version == 0)
            return PROBLEM_NONE;
        if (facts->pages > quick_checks[i].pages_max) {
            skipped++;
            continue;
        }
        enum problem problem = finding_read(store, quick_checks[i].check, fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    if (skipped > 0)
        log_event(LOG_INFO, "quick_check_shortened", "db", store->path, "advice",
                  "the file is large; `pilcrow check` checks all of it", NULL);
    return PROBLEM_NONE;
}

/* ---- backup ---- */

static enum problem sync_path(const char *path, int flags) {
    int descriptor = open(path, flags | O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return PROBLEM_UNAVAILABLE;
    enum problem problem = fsync(descriptor) == 0 ? PROBLEM_NONE : PROBLEM_UNAVAILABLE;
    close(descriptor);
    return problem;
}

static enum problem copy_into(struct store *store, const char *path) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->db, "VACUUM INTO ?1", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    enum problem problem = PROBLEM_NONE;
    if (code != SQLITE_DONE && code != SQLITE_OK)
        problem = store_problem(store, code, "backup");
    sqlite3_finalize(statement);
    return problem;
}

/* Gives the finished copy its name, never over an older backup: that may be the only good one. */
static enum problem copy_name(const char *copy, const char *base, char *name, size_t name_bytes) {
    for (int i = 1; i <= BACKUP_NAMES_MAX; i++) {
        int bytes = i == 1 ? snprintf(name, name_bytes, "%s", base)
                           : snprintf(name, name_bytes, "%s-%d", base, i);
        if (bytes >= (int)name_bytes)
            return PROBLEM_UNAVAILABLE;
        if (link(copy, name) == 0) {
            unlink(copy);
            return PROBLEM_NONE;
        }
        if (errno != EEXIST)
            /* A file system without hard links. */
            return access(name, F_OK) != 0 && rename(copy, name) == 0 ? PROBLEM_NONE
                                                                      : PROBLEM_UNAVAILABLE;
    }
    return PROBLEM_UNAVAILABLE;
}

static enum problem backup_make(struct store *store, int64_t next_version) {
    char base[PATH_MAX], copy[PATH_MAX], name[PATH_MAX], folder[PATH_MAX];
    if (snprintf(base, sizeof base, "%s.before-v%lld", store->path, (long long)next_version) >=
            (int)sizeof base ||
        snprintf(copy, sizeof copy, "%s.new", base) >= (int)sizeof copy)
        return PROBLEM_UNAVAILABLE;
    unlink(copy);
    enum problem problem = copy_into(store, copy);
    if (problem == PROBLEM_NONE)
        problem = sync_path(copy, 0);
    if (problem == PROBLEM_NONE)
        problem = copy_name(copy, base, name, sizeof name);
    if (problem != PROBLEM_NONE) {
        unlink(copy);
        return problem;
    }
    memcpy(folder, store->path, strlen(store->path) + 1);
    log_event(LOG_INFO, "backup", "db", store->path, "copy", name, NULL);
    return sync_path(dirname(folder), O_DIRECTORY);
}

/* ---- migrations ---- */

static enum problem migration_apply(struct store *store, const struct store_migration *migration,
                                    struct fault *fault) {
    char stamp[100];
    snprintf(stamp, sizeof stamp, "PRAGMA application_id=%d; PRAGMA user_version=%d",
             STORE_APPLICATION_ID, migration->number);
    enum problem problem = store_script(store, migration->file, migration->text);
    if (problem == PROBLEM_NONE)
        problem = store_script(store, migration->file, stamp);
    if (problem == PROBLEM_INTERNAL || problem == PROBLEM_CONFLICT)
        fault_set(fault, "%s cannot be brought to version %d (%s); it was left as it is",
                  store->path, migration->number, sqlite3_errmsg(store->db));
    return problem;
}

/* All in one transaction: a process that dies leaves the version that was there, or none. */
static enum problem migrations_apply(struct store *store, const struct store_migration *migrations,
                                     size_t count, int64_t version, struct fault *fault) {
    enum problem problem = store_script(store, "begin", "BEGIN IMMEDIATE");
    if (problem != PROBLEM_NONE)
        return problem;
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++) {
        if (migrations[i].number > version)
            problem = migration_apply(store, &migrations[i], fault);
    }
    if (problem == PROBLEM_NONE)
        problem = store_script(store, "commit", "COMMIT");
    if (problem != PROBLEM_NONE && !sqlite3_get_autocommit(store->db))
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++) {
        if (migrations[i].number > version)
            log_event(LOG_INFO, "migrated", "db", store->path, "migration", migrations[i].file,
                      NULL);
    }
    return problem;
}

static enum problem upgrade(struct store *store, const struct store_migration *migrations,
                            size_t count, const struct file_facts *facts, struct fault *fault) {
    if (facts->version == migrations[count - 1].number)
        return PROBLEM_NONE;
    if (facts->version > 0) {
        enum problem problem = backup_make(store, facts->version + 1);
        if (problem != PROBLEM_NONE) {
            fault_set(fault, "no backup copy of %s could be made, so it was left as it is: %s",
                      store->path, problem_info(problem)->title);
            return problem;
        }
    }
    return migrations_apply(store, migrations, count, facts->version, fault);
}

enum problem store_migrate(struct store *store, const struct store_migration *migrations,
                           size_t count, struct fault *fault) {
    struct file_facts facts = {0};
    enum problem problem = facts_read(store, &facts);
    if (problem == PROBLEM_NONE)
        problem = version_check(store, &facts, migrations[count - 1].number, fault);
    if (problem != PROBLEM_NONE || store->role == STORE_READER)
        return problem;
    /* Only now is it ours, and may be written. */
    problem = quick_check(store, &facts, fault);
    if (problem == PROBLEM_NONE)
        problem = store_script(store, "journal_mode", "PRAGMA journal_mode=WAL");
    if (problem == PROBLEM_NONE)
        problem = upgrade(store, migrations, count, &facts, fault);
    /* What a migration wrote, or a crash left, is moved into the file now and not in the middle of
     * somebody's request. Readers of another process may keep that from happening: no harm. */
    if (problem == PROBLEM_NONE)
        (void)sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return problem;
}
