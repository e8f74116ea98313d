/* term.h: authors, sections and tags: names with an address that articles carry. The numbers are
 * stored. */
#ifndef PILCROW_DOMAIN_ARTICLES_TERM_H
#define PILCROW_DOMAIN_ARTICLES_TERM_H

enum term_kind { TERM_AUTHOR = 1, TERM_SECTION = 2, TERM_TAG = 3 };

#endif
