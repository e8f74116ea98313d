/* article_input.h: the article that a write means: out of its JSON, beside what is stored.
 *
 * What the server decides (id, version, lead, counts ...) may be sent back as it was read; another
 * value is refused. A paragraph that names its id stays that paragraph, wherever it stands and
 * whatever its text is now. Everything that is wrong is said at once, into write->errors. */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLE_INPUT_H
#define PILCROW_SURFACE_ARTICLES_ARTICLE_INPUT_H

#include "surface/writing/write.h"

struct article_input {
    struct article article;
    struct span slug; /* .bytes 0: not said, or as it is */
    int64_t *ids;     /* of the paragraphs, 0 where not said; NULL = none is said */
};

/* `current` is the stored article as it is shown, NULL when there is none. A merge patch is applied
 * to it. INVALID with write->errors. */
MUST_CHECK enum problem article_input_read(struct write *write, const json_t *current,
                                           struct article_input *out);

#endif
