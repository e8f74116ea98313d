/* params.h: every parameter, declared once: name, kind, bounds, default, what it means. A route
 * lists the ones it takes; params_parse() checks the query and the path against that list before
 * any handler runs, and the handler reads typed values. Pure. */
#ifndef PILCROW_ENGINE_PARAMS_PARAMS_H
#define PILCROW_ENGINE_PARAMS_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/target.h"
#include "ground/arena.h"
#include "ground/date.h"
#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/span.h"

enum param_kind {
    PARAM_KIND_INT,    /* min..max -> number */
    PARAM_KIND_FLAG,   /* 1, 0 or nothing -> number */
    PARAM_KIND_WORD,   /* one of `words` -> number = its index */
    PARAM_KIND_WORDS,  /* some of `words`, comma between -> bits (bit i = words[i]) */
    PARAM_KIND_SORT,   /* some of `words`, comma between, '-' in front = descending -> sort[] */
    PARAM_KIND_FIELDS, /* dotted names out of `words`, comma between -> items */
    PARAM_KIND_NAMES,  /* slugs, comma = OR, repeated = AND -> groups[] of items */
    PARAM_KIND_IDS,    /* ids, comma between, order kept -> numbers[] */
    PARAM_KIND_PERIOD, /* YYYY, YYYY-MM, YYYY-MM-DD -> first, last */
    PARAM_KIND_SINCE,  /* a seq, or an RFC 3339 instant -> number, is_instant */
    PARAM_KIND_AS_OF,  /* a version, a day (its last second) or an instant -> number, is_instant */
    PARAM_KIND_TEXT,   /* min..max bytes of text -> text */
    PARAM_KIND_CURSOR, /* opaque -> text */
    PARAM_KIND_ID,     /* path: digits, 1..2^63-1 -> number */
    PARAM_KIND_SLUG,   /* path: not digits alone -> text */
    PARAM_KIND_ID_OR_SLUG, /* path: -> number when digits alone, else text (number = 0) */
    PARAM_KIND_RANGE,      /* path: n or n-m, 1-based -> number, last_number, text */
};

/* THE table is src/engine/params/params_table.c; this enum names its rows. The same name may stand
 * in several rows (sort of articles, sort of tags); a route takes at most one of them. */
enum param_id {
    PARAM_LIMIT,
    PARAM_CURSOR,
    PARAM_PAGE,
    PARAM_COUNT_MODE,            /* count */
    PARAM_PARAGRAPH_COUNT_MODE,  /* count */
    PARAM_ARTICLE_SORT,          /* sort */
    PARAM_TERM_SORT,             /* sort */
    PARAM_ARTICLE_FIELDS,        /* fields */
    PARAM_PLACE_FIELDS,          /* fields, of the paragraphs of one article */
    PARAM_PARAGRAPH_LIST_FIELDS, /* fields, of the paragraphs of all */
    PARAM_PARAGRAPH_FIELDS,      /* fields, of one paragraph */
    PARAM_TERM_FIELDS,           /* fields */
    PARAM_ARTICLE_LIST_INCLUDE,  /* include */
    PARAM_ARTICLE_INCLUDE,       /* include */
    PARAM_TERM_INCLUDE,          /* include */
    PARAM_IDS,
    PARAM_TAG,
    PARAM_TAG_NOT,
    PARAM_SECTION,
    PARAM_SECTION_NOT,
    PARAM_AUTHOR,
    PARAM_AUTHOR_NOT,
    PARAM_DATE,
    PARAM_FROM,
    PARAM_TO,
    PARAM_CHANGED_SINCE,
    PARAM_MIN_WORDS,
    PARAM_CONTEXT,
    PARAM_FORMAT,
    PARAM_TERM_PREFIX, /* q of tags, sections, authors */
    PARAM_AS_OF,
    PARAM_DIFF_FROM,              /* from */
    PARAM_DIFF_TO,                /* to */
    PARAM_PARAGRAPH_INCLUDE,      /* include */
    PARAM_REVISION_FIELDS,        /* fields */
    PARAM_ARTICLE_VERSION_FIELDS, /* fields */
    PARAM_CHANGE_FIELDS,          /* fields */
    PARAM_SINCE,
    PARAM_CHANGE_TYPE, /* type */
    PARAM_COLLAPSE,
    PARAM_Q,
    PARAM_SCOPE,
    PARAM_SEARCH_SORT,    /* sort */
    PARAM_PARAGRAPH_SORT, /* sort, of paragraphs that `q` finds */
    PARAM_SEARCH_FIELDS,  /* fields */
    PARAM_HIGHLIGHT,
    PARAM_FACETS,
    PARAM_EXPLAIN,
    PARAM_SUGGEST_PREFIX,   /* q */
    PARAM_SUGGEST_TYPE,     /* type */
    PARAM_SUGGEST_LIMIT,    /* limit */
    PARAM_QUOTE_TEXT,       /* text */
    PARAM_QUOTE_ARTICLE,    /* article */
    PARAM_QUOTE_AUTHOR,     /* author */
    PARAM_QUOTE_LIMIT,      /* limit */
    PARAM_RELATED_BY,       /* by */
    PARAM_RELATED_LIMIT,    /* limit */
    PARAM_RELATED_FIELDS,   /* fields */
    PARAM_DUPLICATE_FIELDS, /* fields */
    PARAM_SUGGEST_FIELDS,   /* fields */
    PARAM_DRY_RUN,
    PARAM_IMPORT_MODE, /* mode */
    PARAM_PRETTY,
    PARAM_PATH_ARTICLE,   /* {article} */
    PARAM_PATH_PARAGRAPH, /* {paragraph} */
    PARAM_PATH_RANGE,     /* {range} */
    PARAM_PATH_VERSION,   /* {version} */
    PARAM_PATH_TERM,      /* {slug} */
    PARAM_PATH_PROBLEM,   /* {code} */
    PARAM_PATH_SET,       /* {set} */
    PARAM_PATH_ASSET,     /* {asset} */
    PARAM_ID_COUNT
};

/* Indexes into the `words` of the rows that have them. */
enum param_count_word { PARAM_COUNT_EXACT, PARAM_COUNT_BOUNDED, PARAM_COUNT_NONE };
enum param_article_sort_word {
    PARAM_ARTICLE_SORT_PUBLISHED,
    PARAM_ARTICLE_SORT_TITLE,
    PARAM_ARTICLE_SORT_UPDATED,
    PARAM_ARTICLE_SORT_WORDS,
    PARAM_ARTICLE_SORT_RELEVANCE, /* with `q`, alone */
};
enum param_term_sort_word { PARAM_TERM_SORT_NAME, PARAM_TERM_SORT_COUNT };
enum param_article_list_include_word { PARAM_ARTICLE_LIST_INCLUDE_PARAGRAPHS };
/* paragraphs and tags are there anyway; to name them is allowed */
enum param_article_include_word {
    PARAM_ARTICLE_INCLUDE_PARAGRAPHS,
    PARAM_ARTICLE_INCLUDE_TAGS,
    PARAM_ARTICLE_INCLUDE_NEIGHBORS,
    PARAM_ARTICLE_INCLUDE_RELATED,
    PARAM_ARTICLE_INCLUDE_REVISIONS,
};
enum param_term_include_word { PARAM_TERM_INCLUDE_RELATED };
enum param_scope_word { PARAM_SCOPE_ARTICLES, PARAM_SCOPE_PARAGRAPHS };
enum param_search_sort_word { PARAM_SEARCH_SORT_RELEVANCE, PARAM_SEARCH_SORT_NEWEST };
enum param_highlight_word { PARAM_HIGHLIGHT_OFFSETS, PARAM_HIGHLIGHT_HTML };
enum param_facet_word {
    PARAM_FACET_SECTION,
    PARAM_FACET_AUTHOR,
    PARAM_FACET_TAG,
    PARAM_FACET_YEAR,
};
enum param_suggest_type_word {
    PARAM_SUGGEST_TITLE,
    PARAM_SUGGEST_TAG,
    PARAM_SUGGEST_AUTHOR,
    PARAM_SUGGEST_SECTION,
};
enum param_related_by_word { PARAM_RELATED_BY_TAGS, PARAM_RELATED_BY_TEXT };
enum param_format_word { PARAM_FORMAT_JSONLD };
enum param_paragraph_include_word { PARAM_PARAGRAPH_INCLUDE_REVISIONS };

struct param_spec {
    const char *name;
    enum param_kind kind;
    int64_t min, max; /* of numbers; of bytes for text and slugs; of items for lists (max 0 = 64) */
    const char *fallback;     /* text that is parsed when absent; NULL = no value */
    const char *const *words; /* NULL-terminated */
    bool is_repeatable;
    const char *doc; /* one sentence for README, index and OpenAPI */
};

extern const struct param_spec param_specs[PARAM_ID_COUNT];

/* Parameters that do not go together, and pairs of periods of which the first may not begin after
 * the second ends. */
struct param_rule {
    enum param_id a, b;
    bool is_order;   /* a may not be after b; false: only one of them */
    const char *why; /* ends the sentence "a and b cannot be given together: ..." */
};

extern const struct param_rule param_rules[];
extern const size_t param_rule_count;

/* Members that stand in an answer only when they are included, by a word of a WORDS parameter or by
 * any value of another: a FIELDS parameter that names one without that would be ignored in part. */
struct param_need {
    enum param_id fields;
    const char *member;
    enum param_id include;
    size_t word;
};

extern const struct param_need param_needs[];
extern const size_t param_need_count;

enum { PARAM_SORT_MAX = 4 };

struct param_sort_key {
    size_t word; /* index into words */
    bool is_descending;
};

struct param_group {
    struct span *items;
    size_t count;
};

struct param_value {
    bool is_given; /* stood in the request; a default leaves this false and has_value true */
    bool has_value;
    int64_t number;
    int64_t last_number;
    bool is_instant;
    struct span text;
    uint64_t bits;
    struct param_sort_key sort[PARAM_SORT_MAX];
    size_t sort_count;
    struct span *items;
    size_t item_count;
    int64_t *numbers;
    size_t number_count;
    struct param_group *groups;
    size_t group_count;
    char first[DATE_BYTES];
    char last[DATE_BYTES];
};

struct params {
    struct param_value values[PARAM_ID_COUNT];
    bool is_set[PARAM_ID_COUNT]; /* by params_parse(), which clears no more than that */
};

/* `out` is all zeros, or as an earlier call left it. `taken` lists the route's query parameters,
 * ended by PARAM_ID_COUNT; `path` gives, for each path segment, the param id or PARAM_ID_COUNT for
 * a literal. Everywhere allowed: `utm_*`, `_`, `pretty`. UNKNOWN_PARAMETER (fault: name, nearest,
 * allowed[]), REPEATED_PARAMETER, BAD_PARAMETER, or NOT_FOUND when a path value is not of its
 * kind. */
MUST_CHECK enum problem params_parse(const struct target *target, const enum param_id *path,
                                     const enum param_id *taken, struct arena *arena,
                                     struct params *out, struct fault *fault);

/* Reads `text` as the value of a parameter that was not given, as if it were its default. */
MUST_CHECK enum problem params_set_default(struct params *params, enum param_id id,
                                           const char *text, struct arena *arena,
                                           struct fault *fault);

/* Whether a list that PARAM_ID_COUNT ends names `id`. */
static inline bool params_is_listed(const enum param_id *list, enum param_id id) {
    while (*list != PARAM_ID_COUNT && *list != id)
        list++;
    return *list == id;
}

/* Whether the word at index `word` of a WORDS parameter was asked for. */
static inline bool params_has_word(const struct params *params, enum param_id id, size_t word) {
    return (params->values[id].bits >> word & 1u) != 0;
}

/* Appends the query in one normal form (sorted by name, defaults left out, `utm_*`, `_` and the
 * ids in `without` left out): what ETags and cursors are bound to. */
struct buffer;
void params_print_normal(const struct params *params, const enum param_id *taken,
                         const enum param_id *without, struct buffer *out);

#endif
