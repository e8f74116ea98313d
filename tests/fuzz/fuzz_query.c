/* fuzz_query.c: any bytes as a text, and their first line as a query. Whatever it is, it is
 * answered: what was understood is understood the same again and finds itself, marks are in order
 * and inside, and words are what words.h says. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/search/query.h"
#include "domain/text/words.h"
#include "ground/utf8.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, MARKS_MAX = 50, WIDTH = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void demand(bool holds, const char *law) {
    if (holds)
        return;
    fprintf(stderr, "%s\n", law);
    abort();
}

/* ---- words ---- */

static void check_form(struct span form) {
    demand(utf8_is_valid(form, NULL), "a form is UTF-8");
    demand(utf8_count(form) <= WORDS_FORM_MAX, "a form is cut");
    for (size_t i = 0; i < form.bytes; i++) {
        unsigned char c = (unsigned char)form.at[i];
        demand(c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '+' ||
                   c == '#',
               "a form holds no blank, no capital and no sign");
    }
}

static void check_words(struct span text, struct arena *arena) {
    struct words words;
    struct word word;
    size_t at = 0, code_point = 0;
    words_begin(&words, text, arena);
    while (words_next(&words, &word)) {
        size_t start = (size_t)(word.text.at - text.at);
        demand(start >= at && start + word.text.bytes <= text.bytes, "words stand in order");
        code_point += utf8_count((struct span){text.at + at, start - at});
        demand(word.start == code_point, "a word begins where it says");
        demand(word.end == word.start + utf8_count(word.text), "a word ends where it says");
        demand(word.folded.bytes > 0 && word.exact.bytes > 0, "a word has letters");
        check_form(word.folded);
        check_form(word.exact);
        check_form(word.variant);
        at = start;
        words_forget(&words);
    }
    demand(!words.has_failed, "a text costs the arena little");
}

/* ---- matches ---- */

static void check_html(struct span html, size_t marks) {
    size_t opened = 0;
    demand(html.at != NULL, "there is memory for HTML");
    for (size_t i = 0; i < html.bytes; i++) {
        if (html.at[i] == '<' && html.at[i + 1] != '/')
            opened++;
        demand(html.at[i] != '"' && html.at[i] != '\'', "HTML is escaped");
    }
    demand(opened <= marks, "there is no tag but those of the marks");
    demand(utf8_is_valid(html, NULL), "HTML is UTF-8");
}

static void check_match(const struct query *query, struct span text, struct arena *arena,
                        struct query_match *found) {
    size_t end = 0, total = utf8_count(text);
    demand(query_match(query, SEARCH_FIELD_ANY, text, MARKS_MAX, arena, found) == PROBLEM_NONE,
           "a text can be looked through");
    demand(found->mark_count <= MARKS_MAX, "marks are bounded");
    demand(found->group_count <= query->search.group_count, "no more is found than looked for");
    for (size_t i = 0; i < found->mark_count; i++) {
        demand(i == 0 || found->marks[i].start > end, "marks do not touch");
        demand(found->marks[i].end > found->marks[i].start, "a mark marks something");
        end = found->marks[i].end;
    }
    demand(end <= total, "marks are inside the text");
    check_html(query_html(text, found, 0, arena), found->mark_count);
    check_html(query_html(text, found, WIDTH, arena), found->mark_count);
}

/* ---- queries ---- */

static bool has_field(const struct search_query *search) {
    for (size_t g = 0; g < search->group_count; g++) {
        for (size_t i = 0; i < search->groups[g].item_count; i++) {
            if (search->groups[g].items[i].field != SEARCH_FIELD_ANY)
                return true;
        }
    }
    return false;
}

static void check_query(const struct query *query, struct span text, struct arena *arena) {
    struct query again;
    struct query_match found;
    demand(query->has_words == (query->search.group_count > 0), "a query without words says so");
    demand(query->note_count <= QUERY_NOTES_MAX, "notes are bounded");
    demand(query->has_words || query->note_count > 0, "a query without words has a note");
    demand(!utf8_is_valid(text, NULL) || utf8_is_valid(query->understood, NULL),
           "what was understood is UTF-8");
    demand(query->understood.bytes <= QUERY_BYTES_MAX, "the normal form is within the limits");
    demand(query_parse(query->understood, arena, &again) == PROBLEM_NONE,
           "what was understood is a query");
    demand(span_equal(again.understood, query->understood), "the normal form is one");
    demand(again.search.group_count == query->search.group_count &&
               again.search.excluded_count == query->search.excluded_count,
           "the normal form means the same");
    check_match(query, text, arena, &found);
    check_match(query, query->understood, arena, &found);
    demand(has_field(&query->search) || found.group_count == query->search.group_count,
           "a query finds itself");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    struct arena arena;
    struct query query;
    struct span text = {(const char *)bytes, count}, line = text;
    const char *end = count == 0 ? NULL : memchr(bytes, '\n', count);
    if (end != NULL)
        line.bytes = (size_t)(end - line.at);
    arena_init(&arena, ARENA_BYTES);
    check_words(text, &arena);
    demand(query_parse(line, &arena, &query) == PROBLEM_NONE, "every text is a query");
    check_query(&query, text, &arena);
    arena_fini(&arena);
    return 0;
}
