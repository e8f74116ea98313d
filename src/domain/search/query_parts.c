/* query_parts.c: cuts a query into words, phrases and ORs. No text is refused: what is no operator,
 * or a broken one, is read as words, and a note says so. */
#include "domain/search/query_parts.h"

#include <strings.h>

#include "domain/text/rune.h"
#include "ground/utf8.h"

struct lexer {
    struct span text;
    size_t at;
    struct arena *arena;
    struct query *query;
    struct query_parts *parts;
};

/* ---- characters ---- */

static bool is_quote(int32_t rune) {
    static const int32_t quotes[] = {'"',    0xAB,   0xBB,   0x201C, 0x201D, 0x201E,
                                     0x201F, 0x2039, 0x203A, 0x300C, 0x300D, 0x300E,
                                     0x300F, 0x301D, 0x301E, 0xFF02};
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        if (rune == quotes[i])
            return true;
    }
    return false;
}

static size_t rune_at(struct span text, size_t at, int32_t *rune) {
    uint32_t code = 0;
    size_t bytes = utf8_decode(text, at, &code);
    *rune = bytes == 0 ? -1 : (int32_t)code;
    return bytes == 0 && at < text.bytes ? 1 : bytes;
}

static bool is_blank_at(struct span text, size_t at) {
    int32_t rune;
    return rune_at(text, at, &rune) == 0 || rune_is_blank(rune);
}

/* Where the next quotation mark is; the end when there is none. *bytes: what it takes. */
static size_t find_quote(struct span text, size_t at, size_t *bytes) {
    int32_t rune;
    for (; (*bytes = rune_at(text, at, &rune)) > 0; at += *bytes) {
        if (is_quote(rune))
            return at;
    }
    return text.bytes;
}

/* Where the word at `at` ends: at a blank or a quotation mark. */
static size_t find_word_end(struct span text, size_t at) {
    int32_t rune;
    for (size_t bytes; (bytes = rune_at(text, at, &rune)) > 0; at += bytes) {
        if (rune_is_blank(rune) || is_quote(rune))
            return at;
    }
    return text.bytes;
}

/* ---- parts ---- */

static bool add_part(struct lexer *lexer, struct query_part part, bool has_star) {
    part.is_or = false;
    if (!query_item_make(&part, has_star, lexer->arena, lexer->query))
        return false;
    if (part.item.word_count > 0)
        lexer->parts->items[lexer->parts->count++] = part;
    return true;
}

/* A phrase if a quotation mark begins one here; its text, and the place behind the second mark. */
static bool take_phrase(struct lexer *lexer, struct span *text, bool *has_star) {
    int32_t rune;
    size_t bytes = rune_at(lexer->text, lexer->at, &rune), closing;
    if (bytes == 0 || !is_quote(rune))
        return false;
    size_t start = lexer->at + bytes, end = find_quote(lexer->text, start, &closing);
    if (end == lexer->text.bytes) { /* it has no other half */
        query_note(lexer->query, QUERY_NOTE_QUOTE);
        lexer->at = start;
        return false;
    }
    *text = (struct span){lexer->text.at + start, end - start};
    if (memchr(text->at, '*', text->bytes) != NULL)
        query_note(lexer->query, QUERY_NOTE_STAR_INSIDE);
    lexer->at = end + closing;
    *has_star = lexer->at < lexer->text.bytes && lexer->text.at[lexer->at] == '*';
    lexer->at += *has_star;
    return true;
}

/* Everything up to a blank or a quotation mark, stars at its end apart. */
static struct span take_word(struct lexer *lexer, bool *has_star) {
    size_t end = find_word_end(lexer->text, lexer->at);
    struct span text = {lexer->text.at + lexer->at, end - lexer->at};
    lexer->at = end;
    *has_star = false;
    for (; text.bytes > 0 && text.at[text.bytes - 1] == '*'; text.bytes--)
        *has_star = true;
    if (text.bytes == 0 ? *has_star : memchr(text.at, '*', text.bytes) != NULL)
        query_note(lexer->query, QUERY_NOTE_STAR);
    return text;
}

/* ---- fields ---- */

struct span query_field_name(enum search_field field) {
    static const char *const names[SEARCH_FIELD_COUNT] = {[SEARCH_FIELD_ANY] = "",
                                                          [SEARCH_FIELD_TITLE] = "title",
                                                          [SEARCH_FIELD_AUTHOR] = "author",
                                                          [SEARCH_FIELD_TAG] = "tag",
                                                          [SEARCH_FIELD_SECTION] = "section"};
    return span_of(names[field]);
}

static enum search_field find_field(struct span name) {
    for (enum search_field field = SEARCH_FIELD_TITLE; field < SEARCH_FIELD_COUNT; field++) {
        struct span known = query_field_name(field);
        if (name.bytes == known.bytes && strncasecmp(name.at, known.at, name.bytes) == 0)
            return field;
    }
    return SEARCH_FIELD_ANY;
}

/* The letters before a colon; empty when there are none. */
static struct span name_before_colon(struct span text, size_t at) {
    size_t end = at;
    while (end < text.bytes && ((text.at[end] >= 'a' && text.at[end] <= 'z') ||
                                (text.at[end] >= 'A' && text.at[end] <= 'Z')))
        end++;
    bool has_colon = end < text.bytes && text.at[end] == ':';
    return (struct span){text.at + at, has_colon ? end - at : 0};
}

/* A name that is no field, with something behind its colon that is no address: two words. */
static bool is_unknown_field(struct lexer *lexer, struct span name) {
    size_t behind = lexer->at + name.bytes + 1;
    return name.bytes > 1 && !is_blank_at(lexer->text, behind) && lexer->text.at[behind] != '/';
}

/* What stands behind the name and the colon; the name is a word if that is nothing. */
static bool take_field(struct lexer *lexer, struct span name, struct query_part part) {
    bool has_star = false;
    size_t count = lexer->parts->count;
    lexer->at += name.bytes + 1;
    part.item.field = find_field(name);
    if (!take_phrase(lexer, &part.text, &has_star))
        part.text = take_word(lexer, &has_star);
    if (!add_part(lexer, part, has_star))
        return false;
    if (lexer->parts->count > count)
        return true;
    query_note(lexer->query, QUERY_NOTE_NO_VALUE);
    part.item.field = SEARCH_FIELD_ANY;
    part.text = name;
    return add_part(lexer, part, false);
}

/* ---- the query ---- */

static bool is_or(struct lexer *lexer, struct span word) {
    if (span_is(word, "AND") || span_is(word, "NOT"))
        query_note(lexer->query, QUERY_NOTE_AND);
    return span_is(word, "OR");
}

/* A name that is no field is a word, and what is behind its colon goes on as the next part. */
static bool take_name(struct lexer *lexer, struct span name, struct query_part part) {
    part.text = name;
    lexer->at += name.bytes + 1;
    return add_part(lexer, part, false);
}

static bool take_part(struct lexer *lexer, struct query_part part) {
    bool has_star = false;
    if (take_phrase(lexer, &part.text, &has_star))
        return add_part(lexer, part, has_star);
    struct span name = name_before_colon(lexer->text, lexer->at);
    if (name.bytes > 0 && find_field(name) != SEARCH_FIELD_ANY)
        return take_field(lexer, name, part);
    if (is_unknown_field(lexer, name)) {
        query_note(lexer->query, QUERY_NOTE_NO_FIELD);
        if (!part.is_excluded)
            return take_name(lexer, name, part);
    }
    part.text = take_word(lexer, &has_star);
    bool may_be_or = !part.is_excluded && !has_star && is_or(lexer, part.text);
    if (!add_part(lexer, part, has_star))
        return false;
    if (may_be_or)
        lexer->parts->items[lexer->parts->count - 1].is_or = true;
    return true;
}

/* Whether what follows is excluded: one '-' with something directly behind it. */
static bool take_minus(struct lexer *lexer) {
    size_t start = lexer->at;
    while (lexer->at < lexer->text.bytes && lexer->text.at[lexer->at] == '-')
        lexer->at++;
    bool is_minus = lexer->at - start == 1 && !is_blank_at(lexer->text, lexer->at);
    if (lexer->at > start && !is_minus)
        query_note(lexer->query, QUERY_NOTE_MINUS);
    return is_minus;
}

bool query_parts_make(struct span text, struct arena *arena, struct query *query,
                      struct query_parts *parts) {
    struct lexer lexer = {.text = text, .arena = arena, .query = query, .parts = parts};
    *parts =
        (struct query_parts){.items = arena_alloc(arena, (text.bytes + 1) * sizeof *parts->items)};
    if (parts->items == NULL)
        return false;
    bool is_behind_blank = true;
    while (lexer.at < text.bytes) {
        int32_t rune;
        size_t bytes = rune_at(text, lexer.at, &rune), count = parts->count;
        if (rune_is_blank(rune)) {
            lexer.at += bytes;
            is_behind_blank = true;
            continue;
        }
        struct query_part part = {.is_excluded = is_behind_blank && take_minus(&lexer)};
        if (!take_part(&lexer, part))
            return false;
        if (part.is_excluded && parts->count == count)
            query_note(query, QUERY_NOTE_MINUS);
        is_behind_blank = false;
    }
    return true;
}
