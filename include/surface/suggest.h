/* suggest.h: sentences for what is not there, with what was probably meant. */
#ifndef PILCROW_SURFACE_SUGGEST_H
#define PILCROW_SURFACE_SUGGEST_H

#include "domain/articles/term.h"
#include "engine/request.h"

/* All set the fault and return NOT_FOUND (or what the store says). */
MUST_CHECK enum problem suggest_article(struct request *request);
MUST_CHECK enum problem suggest_paragraph(struct request *request);
MUST_CHECK enum problem suggest_term(struct request *request, enum term_kind kind, const char *noun,
                                     const char *collection);

#endif
