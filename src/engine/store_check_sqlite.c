/* store_check_sqlite.c: everything that must be true of a database: its pages, its references, and
 * what the writer keeps in step. Each query below gives one sentence for each thing that is wrong.
 */
#include <stdio.h>
#include <string.h>

#include "engine/store_sqlite.h"
#include "ground/log.h"

enum { FINDINGS_MAX = 1000 };

static const struct {
    const char *name;
    const char *text;
} checks[] = {
    {"integrity", "PRAGMA integrity_check(100)"},
    {"references", "PRAGMA foreign_key_check"},
    {"totals_row", "SELECT 'the row of totals is missing' WHERE NOT EXISTS (SELECT 1 FROM store)"},
    {"article_total", "SELECT 'the total says ' || article_count || ' articles, there are ' || n "
                      "FROM store, (SELECT count(*) AS n FROM article) WHERE article_count <> n"},
    {"paragraph_total",
     "SELECT 'the total says ' || paragraph_count || ' paragraphs, there are ' || n FROM store, "
     "(SELECT count(*) AS n FROM paragraph WHERE position IS NOT NULL) WHERE paragraph_count <> n"},
    {"seq", "SELECT 'article ' || article.id || ' was written by write ' || article.seq || ', the "
            "last is ' || "
            "store.seq FROM store, article WHERE article.seq > store.seq"},
    {"paragraph_count", "SELECT 'article ' || id || ' says ' || paragraph_count || ' paragraphs, "
                        "there are ' || n FROM "
                        "(SELECT id, paragraph_count, (SELECT count(*) FROM paragraph WHERE "
                        "article_id = article.id AND "
                        "position IS NOT NULL) AS n FROM article) WHERE paragraph_count <> n"},
    {"word_count",
     "SELECT 'article ' || id || ' says ' || word_count || ' words, its paragraphs have ' || n "
     "FROM "
     "(SELECT id, word_count, (SELECT coalesce(sum(words), 0) FROM paragraph WHERE article_id = "
     "article.id AND position IS NOT NULL) AS n FROM article) WHERE word_count <> n"},
    {"paragraph_places",
     "SELECT 'the paragraphs of article ' || article_id || ' are not numbered without a gap' FROM "
     "paragraph WHERE position IS NOT NULL GROUP BY article_id "
     "HAVING min(position) <> 1 OR max(position) <> count(*)"},
    {"paragraph_versions",
     "SELECT 'paragraph ' || paragraph.id || ' has versions ' || first_version || ' to ' || "
     "last_version || ', its article has version ' || version FROM paragraph JOIN article ON "
     "article.id = article_id WHERE first_version < 1 OR last_version < first_version OR "
     "last_version > version"},
    {"term_count",
     "SELECT 'term ' || id || ' says ' || article_count || ' articles, there are ' || n FROM "
     "(SELECT id, article_count, (SELECT count(*) FROM article_term WHERE term_id = term.id) AS n "
     "FROM term) WHERE article_count <> n"},
    {"term_kind",
     "SELECT 'article ' || article_id || ' carries term ' || term_id || ' as another kind' FROM "
     "article_term JOIN term ON term.id = term_id WHERE article_term.kind <> term.kind"},
    {"term_places",
     "SELECT 'the terms of article ' || article_id || ' are not numbered without a gap' FROM "
     "article_term GROUP BY article_id, kind HAVING min(position) <> 1 OR max(position) <> "
     "count(*)"},
    {"term_published",
     "SELECT 'article ' || article_id || ' and its term ' || term_id || ' differ in the date' FROM "
     "article_term JOIN article ON article.id = article_id "
     "WHERE article_term.published <> article.published"},
    {"section_parents",
     "SELECT 'section ' || step.term_id || ' of article ' || step.article_id || "
     "' does not lie in the section before it' FROM article_term AS step JOIN term ON term.id = "
     "step.term_id LEFT JOIN article_term AS around ON around.article_id = step.article_id AND "
     "around.kind = step.kind AND around.position = step.position - 1 WHERE step.kind = 2 AND "
     "term.parent_id IS NOT around.term_id"},
};

struct check_run {
    struct store *store;
    store_check_say *say;
    void *context;
    size_t findings;
};

static void finding_say(struct check_run *run, const char *finding, size_t bytes) {
    char text[300];
    snprintf(text, sizeof text, "%.*s", (int)(bytes < sizeof text ? bytes : sizeof text - 1),
             finding);
    run->findings++;
    run->say(run->context, text);
}

/* PRAGMA integrity_check puts several findings in one row, below a heading. */
static void lines_say(struct check_run *run, const char *lines) {
    while (*lines != '\0') {
        size_t bytes = strcspn(lines, "\n");
        if (bytes > 0 && strncmp(lines, "***", 3) != 0 && strcmp(lines, "ok") != 0)
            finding_say(run, lines, bytes);
        lines += bytes + (lines[bytes] == '\n');
    }
}

/* PRAGMA foreign_key_check gives table, row, table that should hold the other row. */
static void reference_say(struct check_run *run, sqlite3_stmt *statement, const char *table) {
    char text[300];
    int bytes = snprintf(text, sizeof text, "row %lld of %.100s refers to a missing row of %.100s",
                         (long long)sqlite3_column_int64(statement, 1), table,
                         (const char *)sqlite3_column_text(statement, 2));
    finding_say(run, text, (size_t)bytes);
}

static enum problem findings_say(struct check_run *run, sqlite3_stmt *statement, const char *name) {
    int code;
    size_t rows = 0;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *finding = (const char *)sqlite3_column_text(statement, 0);
        if (finding == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        if (store_finding_code(finding) != 0)
            return store_problem(run->store, store_finding_code(finding), name);
        if (sqlite3_column_count(statement) > 1)
            reference_say(run, statement, finding);
        else
            lines_say(run, finding);
        if (++rows == FINDINGS_MAX)
            return PROBLEM_NONE;
    }
    return code == SQLITE_DONE ? PROBLEM_NONE : store_problem(run->store, code, name);
}

static enum problem check_one(struct check_run *run, const char *name, const char *text) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(run->store->db, text, -1, &statement, NULL);
    enum problem problem = code == SQLITE_OK ? findings_say(run, statement, name)
                                             : store_problem(run->store, code, name);
    sqlite3_finalize(statement);
    if (problem != PROBLEM_CORRUPT)
        return problem;
    /* So damaged that the query could not end: that is a finding, and others may say more. */
    lines_say(run, "the database is damaged");
    return PROBLEM_NONE;
}

enum problem store_check(struct store *store, store_check_say *say, void *context,
                         size_t *findings) {
    struct check_run run = {store, say, context, 0};
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < sizeof checks / sizeof checks[0]; i++)
        problem = check_one(&run, checks[i].name, checks[i].text);
    *findings = run.findings;
    return problem;
}
