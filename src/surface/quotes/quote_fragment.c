/* quote_fragment.c: text fragments (the WICG's "Text Fragments"): what a browser looks for on a page
 * and scrolls to. A short text as it is; a long one, and one over several blocks, by its beginning
 * and its end. */
#include "engine/target.h"
#include "ground/buffer.h"
#include "ground/utf8.h"
#include "surface/quotes/quotes.h"

enum { WHOLE_CHARACTERS_MAX = 160, EDGE_WORDS = 5, EDGE_BYTES_MAX = 120 };

static bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\t';
}

/* Up to EDGE_WORDS words from the beginning. */
static struct span head_of(struct span text) {
    size_t words = 0, at = 0;
    for (; at < text.bytes && at < EDGE_BYTES_MAX; at++) {
        if (is_blank(text.at[at]) && ++words == EDGE_WORDS)
            break;
    }
    return (struct span){text.at, utf8_cut(text, at)};
}

static struct span tail_of(struct span text) {
    size_t words = 0, at = text.bytes;
    for (; at > 0 && text.bytes - at < EDGE_BYTES_MAX; at--) {
        if (is_blank(text.at[at - 1]) && ++words == EDGE_WORDS)
            break;
    }
    while (at < text.bytes && ((unsigned char)text.at[at] & 0xC0) == 0x80)
        at++;
    return (struct span){text.at + at, text.bytes - at};
}

/* '-', ',' and '&' mean something there. */
static void append(struct buffer *out, struct span text) {
    size_t begin = 0;
    for (size_t i = 0; i <= text.bytes; i++) {
        if (i < text.bytes && text.at[i] != '-')
            continue;
        target_encode((struct span){text.at + begin, i - begin}, "", out);
        if (i < text.bytes)
            buffer_append_text(out, "%2D");
        begin = i + 1;
    }
}

/* One directive for each run of paragraphs would be two where there are gaps; so one for each text.
 */
static void append_text(struct buffer *out, struct span text) {
    buffer_append_text(out, out->used == 0 ? ":~:text=" : "&text=");
    if (utf8_count(text) <= WHOLE_CHARACTERS_MAX) {
        append(out, text);
        return;
    }
    append(out, head_of(text));
    buffer_append_char(out, ',');
    append(out, tail_of(text));
}

struct span quote_fragment(struct arena *arena, const struct span *texts, size_t count) {
    struct buffer out;
    buffer_init(&out);
    for (size_t i = 0; i < count; i++)
        append_text(&out, texts[i]);
    return arena_take_buffer(arena, &out);
}
