/* test_migrate.c: databases that are new, old, newer, another program's, damaged, or in the middle
 * of a change when the process dies. */
#include "store_help.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "domain/articles/article_edit.h"

enum { VERSIONS_MAX = 9 };

/* Words with numbers in them: the version of this Pilcrow is one that grows. */
__attribute__((format(printf, 1, 2))) static const char *words(const char *format, ...) {
    static char text[300];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return text;
}

static int now(void) {
    return (int)store_migrations_count;
}

/* What a Pilcrow of the future would do, and one that fails half-way. */
static const char note_text[] = "ALTER TABLE article ADD COLUMN note TEXT NOT NULL DEFAULT '';";
static const char broken_text[] =
    "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);";
static const char endless_text[] =
    "CREATE TABLE half (id INTEGER PRIMARY KEY, text TEXT) STRICT;"
    "INSERT INTO half (text) WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
    "SELECT printf('%1000d', x) FROM n;";

static int place_setup(void **state) {
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    place_make(place);
    *state = place;
    return 0;
}

static int place_teardown(void **state) {
    place_remove(*state);
    free(*state);
    return 0;
}

/* Opens as a Pilcrow whose last migration is `last` (NULL: this one). */
static struct store *open_as(const char *path, enum store_role role, const char *last,
                             struct fault *fault) {
    struct store_migration list[VERSIONS_MAX];
    struct store *store = NULL;
    size_t count = store_migrations_count;
    assert_true(count < VERSIONS_MAX);
    memcpy(list, store_migrations, count * sizeof list[0]);
    if (last != NULL) {
        list[count] = (struct store_migration){(int)count + 1, "next.sql", last};
        count++;
    }
    fault_init(fault);
    enum problem problem = store_open_with(path, role, list, count, &store, fault);
    assert_int_equal(problem == PROBLEM_NONE, store != NULL);
    assert_int_equal(problem == PROBLEM_NONE, !fault_is_set(fault));
    return store;
}

/* With this test's own row in it, to see that nothing is lost. */
static void make_current(const char *path) {
    struct store *store = writer_open(path);
    asked(store, "INSERT INTO term VALUES (7, 3, 'kept', 'Kept', 'kept', NULL, 0)");
    store_close(store);
}

static void run_sql(const char *path, const char *sql) {
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void test_fresh(void **state) {
    struct place *place = *state;
    struct fault fault;
    struct store *writer = open_as(place->db, STORE_WRITER, NULL, &fault);
    assert_non_null(writer);
    assert_string_equal(asked(writer, "SELECT application_id, user_version FROM "
                                      "pragma_application_id, pragma_user_version"),
                        words("1349086307|%d", now()));
    assert_string_equal(asked(writer, "PRAGMA journal_mode"), "wal");
    assert_store_sound(writer);
    store_close(writer);
}

static void test_empty_file_is_fresh(void **state) {
    struct place *place = *state;
    struct fault fault;
    close(open(place->db, O_CREAT | O_WRONLY, 0644));
    assert_null(open_as(place->db, STORE_READER, NULL, &fault));
    assert_non_null(strstr(fault.text, "is empty; `pilcrow import` fills it"));
    struct store *writer = open_as(place->db, STORE_WRITER, NULL, &fault);
    assert_non_null(writer);
    store_close(writer);
}

static void test_from_the_first_version(void **state) {
    struct place *place = *state;
    struct fault fault;
    run_sql(place->db, store_migrations[0].text);
    run_sql(place->db, "PRAGMA application_id=1349086307; PRAGMA user_version=1;"
                       "UPDATE store SET seq = 7");
    struct store *writer = open_as(place->db, STORE_WRITER, NULL, &fault);
    assert_non_null(writer);
    assert_string_equal(asked(writer, "SELECT seq, birth <> 0 FROM store"), "7|1");
    int64_t birth = store_birth(writer);
    assert_int_not_equal(birth, 0);
    store_close(writer);
    writer = open_as(place->db, STORE_WRITER, NULL, &fault);
    assert_non_null(writer);
    assert_int_equal(store_birth(writer), birth);
    store_close(writer);
}

/* Two articles; the first was edited once, by which one of its paragraphs went. */
static const char first_version_data[] =
    "INSERT INTO article VALUES (1, 'one', 'One', 'one', '2018-06-03', 'Text.', 1, 1, 2, 3, 100, "
    "300,"
    " 'i1', 'c1', 'a.txt');"
    "INSERT INTO article VALUES (2, 'two', 'Two', 'two', '', 'More.', 2, 3, 1, 2, 200, 200, 'i2',"
    " 'c2', '');"
    "INSERT INTO article VALUES (3, 'three', 'Three', 'three', '', '', 0, 0, 1, 1, 200, 200, 'i3',"
    " 'c3', 'c.txt');"
    "INSERT INTO paragraph VALUES (1, 1, 1, 'Text.', 1, 1, 1, 'new', NULL);"
    "INSERT INTO paragraph VALUES (2, 2, 1, 'More.', 1, 1, 1, 'new', NULL);"
    "INSERT INTO paragraph VALUES (3, 2, 2, 'And more.', 2, 1, 1, 'new', NULL);"
    "INSERT INTO paragraph VALUES (4, 1, NULL, 'Text gone.', 2, 1, 2, 'merged', 1);"
    "INSERT INTO term VALUES (1, 3, 'tag', 'Tag', 'tag', NULL, 1);"
    "INSERT INTO article_term VALUES (1, 3, 1, 1, 'Tag', '2018-06-03');"
    "UPDATE store SET seq = 3, article_count = 3, paragraph_count = 3";

static void test_first_version_with_data(void **state) {
    struct place *place = *state;
    struct fault fault;
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    run_sql(place->db, store_migrations[0].text);
    run_sql(place->db, "PRAGMA application_id=1349086307; PRAGMA user_version=1");
    run_sql(place->db, first_version_data);
    struct store *writer = open_as(place->db, STORE_WRITER, NULL, &fault);
    assert_non_null(writer);
    assert_store_sound(writer);
    assert_string_equal(asked(writer, "SELECT * FROM paragraph ORDER BY id"),
                        "1|1|1|Text.|1|1|1|new|-;2|2|1|More.|1|1|1|new|-;"
                        "3|2|2|And more.|2|1|1|new|-;4|1|-|Text gone.|2|1|2|merged|1");
    assert_string_equal(
        asked(writer, "SELECT seq, op, type, id, version, changed, at FROM change"),
        "1|create|article|3|1||200;2|create|article|2|1||200;3|create|article|1|2||300");
    assert_string_equal(asked(writer, "SELECT seq, oldest_seq, history_seq FROM store"), "3|0|3");
    /* What was imported is known of the one that came from a file and was never changed. */
    assert_string_equal(asked(writer, "SELECT id, imported FROM article"), "1|;2|;3|c3");

    /* From here on everything is kept, and no id is given again. */
    assert_int_equal(store_begin(writer), PROBLEM_NONE);
    struct article_edit edit = {writer, &arena, 400};
    struct article_edit_result result;
    struct article article = article_of("One||2018-06-03||Tag|Text.~New.", &arena);
    assert_int_equal(article_edit_replace(&edit, 1, &article, span_of(""), NULL, &result, &fault),
                     PROBLEM_NONE);
    assert_int_equal(article_edit_delete(&edit, 2, &result), PROBLEM_NONE);
    assert_int_equal(store_commit(writer), PROBLEM_NONE);
    assert_store_sound(writer);
    assert_string_equal(asked(writer, "SELECT article_id, version FROM revision"), "1|2;2|1");
    assert_string_equal(asked(writer, "SELECT id FROM paragraph WHERE text = 'New.'"), "5");
    store_close(writer);
    arena_fini(&arena);
}

/* Of tags that were renamed before their old names were kept: those in ASCII are known. */
static void test_third_version_with_old_slugs(void **state) {
    struct place *place = *state;
    struct fault fault;
    for (size_t i = 0; i < 3; i++)
        run_sql(place->db, store_migrations[i].text);
    run_sql(place->db, "PRAGMA application_id=1349086307; PRAGMA user_version=3;"
                       "INSERT INTO term VALUES (1, 3, 'phones', 'Phones', 'phones', NULL, 0);"
                       "INSERT INTO old_slug VALUES (3, 'mobile', 1), (3, 'fernspr', 1),"
                       " (3, 'handy', 1), (0, 'mobile', 1);"
                       "INSERT INTO revision_term VALUES (1, 1, 3, 1, 'mobile', 'Mobile'),"
                       " (1, 2, 3, 1, 'mobile', 'MOBILE'), (1, 2, 3, 2, 'handy', 'Phones'),"
                       " (1, 2, 3, 3, 'fernspr', 'FernsprÃ¤ch')");
    struct store *writer = open_as(place->db, STORE_WRITER, NULL, &fault);
    assert_non_null(writer);
    assert_string_equal(asked(writer, "SELECT * FROM old_key"), "3|mobile|1");
    store_close(writer);
}

static void test_older_is_migrated_after_a_backup(void **state) {
    struct place *place = *state;
    struct fault fault;
    char backup[200];
    make_current(place->db);
    assert_null(open_as(place->db, STORE_READER, note_text, &fault));
    assert_non_null(
        strstr(fault.text, words("was written by an older Pilcrow (version %d; this one "
                                 "needs %d); `pilcrow serve` brings it up to date",
                                 now(), now() + 1)));
    struct store *writer = open_as(place->db, STORE_WRITER, note_text, &fault);
    assert_non_null(writer);
    assert_string_equal(asked(writer, "SELECT user_version FROM pragma_user_version"),
                        words("%d", now() + 1));
    assert_string_equal(asked(writer, "SELECT name FROM term"), "Kept");
    assert_string_equal(asked(writer, "SELECT count(note) FROM article"), "0");
    store_close(writer);
    struct store *reader = open_as(place->db, STORE_READER, note_text, &fault);
    assert_non_null(reader);
    store_close(reader);
    store_close(open_as(place->db, STORE_WRITER, note_text, &fault));
    snprintf(backup, sizeof backup, "%s.before-v%d", place->db, now() + 2);
    assert_int_not_equal(access(backup, F_OK), 0);

    snprintf(backup, sizeof backup, "%s.before-v%d", place->db, now() + 1);
    writer = open_as(backup, STORE_WRITER, NULL, &fault);
    assert_non_null(writer);
    assert_string_equal(asked(writer, "SELECT name FROM term"), "Kept");
    assert_store_sound(writer);
    store_close(writer);
}

static void test_older_backup_is_kept(void **state) {
    struct place *place = *state;
    struct fault fault;
    char backup[200];
    make_current(place->db);
    snprintf(backup, sizeof backup, "%s.before-v%d", place->db, now() + 1);
    run_sql(backup, "CREATE TABLE precious (x)");
    store_close(open_as(place->db, STORE_WRITER, note_text, &fault));
    run_sql(backup, "SELECT x FROM precious");
    snprintf(backup, sizeof backup, "%s.before-v%d-2", place->db, now() + 1);
    assert_int_equal(access(backup, F_OK), 0);
}

static void test_newer_is_refused(void **state) {
    struct place *place = *state;
    struct fault fault;
    store_close(open_as(place->db, STORE_WRITER, note_text, &fault));
    for (int role = STORE_READER; role <= STORE_WRITER; role++) {
        assert_null(open_as(place->db, (enum store_role)role, NULL, &fault));
        assert_non_null(strstr(
            fault.text, words("was written by a newer Pilcrow (version %d; this one knows %d)",
                              now() + 1, now())));
    }
    store_close(open_as(place->db, STORE_WRITER, note_text, &fault));
}

static void test_broken_migration_changes_nothing(void **state) {
    struct place *place = *state;
    struct fault fault;
    make_current(place->db);
    assert_null(open_as(place->db, STORE_WRITER, broken_text, &fault));
    assert_non_null(strstr(fault.text, words("cannot be brought to version %d (no such table: "
                                             "nowhere)",
                                             now() + 1)));
    struct store *writer = open_as(place->db, STORE_WRITER, NULL, &fault);
    assert_non_null(writer);
    assert_string_equal(asked(writer, "SELECT name FROM sqlite_schema WHERE name = 'half'"), "");
    assert_string_equal(asked(writer, "SELECT name FROM term"), "Kept");
    store_close(writer);
}

static void test_killed_migration_changes_nothing(void **state) {
    struct place *place = *state;
    struct fault fault;
    make_current(place->db);
    for (useconds_t wait_us = 1000; wait_us < 200000; wait_us = wait_us * 5 / 2) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            open_as(place->db, STORE_WRITER, endless_text, &fault);
            _exit(1);
        }
        usleep(wait_us);
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        struct store *writer = open_as(place->db, STORE_WRITER, NULL, &fault);
        assert_non_null(writer);
        assert_string_equal(asked(writer, "SELECT name FROM term"), "Kept");
        assert_store_sound(writer);
        store_close(writer);
    }
}

static void test_no_backup_no_migration(void **state) {
    struct place *place = *state;
    struct fault fault;
    char name[200];
    make_current(place->db);
    snprintf(name, sizeof name, "%s.before-v%d.new", place->db, now() + 1);
    assert_int_equal(mkdir(name, 0755), 0);
    assert_null(open_as(place->db, STORE_WRITER, note_text, &fault));
    assert_non_null(strstr(fault.text, "no backup copy of"));
    rmdir(name);
    store_close(open_as(place->db, STORE_WRITER, NULL, &fault));
}

struct foreign_case {
    const char *about;
    const char *sql;  /* makes the file, or */
    const char *text; /* is the file */
    const char *fault;
};

static const struct foreign_case foreign_cases[] = {
    {"another program's", "CREATE TABLE a (b); INSERT INTO a VALUES (1)", NULL,
     "is not a Pilcrow database, but one of another program"},
    {"another program's with a number", "PRAGMA application_id=5; CREATE TABLE a (b)", NULL,
     "is not a Pilcrow database, but one of another program"},
    {"another program's with a version", "PRAGMA user_version=1; CREATE TABLE a (b)", NULL,
     "is not a Pilcrow database, but one of another program"},
    {"text", NULL, "Minister visits\nAnn Lee | 03.06.2018 | WORLD\n", "is not a database"},
    {"one byte", NULL, "x", "is not a database"},
    {"the name of the format alone", NULL, "SQLite format 3", "is not a database"},
};

static void test_foreign_is_left_alone(void **state) {
    struct place *place = *state;
    for (size_t i = 0; i < sizeof foreign_cases / sizeof foreign_cases[0]; i++) {
        const struct foreign_case *c = &foreign_cases[i];
        struct fault fault;
        struct stat before, after;
        unlink(place->db);
        if (c->sql != NULL) {
            run_sql(place->db, c->sql);
        } else {
            int file = open(place->db, O_CREAT | O_WRONLY, 0644);
            assert_int_equal(write(file, c->text, strlen(c->text)), strlen(c->text));
            close(file);
        }
        assert_int_equal(stat(place->db, &before), 0);
        for (int role = STORE_READER; role <= STORE_WRITER; role++) {
            assert_null(open_as(place->db, (enum store_role)role, NULL, &fault));
            if (strstr(fault.text, c->fault) == NULL)
                fail_msg("%s: %s", c->about, fault.text);
        }
        assert_int_equal(stat(place->db, &after), 0);
        assert_int_equal(before.st_size, after.st_size);
        assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    }
}

static void test_no_file_to_open(void **state) {
    struct place *place = *state;
    struct fault fault;
    char name[200];
    assert_null(open_as("", STORE_WRITER, NULL, &fault));
    assert_string_equal(fault.text, "the database has no name");
    assert_null(open_as(place->folder, STORE_WRITER, NULL, &fault));
    assert_non_null(strstr(fault.text, "is a folder, not a database file"));
    assert_null(open_as("/dev/null", STORE_READER, NULL, &fault));
    assert_non_null(strstr(fault.text, "is no regular file, not a database file"));
    snprintf(name, sizeof name, "%s/none/x.db", place->folder);
    assert_null(open_as(name, STORE_WRITER, NULL, &fault));
    assert_non_null(strstr(fault.text, "/none for the database does not exist"));
    assert_null(open_as(place->db, STORE_READER, NULL, &fault));
    assert_non_null(strstr(fault.text, "does not exist; `pilcrow import` makes it"));
    assert_int_not_equal(access(place->db, F_OK), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fresh, place_setup, place_teardown),
        cmocka_unit_test_setup_teardown(test_empty_file_is_fresh, place_setup, place_teardown),
        cmocka_unit_test_setup_teardown(test_from_the_first_version, place_setup, place_teardown),
        cmocka_unit_test_setup_teardown(test_first_version_with_data, place_setup, place_teardown),
        cmocka_unit_test_setup_teardown(test_third_version_with_old_slugs, place_setup,
                                        place_teardown),
        cmocka_unit_test_setup_teardown(test_older_is_migrated_after_a_backup, place_setup,
                                        place_teardown),
        cmocka_unit_test_setup_teardown(test_older_backup_is_kept, place_setup, place_teardown),
        cmocka_unit_test_setup_teardown(test_newer_is_refused, place_setup, place_teardown),
        cmocka_unit_test_setup_teardown(test_broken_migration_changes_nothing, place_setup,
                                        place_teardown),
        cmocka_unit_test_setup_teardown(test_killed_migration_changes_nothing, place_setup,
                                        place_teardown),
        cmocka_unit_test_setup_teardown(test_no_backup_no_migration, place_setup, place_teardown),
        cmocka_unit_test_setup_teardown(test_foreign_is_left_alone, place_setup, place_teardown),
        cmocka_unit_test_setup_teardown(test_no_file_to_open, place_setup, place_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
