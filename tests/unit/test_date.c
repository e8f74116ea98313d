/* test_date.c: days, periods and instants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ground/date.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void days_exist_or_not(void **state) {
    static const struct {
        struct date date;
        bool is_valid;
        const char *why;
    } cases[] = {
        {{2018, 6, 3}, true, "plain"},
        {{2018, 2, 29}, false, "no leap year"},
        {{2016, 2, 29}, true, "leap year"},
        {{1900, 2, 29}, false, "century"},
        {{2000, 2, 29}, true, "fourth century"},
        {{2018, 4, 31}, false, "short month"},
        {{2018, 12, 31}, true, "last day"},
        {{2018, 13, 1}, false, "month 13"},
        {{2018, 0, 1}, false, "month 0"},
        {{2018, 1, 0}, false, "day 0"},
        {{0, 1, 1}, false, "year 0"},
        {{1, 1, 1}, true, "first day"},
        {{9999, 12, 31}, true, "last of all"},
        {{10000, 1, 1}, false, "five digits"},
        {{-1, 1, 1}, false, "negative"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (date_is_valid(cases[i].date) != cases[i].is_valid)
            fail_msg("%s", cases[i].why);
    }
}

static void iso_dates(void **state) {
    static const struct {
        const char *text;
        bool is_date;
    } cases[] = {
        {"2018-06-03", true},  {"0001-01-01", true},   {"9999-12-31", true},
        {"2018-6-3", false},   {"2018-02-31", false},  {"", false},
        {"2018-06", false},    {"2018-06-03 ", false}, {" 2018-06-03", false},
        {"2018/06/03", false}, {"20180603", false},    {"2018-06-0a", false},
        {"0000-01-01", false}, {"-018-06-03", false},  {"2018-06-03T00:00:00Z", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct date date = {0, 0, 0};
        char printed[DATE_BYTES];
        if (date_parse_iso(span_of(cases[i].text), &date) != cases[i].is_date)
            fail_msg("%s", cases[i].text);
        if (!cases[i].is_date)
            continue;
        date_print(date, printed);
        assert_string_equal(printed, cases[i].text);
    }
}

static void periods(void **state) {
    static const struct {
        const char *text, *first, *last;
    } cases[] = {
        {"2018", "2018-01-01", "2018-12-31"},
        {"2018-06", "2018-06-01", "2018-06-30"},
        {"2016-02", "2016-02-01", "2016-02-29"},
        {"2018-02", "2018-02-01", "2018-02-28"},
        {"2018-06-03", "2018-06-03", "2018-06-03"},
        {"9999", "9999-01-01", "9999-12-31"},
        {"0000", NULL, NULL},
        {"2018-13", NULL, NULL},
        {"2018-00", NULL, NULL},
        {"2018-02-29", NULL, NULL},
        {"2018-", NULL, NULL},
        {"2018-06-", NULL, NULL},
        {"2018-06/03", NULL, NULL},
        {"2018-06-031", NULL, NULL},
        {"201", NULL, NULL},
        {"20188", NULL, NULL},
        {"", NULL, NULL},
        {"2018-6", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct date first, last;
        bool is_period = date_parse_period(span_of(cases[i].text), &first, &last);
        if (is_period != (cases[i].first != NULL))
            fail_msg("%s", cases[i].text);
        if (!is_period)
            continue;
        char printed[DATE_BYTES];
        date_print(first, printed);
        assert_string_equal(printed, cases[i].first);
        date_print(last, printed);
        assert_string_equal(printed, cases[i].last);
    }
}

static void instants_print(void **state) {
    static const struct {
        int64_t unix_s;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {1528027200, "2018-06-03T12:00:00Z"},
        {951782399, "2000-02-28T23:59:59Z"},
        {951782400, "2000-02-29T00:00:00Z"},
        {-62135596800, "0001-01-01T00:00:00Z"},
        {253402300799, "9999-12-31T23:59:59Z"},
        {253402300800, "9999-12-31T23:59:59Z"}, /* beyond the last */
        {INT64_MIN, "0001-01-01T00:00:00Z"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char printed[INSTANT_BYTES];
        instant_print(cases[i].unix_s, printed);
        assert_string_equal(printed, cases[i].text);
    }
}

static void instants_parse(void **state) {
    static const struct {
        const char *text;
        bool is_instant;
        int64_t unix_s;
    } cases[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"1969-12-31T23:59:59Z", true, -1},
        {"2018-06-03T14:00:00+02:00", true, 1528027200},
        {"2018-06-03T06:30:00-05:30", true, 1528027200},
        {"2018-06-03t12:00:00.987654z", true, 1528027200},
        {"2016-12-31T23:59:60Z", true, 1483228799}, /* leap second */
        {"2018-06-03", false, 0},
        {"2018-06-03 12:00:00Z", false, 0},
        {"2018-06-03T12:00:00", false, 0},
        {"2018-06-03T24:00:00Z", false, 0},
        {"2018-06-03T12:60:00Z", false, 0},
        {"2018-06-03T12:00:61Z", false, 0},
        {"2018-06-03T12:00:00.Z", false, 0},
        {"2018-06-03T12:00:00+0200", false, 0},
        {"2018-06-03T12:00:00+24:00", false, 0},
        {"2018-06-03T12:00:00Zx", false, 0},
        {"2018-06-03T", false, 0},
        {"2018-06-03T1", false, 0},
        {"2018-06-03T12", false, 0},
        {"2018-06-03T12-00:00Z", false, 0},
        {"2018-06-03T12:0", false, 0},
        {"2018-06-03T12:00", false, 0},
        {"2018-06-03T12:00-00Z", false, 0},
        {"2018-06-03T12:00:0Z", false, 0},
        {"2018-06-03T12:00:00+", false, 0},
        {"2018-06-03T12:00:00+2:00", false, 0},
        {"2018-06-03T12:00:00+02:0", false, 0},
        {"2018-06-03T12:00:00+02:60", false, 0},
        {"2018-02-30T12:00:00Z", false, 0},
        {"0001-01-01T00:00:00+00:01", false, 0}, /* before the first */
        {"9999-12-31T23:59:59-00:01", false, 0}, /* after the last */
        {"", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t unix_s = 0;
        if (instant_parse(span_of(cases[i].text), &unix_s) != cases[i].is_instant)
            fail_msg("%s", cases[i].text);
        assert_int_equal(unix_s, cases[i].unix_s);
    }
}

/* Every day of four centuries and both ends of the calendar: noon of the day prints as that day. */
static void every_day_makes_the_round_trip(void **state) {
    static const int64_t starts[] = {-62135596800, -12622780800, 253370764800};
    static const int days[] = {1000, 146097 + 366, 365};
    (void)state;
    for (size_t i = 0; i < COUNT(starts); i++) {
        for (int day = 0; day < days[i]; day++) {
            int64_t noon = starts[i] + (int64_t)day * 86400 + 43200;
            char printed[INSTANT_BYTES];
            int64_t again = 0;
            instant_print(noon, printed);
            assert_true(instant_parse(span_of(printed), &again));
            assert_int_equal(again, noon);
        }
    }
}

static void instants_print_as_mail(void **state) {
    static const struct {
        int64_t unix_s;
        const char *text;
    } cases[] = {
        {0, "Thu, 01 Jan 1970 00:00:00 +0000"},
        {1527984000 + 43261, "Sun, 03 Jun 2018 12:01:01 +0000"},
        {-1, "Wed, 31 Dec 1969 23:59:59 +0000"},
        {951782400, "Tue, 29 Feb 2000 00:00:00 +0000"},
        {-5774630400, "Thu, 04 Jan 1787 00:00:00 +0000"},
        {-62135596800, "Mon, 01 Jan 0001 00:00:00 +0000"},
        {253402300799, "Fri, 31 Dec 9999 23:59:59 +0000"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char printed[INSTANT_MAIL_BYTES];
        instant_print_mail(cases[i].unix_s, printed);
        assert_string_equal(printed, cases[i].text);
    }
}

/* 1994-11-06T08:49:37Z, asked in 2026. */
static void instants_of_http(void **state) {
    static const struct {
        const char *text;
        int64_t unix_s; /* -1: it is none */
        const char *about;
    } cases[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777, "as it is written today"},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777, "RFC 850"},
        {"Sun Nov  6 08:49:37 1994", 784111777, "asctime"},
        {"Wed Nov 16 08:49:37 1994", 784975777, "asctime with two digits"},
        {"Sunday, 06-Nov-76 08:49:37 GMT", 3371878177, "50 years ahead are still ahead"},
        {"Sunday, 06-Nov-77 08:49:37 GMT", 247654177, "51 are in the past"},
        {"Mon, 06 Nov 1994 08:49:37 GMT", 784111777, "the day of the week is not checked"},
        {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228799, "a leap second"},
        {"Thu, 31 Feb 1994 08:49:37 GMT", -1, "no such day"},
        {"Sun, 06 Nov 1994 24:00:00 GMT", -1, "no such hour"},
        {"Sun, 06 Nov 1994 08:49:37", -1, "no zone"},
        {"Sun, 06 Nov 1994 08:49:37 UTC", -1, "another zone"},
        {"Sun, 06 Nov 1994 08:49:37 GMT ", -1, "something behind"},
        {"sun, 06 Nov 1994 08:49:37 GMT", -1, "no capital"},
        {"Sun, 6 Nov 1994 08:49:37 GMT", -1, "one digit"},
        {"Sun, 06 Nov 94 08:49:37 GMT", -1, "two digits of the year"},
        {"Sun Nov 6 08:49:37 1994", -1, "asctime without its blank"},
        {"Sun, 06 Nov", -1, "half of it"},
        {"1994-11-06T08:49:37Z", -1, "ISO"},
        {"", -1, "nothing"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t unix_s = -1;
        if (instant_parse_http(span_of(cases[i].text), 1795525200, &unix_s) !=
                (cases[i].unix_s >= 0) ||
            unix_s != cases[i].unix_s)
            fail_msg("%s: %s", cases[i].about, cases[i].text);
    }
    char printed[INSTANT_HTTP_BYTES];
    instant_print_http(784111777, printed);
    assert_string_equal(printed, cases[0].text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_exist_or_not), cmocka_unit_test(iso_dates),
        cmocka_unit_test(periods),           cmocka_unit_test(instants_print),
        cmocka_unit_test(instants_parse),    cmocka_unit_test(instants_print_as_mail),
        cmocka_unit_test(instants_of_http),  cmocka_unit_test(every_day_makes_the_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
