/* import_lines.h: the body of an import, cut into articles and put into the store piece by piece.
 * Knows no thread and no request. */
#ifndef PILCROW_SURFACE_BULK_IMPORT_LINES_H
#define PILCROW_SURFACE_BULK_IMPORT_LINES_H

#include <stdbool.h>

#include "domain/import/import.h"
#include "engine/store/writer.h"
#include "ground/arena.h"
#include "ground/fault.h"
#include "ground/lines.h"
#include "ground/problem.h"
#include "surface/bulk/import_answer.h"

struct import_lines {
    struct writer *writer;
    struct import *run;
    struct store *store; /* the writer, while a piece is at work; NULL when it is given back */
    bool is_json;
    struct lines lines;
    struct buffer text; /* a source text, up to the form feed that ends it */
    size_t text_line;   /* where it begins */
    bool is_text_lost;  /* it has a line that is too long */
    struct arena arena; /* of one article */
    struct import_answer answer;
    struct fault fault; /* why it ended before its time, where that is not known otherwise */
};

/* Borrows the writer. The answer's mode is the import's. */
MUST_CHECK enum problem import_lines_init(struct import_lines *in, struct writer *writer,
                                          bool is_json, const struct import_answer *answer);
void import_lines_fini(struct import_lines *in);

/* One more piece: every article that is whole now is put in, in one transaction, and the writer is
 * given back. At the end (`is_end`) what is left, too. Then in->answer.lines holds what became of
 * each, for the caller to tell and to clear. */
MUST_CHECK enum problem import_lines_take(struct import_lines *in, struct span piece, bool is_end);

#endif
