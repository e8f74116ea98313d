/* byline.c: see byline.h. */
#include "domain/articles/byline.h"

#include "domain/articles/name_list.h"
#include "domain/text/written_date.h"

enum { FIELDS_MAX = 3 };

struct fields {
    struct span at[FIELDS_MAX + 1]; /* trimmed; the last one only to show that there are too many */
    size_t count;
    size_t date; /* which one is, or should be, the date */
    enum written_date verdict;
    struct date known;
};

static void split_fields(struct span line, struct fields *fields) {
    const char *end = line.at + line.bytes;
    const char *start = line.at;
    fields->count = 0;
    while (fields->count <= FIELDS_MAX) {
        const char *bar = memchr(start, '|', (size_t)(end - start));
        const char *stop = bar == NULL ? end : bar;
        struct span field = {start, (size_t)(stop - start)};
        fields->at[fields->count++] = source_text_trim(field);
        if (bar == NULL)
            break;
        start = bar + 1;
    }
}

static void read_fields(struct span line, struct fields *fields) {
    split_fields(line, fields);
    fields->date = fields->count == 1 ? 0 : 1;
    fields->verdict = written_date_parse(fields->at[fields->date], &fields->known);
    if (fields->count != 2 || fields->verdict != WRITTEN_DATE_NONE)
        return;
    enum written_date first = written_date_parse(fields->at[0], &fields->known);
    if (first == WRITTEN_DATE_NONE)
        return;
    fields->date = 0;
    fields->verdict = first;
}

bool byline_is_meant(struct span line) {
    struct fields fields;
    read_fields(line, &fields);
    return fields.verdict != WRITTEN_DATE_NONE;
}

bool byline_is_like(struct span line) {
    return memchr(line.at, '|', line.bytes) != NULL && byline_is_meant(line);
}

static enum problem refuse_date(const struct source_text *source, const struct fields *fields) {
    struct span date = fields->at[fields->date];
    int bytes = (int)(date.bytes > 80 ? 80 : date.bytes);
    switch (fields->verdict) {
    case WRITTEN_DATE_IMPOSSIBLE:
        return source_text_refuse(source, date.at, "%.*s does not exist", bytes, date.at);
    case WRITTEN_DATE_AMBIGUOUS:
        return source_text_refuse(source, date.at,
                                  "%.*s can be read with the day or the month first; write "
                                  "DD.MM.YYYY or YYYY-MM-DD",
                                  bytes, date.at);
    case WRITTEN_DATE_SHORT_YEAR:
        return source_text_refuse(source, date.at, "the year of %.*s needs four digits", bytes,
                                  date.at);
    default:
        return source_text_refuse(source, date.at,
                                  "the byline has no date here; write `Author | DD.MM.YYYY | "
                                  "SECTION / Subsection`, with the word `undated` when the date is "
                                  "not known");
    }
}

enum problem byline_parse(const struct source_text *source, struct span line, struct byline *out) {
    struct fields fields;
    read_fields(line, &fields);
    if (fields.verdict != WRITTEN_DATE_KNOWN && fields.verdict != WRITTEN_DATE_UNDATED)
        return refuse_date(source, &fields);
    if (fields.count > FIELDS_MAX)
        return source_text_refuse(source, fields.at[FIELDS_MAX].at,
                                  "the byline has a fourth field; it takes three: `Author | "
                                  "DD.MM.YYYY | SECTION / Subsection`");
    struct span nothing = {line.at, 0};
    out->authors = fields.date == 0 ? nothing : fields.at[0];
    out->section = fields.date + 1 < fields.count ? fields.at[fields.date + 1] : nothing;
    out->published[0] = '\0';
    if (fields.verdict == WRITTEN_DATE_KNOWN)
        date_print(fields.known, out->published);
    return PROBLEM_NONE;
}

static void print_date(const char *published, struct buffer *out) {
    struct date date;
    if (date_parse_iso(span_of(published), &date))
        buffer_printf(out, "%02d.%02d.%04d", date.day, date.month, date.year);
    else
        buffer_append_text(out, "undated");
}

bool byline_print(const struct article *article, struct buffer *out) {
    bool is_exact = name_list_print(NAME_LIST_AUTHORS, &article->authors, out);
    buffer_append_text(out, article->authors.count > 0 ? " | " : "| ");
    print_date(article->published, out);
    if (article->section.count == 0)
        return is_exact;
    buffer_append_text(out, " | ");
    return name_list_print(NAME_LIST_SECTION, &article->section, out) && is_exact;
}
