/* markup.h: text into HTML and XML, so that it reads as it was written. Pure. */
#ifndef PILCROW_GROUND_MARKUP_H
#define PILCROW_GROUND_MARKUP_H

#include "ground/buffer.h"
#include "ground/span.h"

/* As content of an element or as a value in double quotes. */
void markup_append_html(struct buffer *out, struct span text);

/* As content of an element of XML 1.0, and as a value in double quotes. It has no way to say the
 * characters that it forbids (controls, U+FFFE, U+FFFF, what is not UTF-8): those are left out.
 * What a parser would replace (carriage returns, in values tabs and line ends, too) is given by
 * number. */
void markup_append_xml(struct buffer *out, struct span text);
void markup_append_xml_value(struct buffer *out, struct span text);

#endif
