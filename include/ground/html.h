/* html.h: text made part of a page. */
#ifndef PILCROW_GROUND_HTML_H
#define PILCROW_GROUND_HTML_H

#include "ground/buffer.h"
#include "ground/span.h"

/* Appends text as it may stand between tags and in quoted attributes. */
void html_append(struct buffer *out, struct span text);
void html_append_text(struct buffer *out, const char *text);

#endif
