/* shapes.h: what things look like in answers. One function a shape; every answer that shows a
 * thing shows it through here. JSON is made in the request's arena; NULL when memory is out. */
#ifndef PILCROW_SURFACE_SHAPES_H
#define PILCROW_SURFACE_SHAPES_H

#include <jansson.h>

#include "engine/request.h"

/* The columns of article_by_id and article_by_slug. */
enum article_column {
    ARTICLE_ID,
    ARTICLE_SLUG,
    ARTICLE_TITLE,
    ARTICLE_PUBLISHED,
    ARTICLE_LEAD,
    ARTICLE_PARAGRAPH_COUNT,
    ARTICLE_WORD_COUNT,
    ARTICLE_VERSION,
    ARTICLE_SEQ,
    ARTICLE_CREATED_AT,
    ARTICLE_UPDATED_AT,
};

/* The columns of paragraph_by_place. */
enum paragraph_column {
    PARAGRAPH_ID,
    PARAGRAPH_POSITION,
    PARAGRAPH_TEXT,
    PARAGRAPH_WORDS,
    PARAGRAPH_FIRST_VERSION,
    PARAGRAPH_LAST_VERSION,
};

/* The columns of term_by_article. */
enum article_term_column {
    ARTICLE_TERM_KIND,
    ARTICLE_TERM_SLUG,
    ARTICLE_TERM_NAME,
    ARTICLE_TERM_ID,
    ARTICLE_TERM_ARTICLE_COUNT,
};

/* The article in the current row, with its authors, section and tags; without paragraphs. */
MUST_CHECK enum problem shape_article(struct request *request, const struct rows *rows,
                                      json_t **out);

/* The same for any of its versions, out of the columns of revision_by_version. */
MUST_CHECK enum problem shape_article_version(struct request *request, const struct rows *rows,
                                              struct span url, json_t **out);

/* {"id", "slug", "title", "published", "url"} */
json_t *shape_article_small(struct request *request, const struct rows *rows);

/* The same by id; *out stays NULL when there is no such article. */
MUST_CHECK enum problem shape_article_small_by_id(struct request *request, int64_t id,
                                                  json_t **out);

/* The paragraph in the current row. */
json_t *shape_paragraph(struct request *request, const struct rows *rows);

/* The paragraphs of an article from position `first` to `last`. */
MUST_CHECK enum problem shape_paragraphs(struct request *request, int64_t article_id, int64_t first,
                                         int64_t last, json_t **out);

#endif
