/* article_text_check.c: article_check(), for articles that did not come from source text.
 * Everything that it accepts, article_text_print() can write so that it parses back. */
#include <stdarg.h>
#include <stdio.h>

#include "domain/articles/article_form.h"
#include "domain/articles/article_text.h"
#include "domain/articles/byline.h"
#include "domain/articles/name_list.h"
#include "domain/text/slug.h"
#include "domain/text/source_text.h"
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

/* Who hears of what is found. */
struct check {
    fault_say *say;
    void *context;
    enum problem problem; /* NONE, BAD_SOURCE, or what ended it */
};

__attribute__((format(printf, 3, 4))) static void refuse(struct check *check, const char *name,
                                                         const char *format, ...) {
    struct fault fault;
    va_list values;
    fault_init(&fault);
    va_start(values, format);
    fault_set_at_list(&fault, 0, 0, format, values);
    va_end(values);
    snprintf(fault.name, sizeof fault.name, "%s", name);
    check->say(check->context, &fault);
    if (check->problem == PROBLEM_NONE)
        check->problem = PROBLEM_BAD_SOURCE;
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

static void check_text(struct check *check, const struct field *field, struct span text,
                       const char *name) {
    if (text.bytes > field->bytes_max) {
        refuse(check, name, "the %s has %zu bytes; at most %zu are allowed", field->one, text.bytes,
               field->bytes_max);
        return;
    }
    const char *flaw = find_flaw(text);
    if (flaw == NULL && !field->has_bars && memchr(text.at, '|', text.bytes) != NULL)
        flaw = "has a vertical bar, which separates the fields of the byline";
    if (flaw != NULL)
        refuse(check, name, "the %s %s", field->one, flaw);
}

static void check_list(struct check *check, const struct field *field,
                       const struct span_list *list) {
    if (list->count > field->count_max) {
        refuse(check, field->name, "there are %zu %s; at most %zu are allowed", list->count,
               field->name, field->count_max);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        char name[FAULT_NAME_BYTES];
        snprintf(name, sizeof name, "%s/%zu", field->name, i);
        check_text(check, field, list->items[i], name);
    }
}

static void check_title(struct check *check, struct span title) {
    enum problem before = check->problem;
    check_text(check, &title_field, title, "title");
    if (check->problem == before && byline_is_like(title))
        refuse(check, "title", "the title looks like a byline");
}

static void check_published(struct check *check, const char published[DATE_BYTES]) {
    struct date date;
    struct span text = {published, strnlen(published, DATE_BYTES)};
    if (text.bytes != 0 && !date_parse_iso(text, &date))
        refuse(check, "published", "%.*s is not a day; write YYYY-MM-DD", (int)text.bytes, text.at);
}

/* The line must read back as the same names. */
static void check_line(struct check *check, const struct field *field, enum name_list kind,
                       const struct span_list *list) {
    struct buffer line;
    buffer_init(&line);
    bool is_exact = name_list_print(kind, list, &line);
    bool failed = line.failed;
    buffer_fini(&line);
    if (failed)
        check->problem = PROBLEM_OUT_OF_MEMORY;
    else if (!is_exact)
        refuse(check, field->name,
               kind == NAME_LIST_SECTION
                   ? "a section has a slash between blanks, which separates sections"
                   : "an item has a semicolon before a blank, which separates items");
}

static void check_distinct(struct check *check, const struct field *field,
                           const struct span_list *list, struct arena *arena) {
    struct span keys[ARTICLE_TAGS_MAX];
    for (size_t i = 0; i < list->count; i++) {
        keys[i] = slug_key(list->items[i], arena);
        if (keys[i].at == NULL) {
            check->problem = PROBLEM_OUT_OF_MEMORY;
            return;
        }
        for (size_t j = 0; j < i; j++) {
            if (!span_equal(keys[i], keys[j]))
                continue;
            refuse(check, field->name, "the %s \"%.*s\" is given twice", field->one,
                   UTF8_SHOWN(list->items[i]));
            return;
        }
    }
}

/* What holds for the whole list is asked only of a list whose items are good. */
static void check_names(struct check *check, const struct field *field, enum name_list kind,
                        const struct span_list *list) {
    struct check own = {check->say, check->context, PROBLEM_NONE};
    check_list(&own, field, list);
    if (own.problem == PROBLEM_NONE)
        check_line(&own, field, kind, list);
    if (own.problem == PROBLEM_NONE && kind != NAME_LIST_SECTION) {
        struct arena arena;
        arena_init(&arena, 64 * ARTICLE_TAGS_MAX * ARTICLE_NAME_BYTES_MAX);
        check_distinct(&own, field, list, &arena);
        arena_fini(&arena);
    }
    if (own.problem != PROBLEM_NONE && check->problem != PROBLEM_OUT_OF_MEMORY)
        check->problem = own.problem;
}

enum problem article_check_each(const struct article *article, fault_say *say, void *context) {
    struct check check = {say, context, PROBLEM_NONE};
    check_title(&check, article->title);
    check_published(&check, article->published);
    check_names(&check, &authors_field, NAME_LIST_AUTHORS, &article->authors);
    check_names(&check, &section_field, NAME_LIST_SECTION, &article->section);
    check_names(&check, &tags_field, NAME_LIST_TAGS, &article->tags);
    check_list(&check, &paragraphs_field, &article->paragraphs);
    if (article->paragraphs.count == 0)
        refuse(&check, "paragraphs", "an article has at least one paragraph");
    if (check.problem == PROBLEM_NONE && !article_form_fits(article))
        refuse(&check, "paragraphs", "the article has more than %d bytes as text",
               ARTICLE_SOURCE_BYTES_MAX);
    return check.problem;
}

enum problem article_check(const struct article *article, struct fault *fault) {
    return article_check_each(article, fault_keep_first, fault);
}
