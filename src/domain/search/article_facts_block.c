/* article_facts_block.c: see article_facts_block.h. */
#include "domain/search/article_facts_block.h"

#include "ground/date.h"

static const struct {
    enum sql_id load, put, remove;
} blocks[FACTS_OF_COUNT] = {
    [FACTS_OF_ARTICLES] = {SQL_article_facts, SQL_article_facts_put, SQL_article_facts_remove},
    [FACTS_OF_PARAGRAPHS] = {SQL_paragraph_facts, SQL_paragraph_facts_put,
                             SQL_paragraph_facts_remove},
};

int64_t article_facts_block_of(enum facts_of of, int64_t id) {
    return id / facts_block_ids(of);
}

enum problem article_facts_block_load(struct article_facts *facts, enum facts_of of,
                                      int64_t block) {
    rows_auto struct rows rows = {0};
    buffer_clear(&facts->old);
    store_query(facts->store, blocks[of].load, &rows, STORE_VALUES(STORE_INT(block)));
    if (rows_next(&rows))
        buffer_append_span(&facts->old, rows_bytes(&rows, 0));
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && facts->old.failed ? PROBLEM_OUT_OF_MEMORY : problem;
}

/* ---- from the rows ---- */

static enum problem article_pack(struct article_facts *facts, int64_t id, bool *is_there) {
    rows_auto struct rows rows = {0};
    struct date date = {0};
    buffer_clear(&facts->packed);
    store_query(facts->store, SQL_facts_published, &rows, STORE_VALUES(STORE_INT(id)));
    *is_there = rows_next(&rows);
    if (*is_there)
        (void)date_parse_iso(rows_text(&rows, 0), &date); /* else it has none */
    enum problem problem = rows_end(&rows);
    if (problem != PROBLEM_NONE || !*is_there)
        return problem;
    facts_put_year(&facts->packed, date.year);
    rows_auto struct rows terms = {0};
    store_query(facts->store, SQL_facts_terms, &terms, STORE_VALUES(STORE_INT(id)));
    while (rows_next(&terms))
        facts_put_term(&facts->packed, (int)rows_int(&terms, 0), rows_int(&terms, 1));
    return rows_end(&terms);
}

static enum problem article_put(struct article_facts *facts, int64_t id, struct facts *to) {
    bool is_there;
    enum problem problem = article_pack(facts, id, &is_there);
    if (problem == PROBLEM_NONE && facts->packed.failed)
        return PROBLEM_OUT_OF_MEMORY;
    if (problem == PROBLEM_NONE && is_there)
        facts_put_article(&facts->fresh, to, id, buffer_span(&facts->packed));
    return problem;
}

static enum problem paragraph_put(struct article_facts *facts, int64_t id, struct facts *to) {
    rows_auto struct rows rows = {0};
    store_query(facts->store, SQL_facts_paragraph, &rows, STORE_VALUES(STORE_INT(id)));
    if (rows_next(&rows)) {
        const struct facts_paragraph paragraph = {id, rows_int(&rows, 0), rows_int(&rows, 1)};
        facts_put_paragraph(&facts->fresh, to, &paragraph);
    }
    return rows_end(&rows);
}

/* ---- both ---- */

/* What stands in the old block and comes next in the new one. */
struct kept {
    enum facts_of of;
    struct facts block;
    struct facts_article article;
    struct facts_paragraph paragraph;
    int64_t id; /* INT64_MAX at the end */
};

static void kept_next(struct kept *kept) {
    bool is_articles = kept->of == FACTS_OF_ARTICLES;
    bool is_there = is_articles ? facts_next_article(&kept->block, &kept->article)
                                : facts_next_paragraph(&kept->block, &kept->paragraph);
    kept->id = !is_there ? INT64_MAX : is_articles ? kept->article.id : kept->paragraph.id;
}

static void kept_put(struct kept *kept, struct buffer *out, struct facts *to) {
    if (kept->of == FACTS_OF_ARTICLES)
        facts_put_article(out, to, kept->id, kept->article.packed);
    else
        facts_put_paragraph(out, to, &kept->paragraph);
    kept_next(kept);
}

enum problem article_facts_block_make(struct article_facts *facts, enum facts_of of, int64_t block,
                                      const int64_t *ids, size_t count) {
    struct facts to = facts_begin(block, facts_block_ids(of), (struct span){"", 0});
    struct kept kept = {.of = of,
                        .block = facts_begin(block, facts_block_ids(of), buffer_span(&facts->old))};
    enum problem problem = PROBLEM_NONE;
    buffer_clear(&facts->fresh);
    kept_next(&kept);
    for (size_t i = 0; i < count && problem == PROBLEM_NONE; i++) {
        if (i > 0 && ids[i] == ids[i - 1])
            continue;
        while (kept.id < ids[i])
            kept_put(&kept, &facts->fresh, &to);
        if (kept.id == ids[i])
            kept_next(&kept);
        problem = of == FACTS_OF_ARTICLES ? article_put(facts, ids[i], &to)
                                          : paragraph_put(facts, ids[i], &to);
    }
    while (problem == PROBLEM_NONE && kept.id < INT64_MAX)
        kept_put(&kept, &facts->fresh, &to);
    if (problem == PROBLEM_NONE && kept.block.is_broken)
        return PROBLEM_CORRUPT;
    return problem == PROBLEM_NONE && facts->fresh.failed ? PROBLEM_OUT_OF_MEMORY : problem;
}

enum problem article_facts_block_change(struct article_facts *facts, enum facts_of of,
                                        int64_t block, const int64_t *ids, size_t count) {
    enum problem problem = article_facts_block_load(facts, of, block);
    if (problem == PROBLEM_NONE)
        problem = article_facts_block_make(facts, of, block, ids, count);
    return problem == PROBLEM_NONE ? article_facts_block_store(facts, of, block) : problem;
}

enum problem article_facts_block_store(struct article_facts *facts, enum facts_of of,
                                       int64_t block) {
    struct span fresh = buffer_span(&facts->fresh);
    if (span_equal(fresh, buffer_span(&facts->old)))
        return PROBLEM_NONE;
    if (fresh.bytes == 0)
        return store_run(facts->store, blocks[of].remove, STORE_VALUES(STORE_INT(block)));
    return store_run(facts->store, blocks[of].put,
                     STORE_VALUES(STORE_INT(block), STORE_BYTES(fresh)));
}
