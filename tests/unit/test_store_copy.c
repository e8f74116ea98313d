/* test_store_copy.c: copies of a database that a writer is busy with: each is the state between two
 * commits, whole, and opens as a database. PILCROW_TEST_COPIES=1000 makes as many. */
#include "store_help.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "engine/store/store_copy.h"

enum { BATCH = 2, BATCHES_PER_COPY = 5 };

struct busy {
    struct fixture *f;
    atomic_int committed; /* articles */
    atomic_int copies;
    atomic_bool must_stop;
    enum problem problem;
};

/* So that the database does not outgrow the copies. True when it is time to stop. */
static bool wait_for_copies(struct busy *busy, int articles) {
    while (!atomic_load(&busy->must_stop) &&
           articles >= BATCH * BATCHES_PER_COPY * (atomic_load(&busy->copies) + 1))
        usleep(100);
    return atomic_load(&busy->must_stop);
}

static void *write_until_stopped(void *context) {
    struct busy *busy = context;
    struct import *run = NULL;
    busy->problem = import_open(busy->f->writer, false, &run);
    for (int i = 1; busy->problem == PROBLEM_NONE; i++) {
        char line[100];
        struct import_result result;
        snprintf(line, sizeof line, "Title %d|Author %d||S|x|One %d.~Two.", i, i % 5, i);
        arena_reset(&busy->f->arena);
        struct article article = article_of(line, &busy->f->arena);
        busy->problem = import_article(run, &article, SPAN_LITERAL("a/b.txt"), &result, NULL);
        if (busy->problem != PROBLEM_NONE || i % BATCH != 0)
            continue;
        busy->problem = import_commit(run);
        atomic_store(&busy->committed, i);
        if (wait_for_copies(busy, i))
            break;
    }
    import_close(run);
    return NULL;
}

static void assert_one_state(const char *path, int least, int64_t seq) {
    char expected[100];
    struct store *reader = reader_open(path);
    assert_int_equal(seq % BATCH, 0);
    assert_true(seq >= least);
    snprintf(expected, sizeof expected, "%lld|%lld|%lld", (long long)seq, (long long)seq,
             (long long)(seq == 0 ? 0 : seq));
    assert_string_equal(asked(reader, "SELECT seq, article_count, (SELECT coalesce(max(id), 0) "
                                      "FROM article) FROM store"),
                        expected);
    assert_store_sound(reader);
    store_close(reader);
}

static void test_beside_a_writer(void **state) {
    struct busy busy = {.f = *state};
    const char *wanted = getenv("PILCROW_TEST_COPIES");
    int copies = wanted == NULL ? 20 : atoi(wanted);
    char target[200];
    pthread_t thread;
    snprintf(target, sizeof target, "%s/copy.db", busy.f->place.folder);
    assert_int_equal(pthread_create(&thread, NULL, write_until_stopped, &busy), 0);
    for (int i = 0; i < copies; i++) {
        struct fault fault;
        int64_t seq = -1;
        int least = atomic_load(&busy.committed);
        fault_init(&fault);
        if (store_copy(busy.f->place.db, target, STORE_COPY_WHOLE, &seq, &fault) != PROBLEM_NONE)
            fail_msg("copy %d: %s", i, fault.text);
        assert_one_state(target, least, seq);
        atomic_fetch_add(&busy.copies, 1);
    }
    atomic_store(&busy.must_stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(busy.problem, PROBLEM_NONE);
    assert_store_sound(busy.f->writer);
}

/* Whether the bytes stand anywhere in the file, free pages included. */
static bool file_holds(const char *path, const char *text) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    char *bytes = malloc((size_t)facts.st_size);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)facts.st_size, file), facts.st_size);
    fclose(file);
    bool is_there = memmem(bytes, (size_t)facts.st_size, text, strlen(text)) != NULL;
    free(bytes);
    return is_there;
}

static void add_private(struct fixture *f) {
    struct import *run = NULL;
    struct import_result result;
    struct article article = article_of("Title|Author||S|x|One.", &f->arena);
    assert_int_equal(import_open(f->writer, false, &run), PROBLEM_NONE);
    assert_int_equal(
        import_article(run, &article, SPAN_LITERAL("home/private-folder/1.txt"), &result, NULL),
        PROBLEM_NONE);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
    assert_int_equal(store_script(f->writer, "test",
                                  "INSERT INTO idempotency VALUES (7, 'private-key', "
                                  "'private-hash', 201, '', '', 'private-body', 1)"),
                     PROBLEM_NONE);
}

static void test_public_copy_tells_nothing(void **state) {
    static const char *const secrets[] = {"private-folder", "private-key", "private-hash",
                                          "private-body"};
    struct fixture *f = *state;
    char whole[200], public[200];
    snprintf(whole, sizeof whole, "%s/whole.db", f->place.folder);
    snprintf(public, sizeof public, "%s/public.db", f->place.folder);
    add_private(f);
    assert_int_equal(store_copy(f->place.db, whole, STORE_COPY_WHOLE, NULL, NULL), PROBLEM_NONE);
    assert_int_equal(store_copy(f->place.db, public, STORE_COPY_PUBLIC, NULL, NULL), PROBLEM_NONE);
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        assert_true(file_holds(whole, secrets[i]));
        assert_false(file_holds(public, secrets[i]));
    }
    struct store *reader = reader_open(public);
    assert_string_equal(asked(reader, "SELECT count(*), max(title), max(source) FROM article"),
                        "1|Title|");
    assert_store_sound(reader);
    store_close(reader);
}

static size_t files_in(const char *folder) {
    DIR *opened = opendir(folder);
    size_t count = 0;
    assert_non_null(opened);
    for (struct dirent *entry; (entry = readdir(opened)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(opened);
    return count;
}

static void test_what_cannot_be_copied(void **state) {
    struct fixture *f = *state;
    struct fault fault;
    char nowhere[200], missing[200];
    size_t files = files_in(f->place.folder);
    snprintf(nowhere, sizeof nowhere, "%s/no/folder.db", f->place.folder);
    snprintf(missing, sizeof missing, "%s/missing.db", f->place.folder);
    const struct {
        const char *path, *target;
        enum problem problem;
    } cases[] = {
        {f->place.db, f->place.db, PROBLEM_CONFLICT},
        {f->place.db, nowhere, PROBLEM_UNAVAILABLE},
        {f->place.db, f->place.folder, PROBLEM_UNAVAILABLE},
        {missing, nowhere, PROBLEM_UNAVAILABLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fault_init(&fault);
        assert_int_equal(store_copy(cases[i].path, cases[i].target, STORE_COPY_WHOLE, NULL, &fault),
                         cases[i].problem);
        assert_true(fault_is_set(&fault));
        assert_int_equal(files_in(f->place.folder), files);
    }
    assert_store_sound(f->writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_beside_a_writer),
        STORE_TEST(test_public_copy_tells_nothing),
        STORE_TEST(test_what_cannot_be_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
