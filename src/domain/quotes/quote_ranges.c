/* quote_ranges.c: see quote_ranges.h. */
#include "domain/quotes/quote_ranges.h"

#include "domain/text/rune.h"
#include "ground/utf8.h"

/* ---- ranges ---- */

static struct quote_range range_of(const struct quote_seen *first, const struct quote_seen *last) {
    return (struct quote_range){first->paragraph, first->token->at, last->token->stop,
                                first->token->start, last->token->end};
}

/* Takes the signs behind the last word along that the quote has as well: a full stop, a bracket. */
static void extend(struct quote_range *range, struct span text, struct span quoted, size_t at) {
    while (range->stop < text.bytes && at < quoted.bytes) {
        uint32_t here, there;
        size_t bytes = utf8_decode(text, range->stop, &here);
        if (bytes == 0 || utf8_decode(quoted, at, &there) != bytes || here != there ||
            rune_is_blank((int32_t)here))
            return;
        range->stop += bytes;
        range->end++;
        at += bytes;
    }
}

/* The same in front of the first word. */
static void extend_back(struct quote_range *range, struct span text, struct span quoted,
                        size_t at) {
    while (range->at > 0 && at > 0 && text.at[range->at - 1] == quoted.at[at - 1] &&
           text.at[range->at - 1] > ' ') { /* of ASCII: that is one character */
        range->at--;
        range->start--;
        at--;
    }
}

/* What runs over the end of a paragraph takes its last signs along, and the first of the next. */
static void open_end(struct quote_range *range, struct span text) {
    while (text.bytes > 0 && (unsigned char)text.at[text.bytes - 1] <= ' ')
        text.bytes--;
    if (text.bytes < range->stop)
        return;
    range->end += utf8_count((struct span){text.at + range->stop, text.bytes - range->stop});
    range->stop = text.bytes;
}

static void open_ends(const struct quote_run *run, struct quote_match *match, size_t begin) {
    for (size_t i = begin + 1; i < match->range_count; i++) {
        struct quote_range *before = &match->ranges[i - 1];
        open_end(before, run->paragraphs[before->paragraph].text);
        match->ranges[i].at = match->ranges[i].start = 0;
    }
}

bool quote_ranges_add(const struct quote_run *run, const struct quote *quote,
                      struct quote_segment part, size_t first, size_t stop,
                      struct quote_match *match) {
    const struct quote_token *quoted = &quote->tokens.list[part.first];
    size_t begin = match->range_count;
    for (size_t i = first, next; i < stop; i = next) {
        size_t paragraph = run->seen[i].paragraph;
        for (next = i + 1; next < stop && run->seen[next].paragraph == paragraph;)
            next++;
        if (match->range_count == QUOTE_PARAGRAPHS_MAX)
            return false;
        match->ranges[match->range_count++] = range_of(&run->seen[i], &run->seen[next - 1]);
    }
    if (match->range_count == begin)
        return false;
    open_ends(run, match, begin);
    struct quote_range *head = &match->ranges[begin],
                       *tail = &match->ranges[match->range_count - 1];
    if (part.first == 0 && quote_token_equal(quoted, run->seen[first].token))
        extend_back(head, run->paragraphs[head->paragraph].text, quote->text, quoted[0].at);
    if (part.first + part.count == quote->tokens.count &&
        quote_token_equal(&quoted[part.count - 1], run->seen[stop - 1].token))
        extend(tail, run->paragraphs[tail->paragraph].text, quote->text,
               quoted[part.count - 1].stop);
    return true;
}

/* ---- the very characters, over several paragraphs ---- */

/* The line at the beginning of *rest; *rest gets what stands behind the white space that ends it.
 */
static struct span take_line(struct span *rest) {
    size_t at = 0, stop = 0;
    while (at < rest->bytes) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(*rest, at, &code), blanks = at;
        bool has_break = false;
        while (bytes > 0 && rune_is_blank((int32_t)code)) {
            has_break |= code == '\n';
            blanks += bytes;
            bytes = utf8_decode(*rest, blanks, &code);
        }
        stop = at;
        if (has_break || blanks == rest->bytes) {
            at = blanks;
            break;
        }
        at = blanks > at ? blanks : at + (bytes == 0 ? 1 : bytes);
        stop = at;
    }
    struct span line = {rest->at, stop};
    *rest = (struct span){rest->at + at, rest->bytes - at};
    return line;
}

bool quote_ranges_are_verbatim(const struct quote_run *run, const struct quote *quote,
                               const struct quote_match *match) {
    struct span rest = quote->text;
    if (match->range_count < 2)
        return false;
    for (size_t i = 0; i < match->range_count; i++) {
        const struct quote_range *range = &match->ranges[i];
        struct span text = run->paragraphs[range->paragraph].text, line = take_line(&rest);
        size_t at = i == 0 ? range->at : 0;
        size_t stop = i + 1 == match->range_count ? range->stop : text.bytes;
        if (!span_equal(line, (struct span){text.at + at, stop - at}))
            return false;
    }
    return rest.bytes == 0;
}
