/* test_power_cuts.c: the power goes at every sync of a scenario, and at random moments of it. What
 * was not synced is there in part, torn and out of order. Nothing that was acknowledged before the
 * cut is lost, and no half write is seen. CUTS=1000 for as many cuts. */
#include "disk.h"
#include "load.h"

#include <sys/stat.h>

#include "ground/log.h"

struct cutter {
    struct place place; /* the scenario's */
    struct place left;  /* what the cut leaves */
    struct load load;
    uint64_t random;
    unsigned cuts, cuts_in_all, share_permille;
    int seen; /* commits acknowledged before the cut that `left` holds; -1: it holds none */
};

/* A cut for each sync; between them only as often as is asked for. */
static void maybe_cut(void *context, enum disk_call call) {
    struct cutter *cutter = context;
    if (cutter->seen >= 0)
        return;
    if (call != DISK_SYNC && disk_random(&cutter->random) % 1000 >= cutter->share_permille)
        return;
    assert_int_equal(mkdir(cutter->left.folder, 0700), 0);
    disk_cut(cutter->left.folder, &cutter->random);
    cutter->seen = cutter->load.commits;
}

/* All that was acknowledged is there, and at most the one write after it. */
static void verify_commits(const struct cutter *cutter, struct store *store) {
    long long seq = -1;
    int counter = -1;
    assert_int_equal(sscanf(asked(store, "SELECT seq FROM store"), "%lld", &seq), 1);
    if (seq != cutter->seen && seq != cutter->seen + 1)
        fail_msg("acknowledged %d commits, the store has %lld", cutter->seen, seq);
    assert_store_sound(store);
    assert_string_equal(asked(store, "SELECT count(*) - coalesce(max(seq), 0) FROM change"), "0");
    for (int i = 0; i < LOAD_ARTICLES && i < seq; i++) {
        char sql[160];
        snprintf(
            sql, sizeof sql,
            "SELECT text, version FROM paragraph JOIN article ON article.id = article_id WHERE "
            "position = 1 AND title = 'Article %d'",
            i);
        int newest = ((int)seq - 1 - i) / LOAD_ARTICLES * LOAD_ARTICLES + i, version = 0;
        assert_int_equal(sscanf(asked(store, sql), "%d|%d", &counter, &version), 2);
        if (counter != newest || version != newest / LOAD_ARTICLES + 1)
            fail_msg("seq %lld: article %d has write %d, version %d", seq, i, counter, version);
    }
}

static void look(struct cutter *cutter) {
    if (cutter->seen < 0)
        return;
    disk_use(false);
    struct store *store = writer_open(cutter->left.db);
    verify_commits(cutter, store);
    store_close(store);
    disk_use(true);
    place_remove(&cutter->left);
    cutter->seen = -1;
    cutter->cuts++;
}

/* From a new database on: writes, checkpoints amid them, closing and opening again. */
static void scenario(struct cutter *cutter, unsigned writes) {
    struct store *writer = writer_open(cutter->place.db);
    look(cutter);
    for (unsigned i = 1; i <= writes; i++) {
        assert_int_equal(load_write(&cutter->load, writer), PROBLEM_NONE);
        look(cutter);
        if (disk_random(&cutter->random) % 6 == 0)
            (void)sqlite3_wal_checkpoint_v2(writer->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                            NULL);
        look(cutter);
        if (disk_random(&cutter->random) % 10 == 0) {
            store_close(writer);
            look(cutter);
            writer = writer_open(cutter->place.db);
            look(cutter);
        }
    }
    store_close(writer);
    look(cutter);
}

static void cutter_begin(struct cutter *cutter) {
    place_make(&cutter->place);
    snprintf(cutter->left.folder, sizeof cutter->left.folder, "%.50s.cut", cutter->place.folder);
    snprintf(cutter->left.db, sizeof cutter->left.db, "%s/test.db", cutter->left.folder);
    load_init(&cutter->load);
    cutter->seen = -1;
    disk_use(true);
    disk_record(maybe_cut, cutter);
}

static void cutter_end(struct cutter *cutter) {
    disk_record(NULL, NULL);
    disk_use(false);
    arena_fini(&cutter->load.arena);
    place_remove(&cutter->place);
}

static void run_scenario(struct cutter *cutter, unsigned writes) {
    cutter_begin(cutter);
    scenario(cutter, writes);
    cutter_end(cutter);
}

static void test_power_cuts(void **state) {
    (void)state;
    struct cutter cutter = {.random = load_count("SEED", 20240917), .share_permille = 0};
    unsigned wanted = load_count("CUTS", 200), scenarios = 0;
    print_message("SEED=%llu\n", (unsigned long long)cutter.random);
    while (cutter.cuts < wanted) {
        /* The first scenario is cut at its syncs only, the others anywhere. */
        cutter.share_permille = scenarios == 0 ? 0 : 5;
        run_scenario(&cutter, 40);
        scenarios++;
    }
    print_message("%u power cuts in %u scenarios: 0 acknowledged commits lost\n", cutter.cuts,
                  scenarios);
}

/* What the cut leaves does not open, or lacks writes. */
static bool is_lost(const struct cutter *cutter) {
    struct store *store = NULL;
    struct fault fault;
    fault_init(&fault);
    disk_use(false);
    enum problem problem = store_open(cutter->left.db, STORE_WRITER, &store, &fault);
    bool is_lost_now = problem != PROBLEM_NONE ||
                       atoi(asked(store, "SELECT seq FROM store")) < cutter->load.commits;
    store_close(store);
    disk_use(true);
    return is_lost_now;
}

/* This disk does lose: with synchronous=OFF, what was acknowledged is gone after a cut. */
static void test_cuts_bite(void **state) {
    (void)state;
    struct cutter cutter = {.random = 77};
    unsigned lost = 0;
    cutter_begin(&cutter);
    struct store *writer = writer_open(cutter.place.db);
    assert_int_equal(sqlite3_exec(writer->db, "PRAGMA synchronous=OFF", NULL, NULL, NULL), 0);
    if (cutter.seen >= 0)
        place_remove(&cutter.left);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(load_write(&cutter.load, writer), PROBLEM_NONE);
        cutter.seen = -1;
        maybe_cut(&cutter, DISK_SYNC);
        lost += is_lost(&cutter);
        place_remove(&cutter.left);
    }
    store_close(writer);
    cutter_end(&cutter);
    assert_true(lost > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_power_cuts),
        cmocka_unit_test(test_cuts_bite),
    };
    log_setup(CONFIG_LOG_LOGFMT, -1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
