/* source_text.h: the bytes of a source file as clean text: UTF-8, line ends as LF, no character
 * that is not text. Lines and blocks of lines are spans into that text, so that a fault anywhere in
 * it can be given its line and column. */
#ifndef PILCROW_DOMAIN_TEXT_SOURCE_TEXT_H
#define PILCROW_DOMAIN_TEXT_SOURCE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/articles/article_encoding.h"
#include "ground/arena.h"
#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/span.h"

struct source_text {
    struct span text; /* in the arena; never changed after source_text_decode() */
    enum article_text_encoding encoding;
    struct arena *arena;
    struct fault *fault;
};

/* Finds the encoding, decodes, and refuses what is not text. `arena` and `fault` are kept in
 * `out`. */
MUST_CHECK enum problem source_text_decode(struct span bytes, struct arena *arena,
                                           struct fault *fault, struct source_text *out);

/* Sets the fault at the place of `at`, which points into the text. Always PROBLEM_BAD_SOURCE. */
__attribute__((format(printf, 3, 4))) enum problem
source_text_refuse(const struct source_text *source, const char *at, const char *format, ...);

/* Whether a character may stand in an article: no control character but the tab, and no number that
 * Unicode says is not a character. */
bool source_text_allows(uint32_t code);

/* Without white space of any kind at both ends. */
struct span source_text_trim(struct span text);

/* The rest of `text` from `at` on, which points into it. */
static inline struct span source_text_from(struct span text, const char *at) {
    return (struct span){at, (size_t)(text.at + text.bytes - at)};
}

/* Takes the next line, trimmed, from the front of `rest`; false at the end. */
bool source_text_line(struct span *rest, struct span *line);

/* Takes the next run of lines that are not blank, line ends between them included; false at the
 * end. */
bool source_text_block(struct span *rest, struct span *block);

/* The last such run. */
struct span source_text_last_block(struct span text);

/* The lines of a block as one, with `joint` between; .at is NULL when out of memory. */
struct span source_text_join(struct span block, char joint, struct arena *arena);

#endif
