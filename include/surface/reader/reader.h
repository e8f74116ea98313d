/* reader.h: pages for people: what the API answers, shown as HTML. A page is made of the JSON tree
 * that its handler made for programs, and of nothing else: what it shows can be fetched, and the
 * page says how.
 *
 * An address that ends in ".html", and "/", ask for one. The view follows from the row's
 * `answer`. */
#ifndef PILCROW_SURFACE_READER_READER_H
#define PILCROW_SURFACE_READER_READER_H

#include "engine/request.h"

/* Whether the address, which was parsed, asks for a page. */
bool reader_is_asked(const struct request *request);

/* Of a page, once its parameters are read: refuses what only JSON has a place for, and sets what
 * the page shows beside what was asked (facets, related articles). */
MUST_CHECK enum problem reader_choose(struct request *request);

/* Whether the request is for a page and does not give `id`, without which the API has no answer:
 * the page is then a form to fill in. The handler answers an empty object. */
static inline bool reader_is_form(const struct request *request, enum param_id id) {
    return request->page != NULL && !request->params.values[id].is_given;
}

/* The path that a proxy adds (--public-url has it), with which the Location of a page must begin;
 * .bytes 0: none, or no page was asked for. */
struct span reader_root(const struct request *request);

/* request->page of all of them. */
request_page reader_page;

#endif
