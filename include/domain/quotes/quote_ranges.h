/* quote_ranges.h: from indexes of tokens to places in paragraphs. Inside of quote_*.c only. */
#ifndef PILCROW_DOMAIN_QUOTES_QUOTE_RANGES_H
#define PILCROW_DOMAIN_QUOTES_QUOTE_RANGES_H

#include "domain/quotes/quote_run.h"

/* Adds the places of the run's tokens [first, stop), which the part of the quote lies on: one for
 * each paragraph. False when there is no room for them, or no token. */
bool quote_ranges_add(const struct quote_run *run, const struct quote *quote,
                      struct quote_segment part, size_t first, size_t stop,
                      struct quote_match *match);

/* Whether what stands at the ranges are the quote's very characters: line breaks in it stand for
 * the ends of paragraphs. */
bool quote_ranges_are_verbatim(const struct quote_run *run, const struct quote *quote,
                               const struct quote_match *match);

/* Adds what differs, neighbours taken together. */
MUST_CHECK enum problem quote_differences_add(const struct quote_run *run,
                                              const struct quote *quote,
                                              const struct quote_alignment *alignment,
                                              struct arena *arena, struct quote_match *match);

#endif
