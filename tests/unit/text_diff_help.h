/* text_diff_help.h: a difference is right when its spans make both texts and lie where they say. */
#ifndef PILCROW_TESTS_TEXT_DIFF_HELP_H
#define PILCROW_TESTS_TEXT_DIFF_HELP_H

#include <string.h>

#include "domain/text/text_diff.h"
#include "ground/utf8.h"

/* The spans of one side are the text without a gap; NULL when they are, else what is wrong. */
static inline const char *find_gap(const struct text_diff *diff, struct span text, bool is_from) {
    size_t bytes = 0, points = 0;
    enum text_diff_op absent = is_from ? TEXT_DIFF_INSERT : TEXT_DIFF_DELETE;
    for (size_t i = 0; i < diff->count; i++) {
        const struct text_diff_span *span = &diff->spans[i];
        const struct text_diff_range *range = is_from ? &span->from : &span->to;
        if (range->start != points)
            return "a span does not begin where the one before ended";
        if (span->op == absent) {
            if (range->end != range->start)
                return "what is not in this text takes room in it";
            continue;
        }
        if (bytes + span->text.bytes > text.bytes ||
            memcmp(text.at + bytes, span->text.at, span->text.bytes) != 0)
            return "the text of a span is not what stands there";
        bytes += span->text.bytes;
        points += utf8_count(span->text);
        if (range->end != points)
            return "a span does not end where its text ends";
    }
    return bytes == text.bytes ? NULL : "the spans do not reach the end";
}

static inline const char *find_flaw(const struct text_diff *diff, struct span from,
                                    struct span to) {
    const char *flaw = find_gap(diff, from, true);
    size_t deleted = 0, inserted = 0;
    for (size_t i = 0; flaw == NULL && i < diff->count; i++) {
        const struct text_diff_span *span = &diff->spans[i];
        if (span->text.bytes == 0)
            return "a span is empty";
        if (i > 0 && span->op == diff->spans[i - 1].op)
            return "two spans beside each other are one";
        if (i > 0 && span->op == TEXT_DIFF_DELETE && diff->spans[i - 1].op == TEXT_DIFF_INSERT)
            return "what goes stands before what comes";
        deleted += span->op == TEXT_DIFF_DELETE ? span->from.end - span->from.start : 0;
        inserted += span->op == TEXT_DIFF_INSERT ? span->to.end - span->to.start : 0;
    }
    if (flaw == NULL && (deleted != diff->deleted || inserted != diff->inserted))
        return "the sums are wrong";
    return flaw != NULL ? flaw : find_gap(diff, to, false);
}

#endif
