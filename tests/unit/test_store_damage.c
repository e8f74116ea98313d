/* test_store_damage.c: a full disk, missing rights, damaged files, and what `pilcrow check` finds.
 * */
#include "store_help.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "domain/articles/article_edit.h"
#include "ground/log.h"

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
    WANT(try_open(place->db, STORE_READER, &store, &fault) == PROBLEM_READ_ONLY);
    WANT(strstr(fault.text, "the file or its folder is read-only for this user") != NULL);
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

/* Whatever is in the file: an answer or a problem, never a crash; and what claims to be sound is.
 * */
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

/* What a write leaves behind: article 1 is at version 2 and has an old slug, article 2 is gone. */
static const struct check_case history_cases[] = {
    {"DELETE FROM change WHERE seq = 2", "of the changes 1 to 4 there are 3"},
    {"UPDATE change SET seq = 9 WHERE seq = 2",
     "change 9 is not among those that are kept, 0 to 4"},
    {"UPDATE store SET oldest_seq = 2", "change 1 is not among those that are kept, 2 to 4"},
    {"UPDATE change SET version = 1 WHERE seq = 3",
     "article 1 was written by write 3, whose change is another"},
    {"UPDATE change SET op = 'delete' WHERE seq = 3",
     "article 1 was written by write 3, whose change is another"},
    {"UPDATE change SET id = 1 WHERE seq = 4",
     "article 2 was deleted by write 4, whose change is another"},
    {"INSERT INTO deletion VALUES (1, 'x', 'x', 1, 4, 0, '')", "article 1 is there, and deleted"},
    {"DELETE FROM revision WHERE article_id = 1", "no version of article 1 before 2 is kept"},
    {"DELETE FROM revision WHERE article_id = 2", "no version of article 2 before 2 is kept"},
    {"UPDATE revision SET version = 5 WHERE article_id = 1",
     "the versions of article 1 have a hole"},
    {"DELETE FROM revision_paragraph WHERE article_id = 1 AND position = 2",
     "the paragraphs of article 1, version 1, are not what it says"},
    {"UPDATE revision_paragraph SET position = 7 WHERE article_id = 2 AND position = 2",
     "the paragraphs of article 2, version 1, are not what it says"},
    {"DELETE FROM revision_term WHERE article_id = 1 AND kind = 3 AND position = 1",
     "the terms of article 1, version 1, are not numbered without a gap"},
    {"UPDATE revision_term SET version = 3 WHERE article_id = 1",
     "parts of article 1, version 3, are kept without it"},
    {"UPDATE revision_paragraph SET id = 1 WHERE article_id = 1",
     "paragraph 1 stands twice in article 1, version 1"},
    {"UPDATE revision_paragraph SET id = 1 WHERE article_id = 2 AND position = 1",
     "paragraph 1 was in article 2, and is not its"},
    {"UPDATE old_slug SET target_id = 7", "the old address title-1 leads to 7, which is not there"},
    {"UPDATE old_slug SET kind = 3, target_id = 1",
     "the old address title-1 leads to 1, which is not there"},
    {"UPDATE old_slug SET slug = 'first'", "the address first is an old and a present one"},
    {"INSERT INTO old_key SELECT 1, 'gone', id FROM term WHERE key = 'x'",
     "the old name gone leads to 4, which is not there, or is a present one"},
    {"INSERT INTO old_key SELECT kind, key, id FROM term WHERE key = 'x'",
     "the old name x leads to 4, which is not there, or is a present one"},
    {"UPDATE paragraph SET article_id = 7 WHERE id = 1",
     "paragraph 1 is of article 7, which is not there"},
    {"UPDATE paragraph SET position = 1 WHERE id = 3",
     "paragraph 3 is of article 2, which is not there"},
};

static void edit_some(struct fixture *f) {
    struct article_edit_result result;
    struct article_edit edit = {f->writer, &f->arena, 0};
    assert_int_equal(fill(f->writer, 1, 2, &f->arena), PROBLEM_NONE);
    struct article article = article_of("Title 1|Author 1|2018-01-01||x|Short.", &f->arena);
    assert_int_equal(store_begin(f->writer), PROBLEM_NONE);
    assert_int_equal(
        article_edit_replace(&edit, 1, &article, span_of("first"), NULL, &result, NULL),
        PROBLEM_NONE);
    assert_int_equal(article_edit_delete(&edit, 2, &result), PROBLEM_NONE);
    assert_int_equal(store_commit(f->writer), PROBLEM_NONE);
    assert_store_sound(f->writer);
}

static void test_check_finds_in_history(void **state) {
    for (size_t i = 0; i < sizeof history_cases / sizeof history_cases[0]; i++) {
        struct fixture *f = *state;
        const char *wanted = history_cases[i].finding;
        size_t findings = 0;
        edit_some(f);
        assert_int_equal(sqlite3_exec(f->writer->db, history_cases[i].sql, NULL, NULL, NULL),
                         SQLITE_OK);
        assert_int_equal(store_check(f->writer, find_finding, &wanted, &findings), PROBLEM_NONE);
        if (wanted != NULL || findings == 0)
            fail_msg("not found: %s", wanted);
        teardown(state);
        setup(state);
    }
}

/* What follows from other rows. */
static const struct {
    const char *sql;
    size_t repaired;
} repair_cases[] = {
    {"UPDATE store SET seq = 3", 1},
    {"UPDATE store SET seq = 2, article_count = 9, paragraph_count = 9", 1},
    {"UPDATE article SET paragraph_count = 3, word_count = 99", 2},
    {"UPDATE article_term SET published = ''; UPDATE term SET article_count = 7", 2},
    {"DELETE FROM store; UPDATE article SET word_count = 0", 3},
};

static void test_repair(void **state) {
    for (size_t i = 0; i < sizeof repair_cases / sizeof repair_cases[0]; i++) {
        struct fixture *f = *state;
        size_t repaired = 0, findings = 0;
        edit_some(f);
        int64_t birth = strtoll(asked(f->writer, "SELECT birth FROM store"), NULL, 10);
        assert_int_equal(sqlite3_exec(f->writer->db, repair_cases[i].sql, NULL, NULL, NULL),
                         SQLITE_OK);
        assert_int_equal(store_check(f->writer, keep_quiet, NULL, &findings), PROBLEM_NONE);
        assert_true(findings > 0);
        assert_int_equal(store_repair(f->writer, keep_quiet, NULL, &repaired), PROBLEM_NONE);
        assert_true(repaired > 0 && repaired >= repair_cases[i].repaired);
        assert_store_sound(f->writer);
        assert_string_equal(
            asked(f->writer, "SELECT seq, article_count, paragraph_count FROM store"), "4|1|1");
        assert_int_not_equal(strtoll(asked(f->writer, "SELECT birth FROM store"), NULL, 10), birth);
        assert_int_equal(store_repair(f->writer, keep_quiet, NULL, &repaired), PROBLEM_NONE);
        assert_int_equal(repaired, 0);
        teardown(state);
        setup(state);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_file_size_limit),
        STORE_TEST(test_full_disk),
        STORE_TEST(test_no_rights),
        STORE_TEST(test_flipped_bytes),
        STORE_TEST(test_truncated_file),
        STORE_TEST(test_check_finds),
        STORE_TEST(test_check_finds_in_history),
        STORE_TEST(test_repair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
