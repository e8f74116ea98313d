/* test_quote.c: quotes that stand somewhere, and what is said of those that nearly do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "quote_help.h"

static struct arena arena;

static int setup_arena(void **state) {
    (void)state;
    arena_init(&arena, 256 * 1024 * 1024);
    return 0;
}

static int teardown_arena(void **state) {
    (void)state;
    arena_fini(&arena);
    return 0;
}

static const char *const statuses[] = {"none", "near", "normalized", "verbatim"};

/* "near 0:4-9 replaced 'a'>'b'@0:4-9" */
static void print_case(const struct quote_case *found, char *out, size_t room) {
    static const char *const ops[] = {"replaced", "missing", "added"};
    const struct quote_match *match = &found->match;
    size_t used = (size_t)snprintf(out, room, "%s", statuses[match->status]);
    for (size_t i = 0; i < match->range_count && used < room; i++)
        used +=
            (size_t)snprintf(out + used, room - used, " %zu:%zu-%zu", match->ranges[i].paragraph,
                             match->ranges[i].start, match->ranges[i].end);
    for (size_t i = 0; i < match->difference_count && used < room; i++) {
        const struct quote_difference *d = &match->differences[i];
        used +=
            (size_t)snprintf(out + used, room - used, " %s '%.*s'>'%.*s'@%zu:%zu-%zu", ops[d->op],
                             (int)d->quoted.bytes, d->quoted.at, (int)d->original.bytes,
                             d->original.at, d->place.paragraph, d->place.start, d->place.end);
    }
}

#define FERRY "The ferry left at nine. Nobody on the quay waved, and the gulls were silent."

static const struct {
    const char *quote, *paragraphs, *shown, *what;
} known[] = {
    {"the gulls were silent", FERRY, "verbatim 0:54-75", "the very characters"},
    {"\xE2\x80\x9Cthe gulls were silent.\xE2\x80\x9D ", FERRY, "verbatim 0:54-76",
     "quotation marks around it are the quoter's"},
    {"The gulls were silent", FERRY, "normalized 0:54-75", "a capital letter"},
    {"THE FERRY LEFT AT NINE.", FERRY, "normalized 0:0-23", "capitals, the full stop taken along"},
    {"on the quay waved and the gulls", FERRY, "normalized 0:31-63", "a comma left out"},
    {"Nobody on\xC2\xA0the quay", FERRY, "normalized 0:24-42", "a no-break space"},
    {"wait \xE2\x80\x93 no, wait", "Then: wait - no, wait.", "normalized 0:6-21", "a dash"},
    {"don\xE2\x80\x99t go", "They said don't go now.", "normalized 0:10-18", "an apostrophe"},
    {"Well\xE2\x80\xA6 maybe", "Well... maybe so.", "normalized 0:0-13",
     "an ellipsis that stands there too"},
    {"cafe noir", "Un caf\xC3\xA9 noir.", "normalized 0:3-12", "an accent"},
    {"cafe\xCC\x81 noir", "Un caf\xC3\xA9 noir.", "normalized 0:3-12", "another form of Unicode"},
    {"Gr\xC3\xB6\xC3\x9F"
     "e",
     "Die Groesse z\xC3\xA4hlt.", "normalized 0:4-11", "German spellings"},
    {"a loss of 5 %", "It was a loss of 5% in May.", "normalized 0:7-19", "a blank before a sign"},
    {"a loss of \xE2\x82\xAC"
     "5 million",
     "It was a loss of $5 million.", "near 0:7-27 replaced '\xE2\x82\xAC'>'$'@0:17-18",
     "a currency is no punctuation"},
    {"the gulls [...] silent", FERRY, "normalized 0:54-63 0:69-75", "left out in the middle"},
    {"The ferry left \xE2\x80\xA6 the gulls were", FERRY, "normalized 0:0-14 0:54-68",
     "the other ellipsis"},
    {"the gulls ... the ferry left", FERRY, "none", "parts in another order"},
    {"... Nobody on the quay ...", FERRY, "verbatim 0:24-42", "ellipses at the ends"},
    {"Nobody on the pier waved, and the gulls", FERRY,
     "near 0:24-63 replaced 'pier'>'quay'@0:38-42", "a word changed"},
    {"Nobody on the quay waved, and gulls were silent", FERRY,
     "near 0:24-75 missing ''>'the'@0:54-57", "a word left out"},
    {"Nobody on the old quay waved, and the gulls", FERRY, "near 0:24-63 added 'old'>''@0:37-37",
     "a word put in"},
    {"Nobody on the quay waived, and the gulls", FERRY,
     "near 0:24-63 replaced 'waived'>'waved'@0:43-48", "a slip of the pen"},
    {"Somebody on the quay waved, and the gulls were", FERRY,
     "near 0:24-68 replaced 'Somebody'>'Nobody'@0:24-30", "the first word changed"},
    {"Nobody on the quay waved, and the fish", FERRY,
     "near 0:24-63 replaced 'fish'>'gulls'@0:58-63", "the last word changed"},
    {"it rained in 2018 on the whole coast", "So it rained in 2019 on the whole coast.",
     "near 0:3-39 replaced '2018'>'2019'@0:16-20", "another year"},
    {"the captain said nothing to anybody", FERRY, "none", "what does not stand there"},
    {"silent were gulls the and waved quay", FERRY, "none", "the words in another order"},
    {"the gull", FERRY, "none", "of few words each must be there"},
    {"ferry", FERRY, "verbatim 0:4-9", "one word"},
    {"art", "The party is over.", "none", "part of a word is no word"},
    {"art", "The party is over. Art is long; art", "verbatim 0:32-35", "the word behind it"},
    {"obody on the quay wav", FERRY, "verbatim 0:25-46", "cut inside of words, and long enough"},
    {"left at nine.\n\nNobody waved.", "The ferry left at nine.|Nobody waved. Rain.",
     "verbatim 0:10-23 1:0-13", "over two paragraphs"},
    {"left at nine. Nobody waved.", "The ferry left at nine.|Nobody waved. Rain.",
     "normalized 0:10-23 1:0-13", "over two paragraphs, joined"},
    {"left at nine.\nNobody\nwaved.", "Ferry left at nine.|Nobody|waved.",
     "verbatim 0:6-19 1:0-6 2:0-6", "over three"},
    {"the boat left at nine. Nobody waved.", "And the ferry left at nine.|Nobody waved. Rain.",
     "near 0:4-27 1:0-13 replaced 'boat'>'ferry'@0:8-13", "nearly, over two"},
    {"\xE4\xBA\xAC\xE9\x83\xBD", "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD\xE3\x81\xA7",
     "verbatim 0:1-3", "inside a run of a script without spaces"},
    {"!?", FERRY, "none", "no words"},
    {"", FERRY, "none", "nothing"},
    {"ferry", "", "none", "in nothing"},
};

static void test_known(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char shown[400];
        struct quote_case found;
        assert_true(quote_help_find(span_of(known[i].quote), span_of(known[i].paragraphs), '|',
                                    &arena, &found));
        const char *flaw = quote_help_flaw(&found);
        print_case(&found, shown, sizeof shown);
        if (flaw != NULL || strcmp(shown, known[i].shown) != 0)
            fail_msg("%s: %s, not %s (%s)", known[i].what, shown, known[i].shown,
                     flaw == NULL ? "sound" : flaw);
    }
}

/* ---- where to look ---- */

static void test_shingles(void **state) {
    (void)state;
    static const struct {
        const char *quote;
        enum quote_reach reach;
        const char *shown, *what;
    } cases[] = {
        {"", QUOTE_REACH_LONG, "", "nothing"},
        {"ferry", QUOTE_REACH_LONG, "ferry;", "one word as it is"},
        {"The ferry left", QUOTE_REACH_LONG, "the ferry left;", "three words as they are"},
        {"The ferry left", QUOTE_REACH_SHORT, "", "and no less"},
        {"the ferry left late", QUOTE_REACH_SHORT, "the ferry;ferry left;left late;",
         "pairs of four"},
        {"one two three four five six", QUOTE_REACH_SHORT,
         "one two;two three;three four;four five;five six;", "pairs of six"},
        {"one two three four five six seven", QUOTE_REACH_LONG,
         "one two three four five;three four five six seven;", "long runs"},
        {"The ferry left", QUOTE_REACH_RARE, "", "no run of three beside the whole"},
        {"the ferry left late", QUOTE_REACH_RARE, "the ferry left;ferry left late;",
         "all of four words"},
        {"one two three four five six seven", QUOTE_REACH_RARE, "two three four;three four five;",
         "the heaviest of each half"},
        {"it is as it was in my day", QUOTE_REACH_RARE, "it is as;", "common words alone: one"},
        {"it is as it was in my day", QUOTE_REACH_LONG, "it is as it was;", "and one long run"},
        {"it is as it was in my day at sea", QUOTE_REACH_SHORT, "it is;is as;as it;",
         "and three pairs"},
        {"it is as it was in my harbour", QUOTE_REACH_SHORT, "it is;is as;as it;my harbour;",
         "beside those that have another word"},
        {"\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD", QUOTE_REACH_LONG,
         "\xE6\x9D\xB1\xE4\xBA\xAC \xE4\xBA\xAC\xE9\x83\xBD;", "without the last character alone"},
        {"\xE9\x83\xBD", QUOTE_REACH_LONG, "\xE9\x83\xBD*;", "but one character begins a pair"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char shown[400] = "";
        size_t used = 0, count = 0;
        struct quote quote;
        struct search_item *items;
        assert_int_equal(quote_parse(span_of(cases[i].quote), &arena, &quote), PROBLEM_NONE);
        assert_int_equal(quote_shingles_choose(&quote, cases[i].reach, &arena, &items, &count),
                         PROBLEM_NONE);
        for (size_t j = 0; j < count; j++) {
            for (size_t k = 0; k < items[j].word_count; k++)
                used += (size_t)snprintf(shown + used, sizeof shown - used, "%s%.*s",
                                         k > 0 ? " " : "", (int)items[j].words[k].folded.bytes,
                                         items[j].words[k].folded.at);
            used += (size_t)snprintf(shown + used, sizeof shown - used, "%s;",
                                     items[j].is_prefix ? "*" : "");
        }
        if (strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s: %s, not %s", cases[i].what, shown, cases[i].shown);
    }
}

static void test_shingles_are_bounded(void **state) {
    (void)state;
    char text[QUOTE_CHARACTERS_MAX + 1];
    struct quote quote;
    struct search_item *items;
    size_t count;
    for (size_t i = 0; i < QUOTE_CHARACTERS_MAX; i++)
        text[i] = i % 5 == 4 ? ' ' : (char)('a' + i % 23);
    assert_int_equal(quote_parse((struct span){text, QUOTE_CHARACTERS_MAX}, &arena, &quote),
                     PROBLEM_NONE);
    assert_int_equal(quote_shingles_choose(&quote, QUOTE_REACH_SHORT, &arena, &items, &count),
                     PROBLEM_NONE);
    assert_true(count > 4 && count <= QUOTE_ITEMS_MAX);
}

/* ---- likeness ---- */

static void test_likeness(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        int percent;
    } cases[] = {
        {"", "", 0},
        {"one two", "One, two!", 100},
        {"one two", "one three", 0},
        {"a b c d e", "A B C D E.", 100},
        {"a b c d e", "a b c d x", 50}, /* abc bcd of abc bcd cde cdx */
        {"a b c d e", "v w x y z", 0},
        {"a a a a a a", "a a a", 100},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct quote_tokens a, b;
        double alike;
        assert_int_equal(quote_tokens_read(span_of(cases[i].a), &arena, &a), PROBLEM_NONE);
        assert_int_equal(quote_tokens_read(span_of(cases[i].b), &arena, &b), PROBLEM_NONE);
        assert_int_equal(quote_likeness(&a, &b, &arena, &alike), PROBLEM_NONE);
        assert_int_equal((int)(alike * 100 + 0.5), cases[i].percent);
    }
}

/* ---- bounds ---- */

/* Without effort only what is exact is found; a long text costs no more than it says. */
static void test_effort(void **state) {
    (void)state;
    struct quote quote;
    struct quote_tokens text;
    struct quote_match match;
    size_t effort = 0;
    assert_int_equal(quote_tokens_read(span_of(FERRY), &arena, &text), PROBLEM_NONE);
    assert_int_equal(quote_parse(span_of("Nobody on the pier waved, and"), &arena, &quote),
                     PROBLEM_NONE);
    assert_int_equal(quote_find(&quote, &text, 1, &effort, &arena, &match), PROBLEM_NONE);
    assert_int_equal(match.status, QUOTE_NONE);
    effort = 1000;
    assert_int_equal(quote_find(&quote, &text, 1, &effort, &arena, &match), PROBLEM_NONE);
    assert_int_equal(match.status, QUOTE_NEAR);
    assert_true(effort < 1000);
}

static void test_memory(void **state) {
    (void)state;
    for (size_t limit = 0; limit < 64 * 1024; limit += 512) {
        struct arena small;
        struct quote_case found;
        arena_init(&small, limit);
        bool is_whole = quote_help_find(span_of("Nobody on the pier waved, and the gulls"),
                                        span_of(FERRY), '|', &small, &found);
        assert_true(!is_whole || found.match.status == QUOTE_NEAR);
        arena_fini(&small);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_shingles),
        cmocka_unit_test(test_shingles_are_bounded),
        cmocka_unit_test(test_likeness),
        cmocka_unit_test(test_effort),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests_name("quote", tests, setup_arena, teardown_arena);
}
