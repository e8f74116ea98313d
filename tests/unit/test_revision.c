/* test_revision.c: which paragraph of a new text is which of the old one. */
#include "store_help.h"

#include "domain/revisions/revision_run.h"

/* Long enough to be recognised when a part of them stands elsewhere. */
#define RAIN "It rained all night in the valley and the bridge near the mill was gone."
#define WIND "A strong wind tore the roof from the old school while nobody was inside."
#define SNOW "Snow fell on the high pass for the first time since the winter of 1963."
#define HEAT "By noon the heat had emptied every street between harbour and station."

struct align_case {
    const char *about;
    const char *old_text, *new_text; /* paragraphs between ~ */
    const char *steps;               /* match, old index, + when it keeps the id */
    const char *absorbed;            /* old>new */
};

static const struct align_case cases[] = {
    {"nothing at all", "", "", "", ""},
    {"everything is new", "", "a~b", "new new", ""},
    {"everything is gone", "a~b", "", "", ""},
    {"the same", "a~b~c", "a~b~c", "exact:0+ exact:1+ exact:2+", ""},
    {"one more in front", "a~b", "x~a~b", "new exact:0+ exact:1+", ""},
    {"one more at the end", "a~b", "a~b~x", "exact:0+ exact:1+ new", ""},
    {"one less", "a~b~c", "a~c", "exact:0+ exact:2+", ""},
    {"the last comes first", "a~b~c~d", "d~a~b~c", "moved:3+ exact:0+ exact:1+ exact:2+", ""},
    {"two change places", "a~b~c~d", "a~c~b~d", "exact:0+ moved:2+ exact:1+ exact:3+", ""},
    {"the order is reversed", "a~b~c", "c~b~a", "moved:2+ moved:1+ exact:0+", ""},
    {"copies in order", "*~*~*", "*~*", "exact:0+ exact:1+", ""},
    {"one more copy", "*~*", "*~*~*", "exact:0+ exact:1+ new", ""},
    {"copies are told apart by their neighbours", "a~*~b~*~c", "b~*~c~a",
     "exact:2+ exact:3+ exact:4+ moved:0+", ""},
    {"a copy goes with what stands before it", "a~*~b~*~c~*", "a~*~c~*",
     "exact:0+ exact:1+ exact:4+ exact:5+", ""},
    {"a word is edited", RAIN "~" WIND,
     "It rained all day in the valley and the bridge near the mill was gone.~" WIND,
     "edited:0+ exact:1+", ""},
    {"only a comma and capitals", "One, two three four.", "ONE two, three four", "edited:0+", ""},
    {"edited and moved", RAIN "~" WIND "~" SNOW,
     WIND "~" SNOW "~It rained all day in the valley and the bridge near the mill was gone.",
     "exact:1+ exact:2+ edited:0+", ""},
    {"unlike text is new", RAIN, HEAT, "new", ""},
    {"few words in common are not enough", "He stayed for three days.",
     "He left after three weeks.", "new", ""},
    {"two like the old one: the more alike keeps it", RAIN,
     "It rained all day in the hills and the bridge near the mill was lost.~"
     "It rained all day in the valley and the bridge near the mill was gone.",
     "new edited:0+", ""},
    {"equally alike: the order decides", "Number one of ten.~Number one of ten.",
     "Number two of ten.~Number two of ten.", "edited:0+ edited:1+", ""},
    {"split in two", RAIN " " WIND "~" SNOW, RAIN "~" WIND "~" SNOW, "split:0+ split:0 exact:1+",
     ""},
    {"split in three, all alike in size", RAIN " " WIND " " HEAT, WIND "~" HEAT "~" RAIN,
     "split:0 split:0 split:0+", ""},
    {"split, and the larger part edited", RAIN " " WIND " " HEAT,
     WIND " By noon the heat had emptied every street between school and station.~" RAIN,
     "split:0+ split:0", ""},
    {"an unchanged one is not split by a copy of a part", RAIN " " WIND, RAIN " " WIND "~" RAIN,
     "exact:0+ new", ""},
    {"merged from two", RAIN "~" WIND "~" SNOW, RAIN " " WIND "~" SNOW, "merged:0+ exact:2+",
     "1>0"},
    {"merged from three", RAIN "~" WIND "~" HEAT "~" SNOW, SNOW "~" RAIN " " WIND " " HEAT,
     "exact:3+ merged:0+", "1>1 2>1"},
    {"a third of the old is too little", RAIN " " WIND " " HEAT, HEAT, "new", ""},
    {"no spaces between words", "雨は一晩中谷に降り続き橋が流された。",
     "雨は一晩中谷に降り続き橋が落ちた。", "edited:0+", ""},
    {"other signs of the same script", "雨は一晩中谷に降り続き橋が流された。",
     "正午には暑さで通りから人影が消えた。", "new", ""},
    {"marks without words", "***~- - -", "* * *~- - -", "new exact:1+", ""},
};

static void print_steps(char *out, size_t bytes, const struct revision_step *steps, size_t count) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(out + used, bytes - used, "%s%s", i > 0 ? " " : "",
                                 revision_match_name(steps[i].match));
        if (steps[i].old_index != SIZE_MAX)
            used += (size_t)snprintf(out + used, bytes - used, ":%zu", steps[i].old_index);
        used += (size_t)snprintf(out + used, bytes - used, "%s", steps[i].keeps_id ? "+" : "");
    }
}

static void print_absorbed(char *out, size_t bytes, const size_t *absorbed, size_t count) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        if (absorbed[i] != SIZE_MAX)
            used += (size_t)snprintf(out + used, bytes - used, "%s%zu>%zu", used > 0 ? " " : "", i,
                                     absorbed[i]);
    }
}

static void test_align(void **state) {
    size_t failed = 0;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct align_case *c = &cases[i];
        struct arena arena;
        arena_init(&arena, 16 * 1024 * 1024);
        struct span_list old_list = pieces(c->old_text, '~', &arena);
        struct span_list new_list = pieces(c->new_text, '~', &arena);
        struct revision_step steps[10];
        size_t absorbed[10];
        char got[200], got_absorbed[100];
        assert_int_equal(revision_align(old_list.items, old_list.count, new_list.items,
                                        new_list.count, &arena, steps, absorbed),
                         PROBLEM_NONE);
        print_steps(got, sizeof got, steps, new_list.count);
        print_absorbed(got_absorbed, sizeof got_absorbed, absorbed, old_list.count);
        if (strcmp(got, c->steps) != 0 || strcmp(got_absorbed, c->absorbed) != 0) {
            print_message("%s: %s / %s\n", c->about, got, got_absorbed);
            failed++;
        }
        arena_fini(&arena);
    }
    assert_int_equal(failed, 0);
}

/* Paragraphs of 20 words out of a vocabulary; `edit` changes that many words of each. */
static struct span make_text(struct arena *arena, unsigned number, unsigned edit, unsigned words) {
    char text[400];
    size_t used = 0;
    for (unsigned w = 0; w < 20; w++) {
        unsigned seed = (number * 20 + w + (w < edit ? 777777 : 0)) * 2654435761U;
        used += (size_t)snprintf(text + used, sizeof text - used, "w%u ", (seed >> 8) % words);
    }
    return arena_copy(arena, (struct span){text, used});
}

enum { MANY = 10000 };

static size_t work_of(unsigned count, unsigned edit, unsigned words, size_t *edited) {
    struct arena arena;
    arena_init(&arena, 512 * 1024 * 1024);
    struct span *old_texts = arena_alloc(&arena, count * sizeof *old_texts);
    struct span *new_texts = arena_alloc(&arena, count * sizeof *new_texts);
    struct revision_run run = {
        .old_side = {old_texts, count, NULL},
        .new_side = {new_texts, count, NULL},
        .arena = &arena,
        .steps = arena_alloc(&arena, count * sizeof *run.steps),
    };
    assert_non_null(run.steps);
    for (unsigned i = 0; i < count; i++) {
        old_texts[i] = make_text(&arena, i, 0, words);
        new_texts[i] = make_text(&arena, (i + count / 3) % count, edit, words);
    }
    assert_int_equal(revision_run_all(&run), PROBLEM_NONE);
    *edited = 0;
    for (unsigned i = 0; i < count; i++)
        *edited += run.steps[i].keeps_id && run.steps[i].old_index == (i + count / 3) % count;
    arena_fini(&arena);
    return run.comparisons;
}

/* Ten thousand by ten thousand: the comparisons grow with the sum, not with the product. */
static void test_work_is_bounded(void **state) {
    (void)state;
    size_t found;
    assert_true(work_of(MANY, 0, 50000, &found) <= 6 * MANY);
    assert_int_equal(found, MANY);
    assert_true(work_of(MANY, 3, 50000, &found) <= 30 * MANY);
    assert_int_equal(found, MANY);
    assert_true(work_of(MANY, 20, 50000, &found) <= 30 * MANY);
    assert_true(work_of(MANY, 3, 40, &found) <= 30 * MANY);
}

static void test_no_memory(void **state) {
    (void)state;
    struct arena texts;
    arena_init(&texts, 1024 * 1024);
    struct span_list old_list = pieces(RAIN " " WIND "~" SNOW "~" HEAT "~x", '~', &texts);
    struct span_list new_list = pieces(RAIN "~" WIND "~" SNOW " " HEAT "~x", '~', &texts);
    enum problem problem = PROBLEM_OUT_OF_MEMORY;
    size_t refused = 0;
    for (size_t limit = 0; problem != PROBLEM_NONE; limit += 1024, refused++) {
        struct arena arena;
        struct revision_step steps[4];
        arena_init(&arena, limit);
        problem = revision_align(old_list.items, old_list.count, new_list.items, new_list.count,
                                 &arena, steps, NULL);
        assert_true(problem == PROBLEM_NONE || problem == PROBLEM_OUT_OF_MEMORY);
        arena_fini(&arena);
    }
    assert_true(refused > 3);
    arena_fini(&texts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_align),
        cmocka_unit_test(test_work_is_bounded),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
