/* routes.c: THE table of what is served. A new endpoint is a row here, a handler (handlers.h), its
 * statements in db/, and its cases in tests/http/cases/. */
#include "surface/routes.h"

#include "domain/term.h"
#include "surface/handlers.h"

/* What chooses articles; the same wherever articles are chosen. */
#define ARTICLE_FILTERS \
    PARAM_TAG, PARAM_TAG_NOT, PARAM_SECTION, PARAM_SECTION_NOT, PARAM_AUTHOR, PARAM_AUTHOR_NOT, \
        PARAM_DATE, PARAM_FROM, PARAM_TO, PARAM_CHANGED_SINCE

#define PAGES PARAM_LIMIT, PARAM_CURSOR, PARAM_PAGE, PARAM_COUNT_MODE

#define ARTICLE_LIST \
    { \
        ARTICLE_FILTERS, PARAM_IDS, PARAM_ARTICLE_SORT, PARAM_ARTICLE_FIELDS, \
            PARAM_ARTICLE_LIST_INCLUDE, PAGES, PARAM_ID_COUNT \
    }

/* Three rows for each collection of terms. */
#define TERMS(address, kind, many, one) \
    {METHOD_GET, \
     "/v1/" address, \
     term_list, \
     {PARAM_TERM_PREFIX, PARAM_TERM_SORT, PARAM_TERM_FIELDS, PAGES, PARAM_ID_COUNT}, \
     {NULL}, \
     ROUTE_VALIDATOR_SEQ, \
     ROUTE_CACHE_PUBLIC, \
     kind, \
     "term_list", \
     many ", with how many articles each has."}, \
        {METHOD_GET, \
         "/v1/" address "/{slug}", \
         term_show, \
         {PARAM_TERM_FIELDS, PARAM_TERM_INCLUDE, PARAM_ID_COUNT}, \
         {NULL}, \
         ROUTE_VALIDATOR_SEQ, \
         ROUTE_CACHE_PUBLIC, \
         kind, \
         "term", \
         "One " one "."}, \
    { \
        METHOD_GET, "/v1/" address "/{slug}/articles", term_article_list, ARTICLE_LIST, {NULL}, \
            ROUTE_VALIDATOR_SEQ, ROUTE_CACHE_PUBLIC, kind, "article_list", \
            "The articles of one " one "." \
    }

const struct route routes[] = {
    {METHOD_GET,
     "/",
     service_index,
     {PARAM_ID_COUNT},
     {NULL},
     ROUTE_VALIDATOR_BUILD,
     ROUTE_CACHE_PUBLIC,
     0,
     "index",
     "What this server answers."},
    {METHOD_GET,
     "/v1/articles",
     article_list,
     ARTICLE_LIST,
     {NULL},
     ROUTE_VALIDATOR_SEQ,
     ROUTE_CACHE_PUBLIC,
     0,
     "article_list",
     "Articles, newest first; paragraphs only when included."},
    {METHOD_GET,
     "/v1/articles/{article}",
     article_show,
     {PARAM_ARTICLE_FIELDS, PARAM_ARTICLE_INCLUDE, PARAM_ID_COUNT},
     {"txt", "md", NULL},
     ROUTE_VALIDATOR_ARTICLE,
     ROUTE_CACHE_PUBLIC,
     0,
     "article",
     "One article with its paragraphs, by id or slug; .txt is its source text, .md Markdown."},
    {METHOD_GET,
     "/v1/articles/{article}/paragraphs",
     article_paragraph_list,
     {PARAM_PARAGRAPH_FIELDS, PARAM_ID_COUNT},
     {NULL},
     ROUTE_VALIDATOR_ARTICLE,
     ROUTE_CACHE_PUBLIC,
     0,
     "paragraph_list",
     "The paragraphs of one article."},
    {METHOD_GET,
     "/v1/articles/{article}/paragraphs/{range}",
     article_paragraph_range,
     {PARAM_PARAGRAPH_FIELDS, PARAM_ID_COUNT},
     {NULL},
     ROUTE_VALIDATOR_ARTICLE,
     ROUTE_CACHE_PUBLIC,
     0,
     "paragraph",
     "The paragraph at one place, counted from 1, or a list of those at places n-m."},
    {METHOD_GET,
     "/v1/paragraphs",
     paragraph_list,
     {ARTICLE_FILTERS, PARAM_MIN_WORDS, PARAM_PARAGRAPH_FIELDS, PAGES, PARAM_ID_COUNT},
     {NULL},
     ROUTE_VALIDATOR_SEQ,
     ROUTE_CACHE_PUBLIC,
     0,
     "paragraph_list",
     "The paragraphs of all articles, or of those that the filters choose, newest articles first."},
    {METHOD_GET,
     "/v1/paragraphs/{paragraph}",
     paragraph_show,
     {PARAM_CONTEXT, PARAM_PARAGRAPH_FIELDS, PARAM_ID_COUNT},
     {NULL},
     ROUTE_VALIDATOR_SEQ,
     ROUTE_CACHE_PUBLIC,
     0,
     "paragraph",
     "One paragraph at its durable address, whatever became of its article since."},
    TERMS("tags", TERM_TAG, "Tags", "tag"),
    TERMS("sections", TERM_SECTION, "Sections", "section, those inside it included"),
    TERMS("authors", TERM_AUTHOR, "Authors", "author"),
    {METHOD_GET,
     "/problems/{code}",
     service_problem,
     {PARAM_ID_COUNT},
     {NULL},
     ROUTE_VALIDATOR_BUILD,
     ROUTE_CACHE_PUBLIC,
     0,
     "problem_page",
     "What a problem means and what can be done about it."},
    {METHOD_GET,
     "/healthz",
     service_healthz,
     {PARAM_ID_COUNT},
     {NULL},
     ROUTE_VALIDATOR_NONE,
     ROUTE_CACHE_NO_STORE,
     0,
     "status",
     "Whether the process lives."},
    {METHOD_GET,
     "/readyz",
     service_readyz,
     {PARAM_ID_COUNT},
     {NULL},
     ROUTE_VALIDATOR_NONE,
     ROUTE_CACHE_NO_STORE,
     0,
     "status",
     "Whether it can answer: 503 says why not."},
};

const size_t routes_count = sizeof routes / sizeof *routes;
