/* import_run.h: what the files of an import share. For src/domain/import/ alone. */
#ifndef PILCROW_DOMAIN_IMPORT_IMPORT_RUN_H
#define PILCROW_DOMAIN_IMPORT_IMPORT_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/articles/article_store.h"
#include "domain/import/import.h"
#include "domain/import/import_seen.h"
#include "domain/search/article_index.h"
#include "engine/store/store.h"
#include "ground/arena.h"
#include "ground/fault.h"
#include "ground/problem.h"

struct import {
    struct store *writer;
    bool is_dry_run;
    enum import_mode mode;
    unsigned changes_keep;
    bool is_begun;      /* a transaction is open */
    enum problem ended; /* what ended the run */
    size_t batch_articles, batch_bytes;
    struct import_totals committed, pending;
    struct import_seen seen;
    struct import_seen made;    /* by a dry run: identity and content, as its rows are undone */
    struct arena scratch;       /* of one article */
    struct article_index index; /* of one transaction */
};

/* Puts one article into the store, or finds that nothing is to be done. Inside of a transaction, of
 * which it leaves to the caller what to do when it fails. */
MUST_CHECK enum problem import_put(struct import *run, struct article_put *put,
                                   struct import_result *result, struct fault *fault);

#endif
