/* store_prepare_sqlite.c: every statement of db/sqlite/ prepared at open, so that a bad one is a
 * failure to start and never a surprise in a request. */
#include <string.h>

#include "engine/store/store_sqlite.h"
#include "ground/log.h"

static const struct {
    const char *name;
    enum store_role role;
    const char *text;
} texts[SQL_COUNT] = {
#define SQL(name, role, text) [SQL_##name] = {#name, role, text},
#include "sql.def"
#undef SQL
};

static const char *const step_texts[2][STORE_STEP_COUNT] = {
    [STORE_READER] = {"BEGIN", "COMMIT", "ROLLBACK", NULL, NULL, NULL},
    [STORE_WRITER] = {"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT mark", "ROLLBACK TO mark",
                      "RELEASE mark"},
};

static enum problem refuse(const char *name, const char *why, struct fault *fault) {
    log_event(LOG_ERROR, "sql_statement", "statement", name, "message", why, NULL);
    fault_set(fault, "the SQL statement %s cannot be used: %s", name, why);
    return PROBLEM_INTERNAL;
}

/* Blanks and comments compile to nothing; anything else after the statement would never run. */
static enum problem check_tail(struct store *store, const char *name, const char *tail,
                               struct fault *fault) {
    while (*tail != '\0') {
        sqlite3_stmt *statement = NULL;
        int code = sqlite3_prepare_v3(store->db, tail, -1, 0, &statement, &tail);
        if (code != SQLITE_OK && code != SQLITE_ERROR)
            return store_problem(store, code, name);
        sqlite3_finalize(statement);
        if (code == SQLITE_ERROR || statement != NULL)
            return refuse(name, "text follows the first statement", fault);
    }
    return PROBLEM_NONE;
}

static enum problem prepare(struct store *store, const char *name, const char *text,
                            sqlite3_stmt **out, struct fault *fault) {
    const char *tail = NULL;
    int code = sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT, out, &tail);
    if (code == SQLITE_ERROR || code == SQLITE_AUTH)
        return refuse(name, sqlite3_errmsg(store->db), fault);
    if (code != SQLITE_OK)
        return store_problem(store, code, name);
    if (*out == NULL)
        return refuse(name, "it is empty", fault);
    return check_tail(store, name, tail, fault);
}

enum problem store_prepare(struct store *store, struct fault *fault) {
    for (size_t i = 0; i < STORE_STEP_COUNT; i++) {
        const char *text = step_texts[store->role][i];
        enum problem problem = PROBLEM_NONE;
        if (text != NULL)
            problem = prepare(store, text, text, &store->steps[i], fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    for (size_t i = 0; i < SQL_COUNT; i++) {
        if (texts[i].role == STORE_WRITER && store->role == STORE_READER)
            continue;
        enum problem problem =
            prepare(store, texts[i].name, texts[i].text, &store->statements[i], fault);
        if (problem != PROBLEM_NONE)
            return problem;
        if (texts[i].role == STORE_READER && !sqlite3_stmt_readonly(store->statements[i]))
            return refuse(texts[i].name, "it writes but is not marked (write)", fault);
    }
    return PROBLEM_NONE;
}
