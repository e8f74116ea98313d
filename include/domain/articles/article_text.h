/* article_text.h: the plain-text source format, in and out.
 *
 *     Title
 *     Author, Author and Author | DD.MM.YYYY | SECTION / Subsection
 *
 *     Title again
 *
 *     Paragraphs between blank lines ...
 *
 *     Tags: A  B
 *
 * Parsing takes what has one sensible reading and refuses the rest with line and column. Printing
 * gives the canonical form; parsing that gives the same article. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_TEXT_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_TEXT_H

#include "domain/articles/article.h"
#include "domain/articles/article_encoding.h"
#include "ground/arena.h"
#include "ground/buffer.h"
#include "ground/fault.h"
#include "ground/problem.h"

/* What a reader of the import report should know although the article was accepted. */
struct article_text_report {
    enum article_text_encoding encoding;
    bool has_byline; /* false: no author, date and section are known */
};

/* English name of an encoding, for reports: "UTF-8", "Windows-1252". */
const char *article_text_encoding_name(enum article_text_encoding encoding);

/* Reads one article. `bytes` may be freed afterwards: everything kept is copied into `arena`.
 * PROBLEM_BAD_SOURCE with fault->line and ->column, or PROBLEM_OUT_OF_MEMORY. `report` may be
 * NULL. */
MUST_CHECK enum problem article_text_parse(struct span bytes, struct arena *arena,
                                           struct article *out, struct article_text_report *report,
                                           struct fault *fault);

/* Appends the canonical source text. */
void article_text_print(const struct article *article, struct buffer *out);

/* Checks an article that did not come from source text (JSON) against the same limits and
 * character rules, so that what is accepted can always be printed and parsed back. fault->name
 * says the field. */
MUST_CHECK enum problem article_check(const struct article *article, struct fault *fault);

/* The same, and each field at fault is said; ->name of an item of a list is "tags/3". */
MUST_CHECK enum problem article_check_each(const struct article *article, fault_say *say,
                                           void *context);

#endif
