/* article_diff.h: what became of each paragraph from one version of an article to another. By id
 * first: a paragraph keeps its id while it is edited or moved. Pure. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_DIFF_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/articles/article_version.h"
#include "domain/text/text_diff.h"

enum article_diff_status {
    ARTICLE_DIFF_SAME,
    ARTICLE_DIFF_EDITED, /* other text; is_moved says whether also another place */
    ARTICLE_DIFF_MOVED,  /* same text, another place among the paragraphs that both versions have */
    ARTICLE_DIFF_ADDED,  /* in `to` alone */
    ARTICLE_DIFF_REMOVED, /* in `from` alone */
    ARTICLE_DIFF_SPLIT,   /* in `to` alone; its text stood in the paragraph `related` of `from` */
    ARTICLE_DIFF_MERGED,  /* in `from` alone; its text went into the paragraph `related` of `to` */
    ARTICLE_DIFF_STATUS_COUNT,
};

struct article_diff_entry {
    enum article_diff_status status;
    bool is_moved;
    size_t from, to;       /* index in each version; SIZE_MAX = not there */
    int64_t related;       /* id; 0 = none */
    struct text_diff text; /* of an edited one */
};

/* A paragraph by id, to be found by halving. */
struct article_diff_known {
    int64_t id;
    size_t index;
};

struct article_diff {
    struct article_diff_entry
        *entries; /* in the order of `to`; what is gone stands where it stood */
    size_t count;
    size_t counts[ARTICLE_DIFF_STATUS_COUNT];
    size_t changed_points, all_points; /* characters: gone or come, and in both versions */
    bool is_coarse;
    struct article_diff_known *to_ids; /* sorted */
    size_t to_count;
};

/* Knows what a paragraph was split from, but not what took over the text of one that is gone: that
 * is told with article_diff_set_heir(). */
MUST_CHECK enum problem article_diff_make(const struct article_version *from,
                                          const struct article_version *to, struct arena *arena,
                                          struct article_diff *out);

/* The text of a removed paragraph went into the paragraph `heir`, if that is in `to`. */
void article_diff_set_heir(struct article_diff *diff, size_t entry, int64_t heir);

/* "same", "edited", ... as shown. */
const char *article_diff_status_name(enum article_diff_status status);

#endif
