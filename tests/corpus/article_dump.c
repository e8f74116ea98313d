/* article_dump.c FILE...: what article_text_parse() makes of each file, one JSON object a line, for
 * test_truth.py. A file that is refused gives {"file", "problem", "line", "column", "detail"}. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/articles/article_text.h"

enum { ARENA_BYTES = 256 * 1024 * 1024 };

static bool read_file(const char *path, struct buffer *out) {
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    char chunk[65536];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
        buffer_append(out, chunk, got);
    bool is_read = ferror(file) == 0;
    fclose(file);
    return is_read && !out->failed;
}

static json_t *texts(const struct span_list *list) {
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_stringn(list->items[i].at, list->items[i].bytes));
    return array;
}

static json_t *describe(const char *path, const struct article *article) {
    return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "file", path, "title",
                     json_stringn(article->title.at, article->title.bytes), "authors",
                     texts(&article->authors), "date", article->published, "section",
                     texts(&article->section), "tags", texts(&article->tags), "paragraphs",
                     texts(&article->paragraphs));
}

static json_t *describe_fault(const char *path, enum problem problem, const struct fault *fault) {
    return json_pack("{s:s, s:s, s:I, s:I, s:s}", "file", path, "problem",
                     problem_info(problem)->code, "line", (json_int_t)fault->line, "column",
                     (json_int_t)fault->column, "detail", fault->text);
}

/* Whether printing what was read and reading that gives the same text again. */
static bool is_stable(const struct article *article, struct arena *arena) {
    struct buffer once, twice;
    struct article again;
    buffer_init(&once);
    buffer_init(&twice);
    article_text_print(article, &once);
    bool is_same =
        article_text_parse(buffer_span(&once), arena, &again, NULL, NULL) == PROBLEM_NONE;
    if (is_same)
        article_text_print(&again, &twice);
    is_same = is_same && span_equal(buffer_span(&once), buffer_span(&twice)) &&
              article_check(&again, NULL) == PROBLEM_NONE;
    buffer_fini(&once);
    buffer_fini(&twice);
    return is_same;
}

static json_t *dump(const char *path, struct arena *arena, struct buffer *bytes) {
    struct fault fault;
    struct article article;
    fault_init(&fault);
    if (!read_file(path, bytes))
        return json_pack("{s:s, s:s}", "file", path, "problem", "unreadable");
    enum problem problem = article_text_parse(buffer_span(bytes), arena, &article, NULL, &fault);
    if (problem != PROBLEM_NONE)
        return describe_fault(path, problem, &fault);
    json_t *line = describe(path, &article);
    json_object_set_new(line, "stable", json_boolean(is_stable(&article, arena)));
    return line;
}

int main(int argc, char **argv) {
    struct arena arena;
    struct buffer bytes;
    arena_init(&arena, ARENA_BYTES);
    buffer_init(&bytes);
    for (int i = 1; i < argc; i++) {
        json_t *line = dump(argv[i], &arena, &bytes);
        if (line == NULL || json_dumpf(line, stdout, JSON_COMPACT) != 0)
            return 1;
        putchar('\n');
        json_decref(line);
        buffer_clear(&bytes);
        arena_reset(&arena);
    }
    buffer_fini(&bytes);
    arena_fini(&arena);
    return 0;
}
