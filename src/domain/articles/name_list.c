/* name_list.c: where one name ends and the next begins.
 *
 * Every list can be written with semicolons: when one stands in the line (before a blank or at the
 * end, and not as the end of a character reference such as &#8217;), only semicolons separate. So
 * `Diaz, Vega and Partners;` is one author. Without a semicolon:
 *
 * Authors: commas and the word `and` separate, if what results is a list of people. A credential
 * after a comma (PhD, M.D., Jr.: one short word that ends in a capital or a full stop, behind a
 * name of two or more words) belongs to the name before it. People have names of one to four words,
 * among them no `of`, `for` or `the`; where some words begin with a capital, only those count
 * (particles such as `van` do not). Without an `and` they have at least two: `Office, Agency` and
 * `Smith, John` are one author. What is no list of people is one author, as most organisations are:
 * `National Institute of Standards and Technology`.
 *
 * Section: a slash between blanks separates.
 *
 * Tags: a tab or two or more blanks of any kind separate (the canonical form is a no-break space
 * and a space). Without those, commas do, except inside a number; but a list whose last item begins
 * with `and` or `or` is the name of one thing: `Diversity, equity, and inclusion`. */
#include "domain/articles/name_list.h"

#include "domain/text/rune.h"
#include "domain/text/source_text.h"
#include "ground/utf8.h"

enum { PERSON_WORDS_MAX = 4, CREDENTIAL_BYTES_MAX = 8 };

/* The length of the blank that starts at `at`; 0 = none. */
static size_t blank_at(struct span text, size_t at) {
    uint32_t code;
    size_t length = utf8_decode(text, at, &code);
    return length > 0 && rune_is_blank((int32_t)code) ? length : 0;
}

static bool is_blank_before(struct span text, size_t at) {
    if (at == 0)
        return true;
    size_t start = at - 1;
    while (start > 0 && ((unsigned char)text.at[start] & 0xC0) == 0x80)
        start--;
    return blank_at(text, start) == at - start;
}

static bool is_blank_or_end(struct span text, size_t at) {
    return at >= text.bytes || blank_at(text, at) > 0;
}

static bool is_reference_char(char c) {
    return c == '#' || (c >= '0' && c <= '9') || rune_is_word((unsigned char)c);
}

/* Whether the semicolon at `at` ends something like &amp; or &#8217;. */
static bool ends_reference(struct span text, size_t at) {
    size_t start = at;
    while (start > 0 && at - start < 10 && is_reference_char(text.at[start - 1]))
        start--;
    return start > 0 && text.at[start - 1] == '&' && at - start >= 2;
}

/* Each returns how many bytes the separator at `at` takes; 0 = there is none. */
typedef size_t separator(struct span text, size_t at);

static size_t semicolon_at(struct span text, size_t at) {
    return text.at[at] == ';' && is_blank_or_end(text, at + 1) && !ends_reference(text, at);
}

static size_t slash_at(struct span text, size_t at) {
    return text.at[at] == '/' && is_blank_before(text, at) && is_blank_or_end(text, at + 1);
}

static size_t gap_at(struct span text, size_t at) {
    size_t count = 0, bytes = 0;
    bool has_tab = false;
    for (size_t length; (length = blank_at(text, at + bytes)) > 0; bytes += length) {
        has_tab = has_tab || text.at[at + bytes] == '\t';
        count++;
    }
    return count >= 2 || has_tab ? bytes : 0;
}

static bool is_digit_at(struct span text, size_t at) {
    return at < text.bytes && text.at[at] >= '0' && text.at[at] <= '9';
}

static size_t comma_at(struct span text, size_t at) {
    if (text.at[at] != ',')
        return 0;
    return !(at > 0 && is_digit_at(text, at - 1) && is_digit_at(text, at + 1));
}

/* A comma before a blank, or `and` between blanks. */
static size_t prose_at(struct span text, size_t at) {
    if (text.at[at] == ',')
        return is_blank_or_end(text, at + 1);
    if (text.at[at] != 'a' || text.bytes - at < 4 || memcmp(text.at + at, "and", 3) != 0)
        return 0;
    return at > 0 && is_blank_before(text, at) && blank_at(text, at + 3) > 0 ? 3 : 0;
}

/* Names found so far; those beyond `max` are only counted. */
struct found {
    struct span *names;
    size_t max;
    size_t count;
    separator *find; /* that separated them; NULL: none did */
};

/* A semicolon at the end never belongs to a name, except in a character reference; and once it is
 * gone, what stood before it may separate: `World /;`. Where gaps separate (`A,  B`) a comma does,
 * too. */
static bool ends_in_separator(struct span name, separator *find) {
    if (name.bytes == 0)
        return false;
    size_t last = name.bytes - 1;
    return (name.at[last] == ';' && !ends_reference(name, last)) ||
           (name.at[last] == ',' && find == gap_at) || (find == slash_at && slash_at(name, last));
}

static void add(struct found *found, const char *start, const char *end) {
    struct span name = source_text_trim((struct span){start, (size_t)(end - start)});
    while (ends_in_separator(name, found->find))
        name = source_text_trim((struct span){name.at, name.bytes - 1});
    if (name.bytes == 0)
        return;
    if (found->count < found->max)
        found->names[found->count] = name;
    found->count++;
}

static bool has_separator(struct span text, separator *find) {
    for (size_t at = 0; at < text.bytes; at++) {
        if (find(text, at) > 0)
            return true;
    }
    return false;
}

static size_t split_at(struct span text, separator *find, struct span *names, size_t max) {
    struct found found = {names, max, 0, find};
    const char *start = text.at;
    for (size_t at = 0; at < text.bytes;) {
        size_t taken = find(text, at);
        if (taken > 0) {
            add(&found, start, text.at + at);
            start = text.at + at + taken;
        }
        at += taken > 0 ? taken : 1;
    }
    add(&found, start, text.at + text.bytes);
    return found.count;
}

/* Takes the next word; false at the end. */
static bool take_word(struct span *rest, struct span *word) {
    *rest = source_text_trim(*rest);
    size_t end = 0;
    while (end < rest->bytes && blank_at(*rest, end) == 0)
        end++;
    *word = (struct span){rest->at, end};
    rest->at += end;
    rest->bytes -= end;
    return end > 0;
}

static bool is_organisation_word(struct span word) {
    static const char *const words[] = {"of", "for", "the", "OF", "FOR", "THE", "The"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (span_is(word, words[i]))
            return true;
    }
    return false;
}

/* How many words a person's name has, credentials left out; 0 = it is not a person's name. */
static size_t person_words(struct span name) {
    const char *comma = memchr(name.at, ',', name.bytes);
    if (comma != NULL)
        name.bytes = (size_t)(comma - name.at);
    size_t all = 0, capital = 0;
    struct span word;
    while (take_word(&name, &word)) {
        uint32_t code = 0;
        utf8_decode(word, 0, &code);
        if (is_organisation_word(word))
            return 0;
        all++;
        capital += rune_is_capital((int32_t)code);
    }
    size_t words = capital > 0 ? capital : all;
    return words <= PERSON_WORDS_MAX ? words : 0;
}

/* One short word that ends in a capital or a full stop. */
static bool is_credential(struct span text) {
    if (text.bytes < 2 || text.bytes > CREDENTIAL_BYTES_MAX)
        return false;
    if (span_is(text, "Jr") || span_is(text, "Sr") || span_is(text, "Esq"))
        return true;
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] != '.' && !rune_is_word((unsigned char)text.at[i]))
            return false;
    }
    char last = text.at[text.bytes - 1];
    return last == '.' || rune_is_capital((unsigned char)last);
}

/* Joins each credential to the name before it; they are spans of one text. */
static size_t join_credentials(struct span *names, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct span *before = kept > 0 ? &names[kept - 1] : NULL;
        if (before != NULL && is_credential(names[i]) && person_words(*before) >= 2)
            before->bytes = (size_t)(names[i].at + names[i].bytes - before->at);
        else
            names[kept++] = names[i];
    }
    return kept;
}

static bool are_people(const struct span *names, size_t count, bool has_and) {
    for (size_t i = 0; i < count; i++) {
        if (person_words(names[i]) < (has_and ? 1 : 2))
            return false;
    }
    return true;
}

static size_t and_at(struct span text, size_t at) {
    return text.at[at] == 'a' ? prose_at(text, at) : 0;
}

static size_t split_authors(struct span text, struct span *names, size_t max) {
    size_t count = split_at(text, prose_at, names, max);
    if (count > max)
        return count;
    count = join_credentials(names, count);
    if (count > 1 && are_people(names, count, has_separator(text, and_at)))
        return count;
    struct found found = {names, max, 0, NULL};
    add(&found, text.at, text.at + text.bytes);
    return found.count;
}

static bool starts_with_word(struct span text, const char *word) {
    size_t bytes = strlen(word);
    return text.bytes > bytes && memcmp(text.at, word, bytes) == 0 && blank_at(text, bytes) > 0;
}

/* "Diversity, equity, and inclusion" */
static bool is_enumeration(struct span text) {
    const char *comma = memrchr(text.at, ',', text.bytes);
    if (comma == NULL)
        return false;
    struct span last =
        source_text_trim((struct span){comma + 1, text.bytes - (size_t)(comma + 1 - text.at)});
    return starts_with_word(last, "and") || starts_with_word(last, "or");
}

static size_t split_tags(struct span text, struct span *names, size_t max) {
    if (!has_separator(text, gap_at) && has_separator(text, comma_at) && !is_enumeration(text))
        return split_at(text, comma_at, names, max);
    return split_at(text, gap_at, names, max);
}

size_t name_list_split(enum name_list kind, struct span text, struct span *names, size_t max) {
    text = source_text_trim(text);
    if (kind == NAME_LIST_SECTION)
        return split_at(text, slash_at, names, max);
    if (has_separator(text, semicolon_at))
        return split_at(text, semicolon_at, names, max);
    return kind == NAME_LIST_AUTHORS ? split_authors(text, names, max)
                                     : split_tags(text, names, max);
}

/* Tags on several lines: when they have separators of their own, which may be gaps within a line, a
 * line end is a blank like any other. */
bool name_list_flows(struct span lines) {
    if (has_separator(lines, semicolon_at))
        return true;
    struct span line;
    bool has_comma = has_separator(lines, comma_at);
    while (source_text_line(&lines, &line)) {
        if (has_separator(line, gap_at))
            return false;
    }
    return has_comma;
}
