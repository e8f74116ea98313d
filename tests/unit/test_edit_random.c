/* test_edit_random.c: random edits beside a model in memory that keeps every version of every
 * article. After each edit the store is sound and says what the model says; at the end every
 * version that ever was can be read, word for word and id for id, and no id meant two things. */
#include "edit_help.h"

enum {
    ARTICLES_MAX = 60,
    VERSIONS_MAX = 60,
    PARAGRAPHS_MAX = 12,
    STEPS = 400,
    LINE_BYTES = 1000,
    IDS_MAX = 20000,
};

struct version {
    char *text; /* as loaded() gives it */
};

struct model_article {
    bool is_deleted;
    int count; /* versions so far */
    struct version versions[VERSIONS_MAX];
};

static struct {
    struct model_article articles[ARTICLES_MAX];
    int count;
    int64_t owner[IDS_MAX]; /* the article of each paragraph id; 0 = none yet */
    uint64_t random;
} model;

static int pick(int below) {
    model.random ^= model.random << 13;
    model.random ^= model.random >> 7;
    model.random ^= model.random << 17;
    return (int)(model.random % (uint64_t)below);
}

static const char *const words[] = {"harbour", "lamp",  "tide", "ferry",  "winter", "council",
                                    "bench",   "smoke", "cat",  "letter", "reed",   "glass"};

static void line_add(char *line, const char *text) {
    size_t used = strlen(line);
    snprintf(line + used, LINE_BYTES - used, "%s", text);
}

/* Few words and few names, so that equal, similar and repeated ones are common. */
static void paragraph_add(char *line) {
    int count = 1 + pick(7);
    for (int i = 0; i < count; i++) {
        line_add(line, i > 0 ? " " : "");
        line_add(line, words[pick(12)]);
    }
}

static void line_make(char *line) {
    static const char *const authors[] = {"", "Ann", "Ann,Bob", "bob", "Cy"};
    static const char *const dates[] = {"", "2018-06-03", "2019-01-01", "2020-02-29"};
    static const char *const sections[] = {"", "World", "World/Asia", "WORLD/East", "Local"};
    static const char *const tags[] = {"", "x", "x,y", "y,X", "z,x,y"};
    line[0] = '\0';
    line_add(line, words[pick(12)]);
    line_add(line, " ");
    line_add(line, words[pick(12)]);
    const char *fields[] = {authors[pick(5)], dates[pick(4)], sections[pick(5)], tags[pick(5)], ""};
    for (size_t i = 0; i < 5; i++) {
        line_add(line, "|");
        line_add(line, fields[i]);
    }
    int count = 1 + pick(PARAGRAPHS_MAX);
    for (int i = 0; i < count; i++) {
        line_add(line, i > 0 ? "~" : "");
        paragraph_add(line);
    }
}

/* What is stored, with other paragraphs here and there: most edits are small. */
static void article_vary(struct fixture *f, int64_t id, struct article *article, int64_t *ids) {
    struct article_edit edit = {f->writer, &f->arena, NOW_S};
    struct article_stored stored;
    char line[LINE_BYTES];
    assert_int_equal(article_edit_load(&edit, id, &stored), PROBLEM_NONE);
    struct span *items = arena_alloc(&f->arena, 3 * PARAGRAPHS_MAX * sizeof *items);
    size_t count = 0;
    *article = stored.article;
    for (size_t i = 0; i < stored.article.paragraphs.count && count < PARAGRAPHS_MAX; i++) {
        int what = pick(10);
        if (what == 0)
            continue;
        ids[count] = what == 1 ? 0 : stored.paragraph_ids[i];
        items[count++] = stored.article.paragraphs.items[i];
        if (what > 3)
            continue;
        line[0] = '\0';
        paragraph_add(line);
        ids[count - (what == 2)] = what == 2 ? ids[count - 1] : 0;
        items[count - (what == 2)] = arena_copy(&f->arena, span_of(line));
        count += what != 2;
    }
    if (count > 2 && pick(4) == 0) {
        struct span first = items[0];
        int64_t first_id = ids[0];
        memmove(items, items + 1, (count - 1) * sizeof *items);
        memmove(ids, ids + 1, (count - 1) * sizeof *ids);
        items[count - 1] = first;
        ids[count - 1] = first_id;
    }
    if (count == 0) {
        ids[0] = 0;
        items[count++] = span_of("alone");
    }
    article->paragraphs = (struct span_list){items, count};
}

/* ---- the model ---- */

static void ids_own(struct fixture *f, int64_t id) {
    struct article_edit edit = begin(f);
    struct article_stored stored;
    assert_int_equal(article_edit_load(&edit, id, &stored), PROBLEM_NONE);
    store_end(f->writer);
    for (size_t i = 0; i < stored.article.paragraphs.count; i++) {
        int64_t paragraph = stored.paragraph_ids[i];
        assert_true(paragraph > 0 && paragraph < IDS_MAX);
        if (model.owner[paragraph] != 0)
            assert_int_equal(model.owner[paragraph], id);
        model.owner[paragraph] = id;
    }
}

static void model_add(struct fixture *f, int64_t id) {
    struct model_article *article = &model.articles[id];
    const char *text = loaded(f, id);
    if (article->count > 0 && strcmp(article->versions[article->count - 1].text, text) == 0)
        return;
    char expected[20];
    snprintf(expected, sizeof expected, "v%d ", article->count + 1);
    assert_int_equal(strncmp(text, expected, strlen(expected)), 0);
    article->versions[article->count++].text = strdup(text);
    ids_own(f, id);
}

static int64_t pick_article(void) {
    return model.count == 0 ? 0 : 1 + pick(model.count);
}

/* ---- steps ---- */

static void step_create(struct fixture *f) {
    char line[LINE_BYTES];
    if (model.count + 2 >= ARTICLES_MAX)
        return;
    line_make(line);
    enum problem problem = create(f, line, "");
    if (problem == PROBLEM_CONFLICT)
        return;
    assert_int_equal(problem, PROBLEM_NONE);
    assert_int_equal(result.article_id, model.count + 1);
    model.count++;
    model_add(f, result.article_id);
}

static void step_replace(struct fixture *f) {
    int64_t id = pick_article(), ids[3 * PARAGRAPHS_MAX];
    struct article article;
    if (id == 0 || model.articles[id].is_deleted)
        return;
    struct article_edit edit = begin(f);
    article_vary(f, id, &article, ids);
    char slug[40] = "";
    if (pick(8) == 0)
        snprintf(slug, sizeof slug, "slug-%d-x", pick(9));
    enum problem problem = end(f, article_edit_replace(&edit, id, &article, span_of(slug),
                                                       pick(2) == 0 ? ids : NULL, &result, &fault));
    assert_true(problem == PROBLEM_NONE || problem == PROBLEM_CONFLICT);
    model_add(f, id);
}

static void step_rewrite(struct fixture *f) {
    int64_t id = pick_article();
    char line[LINE_BYTES];
    if (id == 0)
        return;
    line_make(line);
    enum problem problem = replace(f, id, line, "", NULL);
    if (model.articles[id].is_deleted)
        assert_int_equal(problem, PROBLEM_GONE);
    else
        assert_true(problem == PROBLEM_NONE || problem == PROBLEM_CONFLICT);
    if (problem == PROBLEM_NONE)
        model_add(f, id);
}

/* "|id text~..." after " title|date|names"; what stands before it of names is left out. */
static const char *paragraphs_of(const char *text) {
    const char *at = strchr(strchr(text, '|') + 1, '|');
    while (at != NULL && (at[1] < '1' || at[1] > '9'))
        at = strchr(at + 1, '|');
    assert_non_null(at);
    return at;
}

/* What an article says beside the names of terms: those are what they are called by now. */
static void assert_same_text(const char *was, const char *is) {
    const char *names = strchr(strchr(was, '|') + 1, '|');
    assert_memory_equal(was, is, (size_t)(names - was) + 1);
    assert_string_equal(paragraphs_of(was), paragraphs_of(is));
}

static void step_restore(struct fixture *f) {
    int64_t id = pick_article();
    if (id == 0 || model.articles[id].is_deleted || model.articles[id].count == VERSIONS_MAX)
        return;
    int old = pick(model.articles[id].count);
    enum problem problem = restore(f, id, old + 1);
    if (problem == PROBLEM_CONFLICT)
        return;
    assert_int_equal(problem, PROBLEM_NONE);
    const char *was = strchr(model.articles[id].versions[old].text, ' ');
    if (strcmp(asked(f->writer, "SELECT count(*) FROM old_key"), "0") == 0)
        assert_string_equal(strchr(loaded(f, id), ' '), was);
    else
        assert_same_text(was, strchr(loaded(f, id), ' '));
    model_add(f, id);
}

static void step_delete(struct fixture *f) {
    int64_t id = pick_article();
    if (id == 0)
        return;
    assert_int_equal(erase(f, id), model.articles[id].is_deleted ? PROBLEM_GONE : PROBLEM_NONE);
    model.articles[id].is_deleted = true;
}

static void step_import(struct fixture *f) {
    struct import *run = NULL;
    struct import_result put;
    char line[LINE_BYTES];
    if (model.count + 2 >= ARTICLES_MAX)
        return;
    line_make(line);
    arena_reset(&f->arena);
    struct article article = article_of(line, &f->arena);
    assert_int_equal(import_open(f->writer, false, &run), PROBLEM_NONE);
    enum problem problem = import_article(run, &article, span_of("a.txt"), &put, NULL);
    if (problem == PROBLEM_NONE)
        assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
    assert_store_sound(f->writer);
    if (problem != PROBLEM_NONE)
        return;
    model.count += put.outcome == IMPORT_CREATED;
    model_add(f, put.article_id);
}

/* Names change in many articles at once. */
static void step_term(struct fixture *f) {
    static const char *const slugs[] = {"x",   "y",   "z",          "world",
                                        "ann", "bob", "world-asia", "local"};
    static const char *const names[] = {"x", "New name", "Y", "World", "Z"};
    int64_t ids[2], kinds[2], articles = 0;
    for (int i = 0; i < 2; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT id FROM term WHERE slug = '%s'", slugs[pick(8)]);
        ids[i] = strtoll(asked(f->writer, sql), NULL, 10);
        snprintf(sql, sizeof sql, "SELECT kind FROM term WHERE id = %d", (int)ids[i]);
        kinds[i] = strtoll(asked(f->writer, sql), NULL, 10);
    }
    if (ids[0] == 0 || ids[1] == 0)
        return;
    struct article_edit edit = begin(f);
    bool is_merge = pick(2) == 0;
    enum problem problem = end(
        f, is_merge
               ? article_edit_term_merge(&edit, (int)kinds[0], ids[0], ids[1], &articles, &fault)
               : article_edit_term_rename(&edit, (int)kinds[0], ids[0], span_of(names[pick(5)]),
                                          span_of(""), &articles, &fault));
    assert_true(problem == PROBLEM_NONE || problem == PROBLEM_CONFLICT ||
                (is_merge && kinds[0] != kinds[1] && problem == PROBLEM_NOT_FOUND));
    for (int id = 1; id <= model.count; id++) {
        if (!model.articles[id].is_deleted)
            model_add(f, id);
    }
}

static void (*const steps[])(struct fixture *f) = {
    step_create,  step_create, step_replace, step_replace, step_replace, step_replace,
    step_rewrite, step_import, step_restore, step_restore, step_delete,  step_term,
};

/* ---- at the end ---- */

static const char *kept(struct fixture *f, int id, int version) {
    static char text[4096];
    char sql[700];
    snprintf(
        sql, sizeof sql,
        "SELECT 'v' || version || ' ' || title || '|' || published || coalesce((SELECT "
        "group_concat(CASE position WHEN 1 THEN '|' ELSE ',' END || name, '') FROM (SELECT * "
        "FROM revision_term AS t WHERE t.article_id = r.article_id AND t.version = r.version "
        "ORDER BY kind, position)), '') || '|' || (SELECT group_concat(id || ' ' || text, '~') "
        "FROM (SELECT * FROM revision_paragraph AS p WHERE p.article_id = r.article_id AND "
        "p.version = r.version ORDER BY position)) FROM revision AS r WHERE article_id = %d "
        "AND version = %d",
        id, version);
    snprintf(text, sizeof text, "%s", asked(f->writer, sql));
    return text;
}

static void history_check(struct fixture *f) {
    for (int id = 1; id <= model.count; id++) {
        struct model_article *article = &model.articles[id];
        int last = article->is_deleted ? article->count : article->count - 1;
        for (int v = 1; v <= last; v++)
            assert_string_equal(kept(f, id, v), article->versions[v - 1].text);
        assert_string_equal(kept(f, id, last + 1), "");
        assert_string_equal(loaded(f, id), article->is_deleted
                                               ? "gone"
                                               : article->versions[article->count - 1].text);
        for (int v = 0; v < article->count; v++)
            free(article->versions[v].text);
    }
}

static void test_random_edits(void **state) {
    struct fixture *f = *state;
    const char *wanted = getenv("PILCROW_TEST_SEED");
    memset(&model, 0, sizeof model);
    model.random = wanted == NULL ? 88172645463325252U : strtoull(wanted, NULL, 10);
    for (int i = 0; i < STEPS; i++) {
        bool is_full = false;
        for (int id = 1; id <= model.count; id++)
            is_full = is_full || model.articles[id].count + 2 >= VERSIONS_MAX;
        if (is_full)
            break;
        steps[pick((int)(sizeof steps / sizeof steps[0]))](f);
    }
    assert_true(model.count > 20);
    history_check(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {STORE_TEST(test_random_edits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
