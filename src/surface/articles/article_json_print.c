/* article_json_print.c: see article_json_print.h. */
#include "surface/articles/article_json_print.h"

/* Of UTF-8 only what JSON reserves needs an escape. */
static void print_text(struct span text, struct buffer *out) {
    buffer_append_char(out, '"');
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == '"' || c == '\\')
            buffer_append_char(out, '\\');
        if (c < 0x20)
            buffer_printf(out, "\\u%04x", c);
        else
            buffer_append_char(out, (char)c);
    }
    buffer_append_char(out, '"');
}

static void print_list(const char *name, const struct span_list *list, struct buffer *out) {
    buffer_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        print_text(list->items[i], out);
    }
    buffer_append_char(out, ']');
}

void article_json_print(const struct article *article, struct buffer *out) {
    buffer_append_text(out, "{\"title\":");
    print_text(article->title, out);
    if (article->published[0] != '\0')
        buffer_printf(out, ",\"published\":\"%s\"", article->published);
    print_list("authors", &article->authors, out);
    print_list("section", &article->section, out);
    print_list("tags", &article->tags, out);
    print_list("paragraphs", &article->paragraphs, out);
    buffer_append_text(out, "}\n");
}
