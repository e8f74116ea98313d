/* routes.c: THE table of what is served. A new endpoint is a row here, a handler (handlers.h), its
 * statements in db/, and its cases in tests/http/cases/. */
#include "surface/routes.h"

#include "domain/articles/term.h"
#include "surface/handlers.h"

/* What chooses articles; the same wherever articles are chosen. */
#define FILTERS \
    PARAM_TAG, PARAM_TAG_NOT, PARAM_SECTION, PARAM_SECTION_NOT, PARAM_AUTHOR, PARAM_AUTHOR_NOT, \
        PARAM_DATE, PARAM_FROM, PARAM_TO, PARAM_CHANGED_SINCE
#define PAGE PARAM_LIMIT, PARAM_CURSOR, PARAM_PAGE
#define PAGES PAGE, PARAM_COUNT_MODE
#define ARTICLES \
    PARAM_Q, FILTERS, PARAM_IDS, PARAM_ARTICLE_SORT, PARAM_ARTICLE_FIELDS, \
        PARAM_ARTICLE_LIST_INCLUDE, PARAM_FACETS, PAGES
#define TERMS PARAM_TERM_PREFIX, PARAM_TERM_SORT, PARAM_TERM_FIELDS, PAGES
#define NONE PARAM_ID_COUNT

/* The forms of every list beside JSON; most have a page of the reader, too. */
#define FORMS "csv", "ndjson", "md", "txt", "atom", "rss", "feed.json", NULL
#define LIST \
    { "html", FORMS }
#define LIST_WITHOUT_PAGE \
    { FORMS }
#define PAGE_FOR_PEOPLE \
    { "html", NULL }

/* How an answer may be kept: until any write, until its article changes, until the next version of
 * the program, for ever, not at all. */
#define UNTIL_WRITE ROUTE_VALIDATOR_SEQ, ROUTE_CACHE_PUBLIC
#define UNTIL_EDIT ROUTE_VALIDATOR_ARTICLE, ROUTE_CACHE_PUBLIC
#define FOR_EVER ROUTE_VALIDATOR_REVISION, ROUTE_CACHE_IMMUTABLE
#define UNTIL_BUILD ROUTE_VALIDATOR_BUILD, ROUTE_CACHE_PUBLIC
#define NEVER ROUTE_VALIDATOR_NONE, ROUTE_CACHE_NO_STORE

/* Who may ask, and what becomes of a body. */
#define OPEN ROUTE_SCOPE_NONE, ROUTE_BODY_NONE, NULL, NULL, false
#define COUNTS ROUTE_SCOPE_METRICS, ROUTE_BODY_NONE, NULL, NULL, false
#define READS ROUTE_SCOPE_READ, ROUTE_BODY_NONE, NULL, NULL, false
#define QUERIES ROUTE_SCOPE_READ, ROUTE_BODY_NONE, NULL, NULL, true
#define READS_BODY ROUTE_SCOPE_READ, ROUTE_BODY_WHOLE, NULL, NULL, false
#define WRITES ROUTE_SCOPE_WRITE, ROUTE_BODY_WHOLE, NULL, NULL, false
#define WRITES_WITHOUT_BODY ROUTE_SCOPE_WRITE, ROUTE_BODY_NONE, NULL, NULL, false

/* clang-format off */
const struct route routes[] = {
    {METHOD_GET, "/", article_list, {NONE}, {NULL}, UNTIL_WRITE, 0, "front",
     "The newest articles, the sections and the tags, for people; everything else is reached "
     "from here.",
     READS},
    {METHOD_GET, "/v1", service_index, {NONE}, {NULL}, UNTIL_BUILD, 0, "index",
     "What this server answers.", OPEN},

    {METHOD_GET, "/v1/articles", article_list, {ARTICLES, NONE}, LIST, UNTIL_WRITE, 0,
     "article_list", "Articles, newest first; paragraphs only when included.", QUERIES},
    {METHOD_GET, "/v1/articles/{article}", article_show,
     {PARAM_ARTICLE_FIELDS, PARAM_ARTICLE_INCLUDE, PARAM_AS_OF, PARAM_FORMAT, NONE},
     {"html", "txt", "md", "jsonld", NULL}, UNTIL_EDIT, 0, "article",
     "One article with its paragraphs, by id or slug; .html is a page to read, .txt its source "
     "text, .md Markdown, .jsonld a schema.org NewsArticle.",
     READS},
    {METHOD_GET, "/v1/articles/{article}/paragraphs", article_paragraph_list,
     {PARAM_PLACE_FIELDS, NONE}, LIST, UNTIL_EDIT, 0, "paragraph_list",
     "The paragraphs of one article.", QUERIES},
    {METHOD_GET, "/v1/articles/{article}/paragraphs/{range}", article_paragraph_range,
     {PARAM_PLACE_FIELDS, NONE}, {NULL}, UNTIL_EDIT, 0, "paragraph_range",
     "The paragraph at one place, counted from 1, or a list of those at places n-m.", READS},

    {METHOD_GET, "/v1/articles/{article}/revisions", revision_list,
     {PARAM_REVISION_FIELDS, PAGES, NONE}, LIST, UNTIL_WRITE, 0, "revision_list",
     "The versions of one article, newest first; those of a deleted one, too.", QUERIES},
    {METHOD_GET, "/v1/articles/{article}/revisions/{version}", revision_show,
     {PARAM_ARTICLE_VERSION_FIELDS, NONE}, {"html", "txt", "md", "jsonld", NULL}, FOR_EVER, 0, "article",
     "One version of an article, whole, as it was; it never changes.", READS},
    {METHOD_GET, "/v1/articles/{article}/diff", revision_diff,
     {PARAM_DIFF_FROM, PARAM_DIFF_TO, NONE}, PAGE_FOR_PEOPLE, UNTIL_EDIT, 0, "article_diff",
     "What became of each paragraph from one version to another, and which words changed.",
     READS},

    {METHOD_GET, "/v1/articles/{article}/related", article_related_list,
     {PARAM_RELATED_BY, PARAM_RELATED_LIMIT, PARAM_RELATED_FIELDS, NONE}, LIST, UNTIL_WRITE, 0,
     "related_list",
     "The articles that are most like one, by tags or by their words.", QUERIES},

    {METHOD_GET, "/v1/quotes", quote_show,
     {PARAM_QUOTE_TEXT, PARAM_QUOTE_ARTICLE, PARAM_QUOTE_AUTHOR, PARAM_QUOTE_LIMIT, NONE},
     PAGE_FOR_PEOPLE,
     UNTIL_WRITE, 0, "quote",
     "Where a quotation stands, and whether it is right: word for word, nearly, elsewhere.", QUERIES},
    {METHOD_POST, "/v1/quotes", quote_list, {PARAM_QUOTE_LIMIT, NONE}, {NULL}, NEVER, 0,
     "quote_list", "The same for up to 100 quotations at once; it changes nothing.", READS_BODY},

    {METHOD_GET, "/v1/changes", change_list,
     {PARAM_SINCE, PARAM_CHANGE_TYPE, PARAM_TAG, PARAM_SECTION, PARAM_AUTHOR, PARAM_COLLAPSE,
      PARAM_CHANGE_FIELDS, PARAM_LIMIT, NONE},
     LIST_WITHOUT_PAGE, UNTIL_WRITE, 0, "change_list",
     "What changed after a seq, oldest first, for readers who keep a copy; deletions under every "
     "filter.",
     QUERIES},

    {METHOD_GET, "/v1/paragraphs", paragraph_list,
     {PARAM_Q, FILTERS, PARAM_MIN_WORDS, PARAM_PARAGRAPH_SORT, PARAM_PARAGRAPH_LIST_FIELDS,
      PARAM_FACETS, PAGE, PARAM_PARAGRAPH_COUNT_MODE, NONE}, LIST, UNTIL_WRITE, 0,
     "paragraph_list",
     "The paragraphs of all articles, or of those that the filters choose, newest articles first.",
     QUERIES},
    {METHOD_GET, "/v1/paragraphs/{paragraph}", paragraph_show,
     {PARAM_CONTEXT, PARAM_PARAGRAPH_FIELDS, PARAM_PARAGRAPH_INCLUDE, NONE}, PAGE_FOR_PEOPLE,
     UNTIL_WRITE, 0,
     "paragraph_with_history",
     "One paragraph at its durable address, whatever became of its article since.", READS},
    {METHOD_GET, "/v1/paragraphs/{paragraph}/duplicates", paragraph_duplicate_list,
     {PARAM_RELATED_LIMIT, PARAM_DUPLICATE_FIELDS, NONE}, LIST, UNTIL_WRITE, 0, "duplicate_list",
     "Where else a paragraph stands: the same words, or nearly.", QUERIES},

    {METHOD_GET, "/v1/search", search_list,
     {PARAM_Q, PARAM_SCOPE, PARAM_SEARCH_SORT, FILTERS, PARAM_SEARCH_FIELDS, PARAM_HIGHLIGHT,
      PARAM_FACETS, PARAM_EXPLAIN, PAGE, PARAM_PARAGRAPH_COUNT_MODE, NONE},
     LIST, UNTIL_WRITE, 0, "search_list",
     "Articles or paragraphs that q finds, with the proof: where in them the words stand.", QUERIES},
    {METHOD_GET, "/v1/suggest", suggest_list,
     {PARAM_SUGGEST_PREFIX, PARAM_SUGGEST_TYPE, PARAM_SUGGEST_LIMIT, PARAM_SUGGEST_FIELDS, NONE},
     LIST_WITHOUT_PAGE, UNTIL_WRITE, 0,
     "suggest_list", "Titles, tags, authors and sections of which a word begins with q.", QUERIES},

    {METHOD_POST, "/v1/articles", article_create, {PARAM_ARTICLE_FIELDS, NONE}, {NULL}, NEVER, 0,
     "article", "Makes an article, from JSON or from source text.", WRITES},
    {METHOD_PUT, "/v1/articles/{article}", article_replace, {PARAM_ARTICLE_FIELDS, NONE}, {NULL},
     NEVER, 0, "article",
     "Writes an article anew, from JSON or from source text; with If-None-Match: * makes it.",
     WRITES},
    {METHOD_PATCH, "/v1/articles/{article}", article_patch, {PARAM_ARTICLE_FIELDS, NONE}, {NULL},
     NEVER, 0, "article", "Changes some members of an article, by JSON merge patch.", WRITES},
    {METHOD_DELETE, "/v1/articles/{article}", article_delete, {NONE}, {NULL}, NEVER, 0, "nothing",
     "Deletes an article; its address then answers 410, its versions stay.", WRITES_WITHOUT_BODY},
    {METHOD_POST, "/v1/articles/{article}/revisions/{version}/restore", article_restore,
     {PARAM_ARTICLE_FIELDS, NONE}, {NULL}, NEVER, 0, "article",
     "Writes an old version anew, as a new one, its paragraphs under their ids.",
     WRITES_WITHOUT_BODY},
    {METHOD_POST, "/v1/articles/{article}/paragraphs", paragraph_create,
     {PARAM_PARAGRAPH_FIELDS, NONE}, {NULL}, NEVER, 0, "paragraph_with_history",
     "Puts a paragraph into an article, at a position or at its end.", WRITES},
    {METHOD_PUT, "/v1/articles/{article}/tags/{slug}", tag_attach, {PARAM_ARTICLE_FIELDS, NONE},
     {NULL}, NEVER, TERM_TAG, "article", "Puts a tag on an article; a new one needs its name.",
     WRITES},
    {METHOD_DELETE, "/v1/articles/{article}/tags/{slug}", tag_detach, {NONE}, {NULL}, NEVER,
     TERM_TAG, "nothing", "Takes a tag off an article.", WRITES_WITHOUT_BODY},
    {METHOD_PUT, "/v1/paragraphs/{paragraph}", paragraph_replace, {PARAM_PARAGRAPH_FIELDS, NONE},
     {NULL}, NEVER, 0, "paragraph_with_history", "Writes a paragraph anew; position moves it.",
     WRITES},
    {METHOD_PATCH, "/v1/paragraphs/{paragraph}", paragraph_replace,
     {PARAM_PARAGRAPH_FIELDS, NONE}, {NULL}, NEVER, 0, "paragraph_with_history",
     "Changes the text of a paragraph, its position, or both.", WRITES},
    {METHOD_DELETE, "/v1/paragraphs/{paragraph}", paragraph_delete, {NONE}, {NULL}, NEVER, 0,
     "nothing", "Takes a paragraph out of its article.", WRITES_WITHOUT_BODY},
    {METHOD_PATCH, "/v1/tags/{slug}", tag_rename, {PARAM_TERM_FIELDS, NONE}, {NULL}, NEVER,
     TERM_TAG, "term_with_changes",
     "Calls a tag otherwise on all its articles; the old slug leads on.", WRITES},
    {METHOD_POST, "/v1/tags/{slug}/merge", tag_merge, {PARAM_TERM_FIELDS, NONE}, {NULL}, NEVER,
     TERM_TAG, "term_with_changes", "Puts another tag in its place on all its articles.",
     WRITES},

    {METHOD_GET, "/v1/tags", term_list, {TERMS, NONE}, LIST, UNTIL_WRITE, TERM_TAG,
     "term_list", "Tags, with how many articles each has.", QUERIES},
    {METHOD_GET, "/v1/tags/{slug}", term_show, {PARAM_TERM_FIELDS, PARAM_TERM_INCLUDE, NONE},
     PAGE_FOR_PEOPLE, UNTIL_WRITE, TERM_TAG, "term", "One tag.", READS},
    {METHOD_GET, "/v1/tags/{slug}/articles", term_article_list, {ARTICLES, NONE}, LIST,
     UNTIL_WRITE, TERM_TAG, "article_list", "The articles with one tag.", QUERIES},

    {METHOD_GET, "/v1/sections", term_list, {TERMS, NONE}, LIST, UNTIL_WRITE, TERM_SECTION,
     "term_list", "Sections, with how many articles each has, those inside it included.", QUERIES},
    {METHOD_GET, "/v1/sections/{slug}", term_show, {PARAM_TERM_FIELDS, PARAM_TERM_INCLUDE, NONE},
     PAGE_FOR_PEOPLE, UNTIL_WRITE, TERM_SECTION, "term", "One section, with its path.", READS},
    {METHOD_GET, "/v1/sections/{slug}/articles", term_article_list, {ARTICLES, NONE}, LIST,
     UNTIL_WRITE, TERM_SECTION, "article_list",
     "The articles of one section and of those inside it.", QUERIES},

    {METHOD_GET, "/v1/authors", term_list, {TERMS, NONE}, LIST, UNTIL_WRITE, TERM_AUTHOR,
     "term_list", "Authors, with how many articles each has.", QUERIES},
    {METHOD_GET, "/v1/authors/{slug}", term_show, {PARAM_TERM_FIELDS, PARAM_TERM_INCLUDE, NONE},
     PAGE_FOR_PEOPLE, UNTIL_WRITE, TERM_AUTHOR, "term", "One author.", READS},
    {METHOD_GET, "/v1/authors/{slug}/articles", term_article_list, {ARTICLES, NONE}, LIST,
     UNTIL_WRITE, TERM_AUTHOR, "article_list", "The articles of one author.", QUERIES},

    {METHOD_POST, "/v1/import", import_post, {PARAM_DRY_RUN, PARAM_IMPORT_MODE, NONE}, {NULL},
     NEVER, 0, "import", "Many articles at once, as NDJSON or source text; one line an item.",
     ROUTE_SCOPE_WRITE, ROUTE_BODY_STREAM, import_take, import_ready, false},
    {METHOD_GET, "/v1/export.ndjson", export_get, {NONE}, {NULL}, NEVER, 0, "export",
     "Every article with its paragraphs, one a line, in one state of the store; can be imported.",
     READS},
    {METHOD_GET, "/v1/snapshot.sqlite", snapshot_get, {NONE}, {NULL}, NEVER, 0, "snapshot",
     "A consistent copy of the database, whole or in parts (Range), with its digest and seq.",
     READS},

    {METHOD_GET, "/openapi.json", openapi_get, {NONE}, {NULL}, UNTIL_BUILD, 0, "openapi",
     "The description of this API (OpenAPI 3.1), for programs.", OPEN},
    {METHOD_GET, "/docs.html", openapi_page_get, {NONE}, {NULL}, UNTIL_BUILD, 0, "page",
     "The same for people, with commands to try.", OPEN},
    {METHOD_GET, "/assets/{set}/{asset}", reader_asset, {NONE}, {"css", "js", "svg", NULL},
     UNTIL_BUILD, 0, "asset", "What the pages for people are drawn with.", OPEN},
    {METHOD_GET, "/llms.txt", service_llms, {NONE}, {NULL}, UNTIL_BUILD, 0, "markdown",
     "The same in short, for language models.", OPEN},
    {METHOD_GET, "/.well-known/api-catalog", service_catalog, {NONE}, {NULL}, UNTIL_BUILD, 0,
     "linkset", "Where all of these are (RFC 9727).", OPEN},
    {METHOD_GET, "/problems/{code}", service_problem, {NONE}, PAGE_FOR_PEOPLE, UNTIL_BUILD, 0,
     "problem_page", "What a problem means and what can be done about it.", OPEN},
    {METHOD_GET, "/healthz", service_healthz, {NONE}, {NULL}, NEVER, 0, "status",
     "Whether the process lives.", OPEN},
    {METHOD_GET, "/readyz", service_readyz, {NONE}, {NULL}, NEVER, 0, "status",
     "Whether it can answer: 503 says why not.", OPEN},
    {METHOD_GET, "/metrics", metrics_get, {NONE}, {NULL}, NEVER, 0, "metrics",
     "What is counted, for Prometheus; --metrics says who may read it.", COUNTS},
};
/* clang-format on */

const size_t routes_count = sizeof routes / sizeof *routes;
