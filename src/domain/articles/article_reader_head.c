/* article_reader_head.c: title, byline and second title, in the variations that article_text.c
 * lists. */
#include "domain/articles/article_reader.h"
#include "domain/articles/byline.h"
#include "domain/text/slug.h"

static struct span first_line(struct span block) {
    struct span line = {block.at, 0};
    (void)source_text_line(&block, &line);
    return line;
}

static enum problem read_byline(struct article_reader *reader, struct span line) {
    struct byline byline;
    enum problem problem = byline_parse(&reader->source, line, &byline);
    if (problem != PROBLEM_NONE)
        return problem;
    reader->has_byline = true;
    memcpy(reader->out->published, byline.published, sizeof byline.published);
    problem = article_reader_names(reader, NAME_LIST_AUTHORS, byline.authors, byline.authors.at,
                                   &reader->out->authors);
    if (problem != PROBLEM_NONE)
        return problem;
    return article_reader_names(reader, NAME_LIST_SECTION, byline.section, byline.section.at,
                                &reader->out->section);
}

static enum problem read_title(struct article_reader *reader, struct span block) {
    struct span title = source_text_join(block, ' ', reader->source.arena);
    if (title.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (byline_is_like(title))
        return source_text_refuse(&reader->source, block.at,
                                  "there is no title: the text begins with a byline");
    if (title.bytes > ARTICLE_TITLE_BYTES_MAX)
        return source_text_refuse(&reader->source, block.at,
                                  "the title has %zu bytes; at most %d are allowed", title.bytes,
                                  ARTICLE_TITLE_BYTES_MAX);
    reader->out->title = title;
    return PROBLEM_NONE;
}

/* The first block: the title, and a byline under it. What follows the byline stays in `rest`. */
static enum problem read_first_block(struct article_reader *reader, struct span *title) {
    struct span before = reader->rest, block, line;
    if (!source_text_block(&reader->rest, &block))
        return source_text_refuse(
            &reader->source, reader->source.text.at, "there is no title: the text %s",
            source_text_trim(reader->source.text).bytes == 0 ? "is empty"
                                                             : "holds nothing but tags");
    *title = block;
    struct span lines = block;
    (void)source_text_line(&lines, &line);
    if (byline_is_like(line))
        return read_title(reader, line); /* refuses it */
    struct span second = first_line(lines);
    while (source_text_line(&lines, &line)) {
        if (!byline_is_meant(line))
            continue;
        *title = source_text_trim((struct span){block.at, (size_t)(line.at - block.at)});
        reader->rest = source_text_from(before, line.at + line.bytes);
        enum problem problem = read_title(reader, *title);
        return problem != PROBLEM_NONE ? problem : read_byline(reader, line);
    }
    if (memchr(second.at, '|', second.bytes) != NULL)
        return read_byline(reader, second); /* says what is wrong with it */
    return read_title(reader, block);
}

static enum problem is_title(struct article_reader *reader, struct span text, bool *out) {
    struct span title = reader->out->title;
    *out = span_equal(title, text);
    if (*out || text.bytes > 4 * title.bytes + 64) /* no other spelling is so much longer */
        return PROBLEM_NONE;
    struct span a = slug_key(title, reader->source.arena);
    struct span b = slug_key(text, reader->source.arena);
    *out = span_equal(a, b);
    return a.at == NULL || b.at == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

/* A byline where the text would begin. */
static enum problem read_late_byline(struct article_reader *reader) {
    struct span after = reader->rest, block;
    if (!source_text_block(&after, &block))
        return PROBLEM_NONE;
    struct span line = first_line(block);
    if (!byline_is_like(line))
        return PROBLEM_NONE;
    if (reader->has_byline)
        return source_text_refuse(&reader->source, line.at, "this is a second byline");
    reader->rest = source_text_from(reader->rest, line.at + line.bytes);
    return read_byline(reader, line);
}

/* Passes over the second title: a block, or the first line of one. Under the latter there may be a
 * byline; in a block of its own it would be a paragraph that looks like one. */
static enum problem read_second_title(struct article_reader *reader, bool *found) {
    struct span after = reader->rest, block;
    *found = false;
    if (!source_text_block(&after, &block))
        return PROBLEM_NONE;
    enum problem problem = is_title(reader, block, found);
    if (problem == PROBLEM_NONE && *found)
        reader->rest = after;
    struct span line = first_line(block);
    if (problem != PROBLEM_NONE || *found || line.bytes == block.bytes)
        return problem;
    problem = is_title(reader, line, found);
    if (problem != PROBLEM_NONE || !*found)
        return problem;
    reader->rest = source_text_from(reader->rest, line.at + line.bytes);
    return read_late_byline(reader);
}

enum problem article_reader_head(struct article_reader *reader) {
    struct span title;
    bool is_confirmed;
    enum problem problem = read_first_block(reader, &title);
    if (problem == PROBLEM_NONE)
        problem = read_late_byline(reader);
    if (problem == PROBLEM_NONE)
        problem = read_second_title(reader, &is_confirmed);
    if (problem != PROBLEM_NONE)
        return problem;
    struct span second;
    (void)source_text_line(&title, &second);
    if (is_confirmed || !source_text_line(&title, &second))
        return PROBLEM_NONE;
    return source_text_refuse(&reader->source, second.at,
                              "under the title there should be a byline (`Author | DD.MM.YYYY | "
                              "SECTION / Subsection`) or a blank line");
}
