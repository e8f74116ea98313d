/* test_import.c: created, updated, unchanged, refused; ids that last; a run that is cut off. */
#include "store_help.h"

#include <signal.h>
#include <sys/wait.h>

#include "domain/articles/article_store.h"
#include "domain/import/import.h"
#include "ground/buffer.h"

static struct fault fault; /* of the last put_in() */

static struct import_result put_in(struct fixture *f, struct import *run, const char *line,
                                   const char *source) {
    struct article article = article_of(line, &f->arena);
    struct import_result result;
    fault_init(&fault);
    enum problem problem = import_article(run, &article, span_of(source), &result, &fault);
    assert_int_equal(problem, result.outcome == IMPORT_REFUSED ? PROBLEM_CONFLICT : PROBLEM_NONE);
    assert_int_equal(fault_is_set(&fault), result.outcome == IMPORT_REFUSED);
    return result;
}

/* A run of its own for one article. */
static struct import_result put(struct fixture *f, const char *line, const char *source) {
    struct import *run = NULL;
    assert_int_equal(import_open(f->writer, false, &run), PROBLEM_NONE);
    struct import_result result = put_in(f, run, line, source);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
    assert_store_sound(f->writer);
    return result;
}

static const char visit[] =
    "Minister visits|Ann Lee,Bob Ray|2018-06-03|WORLD/Asia Pacific|North Korea,Talks|"
    "The minister came by train.~He stayed for three days.~Nobody knows why.";

static void test_create(void **state) {
    struct fixture *f = *state;
    struct import_result result = put(f, visit, "a.txt");
    assert_int_equal(result.outcome, IMPORT_CREATED);
    assert_int_equal(result.version, 1);
    assert_string_equal(asked(f->writer, "SELECT slug, title, published, lead, paragraph_count, "
                                         "word_count, version, seq, source FROM article"),
                        "minister-visits|Minister visits|2018-06-03|The minister came by train.|3|"
                        "13|1|1|a.txt");
    assert_string_equal(asked(f->writer, "SELECT kind, slug, name, key, parent_id, article_count "
                                         "FROM term ORDER BY id"),
                        "1|ann-lee|Ann Lee|ann lee|-|1;1|bob-ray|Bob Ray|bob ray|-|1;"
                        "2|world|WORLD|world|-|1;"
                        "2|world-asia-pacific|Asia Pacific|world / asia pacific|3|1;"
                        "3|north-korea|North Korea|north korea|-|1;3|talks|Talks|talks|-|1");
    assert_string_equal(
        asked(f->writer, "SELECT kind, position, name, published FROM article_term"),
        "1|1|Ann Lee|2018-06-03;1|2|Bob Ray|2018-06-03;2|1|WORLD|2018-06-03;"
        "2|2|Asia Pacific|2018-06-03;3|1|North Korea|2018-06-03;"
        "3|2|Talks|2018-06-03");
    assert_string_equal(
        asked(f->writer, "SELECT id, seq, article_count, paragraph_count FROM store"), "1|1|1|3");
}

static void test_unchanged(void **state) {
    struct fixture *f = *state;
    put(f, visit, "a.txt");
    int changes = sqlite3_total_changes(f->writer->db);
    assert_int_equal(put(f, visit, "a.txt").outcome, IMPORT_UNCHANGED);
    assert_int_equal(put(f, visit, "").outcome, IMPORT_UNCHANGED);
    assert_int_equal(sqlite3_total_changes(f->writer->db), changes);
}

static void test_renamed_then_corrected(void **state) {
    struct fixture *f = *state;
    put(f, visit, "a.txt");
    struct import *run = NULL;
    assert_int_equal(import_open(f->writer, false, &run), PROBLEM_NONE);
    assert_int_equal(put_in(f, run, visit, "b.txt").outcome, IMPORT_UNCHANGED);
    assert_int_equal(put_in(f, run, visit, "copy.txt").outcome, IMPORT_UNCHANGED);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
    assert_string_equal(asked(f->writer, "SELECT version, seq, source FROM article"), "1|1|b.txt");
    struct import_result result = put(f,
                                      "Minister calls|Ann Lee|2018-06-03|||The minister came by "
                                      "train.~He stayed for three days.~Nobody knows why.",
                                      "b.txt");
    assert_int_equal(result.outcome, IMPORT_UPDATED);
    assert_int_equal(result.article_id, 1);
}

static void test_a_source_used_again(void **state) {
    struct fixture *f = *state;
    const char *sources = "SELECT id, source FROM article ORDER BY id";
    put(f, visit, "a.txt");
    assert_int_equal(
        put(f, "Colum|Bob|2018-06-10|||It rained all week.~So I read.", "a.txt").outcome,
        IMPORT_CREATED);
    struct import_result result =
        put(f, "Column|Bob|2018-06-10|||It rained all week.~So I read.", "a.txt");
    assert_int_equal(result.outcome, IMPORT_UPDATED);
    assert_int_equal(result.article_id, 2);
    assert_string_equal(asked(f->writer, sources), "1|;2|a.txt");
    /* One more line above them moves all others down. */
    put(f, "New|||||Text of the first line.", "a.txt");
    put(f, "Column|Bob|2018-06-10|||It rained all week.~So I read.", "b.txt");
    put(f, visit, "c.txt");
    assert_string_equal(asked(f->writer, sources), "1|c.txt;2|b.txt;3|a.txt");
    result = put(f, "Columns|Bob|2018-06-10|||It rained all week.~So I read.", "b.txt");
    assert_int_equal(result.article_id, 2);
    assert_string_equal(asked(f->writer, sources), "1|c.txt;2|b.txt;3|a.txt");
}

static void test_newest_paragraph_is_one_that_is_there(void **state) {
    struct fixture *f = *state;
    int64_t newest = 0;
    assert_int_equal(store_int(f->writer, SQL_paragraph_newest_id, &newest, STORE_NO_VALUES),
                     PROBLEM_NOT_FOUND);
    put(f, visit, "a.txt");
    put(f,
        "Minister visits|Ann Lee,Bob Ray|2018-06-03|||The minister came by train.~He stayed for "
        "three days.",
        "a.txt");
    assert_int_equal(store_int(f->writer, SQL_paragraph_newest_id, &newest, STORE_NO_VALUES),
                     PROBLEM_NONE);
    assert_int_equal(newest, 2);
}

static void test_spelling_of_terms(void **state) {
    struct fixture *f = *state;
    const char *names = "SELECT name, article_count FROM term ORDER BY id";
    put(f, "One|ann lee||world|NORTH korea|Text.", "1.txt");
    put(f, "Two|Ann Lee||World|North Korea|Text.", "2.txt");
    assert_string_equal(asked(f->writer, names), "ann lee|2;world|2;NORTH korea|2");
    put(f, "One|Ann Lee||World|North Korea|Text.", "1.txt");
    assert_string_equal(asked(f->writer, names), "ann lee|2;world|2;NORTH korea|2");
    put(f, "One|Bob||Home|South Korea|Text.", "1.txt");
    put(f, "Two|Ann Lee||World|North  Korea|Text.", "2.txt");
    assert_string_equal(asked(f->writer, names),
                        "Ann Lee|1;World|1;North  Korea|1;Bob|1;Home|1;South Korea|1");
}

struct edit_case {
    const char *line, *source;
    enum import_outcome outcome;
    const char *paragraphs; /* id, position, first and last version, match, related id */
    const char *about;
};

#define PARAGRAPHS \
    "SELECT id, coalesce(position, 0), first_version, last_version, match, related_id " \
    "FROM paragraph ORDER BY position IS NULL, position, id"

static const struct edit_case edit_cases[] = {
    {"Minister visits|Ann Lee,Bob Ray|2018-06-03|WORLD/Asia Pacific|North Korea,Talks|"
     "The minister came by train.~It rained.~He stayed for three days.~Nobody knows why.",
     "a.txt", IMPORT_UPDATED, "1|1|1|1|new|-;4|2|2|2|new|-;2|3|1|1|new|-;3|4|1|1|new|-",
     "one more in the middle"},
    {"Minister visits|Ann Lee,Bob Ray|2018-06-03|WORLD/Asia Pacific|North Korea,Talks|"
     "The minister came by train.~Nobody knows why.",
     "a.txt", IMPORT_UPDATED, "1|1|1|1|new|-;3|2|1|1|new|-;2|0|1|2|new|-", "one less"},
    {"Minister visits|Ann Lee,Bob Ray|2018-06-03|WORLD/Asia Pacific|North Korea,Talks|"
     "Nobody knows why.~The minister came by train.~He stayed for three days.",
     "a.txt", IMPORT_UPDATED, "3|1|1|2|moved|-;1|2|1|1|new|-;2|3|1|1|new|-",
     "the last comes first"},
    {"MINISTER  VISITS|ann lee,Bob Ray|2018-06-03|WORLD|Talks|"
     "The minister came by train.~He stayed for three days.~Nobody knows why.",
     "a.txt", IMPORT_UPDATED, "1|1|1|1|new|-;2|2|1|1|new|-;3|3|1|1|new|-",
     "only spelling, section and tags"},
    {"A visit|Ann Lee|2018-06-04|||The minister came by train.~He stayed for three days.~More.",
     "a.txt", IMPORT_UPDATED, "1|1|1|1|new|-;2|2|1|1|new|-;4|3|2|2|new|-;3|0|1|2|new|-",
     "another title and date, same source"},
    {"Minister visits|Ann Lee,Bob Ray|2018-06-03|||One.~Two.~Three.~Four.", "a.txt", IMPORT_UPDATED,
     "4|1|2|2|new|-;5|2|2|2|new|-;6|3|2|2|new|-;7|4|2|2|new|-;1|0|1|2|new|-;2|0|1|2|new|-;"
     "3|0|1|2|new|-",
     "all new, same identity and source"},
    {"Minister visits|Ann Lee,Bob Ray|2018-06-03|||One.~Two.~Three.~Four.", "b.txt", IMPORT_REFUSED,
     "1|1|1|1|new|-;2|2|1|1|new|-;3|3|1|1|new|-", "unlike text, same identity, other source"},
    {"Minister visits|Ann Lee,Bob Ray|2018-06-03|||One.~Two.~Three.~Four.", "", IMPORT_REFUSED,
     "1|1|1|1|new|-;2|2|1|1|new|-;3|3|1|1|new|-", "the same from nowhere"},
    {"Minister visits|Ann Lee,Bob Ray|2018-06-03|||The minister came by train.~Nobody knows why.",
     "b.txt", IMPORT_UPDATED, "1|1|1|1|new|-;3|2|1|1|new|-;2|0|1|2|new|-",
     "like text from another source"},
};

static void test_edits(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof edit_cases / sizeof edit_cases[0]; i++) {
        const struct edit_case *c = &edit_cases[i];
        put(f, visit, "a.txt");
        struct import_result result = put(f, c->line, c->source);
        if (result.outcome != c->outcome ||
            strcmp(asked(f->writer, PARAGRAPHS), c->paragraphs) != 0)
            fail_msg("%s: outcome %d, %s", c->about, (int)result.outcome,
                     asked(f->writer, PARAGRAPHS));
        assert_string_equal(asked(f->writer, "SELECT slug FROM article"), "minister-visits");
        assert_string_equal(asked(f->writer, "SELECT version, seq FROM article"),
                            c->outcome == IMPORT_UPDATED ? "2|2" : "1|1");
        assert_int_equal(put(f, visit, "a.txt").outcome,
                         c->outcome == IMPORT_UPDATED ? IMPORT_UPDATED : IMPORT_UNCHANGED);
        teardown(state);
        setup(state);
        f = *state;
    }
}

static void test_refusal_sentences(void **state) {
    struct fixture *f = *state;
    struct import *run = NULL;
    assert_int_equal(import_open(f->writer, false, &run), PROBLEM_NONE);
    put_in(f, run, visit, "a.txt");
    put_in(f, run, "Minister visits|Ann Lee,Bob Ray|2018-06-03|||The minister came by train.~Else.",
           "b.txt");
    assert_string_equal(fault.text, "a.txt of the same import has the same title, authors and "
                                    "date, but not the same words");
    assert_int_equal(put_in(f, run, "Next|||||Text.", "b.txt").outcome, IMPORT_CREATED);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    struct import_totals totals = import_totals(run);
    assert_int_equal(totals.outcome[IMPORT_CREATED], 2);
    assert_int_equal(totals.outcome[IMPORT_REFUSED], 1);
    assert_int_equal(totals.paragraphs, 4);
    import_close(run);
    put(f, "Minister visits|Ann Lee,Bob Ray|2018-06-03|||Something else.", "b.txt");
    assert_string_equal(fault.text,
                        "article 1, imported from a.txt has the same title, authors and date, but "
                        "most of its paragraphs are not in this text; it was left as it is");
    assert_store_sound(f->writer);
}

static void test_updated_at_never_goes_back(void **state) {
    struct fixture *f = *state;
    put(f, visit, "a.txt");
    asked(f->writer, "UPDATE article SET updated_at = 99999999999");
    put(f, "Minister visits|Ann Lee,Bob Ray|2018-06-03|||The minister came by train.", "a.txt");
    assert_string_equal(asked(f->writer, "SELECT updated_at, version FROM article"),
                        "99999999999|2");
}

static void test_dry_run(void **state) {
    struct fixture *f = *state;
    struct import *run = NULL;
    put(f, visit, "a.txt");
    assert_int_equal(import_open(f->writer, true, &run), PROBLEM_NONE);
    assert_int_equal(put_in(f, run, visit, "a.txt").outcome, IMPORT_UNCHANGED);
    struct import_result result = put_in(f, run, "Next|||||Text.", "b.txt");
    assert_int_equal(result.outcome, IMPORT_CREATED);
    assert_int_equal(result.article_id, 0);
    assert_int_equal(put_in(f, run, "Next|||||Else.", "c.txt").outcome, IMPORT_REFUSED);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    struct import_totals totals = import_totals(run);
    assert_int_equal(totals.outcome[IMPORT_CREATED], 1);
    assert_int_equal(totals.outcome[IMPORT_UNCHANGED], 1);
    assert_int_equal(totals.outcome[IMPORT_REFUSED], 1);
    import_close(run);
    assert_string_equal(
        asked(f->writer, "SELECT id, seq, article_count, paragraph_count FROM store"), "1|1|1|3");
    assert_string_equal(asked(f->writer, "SELECT count(*) FROM article"), "1");
}

static void test_slugs(void **state) {
    struct fixture *f = *state;
    char line[100];
    for (int i = 0; i < 40; i++) {
        snprintf(line, sizeof line, "Morning briefing||2018-01-%02d|||Text %d.", i % 28 + 1, i);
        assert_int_equal(put(f, line, "").outcome, i < 28 ? IMPORT_CREATED : IMPORT_REFUSED);
    }
    assert_string_equal(asked(f->writer, "SELECT count(DISTINCT slug), min(slug) FROM article "
                                         "WHERE slug GLOB 'morning-briefing*'"),
                        "28|morning-briefing");
    assert_string_equal(asked(f->writer, "SELECT slug FROM article WHERE id IN (2, 3, 28)"),
                        "morning-briefing-2;morning-briefing-3;morning-briefing-28");
    put(f, "C|||||Text.", "");
    put(f, "D|||C/C++|A B,A-B,a b|Text.", "");
    assert_string_equal(asked(f->writer, "SELECT slug, name FROM term WHERE kind = 3 ORDER BY id"),
                        "a-b|A B;a-b-2|A-B");
}

/* The lead is whole groups of `group` bytes after `front`, and the ellipsis. */
static void assert_cut_between(struct fixture *f, const char *front, const char *group) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_text(&text, front);
    for (size_t i = 0; i < 400; i++)
        buffer_append_text(&text, group);
    struct span lead = article_lead(buffer_span(&text), &f->arena);
    assert_true(lead.bytes < text.used);
    assert_int_equal((lead.bytes - strlen(front) - strlen("…")) % strlen(group), 0);
    buffer_fini(&text);
}

static void test_lead_keeps_characters_whole(void **state) {
    struct fixture *f = *state;
    static const char *const groups[] = {
        "\xE0\xA4\x95\xE0\xA4\xBF",                     /* a Hindi letter, its vowel */
        "\xE0\xB8\x81\xE0\xB8\xB4",                     /* a Thai one */
        "e\xCC\x81",                                    /* e and its accent */
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", /* a family: joined emoji */
    };
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        assert_cut_between(f, "", groups[i]);
        assert_cut_between(f, "a", groups[i]);
        assert_cut_between(f, "ab", groups[i]);
    }
}

static void test_lead(void **state) {
    struct fixture *f = *state;
    char text[2000], wide[2000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 7 == 6 ? ' ' : 'a';
    struct span lead = article_lead((struct span){text, sizeof text}, &f->arena);
    assert_int_equal(lead.bytes, 496 + 3);
    assert_memory_equal(lead.at + 490, "aaaaaa…", 9);
    lead = article_lead((struct span){text, 500}, &f->arena);
    assert_int_equal(lead.bytes, 500);
    for (size_t i = 0; i + 3 <= sizeof wide; i += 3)
        memcpy(wide + i, "語", 3);
    lead = article_lead((struct span){wide, 1998}, &f->arena);
    assert_int_equal(lead.bytes, 1500 + 3);
    lead = article_lead((struct span){wide, 1500}, &f->arena);
    assert_int_equal(lead.bytes, 1500);
    for (size_t i = 0; i + 3 <= sizeof wide; i += 3)
        memcpy(wide + i, "e\xCC\x81", 3);
    lead = article_lead((struct span){wide, 1998}, &f->arena);
    assert_int_equal(lead.bytes % 3, 0);
}

/* A child imports without end and is killed; what is left is whole, in batches. */
static void import_for_ever(const char *path, int ready) {
    struct store *writer = writer_open(path);
    struct import *run = NULL;
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    if (import_open(writer, false, &run) != PROBLEM_NONE)
        _exit(1);
    for (int i = 0;; i++) {
        char line[200];
        snprintf(line, sizeof line, "Title %d|Author %d||S/T%d|x,y%d|One %d.~Two %d.", i, i % 9,
                 i % 7, i % 5, i, i);
        arena_reset(&arena);
        struct article article = article_of(line, &arena);
        struct import_result result;
        if (import_article(run, &article, span_of(""), &result, NULL) != PROBLEM_NONE)
            _exit(2);
        if (import_totals(run).outcome[IMPORT_CREATED] == 1000 && i == 1000)
            (void)!write(ready, "x", 1);
    }
}

static void test_kill(void **state) {
    struct fixture *f = *state;
    for (int round = 0; round < 5; round++) {
        int pipes[2];
        store_close(f->writer);
        f->writer = NULL;
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            import_for_ever(f->place.db, pipes[1]);
        close(pipes[1]);
        if (round == 0) {
            char byte;
            assert_int_equal(read(pipes[0], &byte, 1), 1);
        }
        usleep((useconds_t)(round * 17000));
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        close(pipes[0]);
        f->writer = writer_open(f->place.db);
        assert_store_sound(f->writer);
        assert_string_equal(asked(f->writer, "SELECT article_count >= 1000, article_count % 500, "
                                             "seq = article_count FROM store"),
                            "1|0|1");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_create),
        STORE_TEST(test_unchanged),
        STORE_TEST(test_renamed_then_corrected),
        STORE_TEST(test_newest_paragraph_is_one_that_is_there),
        STORE_TEST(test_a_source_used_again),
        STORE_TEST(test_spelling_of_terms),
        STORE_TEST(test_edits),
        STORE_TEST(test_refusal_sentences),
        STORE_TEST(test_updated_at_never_goes_back),
        STORE_TEST(test_dry_run),
        STORE_TEST(test_slugs),
        STORE_TEST(test_lead),
        STORE_TEST(test_lead_keeps_characters_whole),
        STORE_TEST(test_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
