/* article_text_check.c: article_check(), for articles that did not come from source text.
 * Everything that it accepts, article_text_print() can write so that it parses back. */
#include <stdio.h>

#include "domain/article_form.h"
#include "domain/article_text.h"
#include "domain/byline.h"
#include "domain/name_list.h"
#include "domain/slug.h"
#include "domain/source_text.h"
#include "ground/utf8.h"

/* A field that is a list of texts. */
struct field {
    const char *name; /* as in JSON */
    const char *one;  /* one item, in a sentence */
    size_t count_max;
    size_t bytes_max;
    bool has_bars; /* a vertical bar may stand in it */
};

static const struct field title_field = {"title", "title", 1, ARTICLE_TITLE_BYTES_MAX, true};
static const struct field authors_field = {"authors", "author", ARTICLE_AUTHORS_MAX,
                                           ARTICLE_NAME_BYTES_MAX, false};
static const struct field section_field = {"section", "section", ARTICLE_SECTION_DEPTH_MAX,
                                           ARTICLE_NAME_BYTES_MAX, false};
static const struct field tags_field = {"tags", "tag", ARTICLE_TAGS_MAX, ARTICLE_NAME_BYTES_MAX,
                                        true};
static const struct field paragraphs_field = {"paragraphs", "paragraph", ARTICLE_PARAGRAPHS_MAX,
                                              ARTICLE_PARAGRAPH_BYTES_MAX, true};

static enum problem refuse(struct fault *fault, const char *name) {
    if (fault != NULL && fault->name[0] == '\0')
        snprintf(fault->name, sizeof fault->name, "%s", name);
    return PROBLEM_BAD_SOURCE;
}

/* NULL when it can be an article's text, else what is wrong with it. */
static const char *find_flaw(struct span text) {
    for (size_t at = 0; at < text.bytes;) {
        uint32_t code;
        size_t length = utf8_decode(text, at, &code);
        if (length == 0)
            return "is not UTF-8";
        if (code == '\n' || code == '\r')
            return "has more than one line";
        if (!source_text_allows(code))
            return "has a character that is not text";
        at += length;
    }
    struct span trimmed = source_text_trim(text);
    if (trimmed.bytes == 0)
        return "is empty";
    return trimmed.bytes == text.bytes ? NULL : "begins or ends with white space";
}

static enum problem check_text(const struct field *field, struct span text, const char *name,
                               struct fault *fault) {
    if (text.bytes > field->bytes_max) {
        fault_set(fault, "the %s has %zu bytes; at most %zu are allowed", field->one, text.bytes,
                  field->bytes_max);
        return refuse(fault, name);
    }
    const char *flaw = find_flaw(text);
    if (flaw == NULL && !field->has_bars && memchr(text.at, '|', text.bytes) != NULL)
        flaw = "has a vertical bar, which separates the fields of the byline";
    if (flaw == NULL)
        return PROBLEM_NONE;
    fault_set(fault, "the %s %s", field->one, flaw);
    return refuse(fault, name);
}

static enum problem check_list(const struct field *field, const struct span_list *list,
                               struct fault *fault) {
    if (list->count > field->count_max) {
        fault_set(fault, "there are %zu %s; at most %zu are allowed", list->count, field->name,
                  field->count_max);
        return refuse(fault, field->name);
    }
    for (size_t i = 0; i < list->count; i++) {
        char name[FAULT_NAME_BYTES];
        snprintf(name, sizeof name, "%s/%zu", field->name, i);
        enum problem problem = check_text(field, list->items[i], name, fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

static enum problem check_title(struct span title, struct fault *fault) {
    enum problem problem = check_text(&title_field, title, "title", fault);
    if (problem != PROBLEM_NONE || !byline_is_like(title))
        return problem;
    fault_set(fault, "the title looks like a byline");
    return refuse(fault, "title");
}

static enum problem check_published(const char published[DATE_BYTES], struct fault *fault) {
    struct date date;
    struct span text = {published, strnlen(published, DATE_BYTES)};
    if (text.bytes == 0 || date_parse_iso(text, &date))
        return PROBLEM_NONE;
    fault_set(fault, "%.*s is not a day; write YYYY-MM-DD", (int)text.bytes, text.at);
    return refuse(fault, "published");
}

/* The line must read back as the same names. */
static enum problem check_line(const struct field *field, enum name_list kind,
                               const struct span_list *list, struct fault *fault) {
    struct buffer line;
    buffer_init(&line);
    bool is_exact = name_list_print(kind, list, &line);
    bool failed = line.failed;
    buffer_fini(&line);
    if (failed)
        return PROBLEM_OUT_OF_MEMORY;
    if (is_exact)
        return PROBLEM_NONE;
    fault_set(fault, kind == NAME_LIST_SECTION
                         ? "a section has a slash between blanks, which separates sections"
                         : "an item has a semicolon before a blank, which separates items");
    return refuse(fault, field->name);
}

static enum problem check_distinct(const struct field *field, const struct span_list *list,
                                   struct arena *arena, struct fault *fault) {
    struct span keys[ARTICLE_TAGS_MAX];
    for (size_t i = 0; i < list->count; i++) {
        keys[i] = slug_key(list->items[i], arena);
        if (keys[i].at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        for (size_t j = 0; j < i; j++) {
            if (!span_equal(keys[i], keys[j]))
                continue;
            fault_set(fault, "the %s \"%.*s\" is given twice", field->one,
                      UTF8_SHOWN(list->items[i]));
            return refuse(fault, field->name);
        }
    }
    return PROBLEM_NONE;
}

static enum problem check_names(const struct field *field, enum name_list kind,
                                const struct span_list *list, struct fault *fault) {
    enum problem problem = check_list(field, list, fault);
    if (problem == PROBLEM_NONE)
        problem = check_line(field, kind, list, fault);
    if (problem != PROBLEM_NONE || kind == NAME_LIST_SECTION)
        return problem;
    struct arena arena;
    arena_init(&arena, 64 * ARTICLE_TAGS_MAX * ARTICLE_NAME_BYTES_MAX);
    problem = check_distinct(field, list, &arena, fault);
    arena_fini(&arena);
    return problem;
}

enum problem article_check(const struct article *article, struct fault *fault) {
    enum problem problem = check_title(article->title, fault);
    if (problem == PROBLEM_NONE)
        problem = check_published(article->published, fault);
    if (problem == PROBLEM_NONE)
        problem = check_names(&authors_field, NAME_LIST_AUTHORS, &article->authors, fault);
    if (problem == PROBLEM_NONE)
        problem = check_names(&section_field, NAME_LIST_SECTION, &article->section, fault);
    if (problem == PROBLEM_NONE)
        problem = check_names(&tags_field, NAME_LIST_TAGS, &article->tags, fault);
    if (problem == PROBLEM_NONE)
        problem = check_list(&paragraphs_field, &article->paragraphs, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    if (article->paragraphs.count == 0) {
        fault_set(fault, "an article has at least one paragraph");
        return refuse(fault, "paragraphs");
    }
    if (article_form_fits(article))
        return PROBLEM_NONE;
    fault_set(fault, "the article has more than %d bytes as text", ARTICLE_SOURCE_BYTES_MAX);
    return refuse(fault, "paragraphs");
}
