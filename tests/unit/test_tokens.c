/* test_tokens.c: lines of the file, what a server believes of it, and that every refusal takes the
 * same way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/token_file.h"
#include "engine/tokens.h"
#include "ground/durable.h"

enum { NOW = 2000000000 };

static unsigned compared;

bool __real_hash_digest_equal(const struct hash_digest *a, const struct hash_digest *b);
bool __wrap_hash_digest_equal(const struct hash_digest *a, const struct hash_digest *b);

bool __wrap_hash_digest_equal(const struct hash_digest *a, const struct hash_digest *b) {
    compared++;
    return __real_hash_digest_equal(a, b);
}

struct place {
    char folder[64];
    char db[80], file[96], lock[96];
};

static int setup(void **state) {
    static struct place place;
    snprintf(place.folder, sizeof place.folder, "/tmp/pilcrow-tokens-XXXXXX");
    if (mkdtemp(place.folder) == NULL)
        return -1;
    snprintf(place.db, sizeof place.db, "%s/a.db", place.folder);
    snprintf(place.file, sizeof place.file, "%s.tokens", place.db);
    snprintf(place.lock, sizeof place.lock, "%s.tokens.lock", place.db);
    *state = &place;
    return 0;
}

static int teardown(void **state) {
    struct place *place = *state;
    unlink(place->file);
    unlink(place->lock);
    return rmdir(place->folder);
}

static struct token made(const struct place *place, enum route_scope scope, int64_t expires_s,
                         char text[TOKEN_TEXT_BYTES]) {
    struct token token = {.name = "desk", .scope = scope, .created_s = 1, .expires_s = expires_s};
    assert_int_equal(token_file_create(place->db, &token, text, NULL), PROBLEM_NONE);
    return token;
}

static void print_all(const struct place *place, struct buffer *out) {
    buffer_init(out);
    assert_int_equal(token_file_read(place->db, out, NULL), PROBLEM_NONE);
}

#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void test_lines(void **state) {
    static const struct {
        const char *line, *about;
        bool is_token;
    } cases[] = {
        {"1\tdesk\tread\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST, "a token", true},
        {"12\tthe desk\tadmin\t2026-01-02T03:04:05Z\t2027-01-02T03:04:05Z\t"
         "2026-05-02T03:04:05Z\t" DIGEST,
         "all fields", true},
        {"", "nothing", false},
        {"1", "one field", false},
        {"1\tdesk\tread\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST "\t", "one field too many", false},
        {"1\tdesk\tread\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST "0", "a longer digest", false},
        {"1\tdesk\tread\t2026-01-02T03:04:05Z\t-\t-\t", "no digest", false},
        {"1\tdesk\tread\t2026-01-02T03:04:05Z\t-\t" DIGEST, "a field too few", false},
        {"0\tdesk\tread\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST, "id 0", false},
        {"01\tdesk\tread\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST, "a second spelling", false},
        {"-1\tdesk\tread\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST, "a negative id", false},
        {"1\t\tread\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST, "no name", false},
        {"1\tde\x1Bsk\tread\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST, "a control character", false},
        {"1\tde\xFFsk\tread\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST, "no UTF-8", false},
        {"1\tdesk\tnone\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST, "no scope", false},
        {"1\tdesk\troot\t2026-01-02T03:04:05Z\t-\t-\t" DIGEST, "an unknown scope", false},
        {"1\tdesk\tread\tyesterday\t-\t-\t" DIGEST, "no instant", false},
        {"1\tdesk\tread\t2026-01-02T03:04:05Z\t\t-\t" DIGEST, "an empty expiry", false},
        {"1\tdesk\tread\t2026-01-02T03:04:05Z\t1970-01-01T00:00:00Z\t-\t" DIGEST,
         "an expiry that would read as never", false},
        {"1\tdesk\tread\t2026-01-02T03:04:05Z\t-\tno\t" DIGEST, "a revocation that is none", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct token token;
        struct buffer again;
        if (token_parse(span_of(cases[i].line), &token) != cases[i].is_token)
            fail_msg("%s", cases[i].about);
        if (!cases[i].is_token)
            continue;
        buffer_init(&again);
        token_print(&token, &again);
        assert_true(span_is(buffer_span(&again), cases[i].line));
        buffer_fini(&again);
    }
}

#define SECRET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm-_01"

static void test_text(void **state) {
    static const struct {
        const char *text;
        int64_t id;
    } cases[] = {
        {"pcw_1_" SECRET, 1},
        {"pcw_123456789012345678_" SECRET, 123456789012345678},
        {"pcw_0_" SECRET, -1},
        {"pcw_1_" SECRET "x", -1},
        {"pcw_1_ABC", -1},
        {"pcw_1" SECRET, -1},
        {"PCW_1_" SECRET, -1},
        {"pcw__" SECRET, -1},
        {"pcw_1234567890123456789_" SECRET, -1},
        {"", -1},
        {"pcw_", -1},
        {"pcw_1_", -1},
        {"pcw_1_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm-_0=", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("%s\n", cases[i].text);
        assert_int_equal(token_text_id(span_of(cases[i].text)), cases[i].id);
    }
    assert_true(
        span_is(token_text_public(SPAN_LITERAL("/a?b=pcw_12_" SECRET "&c=d")), "/a?b=pcw_12"));
    assert_true(span_is(token_text_public(SPAN_LITERAL("/a?b=c")), "/a?b=c"));
    assert_true(span_is(token_text_public(SPAN_LITERAL("pcw_secret")), "pcw_"));
    assert_true(span_is(token_text_public(SPAN_LITERAL("")), ""));
}

static enum problem find(struct tokens *tokens, const char *text, int64_t now_s, int64_t now_ms,
                         struct token_grant *grant) {
    return tokens_find(tokens, span_of(text), now_s, now_ms, grant);
}

static void test_find(void **state) {
    const struct place *place = *state;
    char read[TOKEN_TEXT_BYTES], brief[TOKEN_TEXT_BYTES], other[TOKEN_TEXT_BYTES];
    struct tokens *tokens;
    struct token_grant grant;
    assert_int_equal(tokens_open(place->db, &tokens), PROBLEM_NONE);
    assert_int_equal(find(tokens, "pcw_1_" SECRET, NOW, 1, &grant), PROBLEM_UNAUTHORIZED);
    made(place, ROUTE_SCOPE_READ, 0, read);
    made(place, ROUTE_SCOPE_ADMIN, NOW, brief);
    /* The file was looked at within this second: what was made since is known all the same. */
    assert_int_equal(find(tokens, read, NOW, 2, &grant), PROBLEM_NONE);
    assert_int_equal(grant.id, 1);
    assert_int_equal(grant.scope, ROUTE_SCOPE_READ);
    assert_int_equal(find(tokens, brief, NOW - 1, 1001, &grant), PROBLEM_NONE);
    assert_int_equal(grant.scope, ROUTE_SCOPE_ADMIN);
    assert_int_equal(find(tokens, brief, NOW, 1001, &grant), PROBLEM_UNAUTHORIZED);
    /* The secret of one token under the id of the other. */
    snprintf(other, sizeof other, "pcw_1_%s", brief + strlen("pcw_2_"));
    assert_int_equal(find(tokens, other, NOW - 1, 1001, &grant), PROBLEM_UNAUTHORIZED);
    read[strlen(read) - 1] ^= 1;
    assert_int_equal(find(tokens, read, NOW, 1001, &grant), PROBLEM_UNAUTHORIZED);
    tokens_close(tokens);
}

static void test_revoked_within_a_second(void **state) {
    const struct place *place = *state;
    char text[TOKEN_TEXT_BYTES];
    struct tokens *tokens;
    struct token_grant grant;
    struct token token;
    made(place, ROUTE_SCOPE_WRITE, 0, text);
    assert_int_equal(tokens_open(place->db, &tokens), PROBLEM_NONE);
    assert_int_equal(find(tokens, text, NOW, 5000, &grant), PROBLEM_NONE);
    assert_int_equal(token_file_revoke(place->db, 1, NOW, &token, NULL), PROBLEM_NONE);
    assert_int_equal(token_file_revoke(place->db, 2, NOW, &token, NULL), PROBLEM_NOT_FOUND);
    assert_int_equal(find(tokens, text, NOW, 6000, &grant), PROBLEM_UNAUTHORIZED);
    tokens_close(tokens);
}

static void test_every_refusal_compares(void **state) {
    const struct place *place = *state;
    char live[TOKEN_TEXT_BYTES], ended[TOKEN_TEXT_BYTES], revoked[TOKEN_TEXT_BYTES];
    struct token_grant grant;
    struct token token;
    struct tokens *tokens;
    made(place, ROUTE_SCOPE_READ, 0, live);
    made(place, ROUTE_SCOPE_READ, NOW - 5, ended);
    made(place, ROUTE_SCOPE_READ, 0, revoked);
    assert_int_equal(token_file_revoke(place->db, 3, NOW, &token, NULL), PROBLEM_NONE);
    const char *const texts[] = {live, ended, revoked, "pcw_1_" SECRET, "pcw_99_" SECRET, "x", ""};
    assert_int_equal(tokens_open(place->db, &tokens), PROBLEM_NONE);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        compared = 0;
        enum problem problem = find(tokens, texts[i], NOW, 1, &grant);
        assert_int_equal(problem, i == 0 ? PROBLEM_NONE : PROBLEM_UNAUTHORIZED);
        if (compared != 1)
            fail_msg("'%s' was compared %u times", texts[i], compared);
    }
    tokens_close(tokens);
}

static void test_damaged_lines(void **state) {
    const struct place *place = *state;
    char text[TOKEN_TEXT_BYTES], second[TOKEN_TEXT_BYTES];
    struct buffer kept, all;
    struct tokens *tokens;
    struct token_grant grant;
    struct token token;
    made(place, ROUTE_SCOPE_READ, 0, text);
    print_all(place, &kept);
    buffer_init(&all);
    buffer_append_text(&all, "\n41\tcut off\tre\n");
    buffer_append_span(&all, buffer_span(&kept));
    buffer_append(&all, "\xFF\0\n17\0", 6);
    assert_int_equal(durable_write(place->file, buffer_span(&all), 0600, NULL), PROBLEM_NONE);
    assert_int_equal(tokens_open(place->db, &tokens), PROBLEM_NONE);
    assert_int_equal(find(tokens, text, NOW, 1, &grant), PROBLEM_NONE);
    token = made(place, ROUTE_SCOPE_READ, 0, second);
    assert_int_equal(token.id, 42);
    assert_int_equal(find(tokens, second, NOW, 2000, &grant), PROBLEM_NONE);
    assert_int_equal(token_file_revoke(place->db, 42, NOW, &token, NULL), PROBLEM_NONE);
    struct buffer after;
    print_all(place, &after);
    assert_memory_equal(after.bytes, all.bytes, all.used);
    tokens_close(tokens);
    buffer_fini(&kept);
    buffer_fini(&all);
    buffer_fini(&after);
}

/* Who copies a line and changes its scope has edited the file by hand; neither line counts. */
static void test_one_id_twice(void **state) {
    const struct place *place = *state;
    char text[TOKEN_TEXT_BYTES];
    struct buffer kept;
    struct tokens *tokens;
    struct token_grant grant;
    made(place, ROUTE_SCOPE_READ, 0, text);
    print_all(place, &kept);
    struct span once = buffer_span(&kept);
    struct buffer twice;
    buffer_init(&twice);
    buffer_append_span(&twice, once);
    buffer_append_span(&twice, once);
    assert_int_equal(durable_write(place->file, buffer_span(&twice), 0600, NULL), PROBLEM_NONE);
    assert_int_equal(tokens_open(place->db, &tokens), PROBLEM_NONE);
    assert_int_equal(find(tokens, text, NOW, 1, &grant), PROBLEM_UNAUTHORIZED);
    tokens_close(tokens);
    buffer_fini(&kept);
    buffer_fini(&twice);
}

static void test_modes(void **state) {
    static const struct {
        mode_t mode;
        enum problem expected;
    } cases[] = {
        {0600, PROBLEM_NONE},         {0400, PROBLEM_NONE},         {0644, PROBLEM_NONE},
        {0620, PROBLEM_UNAUTHORIZED}, {0602, PROBLEM_UNAUTHORIZED}, {0666, PROBLEM_UNAUTHORIZED},
    };
    const struct place *place = *state;
    char text[TOKEN_TEXT_BYTES];
    struct tokens *tokens;
    struct token_grant grant;
    struct stat status;
    made(place, ROUTE_SCOPE_READ, 0, text);
    assert_int_equal(stat(place->file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(tokens_open(place->db, &tokens), PROBLEM_NONE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(chmod(place->file, cases[i].mode), 0);
        assert_int_equal(find(tokens, text, NOW, (int64_t)i * 2000 + 1, &grant), cases[i].expected);
    }
    assert_int_equal(unlink(place->file), 0);
    assert_int_equal(find(tokens, text, NOW, 100000, &grant), PROBLEM_UNAUTHORIZED);
    assert_int_equal(mkdir(place->file, 0700), 0);
    assert_int_equal(find(tokens, text, NOW, 200000, &grant), PROBLEM_UNAUTHORIZED);
    assert_int_equal(rmdir(place->file), 0);
    tokens_close(tokens);
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_text),
        PLACED(test_find),
        PLACED(test_revoked_within_a_second),
        PLACED(test_every_refusal_compares),
        PLACED(test_damaged_lines),
        PLACED(test_one_id_twice),
        PLACED(test_modes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
