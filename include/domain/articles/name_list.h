/* name_list.h: several names in one line: the authors, the section's path, the tags. Pure. How a
 * line is read and written is said in name_list.c. */
#ifndef PILCROW_DOMAIN_ARTICLES_NAME_LIST_H
#define PILCROW_DOMAIN_ARTICLES_NAME_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/articles/article.h"
#include "ground/buffer.h"
#include "ground/span.h"

enum name_list { NAME_LIST_AUTHORS, NAME_LIST_SECTION, NAME_LIST_TAGS };

/* Stores at most `max` names, spans of `text`, trimmed and not empty; returns how many there
 * are. */
size_t name_list_split(enum name_list kind, struct span text, struct span *names, size_t max);

/* Appends a line that name_list_split() reads as exactly these names; false when there is none, and
 * then it is appended as well as may be. True as well when the buffer failed. */
bool name_list_print(enum name_list kind, const struct span_list *names, struct buffer *out);

/* Whether several lines of tags are the pieces of one line (true), or a tag ends with its line. */
bool name_list_flows(struct span lines);

#endif
