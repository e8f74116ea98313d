/* quote_parse.c: what a person has quoted: trimmed, and in parts where it has ellipses. */
#include "domain/quotes/quote.h"
#include "domain/quotes/quote_set.h"
#include "domain/text/rune.h"
#include "ground/utf8.h"

/* ---- the ends ---- */

static bool is_quotation_mark(int32_t rune) {
    return rune == '"' || rune == '\'' || rune == '`' || rune == 0xAB || rune == 0xBB ||
           rune == 0xB4 || (rune >= 0x2018 && rune <= 0x201F) || rune == 0x2039 || rune == 0x203A ||
           (rune >= 0x300C && rune <= 0x300F) || (rune >= 0x301D && rune <= 0x301F) ||
           rune == 0xFF02 || rune == 0xFF07 || (rune >= 0xFF62 && rune <= 0xFF63);
}

static bool is_outside(struct span text, size_t at, size_t *bytes) {
    uint32_t code = 0;
    *bytes = utf8_decode(text, at, &code);
    return *bytes > 0 && (rune_is_blank((int32_t)code) || is_quotation_mark((int32_t)code));
}

static size_t last_character(struct span text) {
    size_t at = text.bytes - 1;
    while (at > 0 && ((unsigned char)text.at[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static struct span trim(struct span text) {
    size_t bytes;
    while (text.bytes > 0 && is_outside(text, 0, &bytes)) {
        text.at += bytes;
        text.bytes -= bytes;
    }
    while (text.bytes > 0 && is_outside(text, last_character(text), &bytes))
        text.bytes = last_character(text);
    return text;
}

/* ---- ellipses ---- */

static size_t skip(struct span text, size_t at, const char *what) {
    size_t bytes = strlen(what);
    return text.bytes - at >= bytes && memcmp(text.at + at, what, bytes) == 0 ? bytes : 0;
}

/* Three points or more, also with single blanks between. */
static size_t points_at(struct span text, size_t at) {
    size_t bytes = skip(text, at, "\xE2\x80\xA6"), count = 0, end = at;
    if (bytes > 0)
        return bytes;
    for (size_t next = at; next < text.bytes && text.at[next] == '.'; count++) {
        end = next + 1;
        next = end + (end < text.bytes && text.at[end] == ' ');
    }
    return count >= 3 ? end - at : 0;
}

/* How many bytes the ellipsis at `at` takes, brackets around it included; 0 = there is none. */
static size_t ellipsis_at(struct span text, size_t at) {
    static const char *const brackets[][2] = {{"[", "]"}, {"(", ")"}};
    for (size_t i = 0; i < sizeof brackets / sizeof brackets[0]; i++) {
        size_t opened = skip(text, at, brackets[i][0]);
        size_t points = opened == 0 ? 0 : points_at(text, at + opened);
        size_t closed = points == 0 ? 0 : skip(text, at + opened + points, brackets[i][1]);
        if (closed > 0)
            return opened + points + closed;
    }
    return points_at(text, at);
}

static void trim_ellipses(struct quote *quote) {
    size_t bytes;
    quote->text = trim(quote->text);
    while (quote->text.bytes > 0 && (bytes = ellipsis_at(quote->text, 0)) > 0) {
        quote->text.at += bytes;
        quote->text.bytes -= bytes;
        quote->text = trim(quote->text);
    }
    for (size_t at = 0; at<quote->text.bytes; at += bytes> 0 ? bytes : 1) {
        bytes = ellipsis_at(quote->text, at);
        bool is_last = bytes > 0 && at + bytes == quote->text.bytes;
        /* A sentence's own full stop may be the first of four points: "the end...." */
        if (is_last)
            quote->text = trim((struct span){quote->text.at, at});
    }
}

/* ---- parts ---- */

/* Ends the part that the token before `next` is in. */
static void end_segment(struct quote *quote, size_t *first, size_t next) {
    if (next == *first || quote->segment_count == QUOTE_SEGMENTS_MAX)
        return;
    quote->segments[quote->segment_count++] = (struct quote_segment){*first, next - *first};
    *first = next;
}

static void find_segments(struct quote *quote) {
    const struct quote_tokens *tokens = &quote->tokens;
    size_t first = 0, next = 0, bytes;
    for (size_t at = 0; at<quote->text.bytes; at += bytes> 0 ? bytes : 1) {
        bytes = ellipsis_at(quote->text, at);
        while (next < tokens->count && tokens->list[next].at < at)
            next++;
        if (bytes > 0 && quote->segment_count < QUOTE_SEGMENTS_MAX - 1)
            end_segment(quote, &first, next);
    }
    end_segment(quote, &first, tokens->count);
}

enum problem quote_parse(struct span text, struct arena *arena, struct quote *out) {
    *out = (struct quote){.text = text};
    trim_ellipses(out);
    enum problem problem = quote_tokens_read(out->text, arena, &out->tokens);
    if (problem != PROBLEM_NONE)
        return problem;
    find_segments(out);
    out->pairs = quote_set_new(out->tokens.count, arena);
    for (size_t i = 0; out->pairs != NULL && i + 1 < out->tokens.count; i++)
        quote_set_add(out->pairs, quote_pair_hash(&out->tokens.list[i], &out->tokens.list[i + 1]));
    return out->pairs == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}
