/* openapi_page.h: the two halves of the page that shows the document: openapi_page.c is the whole,
 * openapi_page_operation.c one operation. */
#ifndef PILCROW_SURFACE_OPENAPI_OPENAPI_PAGE_H
#define PILCROW_SURFACE_OPENAPI_OPENAPI_PAGE_H

#include <jansson.h>

#include "ground/buffer.h"

/* A member that is text; "" when there is none. */
const char *openapi_page_text(const json_t *object, const char *name);

/* Text with code between backticks. */
void openapi_page_prose(struct buffer *out, const char *text);

/* "GET ", coloured. */
void openapi_page_verb(struct buffer *out, const char *verb);

void openapi_page_operation(struct buffer *out, json_t *document, const char *path,
                            const char *verb, json_t *operation);

#endif
