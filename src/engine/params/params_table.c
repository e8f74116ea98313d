/* params_table.c: THE table of parameters. Fallbacks are written in normal form (params_print.c).
 */
#include "engine/params/params.h"

/* as in enum import_mode */
static const char *const import_mode_words[] = {"upsert", "create", "replace", NULL};
static const char *const count_words[] = {"exact", "bounded", "none", NULL};
static const char *const article_sort_words[] = {"published", "title",     "updated",
                                                 "words",     "relevance", NULL};
static const char *const scope_words[] = {"articles", "paragraphs", NULL};
static const char *const search_sort_words[] = {"relevance", "newest", NULL};
static const char *const highlight_words[] = {"offsets", "html", NULL};
static const char *const facet_words[] = {"section", "author", "tag", "year", NULL};
static const char *const suggest_type_words[] = {"title", "tag", "author", "section", NULL};
static const char *const term_sort_words[] = {"name", "count", NULL};
static const char *const article_list_include_words[] = {"paragraphs", NULL};
static const char *const article_include_words[] = {"paragraphs", "tags",      "neighbors",
                                                    "related",    "revisions", NULL};
static const char *const term_include_words[] = {"related", NULL};
static const char *const format_words[] = {"jsonld", NULL}; /* as its suffix */
static const char *const paragraph_include_words[] = {"revisions", NULL};
static const char *const related_by_words[] = {"tags", "text", NULL};
static const char *const change_type_words[] = {"article", "author", "section", "tag", NULL};

/* An article as it stands inside another answer; a paragraph wherever it stands. */
#define ARTICLE_REFERENCE(name) \
    name, name ".id", name ".slug", name ".title", name ".published", name ".url"
#define PARAGRAPH_MEMBERS(prefix) \
    prefix "id", prefix "n", prefix "text", prefix "words", prefix "first_version", \
        prefix "last_version", prefix "url"
#define TERM_REFERENCE(name) name, name ".slug", name ".name"
#define REVISION_MEMBERS(prefix) \
    prefix "version", prefix "seq", prefix "updated_at", prefix "title", prefix "paragraph_count", \
        prefix "word_count", prefix "changed", prefix "url"

#define ARTICLE_MEMBERS \
    "id", "slug", "title", TERM_REFERENCE("authors"), "published", TERM_REFERENCE("section"), \
        TERM_REFERENCE("section.path"), TERM_REFERENCE("tags"), "lead", "paragraph_count", \
        "word_count", "version", "seq", "created_at", "updated_at", "url", "paragraphs", \
        PARAGRAPH_MEMBERS("paragraphs.")

static const char *const article_version_fields[] = {ARTICLE_MEMBERS, NULL};

static const char *const article_fields[] = {ARTICLE_MEMBERS,
                                             "neighbors",
                                             ARTICLE_REFERENCE("neighbors.previous"),
                                             ARTICLE_REFERENCE("neighbors.next"),
                                             ARTICLE_REFERENCE("related"),
                                             "related.shared_tags",
                                             "revisions",
                                             REVISION_MEMBERS("revisions."),
                                             NULL};

static const char *const place_fields[] = {PARAGRAPH_MEMBERS(""), NULL};

static const char *const paragraph_list_fields[] = {PARAGRAPH_MEMBERS(""),
                                                    ARTICLE_REFERENCE("article"), NULL};

static const char *const paragraph_fields[] = {PARAGRAPH_MEMBERS(""),
                                               ARTICLE_REFERENCE("article"),
                                               "article.version",
                                               "match",
                                               "edited",
                                               "moved",
                                               "came_from",
                                               "before",
                                               PARAGRAPH_MEMBERS("before."),
                                               "after",
                                               PARAGRAPH_MEMBERS("after."),
                                               "revisions",
                                               "revisions.version",
                                               "revisions.n",
                                               "revisions.text",
                                               "revisions.words",
                                               "revisions.url",
                                               NULL};

static const char *const revision_fields[] = {REVISION_MEMBERS(""), NULL};

static const char *const change_fields[] = {"seq",     "op", "type", "id", "version",
                                            "changed", "at", "url",  NULL};

static const char *const related_fields[] = {"id",  "slug",  "title",       "published",
                                             "url", "score", "shared_tags", NULL};
static const char *const duplicate_fields[] = {PARAGRAPH_MEMBERS(""), "kind", "score",
                                               ARTICLE_REFERENCE("article"), NULL};
static const char *const suggest_fields[] = {"type", "text", "id", "slug", "url", "count", NULL};

/* Members of articles and those of paragraphs; search.c knows which belong to which scope. */
static const char *const search_fields[] = {"id",
                                            "slug",
                                            "title",
                                            TERM_REFERENCE("authors"),
                                            "published",
                                            TERM_REFERENCE("section"),
                                            TERM_REFERENCE("section.path"),
                                            TERM_REFERENCE("tags"),
                                            "lead",
                                            "paragraph_count",
                                            "word_count",
                                            "version",
                                            "seq",
                                            "created_at",
                                            "updated_at",
                                            "url",
                                            "score",
                                            "highlights",
                                            "highlights.title",
                                            "evidence",
                                            "evidence.id",
                                            "evidence.n",
                                            "evidence.url",
                                            "evidence.text",
                                            "evidence.html",
                                            "evidence.marks",
                                            "n",
                                            "text",
                                            "words",
                                            "first_version",
                                            "last_version",
                                            "html",
                                            "marks",
                                            ARTICLE_REFERENCE("article"),
                                            NULL};

static const char *const term_fields[] = {"slug",
                                          "name",
                                          "count",
                                          "url",
                                          "articles",
                                          TERM_REFERENCE("path"),
                                          TERM_REFERENCE("parent"),
                                          TERM_REFERENCE("related"),
                                          "related.count",
                                          "related.url",
                                          "related_from",
                                          NULL};

const struct param_spec param_specs[PARAM_ID_COUNT] = {
    [PARAM_LIMIT] = {"limit", PARAM_KIND_INT, 1, 1000, "20", NULL, false,
                     "How many items a page holds."},
    [PARAM_CURSOR] =
        {"cursor", PARAM_KIND_CURSOR, 1, 7000, NULL, NULL, false,
         "Where the page begins: taken from links.next or links.prev, never made by hand."},
    [PARAM_PAGE] = {"page", PARAM_KIND_INT, 1, 1000000, NULL, NULL, false,
                    "The number of the page, from 1; a cursor is faster far from the start."},
    [PARAM_COUNT_MODE] =
        {"count", PARAM_KIND_WORD, 0, 0, NULL, count_words, false,
         "Whether meta.total counts everything, stops at a bound, or is left out; exact when left "
         "out, with `q` bounded."},
    [PARAM_PARAGRAPH_COUNT_MODE] =
        {"count", PARAM_KIND_WORD, 0, 0, "bounded", count_words, false,
         "Whether meta.total counts everything, stops at a bound, or is left out."},
    [PARAM_ARTICLE_SORT] = {"sort", PARAM_KIND_SORT, 0, 0, "-published", article_sort_words, false,
                            "What the list is sorted by; '-' in front means descending."},
    [PARAM_TERM_SORT] = {"sort", PARAM_KIND_SORT, 0, 0, "-count", term_sort_words, false,
                         "What the list is sorted by; '-' in front means descending."},
    [PARAM_ARTICLE_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, article_fields, false,
                              "Only these members of each article."},
    [PARAM_PLACE_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, place_fields, false,
                            "Only these members of each paragraph."},
    [PARAM_PARAGRAPH_LIST_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL,
                                     paragraph_list_fields, false,
                                     "Only these members of each paragraph."},
    [PARAM_PARAGRAPH_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, paragraph_fields, false,
                                "Only these members of the paragraph."},
    [PARAM_TERM_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, term_fields, false,
                           "Only these members of each item."},
    [PARAM_ARTICLE_LIST_INCLUDE] = {"include", PARAM_KIND_WORDS, 0, 0, NULL,
                                    article_list_include_words, false,
                                    "What a list of articles leaves out unless asked."},
    [PARAM_ARTICLE_INCLUDE] = {"include", PARAM_KIND_WORDS, 0, 0, NULL, article_include_words,
                               false,
                               "What comes with the article beside its paragraphs and tags."},
    [PARAM_TERM_INCLUDE] = {"include", PARAM_KIND_WORDS, 0, 0, NULL, term_include_words, false,
                            "related: the tags that stand most often on the same articles."},
    [PARAM_IDS] =
        {"ids", PARAM_KIND_IDS, 0, 1000, NULL, NULL, false,
         "Exactly these articles, in this order; meta.missing names those that are not there."},
    [PARAM_TAG] = {"tag", PARAM_KIND_NAMES, 0, 64, NULL, NULL, true,
                   "Articles with this tag; comma = one of them, repeated = all of them."},
    [PARAM_TAG_NOT] = {"tag_not", PARAM_KIND_NAMES, 0, 64, NULL, NULL, true,
                       "Articles with none of these tags."},
    [PARAM_SECTION] =
        {"section", PARAM_KIND_NAMES, 0, 64, NULL, NULL, true,
         "Articles in this section or below it; comma = one of them, repeated = all of them."},
    [PARAM_SECTION_NOT] = {"section_not", PARAM_KIND_NAMES, 0, 64, NULL, NULL, true,
                           "Articles in none of these sections."},
    [PARAM_AUTHOR] = {"author", PARAM_KIND_NAMES, 0, 64, NULL, NULL, true,
                      "Articles by this author; comma = one of them, repeated = all of them."},
    [PARAM_AUTHOR_NOT] = {"author_not", PARAM_KIND_NAMES, 0, 64, NULL, NULL, true,
                          "Articles by none of these authors."},
    [PARAM_DATE] = {"date", PARAM_KIND_PERIOD, 0, 0, NULL, NULL, false,
                    "Articles published in this year, month or day."},
    [PARAM_FROM] = {"from", PARAM_KIND_PERIOD, 0, 0, NULL, NULL, false,
                    "Articles published on or after the first day of this year, month or day."},
    [PARAM_TO] = {"to", PARAM_KIND_PERIOD, 0, 0, NULL, NULL, false,
                  "Articles published on or before the last day of this year, month or day."},
    [PARAM_CHANGED_SINCE] = {"changed_since", PARAM_KIND_SINCE, 0, INT64_MAX, NULL, NULL, false,
                             "Articles changed after this seq, or at or after this instant."},
    [PARAM_MIN_WORDS] = {"min_words", PARAM_KIND_INT, 1, 1000000, NULL, NULL, false,
                         "Paragraphs of at least so many words."},
    [PARAM_CONTEXT] = {"context", PARAM_KIND_INT, 0, 20, "0", NULL, false,
                       "How many paragraphs before and after come along."},
    [PARAM_FORMAT] = {"format", PARAM_KIND_WORD, 0, 0, NULL, format_words, false,
                      "jsonld: as a schema.org NewsArticle, which the suffix .jsonld says, too."},
    [PARAM_TERM_PREFIX] =
        {"q", PARAM_KIND_TEXT, 1, 200, NULL, NULL, false,
         "Names that begin with this, letter case aside; of sections, any step of the path."},
    [PARAM_AS_OF] = {"as_of", PARAM_KIND_AS_OF, 1, INT64_MAX, NULL, NULL, false,
                     "The article as it was: a version, a day (at its end, UTC) or an instant."},
    [PARAM_DIFF_FROM] = {"from", PARAM_KIND_INT, 1, INT64_MAX, NULL, NULL, false,
                         "The version to compare; the one before `to` when left out."},
    [PARAM_DIFF_TO] = {"to", PARAM_KIND_INT, 1, INT64_MAX, NULL, NULL, false,
                       "The version to compare it with; the current one when left out."},
    [PARAM_PARAGRAPH_INCLUDE] = {"include", PARAM_KIND_WORDS, 0, 0, NULL, paragraph_include_words,
                                 false, "revisions: every text that the paragraph has had."},
    [PARAM_REVISION_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, revision_fields, false,
                               "Only these members of each revision."},
    [PARAM_ARTICLE_VERSION_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL,
                                      article_version_fields, false,
                                      "Only these members of the article."},
    [PARAM_CHANGE_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, change_fields, false,
                             "Only these members of each change."},
    [PARAM_SINCE] = {"since", PARAM_KIND_INT, 0, INT64_MAX, "0", NULL, false,
                     "Changes after this seq; 0 = all that are kept."},
    [PARAM_CHANGE_TYPE] = {"type", PARAM_KIND_WORD, 0, 0, NULL, change_type_words, false,
                           "Changes of things of this type."},
    [PARAM_COLLAPSE] = {"collapse", PARAM_KIND_FLAG, 0, 1, "0", NULL, false,
                        "1: of each thing only its newest change."},
    [PARAM_Q] = {"q", PARAM_KIND_TEXT, 1, 4096, NULL, NULL, false,
                 "What to look for: words, \"a phrase\", -without, this OR that, begin*, title: "
                 "author: tag: section:"},
    [PARAM_SCOPE] = {"scope", PARAM_KIND_WORD, 0, 0, "articles", scope_words, false,
                     "Articles, their words anywhere in them, or single paragraphs."},
    [PARAM_SEARCH_SORT] =
        {"sort", PARAM_KIND_WORD, 0, 0, "relevance", search_sort_words, false,
         "relevance: the newest matches, the best of them first; newest: all of them."},
    [PARAM_PARAGRAPH_SORT] = {"sort", PARAM_KIND_WORD, 0, 0, "newest", search_sort_words, false,
                              "With `q`: relevance or newest."},
    [PARAM_SEARCH_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, search_fields, false,
                             "Only these members of each match."},
    [PARAM_HIGHLIGHT] =
        {"highlight", PARAM_KIND_WORD, 0, 0, "offsets", highlight_words, false,
         "offsets: whole texts, and where the words stand in them, in code points; html: escaped "
         "excerpts with <mark>."},
    [PARAM_FACETS] = {"facets", PARAM_KIND_WORDS, 0, 0, NULL, facet_words, false,
                      "How all matches are spread over these, each without its own filter."},
    [PARAM_EXPLAIN] = {"explain", PARAM_KIND_FLAG, 0, 1, "0", NULL, false,
                       "1: meta.explain says what the index was asked and how much it gave."},
    [PARAM_SUGGEST_PREFIX] = {"q", PARAM_KIND_TEXT, 1, 200, NULL, NULL, false,
                              "How a word of the name begins, or the words before it too."},
    [PARAM_SUGGEST_TYPE] = {"type", PARAM_KIND_WORDS, 0, 0, "title,tag,author,section",
                            suggest_type_words, false, "What is suggested."},
    [PARAM_SUGGEST_LIMIT] = {"limit", PARAM_KIND_INT, 1, 50, "10", NULL, false,
                             "How many suggestions there are at most."},
    [PARAM_QUOTE_TEXT] = {"text", PARAM_KIND_TEXT, 1, 8000, NULL, NULL, false,
                          "The quotation, at most 2,000 characters; an ellipsis parts it."},
    [PARAM_QUOTE_ARTICLE] = {"article", PARAM_KIND_TEXT, 1, 1000, NULL, NULL, false,
                             "The id or slug of the article in which it is said to stand."},
    [PARAM_QUOTE_AUTHOR] = {"author", PARAM_KIND_TEXT, 1, 1000, NULL, NULL, false,
                            "The slug or name of the author who is said to have written it."},
    [PARAM_QUOTE_LIMIT] = {"limit", PARAM_KIND_INT, 0, 50, "5", NULL, false,
                           "How many further places each answer names."},
    [PARAM_RELATED_BY] = {"by", PARAM_KIND_WORD, 0, 0, "tags", related_by_words, false,
                          "What makes articles alike: tags that both have, or rare words."},
    [PARAM_RELATED_LIMIT] = {"limit", PARAM_KIND_INT, 1, 50, "10", NULL, false,
                             "How many are given, the most alike first."},
    [PARAM_RELATED_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, related_fields, false,
                              "Only these members of each article."},
    [PARAM_DUPLICATE_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, duplicate_fields, false,
                                "Only these members of each paragraph."},
    [PARAM_SUGGEST_FIELDS] = {"fields", PARAM_KIND_FIELDS, 0, 64, NULL, suggest_fields, false,
                              "Only these members of each suggestion."},
    [PARAM_DRY_RUN] = {"dry_run", PARAM_KIND_FLAG, 0, 1, "0", NULL, false,
                       "1: says what would happen, and changes nothing."},
    [PARAM_IMPORT_MODE] =
        {"mode", PARAM_KIND_WORD, 0, 0, "upsert", import_mode_words, false,
         "What an article may do to one of the same title, authors and date: change it when it is "
         "alike, nothing, or change it in any case."},
    [PARAM_PRETTY] = {"pretty", PARAM_KIND_FLAG, 0, 1, "0", NULL, false,
                      "1: indented for people. Taken everywhere."},
    [PARAM_PATH_ARTICLE] = {"article", PARAM_KIND_ID_OR_SLUG, 1, INT64_MAX, NULL, NULL, false,
                            "The id or the slug of an article."},
    [PARAM_PATH_PARAGRAPH] = {"paragraph", PARAM_KIND_ID, 1, INT64_MAX, NULL, NULL, false,
                              "The id of a paragraph."},
    [PARAM_PATH_RANGE] = {"range", PARAM_KIND_RANGE, 1, 1000000, NULL, NULL, false,
                          "The place of a paragraph in its article, from 1, or two of them: 3-5."},
    [PARAM_PATH_VERSION] = {"version", PARAM_KIND_ID, 1, INT64_MAX, NULL, NULL, false,
                            "A version of an article, from 1."},
    [PARAM_PATH_TERM] = {"slug", PARAM_KIND_SLUG, 1, 1000, NULL, NULL, false,
                         "The slug of a tag, a section or an author."},
    [PARAM_PATH_PROBLEM] = {"code", PARAM_KIND_SLUG, 1, 100, NULL, NULL, false,
                            "The code of a problem."},
    [PARAM_PATH_SET] = {"set", PARAM_KIND_SLUG, 1, 100, NULL, NULL, false,
                        "The name of all of them together, which changes when one of them does."},
    [PARAM_PATH_ASSET] = {"asset", PARAM_KIND_SLUG, 1, 100, NULL, NULL, false,
                          "The name of one of the files that pages are drawn with."},
};

const struct param_rule param_rules[] = {
    {PARAM_PAGE, PARAM_CURSOR, false, "each says where the page begins"},
    {PARAM_IDS, PARAM_CURSOR, false, "the ids are the whole list"},
    {PARAM_IDS, PARAM_PAGE, false, "the ids are the whole list"},
    {PARAM_IDS, PARAM_ARTICLE_SORT, false, "the ids give the order"},
    {PARAM_IDS, PARAM_LIMIT, false, "the ids are the whole list"},
    {PARAM_IDS, PARAM_Q, false, "the ids are the whole list"},
    {PARAM_IDS, PARAM_FACETS, false, "the ids are the whole list"},
    {PARAM_FROM, PARAM_TO, true, "there is no day between them"},
};
const size_t param_rule_count = sizeof param_rules / sizeof param_rules[0];

const struct param_need param_needs[] = {
    {PARAM_ARTICLE_FIELDS, "paragraphs", PARAM_ARTICLE_LIST_INCLUDE,
     PARAM_ARTICLE_LIST_INCLUDE_PARAGRAPHS},
    {PARAM_ARTICLE_FIELDS, "neighbors", PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_NEIGHBORS},
    {PARAM_ARTICLE_FIELDS, "related", PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_RELATED},
    {PARAM_PARAGRAPH_FIELDS, "before", PARAM_CONTEXT, 0},
    {PARAM_PARAGRAPH_FIELDS, "after", PARAM_CONTEXT, 0},
    {PARAM_ARTICLE_FIELDS, "revisions", PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_REVISIONS},
    {PARAM_PARAGRAPH_FIELDS, "revisions", PARAM_PARAGRAPH_INCLUDE,
     PARAM_PARAGRAPH_INCLUDE_REVISIONS},
    {PARAM_TERM_FIELDS, "related", PARAM_TERM_INCLUDE, PARAM_TERM_INCLUDE_RELATED},
    {PARAM_TERM_FIELDS, "related_from", PARAM_TERM_INCLUDE, PARAM_TERM_INCLUDE_RELATED},
};
const size_t param_need_count = sizeof param_needs / sizeof param_needs[0];
