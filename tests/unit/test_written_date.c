/* test_written_date.c: dates of bylines: what is known, what cannot be, what could be two days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/text/written_date.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void known(void **state) {
    static const struct {
        const char *text, *day;
    } cases[] = {
        {"03.06.2018", "2018-06-03"},       {"3. 6. 2018", "2018-06-03"},
        {"2018-06-03", "2018-06-03"},       {"2018/6/3", "2018-06-03"},
        {"2018.06.03", "2018-06-03"},       {"25/12/2018", "2018-12-25"},
        {"12-25-2018", "2018-12-25"},       {"06/06/2018", "2018-06-06"},
        {"06.03.2018", "2018-03-06"}, /* points: the day comes first */
        {"3 June 2018", "2018-06-03"},      {"3. June 2018", "2018-06-03"},
        {"June 3, 2018", "2018-06-03"},     {"Sept. 3, 2018", "2018-09-03"},
        {"03-jun-2018", "2018-06-03"},      {"DECEMBER 31, 1999", "1999-12-31"},
        {"29 February 2016", "2016-02-29"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct date date;
        char printed[DATE_BYTES];
        if (written_date_parse(span_of(cases[i].text), &date) != WRITTEN_DATE_KNOWN)
            fail_msg("%s: not known", cases[i].text);
        date_print(date, printed);
        if (strcmp(printed, cases[i].day) != 0)
            fail_msg("%s: %s", cases[i].text, printed);
    }
}

static void others(void **state) {
    static const struct {
        const char *text;
        enum written_date verdict;
    } cases[] = {
        {"undated", WRITTEN_DATE_UNDATED},
        {"Undated", WRITTEN_DATE_UNDATED},
        {"31.02.2018", WRITTEN_DATE_IMPOSSIBLE},
        {"2018-13-01", WRITTEN_DATE_IMPOSSIBLE},
        {"31 June 2018", WRITTEN_DATE_IMPOSSIBLE},
        {"June 31, 2018", WRITTEN_DATE_IMPOSSIBLE},
        {"0 June 2018", WRITTEN_DATE_IMPOSSIBLE},
        {"06/03/2018", WRITTEN_DATE_AMBIGUOUS},
        {"03-06-2018", WRITTEN_DATE_AMBIGUOUS},
        {"03.06.18", WRITTEN_DATE_SHORT_YEAR},
        {"18/6/3", WRITTEN_DATE_SHORT_YEAR},
        {"", WRITTEN_DATE_NONE},
        {"2018", WRITTEN_DATE_NONE},
        {"June 2018", WRITTEN_DATE_NONE},
        {"3 June", WRITTEN_DATE_NONE},
        {"3 June 18", WRITTEN_DATE_NONE},
        {"3 June 02018", WRITTEN_DATE_NONE},
        {"3 June 2018 at noon", WRITTEN_DATE_NONE},
        {"3 Ju 2018", WRITTEN_DATE_NONE},    /* June or July */
        {"3 Junes 2018", WRITTEN_DATE_NONE}, /* longer than the name */
        {"3 Decembers 2018", WRITTEN_DATE_NONE},
        {"3 Winter 2018", WRITTEN_DATE_NONE},
        {"Winter 3, 2018", WRITTEN_DATE_NONE},
        {"early June 2018", WRITTEN_DATE_NONE}, /* two words */
        {"300 June 2018", WRITTEN_DATE_NONE},
        {"June 300, 2018", WRITTEN_DATE_NONE},
        {"June 3, MMXVIII", WRITTEN_DATE_NONE},
        {"3.6/2018", WRITTEN_DATE_NONE},   /* two separators */
        {"3..6.2018", WRITTEN_DATE_NONE},  /* one of them twice */
        {"3.600.2018", WRITTEN_DATE_NONE}, /* no day or month has three digits */
        {"300.6.2018", WRITTEN_DATE_NONE},
        {"3.6.201", WRITTEN_DATE_NONE},
        {"3.6.20188", WRITTEN_DATE_NONE},
        {"2018.6.300", WRITTEN_DATE_NONE},
        {"3:6:2018", WRITTEN_DATE_NONE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct date date;
        enum written_date verdict = written_date_parse(span_of(cases[i].text), &date);
        if (verdict != cases[i].verdict)
            fail_msg("%s: %d", cases[i].text, (int)verdict);
    }
    struct date date; /* a NUL is no separator, though strchr() finds it in every text */
    assert_int_equal(written_date_parse(SPAN_LITERAL("3.6\0.2018"), &date), WRITTEN_DATE_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known),
        cmocka_unit_test(others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
