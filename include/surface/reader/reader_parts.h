/* reader_parts.h: what the pages of reader.h are put together from. Text goes into a page through
 * html_append() and the functions here, which escape; markup stands in constants alone. */
#ifndef PILCROW_SURFACE_READER_READER_PARTS_H
#define PILCROW_SURFACE_READER_READER_PARTS_H

#include <jansson.h>

#include "engine/reply.h"
#include "engine/request.h"
#include "ground/html.h"

/* A page while it is made. */
struct reader {
    struct request *request;
    struct reply *reply;
    struct buffer *out;
    const json_t *json;
    const struct reader_view *view;

    /* What the head says; a view's `head` fills it. */
    struct span title;       /* of the page alone */
    struct span description; /* .bytes 0: none */
    struct span canonical;   /* .bytes 0: the address that was asked for says it */
    bool is_article;
};

/* One kind of page: the head and what stands in <main>. */
struct reader_view {
    const char *answer; /* of the row */
    const char *class;  /* of <body> */
    void (*head)(struct reader *page);
    void (*print)(struct reader *page);
};

/* ---- reader_page.c ---- */

/* The whole page around what the view prints. */
void reader_print(struct reader *page);

/* Where a proxy adds a path (--public-url has one), addresses in the finished page begin with
 * it. */
void reader_add_root(struct reader *page);

/* Adds the policy of what a page may load. */
void reader_protect(struct reply *reply);

/* ---- reader_text.c: small things that are the same on every page ---- */

/* A member that is a text; .bytes 0 when it is none. */
struct span reader_text(const json_t *object, const char *member);
int64_t reader_number(const json_t *object, const char *member); /* 0 when it is none */

/* The address of the article, which begins those of its versions; .bytes 0 when it is none. */
struct span reader_article_of_version(const json_t *version);

/* Markup, escaped text, markup; nothing when there is no text. */
void reader_wrap(struct buffer *out, const char *before, struct span text, const char *after);

/* <a href="ADDRESS.html">TEXT</a> of a thing at the address of its JSON; `more` is attributes. */
void reader_link(struct buffer *out, struct span address, const char *more, struct span text);

/* <a href="/v1/tags/SLUG/articles.html">NAME</a>; `collection` is "tags". */
void reader_term_link(struct buffer *out, const char *collection, const json_t *term,
                      const char *more);

/* <time> of "2018-06-03" or of an instant; nothing when the text is empty. */
void reader_time(struct buffer *out, struct span text);

/* "12 articles", "1 article" */
void reader_count(struct buffer *out, int64_t count, const char *noun);

/* Text in which <mark> and </mark> are markup and references are written already, as the API
 * gives it (highlight=html); any other tag would be shown as text. */
void reader_marked(struct buffer *out, struct span html);

/* ---- reader_address.c ---- */

/* The address of the JSON that the page shows, with what the page adds to its query. */
struct span reader_json_address(const struct request *request);

/* The same page with a parameter set to a value, or (value .at NULL) without it; the first of its
 * pages. */
struct span reader_with(const struct request *request, const char *name, struct span value);

/* Whether the query holds `value` for the parameter, by itself or between commas. */
bool reader_has(const struct request *request, const char *name, struct span value);

/* Appends `text` as one word of a shell's command line in single quotes, its end left open. */
void reader_append_shell(struct buffer *out, struct span text);

/* What is added to the query of a page when it is not given, by the row's answer. */
struct reader_default {
    const char *answer;
    enum param_id id;
    const char *value;
};
extern const struct reader_default reader_defaults[];
extern const size_t reader_default_count;

/* Whether a default holds for the request. */
bool reader_default_holds(const struct request *request, const struct reader_default *fallback);

/* ---- parts of several views ---- */

void reader_byline(struct buffer *out, const json_t *article);
void reader_tags(struct buffer *out, const json_t *article);
void reader_pager(struct reader *page);
void reader_facets(struct reader *page);

/* "1 to 20 of 134 articles", and what the answer says about names that it does not know. */
void reader_total(struct reader *page, const char *noun);

/* ---- views ---- */

void reader_article_head(struct reader *page);
void reader_article(struct reader *page);
void reader_list_head(struct reader *page);
void reader_list(struct reader *page);
void reader_paragraphs(struct reader *page);
void reader_front_head(struct reader *page);
void reader_front(struct reader *page);
void reader_terms_head(struct reader *page);
void reader_terms(struct reader *page);
void reader_term_head(struct reader *page);
void reader_term(struct reader *page);
void reader_search_head(struct reader *page);
void reader_search(struct reader *page);
void reader_history_head(struct reader *page);
void reader_history(struct reader *page);
void reader_diff_head(struct reader *page);
void reader_diff(struct reader *page);
void reader_quote_head(struct reader *page);
void reader_quote(struct reader *page);
void reader_problem_head(struct reader *page);
void reader_problem(struct reader *page);
void reader_help_head(struct reader *page);
void reader_help(struct reader *page);

/* ---- reader_asset.c ---- */

/* "/assets/SET/", where what pages load stands. */
extern const char reader_asset_folder[];

#endif
