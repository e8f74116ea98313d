/* list_written.h: a page whose items are written one by one, each as soon as it is made, so that of
 * a long page there is never more in memory than its bytes and one item: the tree of a page takes
 * five times as much. The bytes are those that list_reply() writes of a whole page. */
#ifndef PILCROW_SURFACE_LISTS_LIST_WRITTEN_H
#define PILCROW_SURFACE_LISTS_LIST_WRITTEN_H

#include "engine/render.h"
#include "engine/reply.h"

/* Of JSON and NDJSON; the other forms want all items at once. */
bool list_written_is_asked(const struct request *request);

/* In this order: begin, add for each item, end; then list_reply() without data. Whatever add() took
 * from the request's arena since `mark` is given back. ANSWER_TOO_LARGE with fault. */
void list_written_begin(const struct request *request, struct reply *reply);
MUST_CHECK enum problem list_written_add(struct request *request, struct reply *reply, json_t *item,
                                         enum param_id fields_id, const struct arena_mark *mark);
void list_written_end(const struct request *request, struct reply *reply);

/* Of a page that is made whole: whether it may grow on. ANSWER_TOO_LARGE with fault. */
MUST_CHECK enum problem list_written_bound(struct request *request);

#endif
