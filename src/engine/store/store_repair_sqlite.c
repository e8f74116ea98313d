/* store_repair_sqlite.c: what follows from other rows is written anew where it is wrong. */
#include <stdio.h>

#include "engine/store/store_sqlite.h"

/* Later ones rely on earlier ones. */
static const struct {
    const char *name;
    const char *text;
} repairs[] = {
    {"paragraph counts of articles",
     "UPDATE article SET paragraph_count = n FROM (SELECT id AS of, (SELECT count(*) FROM "
     "paragraph "
     "WHERE article_id = article.id AND position IS NOT NULL) AS n FROM article) "
     "WHERE id = of AND paragraph_count <> n"},
    {"word counts of articles",
     "UPDATE article SET word_count = n FROM (SELECT id AS of, (SELECT coalesce(sum(words), 0) "
     "FROM "
     "paragraph WHERE article_id = article.id AND position IS NOT NULL) AS n FROM article) "
     "WHERE id = of AND word_count <> n"},
    {"dates beside terms",
     "UPDATE article_term SET published = article.published FROM article "
     "WHERE article.id = article_id AND article_term.published <> article.published"},
    {"article counts of terms",
     "UPDATE term SET article_count = n FROM (SELECT id AS of, (SELECT count(*) FROM article_term "
     "WHERE term_id = term.id) AS n FROM term) WHERE id = of AND article_count <> n"},
    {"rows of totals",
     "INSERT INTO store (id, seq, article_count, paragraph_count, birth, origin, "
     "oldest_seq, history_seq) "
     "SELECT 1, 0, 0, 0, random(), random(), coalesce((SELECT min(seq) FROM change), 0), "
     "coalesce((SELECT max(seq) FROM change), 0) WHERE NOT EXISTS (SELECT 1 FROM store)"},
    {"totals",
     "UPDATE store SET seq = last, article_count = articles, paragraph_count = paragraphs FROM "
     "(SELECT max((SELECT seq FROM store), (SELECT coalesce(max(seq), 0) FROM article), (SELECT "
     "coalesce(max(seq), 0) FROM change)) AS last, (SELECT count(*) FROM article) AS articles, "
     "(SELECT count(*) FROM paragraph WHERE position IS NOT NULL) AS paragraphs) "
     "WHERE seq <> last OR article_count <> articles OR paragraph_count <> paragraphs"},
};

static enum problem repair_one(struct store *store, size_t index, store_check_say *say,
                               void *context, size_t *repaired) {
    enum problem problem = store_script(store, repairs[index].name, repairs[index].text);
    int rows = sqlite3_changes(store->db);
    if (problem != PROBLEM_NONE || rows == 0)
        return problem;
    char text[100];
    snprintf(text, sizeof text, "%s: %d were wrong", repairs[index].name, rows);
    say(context, text);
    *repaired += (size_t)rows;
    return PROBLEM_NONE;
}

enum problem store_repair(struct store *store, store_check_say *say, void *context,
                          size_t *repaired) {
    *repaired = 0;
    enum problem problem = store_begin(store);
    for (size_t i = 0; problem == PROBLEM_NONE && i < sizeof repairs / sizeof repairs[0]; i++)
        problem = repair_one(store, i, say, context, repaired);
    /* What readers hold of the wrong answers must not be confirmed. */
    if (problem == PROBLEM_NONE && *repaired > 0)
        problem = store_script(store, "birth", "UPDATE store SET birth = random()");
    if (problem == PROBLEM_NONE)
        problem = store_commit(store);
    store_end(store);
    return problem;
}
