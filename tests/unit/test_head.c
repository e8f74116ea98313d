/* test_head.c: the head audit without a socket, and the table of addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/wire/admission.h"
#include "../../src/wire/head.h"

#include <arpa/inet.h>
#include <netinet/in.h>

struct head_case {
    const char *method;
    const char *version;
    const char *fields[6]; /* name, value, ... */
    enum problem expected;
    const char *what;
};

static const struct head_case head_cases[] = {
    {"GET", "HTTP/1.1", {"Host", "a"}, PROBLEM_NONE, "plain"},
    {"GET", "HTTP/1.7", {"host", "a"}, PROBLEM_NONE, "a later 1.x"},
    {"GET", "HTTP/1.0", {NULL}, PROBLEM_NONE, "1.0 needs no Host"},
    {"GET", "HTTP/1.1", {NULL}, PROBLEM_BAD_HEAD, "no Host"},
    {"GET", "HTTP/1.0", {"Host", "a", "Host", "a"}, PROBLEM_BAD_HEAD, "two Hosts in 1.0"},
    {"GET", "HTTP/1.1", {"Host", "a b"}, PROBLEM_BAD_HEAD, "blank in Host"},
    {"GET", "HTTP/2.0", {"Host", "a"}, PROBLEM_BAD_HEAD, "2.0"},
    {"GET", "HTTP/1.10", {"Host", "a"}, PROBLEM_BAD_HEAD, "1.10"},
    {"GET", "", {"Host", "a"}, PROBLEM_BAD_HEAD, "no version"},
    {"BREW", "HTTP/1.1", {"Host", "a"}, PROBLEM_NOT_IMPLEMENTED, "unknown method"},
    {"G T", "HTTP/1.1", {"Host", "a"}, PROBLEM_BAD_HEAD, "method no token"},
    {"GET", "HTTP/1.1", {"Host", "a", "X\t", "1"}, PROBLEM_BAD_HEAD, "tab in name"},
    {"GET", "HTTP/1.1", {"Host", "a", "", "1"}, PROBLEM_BAD_HEAD, "empty name"},
    {"GET", "HTTP/1.1", {"Host", "a", "X", "\t\xff"}, PROBLEM_NONE, "tab and obs-text in value"},
    {"GET", "HTTP/1.1", {"Host", "a", "X", "\x7f"}, PROBLEM_BAD_HEAD, "DEL in value"},
    {"POST", "HTTP/1.1", {"Host", "a", "Content-Length", "1048576"}, PROBLEM_NONE, "at limit"},
    {"POST", "HTTP/1.1", {"Host", "a", "Content-Length", "1048577"}, PROBLEM_NONE, "above"},
    {"POST",
     "HTTP/1.1",
     {"Host", "a", "Content-Length", "1000000000000000"},
     PROBLEM_BODY_TOO_LARGE,
     "16 digits"},
    {"POST",
     "HTTP/1.1",
     {"Host", "a", "Content-Length", "18446744073709551616"},
     PROBLEM_BODY_TOO_LARGE,
     "2^64"},
    {"POST", "HTTP/1.1", {"Host", "a", "Content-Length", "000000000000001"}, PROBLEM_NONE, "zeros"},
    {"POST", "HTTP/1.1", {"Host", "a", "Content-Length", ""}, PROBLEM_BAD_HEAD, "empty length"},
    {"POST", "HTTP/1.1", {"Host", "a", "Content-Length", "1 "}, PROBLEM_BAD_HEAD, "blank after"},
    {"GET", "HTTP/1.1", {"Host", "a", "Content-Length", "1"}, PROBLEM_BAD_HEAD, "GET with body"},
    {"GET", "HTTP/1.1", {"Host", "a", "Content-Length", "0"}, PROBLEM_NONE, "GET with empty body"},
    {"POST", "HTTP/1.1", {"Host", "a", "Transfer-Encoding", "Chunked"}, PROBLEM_NONE, "chunked"},
    {"POST",
     "HTTP/1.1",
     {"Host", "a", "Transfer-Encoding", "gzip , chunked"},
     PROBLEM_NOT_IMPLEMENTED,
     "gzip, chunked"},
    {"POST", "HTTP/1.1", {"Host", "a", "Transfer-Encoding", "chunked,"}, PROBLEM_BAD_HEAD, "comma"},
    {"POST",
     "HTTP/1.1",
     {"Host", "a", "Transfer-Encoding", ",chunked"},
     PROBLEM_NOT_IMPLEMENTED,
     "comma before"},
    {"POST", "HTTP/1.0", {"Transfer-Encoding", "chunked"}, PROBLEM_BAD_HEAD, "chunked in 1.0"},
    {"POST", "HTTP/1.1", {"Host", "a", "Expect", "100-Continue"}, PROBLEM_NONE, "expect"},
    {"POST", "HTTP/1.1", {"Host", "a", "Expect", ""}, PROBLEM_EXPECTATION_FAILED, "expect nothing"},
};

static void test_audit(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof head_cases / sizeof head_cases[0]; i++) {
        const struct head_case *c = &head_cases[i];
        struct head head;
        struct fault fault;
        fault_init(&fault);
        head_init(&head, span_of(c->method), SPAN_LITERAL("/"), span_of(c->version));
        for (size_t f = 0; f < 6 && c->fields[f] != NULL; f += 2)
            head_add(&head, span_of(c->fields[f]), span_of(c->fields[f + 1]));
        enum problem problem = head_audit(&head, router_method(span_of(c->method)), &fault);
        if (problem != c->expected)
            fail_msg("%s: %s instead of %s", c->what, problem_info(problem)->code,
                     problem_info(c->expected)->code);
        assert_int_equal(problem != PROBLEM_NONE, fault_is_set(&fault));
    }
}

/* Lays a head out as the library leaves it: `|` in the text is a zero byte. */
static bool is_plain(const char *text, size_t field_count, const size_t places[][4]) {
    static char bytes[128];
    struct head head;
    memset(bytes, 'Z', sizeof bytes);
    for (size_t i = 0; text[i] != '\0'; i++)
        bytes[i] = text[i] == '|' ? '\0' : text[i];
    head_init(&head, (struct span){bytes, 3}, (struct span){bytes + 4, 1},
              (struct span){bytes + 6, 8});
    for (size_t i = 0; i < field_count; i++)
        head_add(&head, (struct span){bytes + places[i][0], places[i][1]},
                 (struct span){bytes + places[i][2], places[i][3]});
    return head_layout_is_plain(&head);
}

static void test_layout(void **state) {
    (void)state;
    const size_t one[][4] = {{16, 1, 19, 1}};
    const size_t two[][4] = {{16, 1, 19, 1}, {22, 1, 24, 0}};
    assert_true(is_plain("GET|/|HTTP/1.1||||", 0, NULL));
    assert_true(is_plain("GET|/|HTTP/1.1||A| 1||||", 1, one));
    assert_true(is_plain("GET|/|HTTP/1.1||A| 1||B|||||", 2, two));
    assert_false(is_plain("GET|/|HTTP/1.1||A| 1|", 1, one));     /* LF ends the field */
    assert_false(is_plain("GET|/|HTTP/1.1||A| 1||x", 1, one));   /* a field that was not seen */
    assert_false(is_plain("GET|/|HTTP/1.1||A| 1|||", 1, one));   /* LF ends the head */
    assert_false(is_plain("GET|/|HTTP/1.1||A|x1||||", 1, one));  /* no blank before the value */
    assert_false(is_plain("GET|/|HTTP/1.1|||A| 1||||", 1, one)); /* it begins later */
    assert_false(is_plain("GET|/|HTTP/1.1||A| 1||| B|||||", 2, two));
}

static bool joins(const struct head *head, struct arena *arena, const char *expected) {
    struct span joined;
    return head_join(head, HEAD_IF_NONE_MATCH, arena, &joined) &&
           (expected == NULL ? joined.at == NULL : span_is(joined, expected));
}

static void test_join(void **state) {
    (void)state;
    struct arena arena;
    struct head head;
    arena_init(&arena, 1 << 20);
    head_init(&head, SPAN_LITERAL("GET"), SPAN_LITERAL("/"), SPAN_LITERAL("HTTP/1.1"));
    assert_true(joins(&head, &arena, NULL));
    head_add(&head, SPAN_LITERAL("If-None-Match"), SPAN_LITERAL("\"a\""));
    assert_true(joins(&head, &arena, "\"a\""));
    head_add(&head, SPAN_LITERAL("if-none-match"), SPAN_LITERAL("W/\"b\""));
    head_add(&head, SPAN_LITERAL("IF-NONE-MATCH"), SPAN_LITERAL(""));
    assert_true(joins(&head, &arena, "\"a\", W/\"b\", "));
    arena_fini(&arena);
}

static struct admission_key v4(uint32_t address) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    return admission_key((const void *)&in);
}

static struct admission_key v6(const char *text) {
    struct sockaddr_in6 in = {.sin6_family = AF_INET6};
    inet_pton(AF_INET6, text, &in.sin6_addr);
    return admission_key((const void *)&in);
}

static void test_admission_counts_by_address(void **state) {
    (void)state;
    struct admission admission;
    assert_int_equal(admission_init(&admission, 10, 2), PROBLEM_NONE);
    assert_int_equal(admission_enter(&admission, v6("2001:db8:0:1::1")), ADMISSION_WELCOME);
    assert_int_equal(admission_enter(&admission, v6("2001:db8:0:1:ffff::2")), ADMISSION_WELCOME);
    assert_int_equal(admission_enter(&admission, v6("2001:db8:0:1::3")),
                     ADMISSION_ADDRESS_FULL); /* the same /64 */
    assert_int_equal(admission_enter(&admission, v6("2001:db8:0:2::1")), ADMISSION_WELCOME);
    assert_int_equal(admission_enter(&admission, v4(0x7F000001)), ADMISSION_WELCOME);
    admission_leave(&admission, v6("2001:db8:0:1::1"));
    assert_int_equal(admission_enter(&admission, v6("2001:db8:0:1::3")), ADMISSION_WELCOME);
    admission_fini(&admission);
}

/* Random arrivals and departures against a plain count: no address is lost or kept. */
static void test_admission_table(void **state) {
    (void)state;
    enum { ADDRESSES = 300, LIMIT = 200, EACH = 3 };
    static unsigned counts[ADDRESSES];
    unsigned open = 0, random = 12345;
    struct admission admission;
    assert_int_equal(admission_init(&admission, LIMIT, EACH), PROBLEM_NONE);
    for (int i = 0; i < 200000; i++) {
        random = random * 1103515245u + 12345u;
        unsigned who = (random >> 8) % ADDRESSES;
        if ((random >> 24) % 2 == 0) {
            bool expected = open < LIMIT && counts[who] < EACH;
            assert_int_equal(admission_enter(&admission, v4(who)) == ADMISSION_WELCOME, expected);
            counts[who] += expected;
            open += expected;
        } else if (counts[who] > 0) {
            admission_leave(&admission, v4(who));
            counts[who]--;
            open--;
        }
        assert_int_equal(admission.open, open);
    }
    for (unsigned who = 0; who < ADDRESSES; who++) {
        for (; counts[who] > 0; counts[who]--)
            admission_leave(&admission, v4(who));
    }
    for (size_t i = 0; i < admission.slot_count; i++)
        assert_int_equal(admission.slots[i].key.family, 0);
    admission_fini(&admission);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_audit),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_admission_counts_by_address),
        cmocka_unit_test(test_admission_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
