/* search_evidence.h: why something was found: the words in its title and in its best paragraphs. */
#ifndef PILCROW_SURFACE_SEARCH_SEARCH_EVIDENCE_H
#define PILCROW_SURFACE_SEARCH_SEARCH_EVIDENCE_H

#include <jansson.h>

#include "surface/search/search_matches.h"

/* How much text is looked at, so that neither a paragraph of 2 MB nor a page of a thousand long
 * articles takes longer than a request may. What stands behind these bounds is found all the same,
 * but not shown as evidence. */
enum {
    SEARCH_PARAGRAPH_LOOKED_AT = 64 * 1024, /* bytes of one paragraph; more is not given as text */
    SEARCH_ARTICLE_LOOKED_AT = 256 * 1024,  /* bytes of the paragraphs of one article */
    SEARCH_ANSWER_LOOKED_AT = 2 * 1024 * 1024, /* bytes in all */
    SEARCH_EVIDENCE_MAX = 3,                   /* paragraphs of one article */
    SEARCH_MARKS_MAX = 64,                     /* marks in one text */
};

struct search_evidence {
    const struct search *search;
    bool is_html;
    size_t bytes_left; /* of SEARCH_ANSWER_LOOKED_AT */
    bool is_bounded;   /* not everything was looked at */
};

void search_evidence_init(struct search_evidence *evidence, const struct search *search);

/* "highlights" and "evidence" of an article with this title. */
MUST_CHECK enum problem search_evidence_article(struct search_evidence *evidence,
                                                int64_t article_id, json_t *article);

/* "marks" of a paragraph with this text, and "html" when that is asked for. */
MUST_CHECK enum problem search_evidence_paragraph(struct search_evidence *evidence,
                                                  struct span text, json_t *paragraph);

/* How many of the query's groups the document has as they are written, as far as its beginning
 * shows. */
MUST_CHECK enum problem search_evidence_exact(const struct search *search, int64_t id,
                                              size_t *exact);

#endif
