/* slug.h: names as addresses, and names as they compare. The only user of utf8proc beside
 * the text encodings. Pure. */
#ifndef PILCROW_DOMAIN_TEXT_SLUG_H
#define PILCROW_DOMAIN_TEXT_SLUG_H

#include "ground/arena.h"
#include "ground/span.h"

enum { SLUG_BYTES_MAX = 200 };

/* A slug: letters and digits of every script (NFKC, case-folded, marks kept where they matter)
 * with single hyphens between; no dot, no slash, no blank; at most SLUG_BYTES_MAX bytes, cut
 * between words where possible; never empty and never digits alone: `kind` ("article", "tag")
 * stands in front then ("article-1984"). Not unique: the store appends -2, -3. .at is NULL when
 * out of memory. */
struct span slug_make(struct span name, const char *kind, struct arena *arena);

/* To be printed with a text (UTF8_SHOWN): what is wrong with one that slug_make() changes, and what
 * it made of it. */
#define SLUG_FLAW \
    "a slug is letters and digits, not digits alone, with single hyphens between; '%.*s' would " \
    "be one"

/* The form in which two spellings of one name are equal: NFKC, case-folded, any run of white space
 * (no-break space included) one space, trimmed. Distinguishes C++ from C. */
struct span slug_key(struct span name, struct arena *arena);

/* The form by which titles sort: slug_key without marks and leading punctuation, cut to 100
 * bytes. */
struct span slug_sort_key(struct span title, struct arena *arena);

/* How many words: runs of letters, digits and marks, with inner apostrophes and hyphens kept
 * together; each CJK ideograph, kana or Thai run counts by the rule the source file states. */
size_t slug_word_count(struct span text);

#endif
