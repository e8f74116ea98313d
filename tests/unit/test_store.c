/* test_store.c: statements, transactions, roles, deadlines, and what happens when the disk, the file or
 * another program is in the way. */
#include "store_help.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "domain/import.h"
#include "ground/log.h"

struct fixture {
    struct place place;
    struct store *writer;
    struct arena arena;
};

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    place_make(&f->place);
    arena_init(&f->arena, 64 * 1024 * 1024);
    f->writer = writer_open(f->place.db);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    store_close(f->writer);
    arena_fini(&f->arena);
    place_remove(&f->place);
    free(f);
    return 0;
}

static enum problem try_open(const char *path, enum store_role role, struct store **store,
                             struct fault *fault) {
    fault_init(fault);
    enum problem problem = store_open(path, role, store, fault);
    assert_int_equal(problem == PROBLEM_NONE, !fault_is_set(fault));
    return problem;
}

static struct store *reader_open(const char *path) {
    struct store *reader = NULL;
    struct fault fault;
    if (try_open(path, STORE_READER, &reader, &fault) != PROBLEM_NONE)
        fail_msg("%s", fault.text);
    return reader;
}

/* Articles number first to last, each with a large paragraph. */
static enum problem fill(struct store *writer, int first, int last, struct arena *arena) {
    struct import *run = NULL;
    char line[3000];
    enum problem problem = import_open(writer, false, &run);
    for (int i = first; problem == PROBLEM_NONE && i <= last; i++) {
        struct import_result result;
        snprintf(line, sizeof line, "Title %d|Author %d|2018-01-01|S/T|x,y|Short %d.~%02000d", i,
                 i % 9, i, i);
        arena_reset(arena);
        struct article article = article_of(line, arena);
        problem = import_article(run, &article, span_of(""), &result, NULL);
    }
    if (problem == PROBLEM_NONE)
        problem = import_commit(run);
    import_close(run);
    return problem;
}

/* ---- statements and transactions ---- */

static void test_values_and_rows(void **state) {
    struct fixture *f = *state;
    struct store *store = f->writer;
    int64_t id = 0, version = 0;
    struct store_value name = STORE_TEXT(SPAN_LITERAL("K\xC3\xA4se"));
    assert_int_equal(store_begin(store), PROBLEM_NONE);
    assert_int_equal(store_int(store, SQL_term_insert, &id,
                               STORE_VALUES(STORE_INT(3), STORE_TEXT(SPAN_LITERAL("kaese")), name,
                                            STORE_TEXT(((struct span){NULL, 0})), STORE_NULL)),
                     PROBLEM_NONE);
    assert_int_equal(store_commit(store), PROBLEM_NONE);
    assert_int_equal(store_int(store, SQL_stored_term_by_key, &version,
                               STORE_VALUES(STORE_INT(3), STORE_TEXT(SPAN_LITERAL("")))),
                     PROBLEM_NONE);
    assert_int_equal(version, id);
    assert_int_equal(store_int(store, SQL_stored_term_by_key, &version,
                               STORE_VALUES(STORE_INT(2), STORE_TEXT(SPAN_LITERAL("")))),
                     PROBLEM_NOT_FOUND);
    struct rows rows = {0};
    store_query(store, SQL_store_totals, &rows, STORE_NO_VALUES);
    assert_int_equal(rows_width(&rows), 3);
    assert_string_equal(rows_name(&rows, 1), "article_count");
    assert_true(rows_next(&rows));
    assert_int_equal(rows_type(&rows, 0), STORE_TYPE_INT);
    assert_int_equal(rows_text(&rows, 0).bytes, 1);
    assert_false(rows_next(&rows));
    assert_false(rows_next(&rows));
    assert_int_equal(rows_end(&rows), PROBLEM_NONE);
    assert_int_equal(rows_end(&rows), PROBLEM_NONE);
}

static void test_mistakes_are_internal(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    int64_t number;
    assert_int_equal(store_run(reader, SQL_links_delete, STORE_VALUES(STORE_INT(1))),
                     PROBLEM_INTERNAL);
    assert_int_equal(store_run(f->writer, SQL_links_delete, STORE_NO_VALUES), PROBLEM_INTERNAL);
    struct rows rows = {0};
    store_query(reader, SQL_store_totals, &rows, STORE_NO_VALUES);
    assert_true(rows_next(&rows));
    assert_int_equal(store_seq(reader, &number), PROBLEM_INTERNAL);
    assert_int_equal(rows_end(&rows), PROBLEM_NONE);
    assert_int_equal(store_seq(reader, &number), PROBLEM_NONE);
    store_close(reader);
}

static void test_transactions(void **state) {
    struct fixture *f = *state;
    struct store *writer = f->writer, *reader = reader_open(f->place.db);
    int64_t seq = -1;
    store_end(writer);
    assert_int_equal(store_begin(reader), PROBLEM_NONE);
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    assert_int_equal(seq, 0);
    assert_int_equal(fill(writer, 1, 3, &f->arena), PROBLEM_NONE);
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    assert_int_equal(seq, 0);
    store_end(reader);
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    assert_int_equal(seq, 3);

    assert_int_equal(store_begin(writer), PROBLEM_NONE);
    assert_int_equal(
        store_int(writer, SQL_totals_add, &seq, STORE_VALUES(STORE_INT(5), STORE_INT(5))),
        PROBLEM_NONE);
    store_end(writer);
    assert_int_equal(store_begin(writer), PROBLEM_NONE);
    assert_int_equal(store_mark(writer), PROBLEM_NONE);
    assert_int_equal(
        store_int(writer, SQL_totals_add, &seq, STORE_VALUES(STORE_INT(5), STORE_INT(5))),
        PROBLEM_NONE);
    store_mark_undo(writer);
    assert_int_equal(store_mark(writer), PROBLEM_NONE);
    assert_int_equal(store_mark_keep(writer), PROBLEM_NONE);
    assert_int_equal(store_commit(writer), PROBLEM_NONE);
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    assert_int_equal(seq, 3);
    assert_store_sound(writer);
    store_close(reader);
}

static void test_conflict(void **state) {
    struct fixture *f = *state;
    assert_int_equal(
        store_run(f->writer, SQL_link_insert,
                  STORE_VALUES(STORE_INT(1), STORE_INT(1), STORE_INT(1), STORE_INT(1),
                               STORE_TEXT(SPAN_LITERAL("x")), STORE_TEXT(SPAN_LITERAL("")))),
        PROBLEM_CONFLICT);
}

/* ---- what a reader may do ---- */

static const char *const refused_to_readers[] = {
    "INSERT INTO store VALUES (2, 0, 0, 0)",
    "DELETE FROM article",
    "UPDATE store SET seq = 9",
    "CREATE TABLE a (b)",
    "DROP TABLE term",
    "CREATE TEMP TABLE a (b)",
    "ATTACH 'other.db' AS other",
    "PRAGMA query_only = OFF",
    "PRAGMA journal_mode",
    "PRAGMA writable_schema = ON",
    "SELECT load_extension('x')",
    "VACUUM INTO 'copy.db'",
    "SAVEPOINT a",
    "REINDEX",
};

static void test_readers_cannot_write(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    int64_t number = 0;
    for (size_t i = 0; i < sizeof refused_to_readers / sizeof refused_to_readers[0]; i++) {
        if (store_scalar(reader, refused_to_readers[i], &number) == PROBLEM_NONE)
            fail_msg("a reader may %s", refused_to_readers[i]);
    }
    assert_int_equal(sqlite3_db_readonly(reader->db, "main"), 1);
    /* Without the authorizer the file is still read-only. */
    sqlite3_set_authorizer(reader->db, NULL, NULL);
    assert_int_equal(store_scalar(reader, "UPDATE store SET seq = 9", &number), PROBLEM_READ_ONLY);
    store_close(reader);
}

static const struct setting_case {
    enum store_role role;
    const char *sql, *value;
} setting_cases[] = {
    {STORE_WRITER, "PRAGMA synchronous", "2"},     {STORE_WRITER, "PRAGMA wal_autocheckpoint", "0"},
    {STORE_WRITER, "PRAGMA foreign_keys", "1"},    {STORE_WRITER, "PRAGMA trusted_schema", "0"},
    {STORE_WRITER, "PRAGMA mmap_size", "0"},       {STORE_WRITER, "PRAGMA cell_size_check", "1"},
    {STORE_READER, "PRAGMA query_only", "1"},      {STORE_READER, "PRAGMA wal_autocheckpoint", "0"},
    {STORE_READER, "PRAGMA cell_size_check", "1"}, {STORE_READER, "PRAGMA cache_size", "-1024"},
    {STORE_READER, "PRAGMA trusted_schema", "0"},
};

static void test_limits_are_set(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    assert_int_equal(sqlite3_limit(reader->db, SQLITE_LIMIT_SQL_LENGTH, -1), 16 * 1024);
    assert_int_equal(sqlite3_limit(reader->db, SQLITE_LIMIT_ATTACHED, -1), 0);
    assert_int_equal(sqlite3_limit(f->writer->db, SQLITE_LIMIT_LENGTH, -1), 4 * 1024 * 1024);
    for (size_t i = 0; i < sizeof setting_cases / sizeof setting_cases[0]; i++) {
        const struct setting_case *c = &setting_cases[i];
        assert_string_equal(asked(c->role == STORE_READER ? reader : f->writer, c->sql), c->value);
    }
    store_close(reader);
}

/* ---- deadline ---- */

static void test_deadline(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    static const char endless[] =
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT count(*) FROM n";
    int64_t number;
    for (int i = 0; i < 20; i++) {
        store_deadline_set(reader, 2);
        assert_int_equal(store_begin(reader), PROBLEM_NONE);
        assert_int_equal(store_scalar(reader, endless, &number), PROBLEM_QUERY_TIMEOUT);
        assert_int_equal(store_seq(reader, &number), PROBLEM_QUERY_TIMEOUT);
        store_end(reader);
        assert_int_equal(store_begin(reader), PROBLEM_QUERY_TIMEOUT);
        store_deadline_set(reader, 0);
        assert_int_equal(store_seq(reader, &number), PROBLEM_NONE);
    }
    store_close(reader);
}

/* ---- one writer ---- */

static void test_second_writer_is_refused(void **state) {
    struct fixture *f = *state;
    struct store *second = NULL;
    struct fault fault;
    char expected[200], link_name[200];
    snprintf(expected, sizeof expected, "%s is being written by another pilcrow (process %ld)",
             f->place.db, (long)getpid());
    assert_int_equal(try_open(f->place.db, STORE_WRITER, &second, &fault), PROBLEM_BUSY);
    assert_string_equal(fault.text, expected);
    snprintf(link_name, sizeof link_name, "%s/other.db", f->place.folder);
    assert_int_equal(symlink(f->place.db, link_name), 0);
    assert_int_equal(try_open(link_name, STORE_WRITER, &second, &fault), PROBLEM_BUSY);
    assert_string_equal(fault.text, expected);
    store_close(f->writer);
    f->writer = writer_open(link_name);
}

static void test_locked_by_another_program(void **state) {
    struct fixture *f = *state;
    int ready[2], go[2];
    char byte = 'x';
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(go), 0);
    store_close(f->writer);
    f->writer = NULL;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        sqlite3 *db = NULL;
        if (sqlite3_open(f->place.db, &db) != SQLITE_OK ||
            sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
            _exit(1);
        (void)!write(ready[1], "x", 1);
        (void)!read(go[0], &byte, 1);
        sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    f->writer = writer_open(f->place.db);
    sqlite3_busy_timeout(f->writer->db, 20);
    assert_int_equal(fill(f->writer, 1, 1, &f->arena), PROBLEM_BUSY);
    struct store *reader = reader_open(f->place.db);
    int64_t seq;
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    store_close(reader);
    assert_int_equal(write(go[1], "x", 1), 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(fill(f->writer, 1, 1, &f->arena), PROBLEM_NONE);
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(go[i]);
    }
}

/* ---- the log ---- */

static off_t log_bytes(const struct place *place) {
    char name[200];
    struct stat facts;
    snprintf(name, sizeof name, "%s-wal", place->db);
    return stat(name, &facts) == 0 ? facts.st_size : -1;
}

static void test_log_stays_small(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    int64_t seq;
    off_t most = 0;
    for (int round = 0; round < 20; round++) {
        assert_int_equal(fill(f->writer, round * 300, round * 300 + 299, &f->arena), PROBLEM_NONE);
        assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
        most = log_bytes(&f->place) > most ? log_bytes(&f->place) : most;
    }
    assert_in_range(most, 1, 8 * 1024 * 1024);
    /* A reader's close leaves the log alone, the writer's empties it. */
    store_close(reader);
    assert_true(log_bytes(&f->place) > 0);
    reader = reader_open(f->place.db);
    store_close(f->writer);
    assert_int_equal(log_bytes(&f->place), 0);
    store_close(reader);
    f->writer = writer_open(f->place.db);
    assert_store_sound(f->writer);
}

/* ---- a full disk, a read-only folder ---- */

/* The child's status is 0 when `work` held all it asserts; 77 when it cannot be tried here. */
static void run_apart(void (*work)(struct place *place), struct place *place) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        work(place);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

#define WANT(condition) \
    do { \
        if (!(condition)) { \
            print_message("line %d: %s\n", __LINE__, #condition); \
            _exit(1); \
        } \
    } while (0)

static void fill_to_the_limit(struct place *place) {
    struct arena arena;
    struct rlimit limit = {600 * 1024, 600 * 1024};
    arena_init(&arena, 1024 * 1024);
    struct store *writer = writer_open(place->db);
    signal(SIGXFSZ, SIG_IGN);
    WANT(fill(writer, 1, 20, &arena) == PROBLEM_NONE);
    WANT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    WANT(fill(writer, 21, 5000, &arena) == PROBLEM_DISK_FULL);
    struct store *reader = reader_open(place->db);
    int64_t seq = 0;
    WANT(store_seq(reader, &seq) == PROBLEM_NONE && seq == 20);
}

static void test_file_size_limit(void **state) {
    struct fixture *f = *state;
    store_close(f->writer);
    f->writer = NULL;
    run_apart(fill_to_the_limit, &f->place);
    f->writer = writer_open(f->place.db);
    assert_store_sound(f->writer);
    assert_string_equal(asked(f->writer, "SELECT seq FROM store"), "20");
}

static void fill_small_disk(struct place *place) {
    char ballast[200];
    static char zeros[700 * 1024];
    struct arena arena;
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", place->folder, "tmpfs", 0, "size=3m") != 0)
        _exit(77);
    arena_init(&arena, 1024 * 1024);
    snprintf(ballast, sizeof ballast, "%s/ballast", place->folder);
    struct store *writer = writer_open(place->db);
    WANT(fill(writer, 1, 20, &arena) == PROBLEM_NONE);
    int file = open(ballast, O_CREAT | O_WRONLY, 0644);
    WANT(write(file, zeros, sizeof zeros) == sizeof zeros);
    close(file);
    WANT(fill(writer, 21, 5000, &arena) == PROBLEM_DISK_FULL);
    WANT(fill(writer, 21, 5000, &arena) == PROBLEM_DISK_FULL);
    struct store *reader = reader_open(place->db);
    int64_t full_seq = 0, seq = 0;
    WANT(store_seq(reader, &full_seq) == PROBLEM_NONE && full_seq % 500 == 20);
    WANT(unlink(ballast) == 0);
    WANT(fill(writer, 5001, 5010, &arena) == PROBLEM_NONE);
    WANT(store_seq(reader, &seq) == PROBLEM_NONE && seq == full_seq + 10);
    store_close(reader);
    assert_store_sound(writer);
    store_close(writer);
}

static void test_full_disk(void **state) {
    struct fixture *f = *state;
    store_close(f->writer);
    f->writer = NULL;
    unlink(f->place.db);
    run_apart(fill_small_disk, &f->place);
}

static void open_without_rights(struct place *place) {
    struct store *store = NULL;
    struct fault fault;
    WANT(chmod(place->folder, 0555) == 0 && chmod(place->db, 0444) == 0);
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        _exit(77);
    WANT(try_open(place->db, STORE_WRITER, &store, &fault) == PROBLEM_READ_ONLY);
    WANT(strstr(fault.text, "Permission denied; the database's folder must be writable") != NULL);
    char other[200];
    snprintf(other, sizeof other, "%s/new.db", place->folder);
    WANT(try_open(other, STORE_WRITER, &store, &fault) == PROBLEM_READ_ONLY);
}

static void test_no_rights(void **state) {
    struct fixture *f = *state;
    char lock[200];
    store_close(f->writer);
    f->writer = NULL;
    snprintf(lock, sizeof lock, "%s.lock", f->place.db);
    chmod(lock, 0444);
    run_apart(open_without_rights, &f->place);
    chmod(f->place.folder, 0755);
    chmod(f->place.db, 0644);
    chmod(lock, 0644);
    f->writer = writer_open(f->place.db);
    assert_store_sound(f->writer);
}

/* ---- damage ---- */

struct image {
    unsigned char *bytes;
    size_t count;
};

static struct image image_read(const char *path) {
    struct stat facts;
    int file = open(path, O_RDONLY);
    assert_int_equal(fstat(file, &facts), 0);
    struct image image = {malloc((size_t)facts.st_size), (size_t)facts.st_size};
    assert_non_null(image.bytes);
    assert_int_equal(read(file, image.bytes, image.count), image.count);
    close(file);
    return image;
}

static void image_write(const char *path, const struct image *image) {
    int file = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    assert_int_equal(write(file, image->bytes, image->count), image->count);
    close(file);
}

/* Whatever is in the file: an answer or a problem, never a crash; and what claims to be sound is. */
static void keep_quiet(void *context, const char *finding) {
    (void)context, (void)finding;
}

static void use_damaged(const char *path, struct arena *arena) {
    struct store *store = NULL;
    struct fault fault;
    size_t findings = 0;
    if (try_open(path, STORE_READER, &store, &fault) == PROBLEM_NONE) {
        int64_t number;
        (void)!store_seq(store, &number);
        for (int id = 1; id <= 5; id++)
            (void)!store_run(store, SQL_article_version_by_id, STORE_VALUES(STORE_INT(id)));
        (void)!store_check(store, keep_quiet, NULL, &findings);
        store_close(store);
    }
    if (try_open(path, STORE_WRITER, &store, &fault) == PROBLEM_NONE) {
        (void)!fill(store, 3, 40, arena);
        store_close(store);
    }
}

static void test_flipped_bytes(void **state) {
    struct fixture *f = *state;
    char path[200];
    const char *wanted = getenv("PILCROW_TEST_FLIPS");
    size_t flips = wanted == NULL ? 300 : strtoul(wanted, NULL, 10);
    assert_int_equal(fill(f->writer, 1, 30, &f->arena), PROBLEM_NONE);
    store_close(f->writer);
    f->writer = NULL;
    struct image image = image_read(f->place.db);
    snprintf(path, sizeof path, "%s/flipped.db", f->place.folder);
    log_setup(CONFIG_LOG_LOGFMT, -1);
    uint64_t random = 88172645463325252U;
    for (size_t i = 0; i < flips; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        /* Every other one in the first bytes of a page, where its structure is. */
        size_t at = (size_t)(random % image.count);
        if (i % 2 == 0)
            at = at / 4096 * 4096 + at % 64;
        unsigned char flip = (unsigned char)(random >> 40) | 1;
        image.bytes[at] ^= flip;
        image_write(path, &image);
        image.bytes[at] ^= flip;
        use_damaged(path, &f->arena);
    }
    log_setup(CONFIG_LOG_LOGFMT, LOG_INFO);
    free(image.bytes);
}

static void test_truncated_file(void **state) {
    struct fixture *f = *state;
    struct store *store = NULL;
    struct fault fault;
    assert_int_equal(fill(f->writer, 1, 30, &f->arena), PROBLEM_NONE);
    store_close(f->writer);
    f->writer = NULL;
    assert_int_equal(truncate(f->place.db, 5 * 4096), 0);
    assert_int_equal(try_open(f->place.db, STORE_WRITER, &store, &fault), PROBLEM_CORRUPT);
    assert_non_null(strstr(fault.text, "is damaged"));
    assert_non_null(strstr(fault.text, "restore it from a backup"));
}

struct check_case {
    const char *sql, *finding;
};

static const struct check_case check_cases[] = {
    {"UPDATE store SET article_count = 9", "the total says 9 articles, there are 2"},
    {"UPDATE store SET paragraph_count = 9", "the total says 9 paragraphs, there are 4"},
    {"UPDATE store SET seq = 1", "article 2 was written by write 2, the last is 1"},
    {"UPDATE article SET paragraph_count = 3 WHERE id = 1",
     "article 1 says 3 paragraphs, there are 2"},
    {"UPDATE article SET word_count = 99 WHERE id = 1", "article 1 says 99 words"},
    {"UPDATE paragraph SET position = 3 WHERE id = 2",
     "the paragraphs of article 1 are not numbered without a gap"},
    {"UPDATE paragraph SET last_version = 2 WHERE id = 1", "paragraph 1 has versions 1 to 2"},
    {"UPDATE term SET article_count = 7 WHERE id = 1", "term 1 says 7 articles, there are 1"},
    {"UPDATE article_term SET published = '' WHERE article_id = 2 AND kind = 3 AND position = 1",
     "article 2 and its term 4 differ in the date"},
    {"UPDATE article_term SET position = 7 WHERE article_id = 1 AND kind = 3 AND position = 1",
     "the terms of article 1 are not numbered without a gap"},
    {"UPDATE term SET parent_id = NULL WHERE kind = 2", "does not lie in the section before it"},
    {"PRAGMA foreign_keys=OFF; DELETE FROM term WHERE id = 1", "refers to a missing row of term"},
    {"DELETE FROM store", "the row of totals is missing"},
};

static void find_finding(void *context, const char *finding) {
    const char **wanted = context;
    if (*wanted != NULL && strstr(finding, *wanted) != NULL)
        *wanted = NULL;
}

static void test_check_finds(void **state) {
    for (size_t i = 0; i < sizeof check_cases / sizeof check_cases[0]; i++) {
        struct fixture *f = *state;
        const char *wanted = check_cases[i].finding;
        size_t findings = 0;
        assert_int_equal(fill(f->writer, 1, 2, &f->arena), PROBLEM_NONE);
        assert_int_equal(sqlite3_exec(f->writer->db, check_cases[i].sql, NULL, NULL, NULL),
                         SQLITE_OK);
        struct store *reader = reader_open(f->place.db);
        assert_int_equal(store_check(reader, find_finding, &wanted, &findings), PROBLEM_NONE);
        store_close(reader);
        if (wanted != NULL || findings == 0)
            fail_msg("not found: %s", wanted);
        teardown(state);
        setup(state);
    }
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_values_and_rows),
        STORE_TEST(test_mistakes_are_internal),
        STORE_TEST(test_transactions),
        STORE_TEST(test_conflict),
        STORE_TEST(test_readers_cannot_write),
        STORE_TEST(test_limits_are_set),
        STORE_TEST(test_deadline),
        STORE_TEST(test_second_writer_is_refused),
        STORE_TEST(test_locked_by_another_program),
        STORE_TEST(test_log_stays_small),
        STORE_TEST(test_file_size_limit),
        STORE_TEST(test_full_disk),
        STORE_TEST(test_no_rights),
        STORE_TEST(test_flipped_bytes),
        STORE_TEST(test_truncated_file),
        STORE_TEST(test_check_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
