/* store_check_sqlite.c: everything that must be true of a database: its pages, its references, and
 * what the writer keeps in step. Each query below gives one sentence for each thing that is wrong.
 */
#include <stdio.h>
#include <string.h>

#include "engine/store/store_sqlite.h"
#include "ground/log.h"

enum { FINDINGS_MAX = 1000 };

struct check {
    const char *name;
    const char *text;
};

static const struct check checks[] = {
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
    {"paragraph_owner",
     "SELECT 'paragraph ' || id || ' is of article ' || article_id || ', which is not there' FROM "
     "paragraph WHERE NOT EXISTS (SELECT 1 FROM article WHERE id = article_id) AND (position IS "
     "NOT "
     "NULL OR NOT EXISTS (SELECT 1 FROM deletion WHERE deletion.article_id = "
     "paragraph.article_id))"},
};

/* Of what a write leaves behind. Up to store.history_seq nothing was kept. */
static const struct check history_checks[] = {
    {"change_rows",
     "SELECT 'of the changes ' || first || ' to ' || seq || ' there are ' || n FROM (SELECT seq, "
     "max(oldest_seq, history_seq + 1) AS first, (SELECT count(*) FROM change WHERE change.seq "
     "BETWEEN max(oldest_seq, history_seq + 1) AND store.seq) AS n FROM store) "
     "WHERE n <> max(seq - first + 1, 0)"},
    {"change_seq",
     "SELECT 'change ' || change.seq || ' is not among those that are kept, ' || oldest_seq || "
     "' to ' || store.seq FROM store, change WHERE change.seq > store.seq OR change.seq < "
     "oldest_seq"},
    {"change_of_article",
     "SELECT 'article ' || article.id || ' was written by write ' || article.seq || "
     "', whose change is another' FROM store, article LEFT JOIN change ON change.seq = article.seq "
     "WHERE article.seq >= oldest_seq AND (change.type IS NOT 'article' OR change.op = 'delete' OR "
     "change.id IS NOT article.id OR change.version IS NOT article.version)"},
    {"change_of_deletion",
     "SELECT 'article ' || article_id || ' was deleted by write ' || deletion.seq || "
     "', whose change is another' FROM store, deletion LEFT JOIN change ON change.seq = "
     "deletion.seq "
     "WHERE deletion.seq >= oldest_seq AND (change.type IS NOT 'article' OR change.op <> 'delete' "
     "OR "
     "change.id IS NOT article_id OR change.version IS NOT deletion.version)"},
    {"deletion",
     "SELECT 'article ' || id || ' is there, and deleted' FROM article JOIN deletion ON "
     "article_id = id"},
    {"revision_missing",
     "SELECT 'no version of article ' || of || ' before ' || version || ' is kept' FROM store, "
     "(SELECT id AS of, version, seq AS written FROM article WHERE version > 1 UNION ALL "
     "SELECT article_id, version + 1, seq FROM deletion) WHERE written > history_seq AND NOT "
     "EXISTS "
     "(SELECT 1 FROM revision WHERE article_id = of)"},
    {"revision_chain",
     "SELECT 'the versions of article ' || kept.article_id || ' have a hole' FROM store, "
     "(SELECT article_id, min(version) AS first, max(version) AS last, count(*) AS n FROM revision "
     "GROUP BY article_id) AS kept LEFT JOIN article ON article.id = kept.article_id LEFT JOIN "
     "deletion ON "
     "deletion.article_id = kept.article_id WHERE n <> last - first + 1 OR last IS NOT "
     "coalesce(article.version - 1, deletion.version) OR (first > 1 AND (SELECT seq FROM revision "
     "WHERE article_id = kept.article_id AND version = first) > history_seq)"},
    {"revision_paragraphs",
     "SELECT 'the paragraphs of article ' || article_id || ', version ' || version || "
     "', are not what it says' FROM revision WHERE (paragraph_count, paragraph_count, word_count) "
     "IS "
     "NOT (SELECT count(*), coalesce(max(position), 0), coalesce(sum(words), 0) FROM "
     "revision_paragraph AS p WHERE p.article_id = revision.article_id AND p.version = "
     "revision.version)"},
    {"revision_terms",
     "SELECT 'the terms of article ' || article_id || ', version ' || version || "
     "', are not numbered without a gap' FROM revision_term GROUP BY article_id, version, kind "
     "HAVING min(position) <> 1 OR max(position) <> count(*)"},
    {"revision_parts",
     "SELECT DISTINCT 'parts of article ' || article_id || ', version ' || version || "
     "', are kept without it' FROM (SELECT article_id, version FROM revision_term UNION ALL SELECT "
     "article_id, version FROM revision_paragraph) AS part WHERE NOT EXISTS (SELECT 1 FROM "
     "revision "
     "WHERE revision.article_id = part.article_id AND revision.version = part.version)"},
    {"paragraph_twice",
     "SELECT 'paragraph ' || id || ' stands twice in article ' || article_id || ', version ' || "
     "version FROM revision_paragraph GROUP BY article_id, version, id HAVING count(*) > 1"},
    {"paragraph_moved",
     "SELECT 'paragraph ' || kept.id || ' was in article ' || kept.article_id || ', and is not "
     "its' "
     "FROM revision_paragraph AS kept LEFT JOIN paragraph ON paragraph.id = kept.id "
     "WHERE paragraph.article_id IS NOT kept.article_id"},
    {"old_slug_target",
     "SELECT 'the old address ' || slug || ' leads to ' || target_id || ', which is not there' "
     "FROM "
     "old_slug WHERE CASE kind WHEN 0 THEN NOT EXISTS (SELECT 1 FROM article WHERE id = target_id) "
     "AND NOT EXISTS (SELECT 1 FROM deletion WHERE article_id = target_id) "
     "ELSE NOT EXISTS (SELECT 1 FROM term WHERE id = target_id AND term.kind = old_slug.kind) END"},
    {"old_slug_taken",
     "SELECT 'the address ' || slug || ' is an old and a present one' FROM old_slug WHERE "
     "CASE kind WHEN 0 THEN EXISTS (SELECT 1 FROM article WHERE article.slug = old_slug.slug) ELSE "
     "EXISTS (SELECT 1 FROM term WHERE term.kind = old_slug.kind AND term.slug = old_slug.slug) "
     "END"},
    {"old_key",
     "SELECT 'the old name ' || old_key.key || ' leads to ' || target_id || ', which is not there, "
     "or is a present one' FROM old_key WHERE NOT EXISTS (SELECT 1 FROM term WHERE id = target_id "
     "AND term.kind = old_key.kind) OR EXISTS (SELECT 1 FROM term WHERE term.kind = old_key.kind "
     "AND term.key = old_key.key)"},
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

static enum problem check_all(struct check_run *run, const struct check *list, size_t count) {
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++)
        problem = check_one(run, list[i].name, list[i].text);
    return problem;
}

enum problem store_check(struct store *store, store_check_say *say, void *context,
                         size_t *findings) {
    struct check_run run = {store, say, context, 0};
    enum problem problem = check_all(&run, checks, sizeof checks / sizeof checks[0]);
    if (problem == PROBLEM_NONE)
        problem = check_all(&run, history_checks, sizeof history_checks / sizeof history_checks[0]);
    *findings = run.findings;
    return problem;
}
