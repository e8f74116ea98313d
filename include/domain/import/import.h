/* import.h: articles into the store, in bounded transactions, so that importing the same text
 * again changes nothing and paragraphs keep their ids.
 *
 * Which stored article a new text belongs to: (1) the one with the same title, authors and date
 * (spellings that differ in case or kind of blank are the same); else (2) the last one that
 * came from the same source, when at least half of its paragraphs are recognised in the new text;
 * else none: it is a new article.
 *
 * Nothing is lost: under (1) a text of another source, or of no known source, is refused unless at
 * least half of the stored paragraphs are recognised in it, and within one run it is refused
 * unless it is the same text. What is equal to the stored text changes nothing but the name of its
 * source, so that a file may be renamed now and corrected later.
 *
 * An article that says its slug gets it when no other one has it, a new one else with a number
 * behind; a stored one has then another slug, and the old one redirects. */
#ifndef PILCROW_DOMAIN_IMPORT_IMPORT_H
#define PILCROW_DOMAIN_IMPORT_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/articles/article.h"
#include "engine/store/store.h"
#include "ground/fault.h"
#include "ground/problem.h"

enum import_outcome {
    IMPORT_CREATED,
    IMPORT_UPDATED,
    IMPORT_UNCHANGED,
    IMPORT_REFUSED,
    IMPORT_OUTCOME_COUNT
};

struct import_result {
    enum import_outcome outcome;
    int64_t article_id; /* 0 when refused, or created in a dry run */
    int64_t version;
};

/* Sums over what is committed (or would be, in a dry run). */
struct import_totals {
    uint64_t outcome[IMPORT_OUTCOME_COUNT];
    uint64_t paragraphs;
};

struct import; /* one run */

/* What an article may do to one that has the same title, authors and date. */
enum import_mode {
    IMPORT_UPSERT,  /* change it, when it is alike */
    IMPORT_CREATE,  /* nothing: it is refused, even when it is the same text */
    IMPORT_REPLACE, /* change it, alike or not */
};

/* `writer` is borrowed and must be a STORE_WRITER. A dry run rolls everything back. */
MUST_CHECK enum problem import_open(struct store *writer, bool is_dry_run, struct import **out);

/* Before the first article; a run upserts unless it is told otherwise. */
void import_set_mode(struct import *run, enum import_mode mode);

/* Before the first article: every commit forgets the oldest changes but so many; 0 = none. */
void import_set_changes_keep(struct import *run, unsigned keep);

/* Puts one article. `source` names where it came from ("seeds/000.txt"), for people and for rule
 * (2); may be empty. PROBLEM_CONFLICT with fault = refused, the run goes on; any other problem
 * ends the run: what was not yet committed is undone. */
MUST_CHECK enum problem import_article(struct import *run, const struct article *article,
                                       struct span source, struct import_result *result,
                                       struct fault *fault);

/* Commits what is open (also done by itself every few hundred articles). */
MUST_CHECK enum problem import_commit(struct import *run);

/* Ends the open transaction, so that others may use the writer between two articles: commits, or in
 * a dry run undoes what was done. The dry run remembers what it would have made. */
MUST_CHECK enum problem import_pause(struct import *run);

/* What is committed so far. */
struct import_totals import_totals(const struct import *run);

/* Rolls back what was not committed, frees the run. NULL is allowed. */
void import_close(struct import *run);

#endif
