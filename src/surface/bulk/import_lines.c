/* import_lines.c: see import_lines.h. The articles of one piece are put into the store in one
 * transaction. */
#include "surface/bulk/import_lines.h"

#include "surface/bulk/import_item.h"

enum {
    ARTICLE_ARENA_BYTES_MAX = 256 * 1024 * 1024,
    ERRORS_MAX = 10000, /* then it is no import; keeps the answer within bounds */
};

enum problem import_lines_init(struct import_lines *in, struct writer *writer, bool is_json,
                               const struct import_answer *answer) {
    *in = (struct import_lines){
        .writer = writer, .is_json = is_json, .text_line = 1, .answer = *answer};
    lines_init(&in->lines, ARTICLE_SOURCE_BYTES_MAX);
    buffer_init(&in->text);
    arena_init(&in->arena, ARTICLE_ARENA_BYTES_MAX);
    buffer_init(&in->answer.lines);
    fault_init(&in->fault);
    enum problem problem = import_open(writer->store, answer->is_dry_run, &in->run);
    if (problem == PROBLEM_NONE)
        import_set_mode(in->run, answer->mode);
    return problem;
}

void import_lines_fini(struct import_lines *in) {
    import_close(in->run);
    lines_fini(&in->lines);
    buffer_fini(&in->text);
    arena_fini(&in->arena);
    buffer_fini(&in->answer.lines);
}

/* ---- one item ---- */

static enum problem stop_at_errors(struct import_lines *in) {
    if (in->answer.errors < ERRORS_MAX)
        return PROBLEM_NONE;
    fault_set(&in->fault, "%d items were wrong, and the rest was not read", ERRORS_MAX);
    return PROBLEM_INVALID;
}

static enum problem refuse_item(struct import_lines *in, size_t line, enum problem problem,
                                const struct fault *fault) {
    import_answer_refuse(&in->answer, line, problem, fault);
    return stop_at_errors(in);
}

static enum problem refuse_size(struct import_lines *in, size_t line) {
    struct fault fault;
    fault_init(&fault);
    fault_set(&fault, "this is larger than %d MiB, which is the most an article may have",
              ARTICLE_SOURCE_BYTES_MAX / (1024 * 1024));
    return refuse_item(in, line, PROBLEM_BAD_SOURCE, &fault);
}

static enum problem put(struct import_lines *in, const struct article *article,
                        struct import_result *result, struct fault *fault) {
    if (in->store == NULL) {
        enum problem problem = writer_take(in->writer, &in->store);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return import_article(in->run, article, (struct span){"", 0}, result, fault);
}

static enum problem take_item(struct import_lines *in, struct span text, size_t line) {
    struct article article;
    struct article_text_report reading;
    struct import_result result;
    struct fault fault;
    fault_init(&fault);
    enum problem problem =
        import_item_read(text, in->is_json, &in->arena, &article, &reading, &fault);
    if (problem == PROBLEM_NONE)
        problem = put(in, &article, &result, &fault);
    arena_reset(&in->arena);
    if (import_item_is_refused(problem))
        return refuse_item(in, line, problem, &fault);
    if (problem == PROBLEM_NONE)
        import_answer_add(&in->answer, line, &result);
    return in->answer.lines.failed ? PROBLEM_OUT_OF_MEMORY : problem;
}

/* ---- lines ---- */

static enum problem end_text(struct import_lines *in) {
    enum problem problem = PROBLEM_NONE;
    size_t next_line = in->lines.line + 1;
    bool is_blank = true;
    struct span text = buffer_span(&in->text);
    for (size_t i = 0; is_blank && i < text.bytes; i++)
        is_blank = strchr(" \t\r\n", text.at[i]) != NULL && text.at[i] != '\0';
    if (in->text.failed)
        problem = PROBLEM_OUT_OF_MEMORY;
    else if (in->is_text_lost)
        problem = refuse_size(in, in->text_line);
    else if (!is_blank)
        problem = take_item(in, text, in->text_line);
    buffer_clear(&in->text);
    in->is_text_lost = false;
    in->text_line = next_line;
    return problem;
}

static enum problem take_text_line(struct import_lines *in, struct span line) {
    if (span_is(line, "\f") || span_is(line, "\f\r"))
        return end_text(in);
    if (in->text.used + line.bytes >= ARTICLE_SOURCE_BYTES_MAX)
        in->is_text_lost = true;
    if (in->is_text_lost)
        return PROBLEM_NONE;
    buffer_append_span(&in->text, line);
    buffer_append_char(&in->text, '\n');
    return PROBLEM_NONE;
}

static enum problem take_line(struct import_lines *in, enum lines_found found, struct span line) {
    if (!in->is_json) {
        in->is_text_lost |= found == LINES_TOO_LONG;
        return found == LINES_TOO_LONG ? PROBLEM_NONE : take_text_line(in, line);
    }
    size_t number = in->lines.line;
    if (found == LINES_TOO_LONG)
        return refuse_size(in, number);
    line = import_item_line(line, number);
    return import_item_is_blank(line) ? PROBLEM_NONE : take_item(in, line, number);
}

static enum problem take_lines(struct import_lines *in, bool is_end) {
    enum problem problem = PROBLEM_NONE;
    struct span line = {NULL, 0};
    enum lines_found found = LINES_LINE;
    while (problem == PROBLEM_NONE && (found = lines_next(&in->lines, is_end, &line)) != LINES_NONE)
        problem = take_line(in, found, line);
    if (problem == PROBLEM_NONE && is_end && !in->is_json)
        problem = end_text(in);
    return problem;
}

enum problem import_lines_take(struct import_lines *in, struct span piece, bool is_end) {
    if (!lines_push(&in->lines, piece))
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = take_lines(in, is_end);
    if (in->store == NULL)
        return problem;
    /* What stands before an item that ended the import is good, and is kept. */
    enum problem paused = import_pause(in->run);
    writer_give(in->writer);
    in->store = NULL;
    return problem == PROBLEM_NONE ? paused : problem;
}
