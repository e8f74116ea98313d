/* import_database.c: see import_database.h. */
#include "entry/import/import_database.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "domain/search/article_index.h"

static enum problem make_folder(struct import_database *database, struct fault *fault) {
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] == '\0')
        parent = "/tmp";
    int bytes = snprintf(database->folder, sizeof database->folder, "%s/pilcrow-XXXXXX", parent);
    if (bytes < (int)sizeof database->folder && mkdtemp(database->folder) != NULL)
        return PROBLEM_NONE;
    database->folder[0] = '\0';
    fault_set(fault, "a dry run needs a temporary folder in %.200s: %s", parent,
              strerrordesc_np(errno));
    return PROBLEM_UNAVAILABLE;
}

static void remove_folder(const char *folder) {
    static const char *const names[] = {"dry.db", "dry.db-wal", "dry.db-shm", "dry.db.lock"};
    char path[PATH_MAX + 16];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* Whether there is no such file yet, and nothing that would keep it from being made. */
static bool can_be_made(const char *path) {
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX] = ".";
    if (access(path, F_OK) == 0 || errno != ENOENT)
        return false;
    if (slash != NULL && (size_t)(slash - path) + 2 > sizeof folder)
        return false;
    if (slash != NULL)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
    return access(folder, W_OK | X_OK) == 0;
}

/* A writer would bring an older database up to date, which a dry run must not do: a reader looks at
 * it first, and says so. */
static enum problem open_in_place(const struct config *config, struct store **writer,
                                  struct fault *fault) {
    struct store *reader = NULL;
    enum problem problem = PROBLEM_NONE;
    if (config->dry_run && access(config->db, F_OK) == 0)
        problem = store_open(config->db, STORE_READER, &reader, fault);
    store_close(reader);
    if (problem == PROBLEM_NONE)
        problem = store_open(config->db, STORE_WRITER, writer, fault);
    if (problem != PROBLEM_NONE || config->dry_run)
        return problem;
    problem = article_index_prepare(*writer);
    if (problem != PROBLEM_NONE) {
        store_close(*writer);
        *writer = NULL;
    }
    return problem;
}

enum problem import_database_open(struct import_database *database, const struct config *config,
                                  struct fault *fault) {
    char path[PATH_MAX + 16];
    *database = (struct import_database){NULL, ""};
    /* What cannot be made fails here as it would without the dry run. */
    if (!config->dry_run || !can_be_made(config->db))
        return open_in_place(config, &database->writer, fault);
    enum problem problem = make_folder(database, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    snprintf(path, sizeof path, "%s/dry.db", database->folder);
    problem = store_open(path, STORE_WRITER, &database->writer, fault);
    if (problem != PROBLEM_NONE)
        remove_folder(database->folder);
    return problem;
}

void import_database_close(struct import_database *database) {
    store_close(database->writer);
    if (database->folder[0] != '\0')
        remove_folder(database->folder);
}
