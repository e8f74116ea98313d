/* article_text.c: the source format in and out.
 *
 * Reading, beyond the plain case that article_text.h shows:
 *   - Lines end in LF, CRLF or CR and are trimmed of white space of every kind; a line of nothing
 *     else is blank. No-break spaces and tabs inside a line stay as they are.
 *   - A paragraph is a run of lines; its lines are joined with one space.
 *   - The title may be wrapped when it stands again below the byline. That second title may differ
 *     in case and white space, and may be missing; only the first block after the byline can be it.
 *   - The byline stands directly under the title, or in a block of its own below it. A line with a
 *     vertical bar directly under the title is a byline or an error. Without a byline author, date
 *     and section are unknown.
 *   - Tags are what follows `Tags:` in the last block of the text, from the last line that begins
 *     so; earlier ones are text. An author or tag that is there already in another spelling is
 *     dropped.
 *
 * Writing gives: the title, the byline if there is anything to say in it, a blank line, the title,
 * the paragraphs, and the tags (an empty `Tags:` when there are none but the last paragraph looks
 * like some). As the title stands there twice, a first paragraph may equal it or look like a
 * byline. */
#include "domain/articles/article_text.h"

#include "domain/articles/article_form.h"
#include "domain/articles/article_reader.h"
#include "domain/articles/byline.h"
#include "domain/articles/name_list.h"
#include "domain/text/source_text.h"

static const char *const encoding_names[] = {
    [ARTICLE_TEXT_UTF8] = "UTF-8",
    [ARTICLE_TEXT_UTF8_BOM] = "UTF-8 with a byte order mark",
    [ARTICLE_TEXT_UTF16LE] = "UTF-16LE",
    [ARTICLE_TEXT_UTF16BE] = "UTF-16BE",
    [ARTICLE_TEXT_WINDOWS1252] = "Windows-1252",
};

const char *article_text_encoding_name(enum article_text_encoding encoding) {
    return encoding_names[encoding];
}

/* Takes the tags off the end of the text. */
static enum problem read_tags(struct article_reader *reader) {
    struct span block = source_text_last_block(reader->rest);
    struct span lines = block, line, content;
    const char *label = NULL;
    while (source_text_line(&lines, &line)) {
        if (!article_form_is_tags(line, &content))
            continue;
        label = line.at;
        block = source_text_from(block, content.at);
    }
    if (label == NULL)
        return PROBLEM_NONE;
    reader->rest.bytes = (size_t)(label - reader->rest.at);
    struct span text = source_text_trim(block);
    text = source_text_join(text, name_list_flows(text) ? ' ' : '\t', reader->source.arena);
    if (text.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    return article_reader_names(reader, NAME_LIST_TAGS, text, label, &reader->out->tags);
}

static enum problem read_paragraph(struct article_reader *reader, struct span block) {
    struct span_list *list = &reader->out->paragraphs;
    if (list->count == ARTICLE_PARAGRAPHS_MAX)
        return source_text_refuse(&reader->source, block.at,
                                  "this is one paragraph too many; at most %d are allowed",
                                  ARTICLE_PARAGRAPHS_MAX);
    struct span text = source_text_join(block, ' ', reader->source.arena);
    if (text.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (text.bytes > ARTICLE_PARAGRAPH_BYTES_MAX)
        return source_text_refuse(&reader->source, block.at,
                                  "the paragraph has %zu bytes; at most %d are allowed", text.bytes,
                                  ARTICLE_PARAGRAPH_BYTES_MAX);
    list->items[list->count++] = text;
    return PROBLEM_NONE;
}

/* Room for one more. What is outgrown stays in the arena: at most as much again. */
static bool grow(struct span_list *list, size_t *capacity, struct arena *arena) {
    if (list->count < *capacity)
        return true;
    size_t wanted = *capacity == 0 ? 32 : *capacity * 2;
    struct span *items = arena_alloc(arena, wanted * sizeof *items);
    if (items == NULL)
        return false;
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    *capacity = wanted;
    return true;
}

static enum problem read_paragraphs(struct article_reader *reader) {
    struct span_list *list = &reader->out->paragraphs;
    size_t capacity = 0;
    struct span block;
    while (source_text_block(&reader->rest, &block)) {
        if (!grow(list, &capacity, reader->source.arena))
            return PROBLEM_OUT_OF_MEMORY;
        enum problem problem = read_paragraph(reader, block);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    if (list->count == 0)
        return source_text_refuse(&reader->source, reader->rest.at,
                                  "there is a title but no paragraph");
    return PROBLEM_NONE;
}

static enum problem read_article(struct article_reader *reader) {
    enum problem problem = read_tags(reader);
    if (problem == PROBLEM_NONE)
        problem = article_reader_head(reader);
    if (problem == PROBLEM_NONE)
        problem = read_paragraphs(reader);
    if (problem != PROBLEM_NONE || article_form_fits(reader->out))
        return problem;
    return source_text_refuse(&reader->source, reader->source.text.at,
                              "the article has more than %d bytes as UTF-8 text",
                              ARTICLE_SOURCE_BYTES_MAX);
}

enum problem article_text_parse(struct span bytes, struct arena *arena, struct article *out,
                                struct article_text_report *report, struct fault *fault) {
    memset(out, 0, sizeof *out);
    struct article_reader reader = {.has_byline = false, .out = out};
    enum problem problem = source_text_decode(bytes, arena, fault, &reader.source);
    if (problem != PROBLEM_NONE)
        return problem;
    reader.rest = reader.source.text;
    problem = read_article(&reader);
    if (report != NULL)
        *report = (struct article_text_report){reader.source.encoding, reader.has_byline};
    return problem;
}

static bool ends_like_tags(const struct article *article) {
    const struct span_list *list = &article->paragraphs;
    return list->count > 0 && article_form_is_tags(list->items[list->count - 1], NULL);
}

void article_text_print(const struct article *article, struct buffer *out) {
    buffer_append_span(out, article->title);
    buffer_append_char(out, '\n');
    if (article_form_has_byline(article)) {
        (void)byline_print(article, out); /* article_check() saw to it that it is exact */
        buffer_append_char(out, '\n');
    }
    buffer_append_char(out, '\n');
    buffer_append_span(out, article->title);
    buffer_append_char(out, '\n');
    for (size_t i = 0; i < article->paragraphs.count; i++) {
        buffer_append_char(out, '\n');
        buffer_append_span(out, article->paragraphs.items[i]);
        buffer_append_char(out, '\n');
    }
    if (article->tags.count == 0 && !ends_like_tags(article))
        return;
    buffer_append_text(out, article->tags.count > 0 ? "\nTags: " : "\nTags:");
    (void)name_list_print(NAME_LIST_TAGS, &article->tags, out);
    buffer_append_char(out, '\n');
}
