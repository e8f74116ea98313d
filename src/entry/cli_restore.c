/* cli_restore.c: a backup in the place of the database. The backup is copied beside the
 * database and examined there, brought up to this program's version, and renamed into place:
 * at every moment the database is either the old one or the new one. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/store/store.h"
#include "engine/store/store_copy.h"
#include "engine/store/store_lock.h"
#include "entry/cli.h"
#include "ground/durable.h"
#include "ground/log.h"

enum { NAME_BYTES = PATH_MAX };

struct restore {
    const char *db, *backup;
    char real[NAME_BYTES];   /* the database: what a server has open, and what the lock and the
                              * companions are named for */
    char copy[NAME_BYTES];   /* beside the database, until it is put in place */
    char before[NAME_BYTES]; /* what the old one is called afterwards */
    int lock;
    bool had_database;
    int64_t seq;
    struct fault fault;
};

static bool join(char out[NAME_BYTES], const char *name, const char *ending) {
    return snprintf(out, NAME_BYTES, "%s%s", name, ending) < NAME_BYTES;
}

static enum problem name_files(struct restore *r) {
    char ending[64];
    struct tm day;
    time_t now = time(NULL);
    gmtime_r(&now, &day);
    strftime(ending, sizeof ending, ".before-restore-%Y%m%dT%H%M%SZ", &day);
    if (join(r->copy, r->db, ".restoring") && join(r->before, r->db, ending))
        return PROBLEM_NONE;
    fault_set(&r->fault, "the name of the database is too long");
    return PROBLEM_UNAVAILABLE;
}

/* The files that the engine keeps beside a database. */
static const char *const companions[] = {"-wal", "-shm", "-journal"};

static void remove_copy(const struct restore *r) {
    char name[NAME_BYTES];
    unlink(r->copy);
    if (join(name, r->copy, ".lock"))
        unlink(name);
    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++) {
        if (join(name, r->copy, companions[i]))
            unlink(name);
    }
}

static void say_finding(void *context, const char *finding) {
    struct restore *r = context;
    cli_complain("%s: %s", r->backup, finding);
}

static enum problem examine(struct restore *r, struct store *store) {
    size_t findings = 0;
    enum problem problem = store_check(store, say_finding, r, &findings);
    if (problem == PROBLEM_NONE && findings > 0) {
        fault_set(&r->fault, "%s is damaged and was not restored", r->backup);
        problem = PROBLEM_CORRUPT;
    }
    if (problem == PROBLEM_NONE)
        problem = store_begin(store);
    if (problem == PROBLEM_NONE)
        problem = store_seq(store, &r->seq);
    store_end(store);
    return problem;
}

/* To the engine an empty file is a new database, and a pipe has no end. */
static enum problem refuse_other(struct restore *r) {
    struct stat status;
    if (stat(r->backup, &status) != 0) {
        fault_set(&r->fault, "%s cannot be read: %s", r->backup, strerrordesc_np(errno));
        return PROBLEM_UNAVAILABLE;
    }
    if (S_ISREG(status.st_mode) && status.st_size > 0)
        return PROBLEM_NONE;
    fault_set(&r->fault, "%s is %s, not a backup", r->backup,
              S_ISREG(status.st_mode) ? "empty" : "no file");
    return PROBLEM_UNAVAILABLE;
}

/* What still lies in a log beside the backup would be lost by copying the file alone. */
static enum problem refuse_half(struct restore *r) {
    char name[NAME_BYTES];
    struct stat status;
    if (!join(name, r->backup, "-wal") || stat(name, &status) != 0 || status.st_size == 0)
        return PROBLEM_NONE;
    fault_set(&r->fault,
              "%s has a -wal file beside it, so it is a database in use; 'pilcrow backup' makes a "
              "copy that can be restored",
              r->backup);
    return PROBLEM_UNAVAILABLE;
}

static enum problem refuse_foreign(struct restore *r) {
    if (store_copy_may_be_ours(r->backup))
        return PROBLEM_NONE;
    fault_set(&r->fault, "%s is not a Pilcrow database", r->backup);
    return PROBLEM_UNAVAILABLE;
}

/* What is said of the copy is meant of the file that it was made of or, when it could not be
 * written, of the one that it was to become: nobody has heard of the copy. */
static void name_known_file(struct restore *r, enum problem problem) {
    char real[NAME_BYTES] = "", text[FAULT_TEXT_BYTES];
    const char *name = r->copy, *known = problem == PROBLEM_DISK_FULL ? r->db : r->backup;
    if (problem == PROBLEM_CORRUPT) {
        fault_init(&r->fault);
        fault_set(&r->fault, "%s is damaged and was not restored", r->backup);
        return;
    }
    if (realpath(r->copy, real) != NULL && strstr(r->fault.text, real) != NULL)
        name = real;
    const char *at = strstr(r->fault.text, name);
    if (at == NULL)
        return;
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - r->fault.text), r->fault.text, known,
             at + strlen(name));
    memcpy(r->fault.text, text, sizeof text);
}

/* Whoever could read and write the database before can do so afterwards, and nobody else. Only root
 * can give a file to another; elsewhere the owner is who restores. */
static enum problem give_rights(struct restore *r) {
    struct stat status;
    bool is_known = stat(r->db, &status) == 0 || stat(r->backup, &status) == 0;
    if (is_known && geteuid() == 0)
        (void)!chown(r->copy, status.st_uid, status.st_gid);
    if (is_known && chmod(r->copy, status.st_mode & 0666) == 0)
        return PROBLEM_NONE;
    fault_set(&r->fault, "%s cannot be given its rights: %s", r->db, strerrordesc_np(errno));
    return PROBLEM_UNAVAILABLE;
}

static enum problem make_copy(struct restore *r) {
    struct store *store = NULL;
    enum problem problem = refuse_other(r);
    if (problem == PROBLEM_NONE)
        problem = refuse_half(r);
    if (problem == PROBLEM_NONE)
        problem = refuse_foreign(r);
    remove_copy(r); /* of a run that was interrupted */
    if (problem == PROBLEM_NONE)
        problem = durable_copy(r->backup, r->copy, 0600, &r->fault);
    if (problem == PROBLEM_NONE)
        problem = give_rights(r);
    if (problem == PROBLEM_NONE)
        problem = store_open(r->copy, STORE_WRITER, &store, &r->fault);
    if (problem == PROBLEM_NONE)
        problem = examine(r, store);
    store_close(store); /* brings its log into the file */
    if (problem == PROBLEM_NONE)
        problem = durable_flush(r->copy, &r->fault);
    if (problem != PROBLEM_NONE)
        name_known_file(r, problem);
    return problem;
}

/* Brings what lies in the old database's log into its file, when it can be opened; a damaged one is
 * moved away with its log as it is. */
static void settle_old(const struct restore *r) {
    struct store *store = NULL;
    struct fault ignored;
    fault_init(&ignored);
    if (store_open(r->db, STORE_WRITER, &store, &ignored) == PROBLEM_NONE)
        store_close(store);
}

/* The old file gets a second name first, so that there is a database all the time. Its log, if it
 * still has one, must be away before the new file is there: it would be read into it. */
static enum problem keep_old(struct restore *r) {
    char from[NAME_BYTES], to[NAME_BYTES];
    if (link(r->db, r->before) != 0) {
        fault_set(&r->fault, "%s cannot be kept as %s: %s", r->db, r->before,
                  strerrordesc_np(errno));
        return PROBLEM_UNAVAILABLE;
    }
    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++) {
        if (!join(from, r->db, companions[i]) || !join(to, r->before, companions[i]) ||
            access(from, F_OK) != 0)
            continue;
        enum problem problem = durable_rename(from, to, &r->fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

/* After a failure: the second name goes, and the log gets its own back, as long as the database is
 * still the old one. */
static void forget_old(const struct restore *r) {
    char from[NAME_BYTES], to[NAME_BYTES];
    struct stat old, now;
    if (stat(r->before, &old) != 0 || stat(r->db, &now) != 0 || old.st_ino != now.st_ino ||
        old.st_dev != now.st_dev)
        return;
    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++) {
        if (join(from, r->before, companions[i]) && join(to, r->db, companions[i]))
            (void)rename(from, to);
    }
    unlink(r->before);
}

static enum problem swap(struct restore *r) {
    enum problem problem = PROBLEM_NONE;
    r->had_database = access(r->db, F_OK) == 0;
    if (r->had_database)
        problem = keep_old(r);
    if (problem == PROBLEM_NONE)
        problem = durable_rename(r->copy, r->db, &r->fault);
    if (problem != PROBLEM_NONE && r->had_database)
        forget_old(r);
    return problem;
}

/* Nobody can begin to write the database between the lock and the end. */
static enum problem restore(struct restore *r) {
    enum problem problem = store_lock_open(r->db, &r->lock, &r->fault);
    if (problem != PROBLEM_NONE)
        return problem;
    store_lock_close(r->lock);
    if (access(r->db, F_OK) == 0)
        settle_old(r);
    problem = store_lock_open(r->db, &r->lock, &r->fault);
    if (problem == PROBLEM_NONE)
        problem = make_copy(r);
    if (problem == PROBLEM_NONE)
        problem = swap(r);
    remove_copy(r);
    store_lock_close(r->lock);
    return problem;
}

enum cli_exit cli_restore(struct config *config) {
    struct restore r = {.backup = config->operands[0], .lock = -1};
    struct buffer out;
    r.db = r.real;
    fault_init(&r.fault);
    log_setup(CONFIG_LOG_LOGFMT, LOG_WARN);
    enum problem problem = durable_follow(config->db, r.real, &r.fault);
    if (problem == PROBLEM_NONE)
        problem = name_files(&r);
    if (problem == PROBLEM_NONE)
        problem = restore(&r);
    if (problem != PROBLEM_NONE) {
        cli_complain("%s%s", fault_is_set(&r.fault) ? r.fault.text : problem_info(problem)->title,
                     problem == PROBLEM_BUSY ? "; stop it first" : "");
        return CLI_EXIT_FAILED;
    }
    buffer_init(&out);
    if (r.had_database)
        buffer_printf(&out, "the database before is kept as %s\n", r.before);
    buffer_printf(&out, "%s: restored, seq %" PRId64 "\n", config->db, r.seq);
    return cli_print(&out);
}
