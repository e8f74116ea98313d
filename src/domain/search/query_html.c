/* query_html.c: text with its marks as HTML; see query.h. Written twice: first to count bytes. */
#include "domain/search/query.h"

#include "domain/text/rune.h"
#include "domain/text/words_class.h"
#include "ground/utf8.h"

#define ELLIPSIS "\xE2\x80\xA6"
#define REPLACEMENT "\xEF\xBF\xBD"

enum { BOUND_SEARCH_MAX = 24 }; /* how far from the wanted width a cut may lie */

/* What of the text is shown: code points [start, end), of which `at` is the first byte. */
struct window {
    size_t start, end, at;
    bool is_cut_before, is_cut_behind;
};

struct html {
    char *at; /* NULL: only counts */
    size_t used;
};

/* ---- the window ---- */

/* How many bytes the character takes; *rune is -1 for a byte that is none. */
static size_t step(struct span text, size_t at, int32_t *rune) {
    uint32_t code = 0;
    size_t bytes = utf8_decode(text, at, &code);
    *rune = bytes == 0 ? -1 : (int32_t)code;
    return bytes == 0 ? 1 : bytes;
}

/* May the text be cut between the two: not before a mark. *is_word_bound: behind a blank. */
static bool may_cut(int32_t before, int32_t behind, bool *is_word_bound) {
    *is_word_bound = rune_is_blank(before) && !rune_is_blank(behind);
    return !rune_is_mark(behind) && words_class_of(behind) != WORDS_CLASS_INVISIBLE;
}

/* The first word bound in [low, high], else the first place to cut there, else `low`; from the byte
 * `at` of `low` on, which is moved along. `before` is the character before `low`. */
static size_t find_start(struct span text, size_t low, size_t high, int32_t before, size_t *at) {
    size_t place = *at, cut = low, cut_at = *at;
    bool has_cut = false, is_word_bound;
    for (size_t i = low; i <= high; i++) {
        int32_t rune;
        size_t bytes = step(text, place, &rune);
        bool is_cut = may_cut(before, rune, &is_word_bound);
        if (is_cut && (is_word_bound || !has_cut)) {
            cut = i;
            cut_at = place;
            has_cut = true;
        }
        if (is_cut && is_word_bound)
            break;
        place += bytes;
        before = rune;
    }
    *at = cut_at;
    return cut;
}

/* The last word bound in [low, high], its blank left out, else the last place to cut. */
static size_t find_end(struct span text, size_t from, size_t at, size_t low, size_t high) {
    size_t cut = high, word_end = 0;
    int32_t before = ' ', rune;
    for (size_t i = from; i <= high; i++) {
        bool is_word_bound;
        size_t bytes = step(text, at, &rune);
        if (i >= low && may_cut(before, rune, &is_word_bound))
            cut = i;
        if (i >= low && rune_is_blank(rune) && !rune_is_blank(before))
            word_end = i;
        at += bytes;
        before = rune;
    }
    return word_end > from ? word_end : cut;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

/* About `width` characters with `first` in them, a third of them before it; cut at word bounds. */
static void cut_window(struct span text, size_t total, size_t first, size_t width,
                       struct window *window) {
    size_t lead = width / 3, at = 0;
    size_t start = smaller(first > lead ? first - lead : 0, total - width);
    int32_t before = ' ';
    for (size_t i = 0; i < start; i++)
        at += step(text, at, &before);
    if (start > 0) {
        size_t high = smaller(start + smaller(lead, BOUND_SEARCH_MAX), first);
        start = find_start(text, start, high > start ? high : start, before, &at);
    }
    size_t end = smaller(start + width, total);
    if (end < total)
        end = find_end(text, start, at, end - smaller(width / 2, BOUND_SEARCH_MAX), end);
    *window = (struct window){start, end, at, start > 0, end < total};
}

/* ---- HTML ---- */

static void put(struct html *html, const char *bytes, size_t count) {
    if (html->at != NULL)
        memcpy(html->at + html->used, bytes, count);
    html->used += count;
}

static void put_text(struct html *html, const char *text) {
    put(html, text, strlen(text));
}

static void put_character(struct html *html, struct span bytes, int32_t rune) {
    switch (rune) {
    case '&':
        put_text(html, "&amp;");
        break;
    case '<':
        put_text(html, "&lt;");
        break;
    case '>':
        put_text(html, "&gt;");
        break;
    case '"':
        put_text(html, "&quot;");
        break;
    case '\'':
        put_text(html, "&#39;");
        break;
    case -1:
        put_text(html, REPLACEMENT);
        break;
    default:
        put(html, bytes.at, bytes.bytes);
    }
}

static void write_html(struct span text, const struct window *window,
                       const struct query_match *match, struct html *html) {
    size_t at = window->at, next = 0;
    bool is_open = false;
    if (window->is_cut_before)
        put_text(html, ELLIPSIS);
    while (next < match->mark_count && match->marks[next].end <= window->start)
        next++;
    for (size_t place = window->start; place < window->end; place++) {
        int32_t rune;
        size_t bytes = step(text, at, &rune);
        if (!is_open && next < match->mark_count && match->marks[next].start <= place) {
            put_text(html, "<mark>");
            is_open = true;
        }
        put_character(html, (struct span){text.at + at, bytes}, rune);
        at += bytes;
        if (is_open && (match->marks[next].end == place + 1 || place + 1 == window->end)) {
            put_text(html, "</mark>");
            is_open = false;
            next++;
        }
    }
    if (window->is_cut_behind)
        put_text(html, ELLIPSIS);
}

struct span query_html(struct span text, const struct query_match *match, size_t width,
                       struct arena *arena) {
    size_t total = utf8_count(text);
    struct window window = {.end = total};
    struct html html = {NULL, 0};
    if (width > 0 && width < total)
        cut_window(text, total, match->mark_count == 0 ? 0 : match->marks[0].start, width, &window);
    write_html(text, &window, match, &html);
    html.at = arena_alloc(arena, html.used + 1);
    if (html.at == NULL)
        return (struct span){NULL, 0};
    html.used = 0;
    write_html(text, &window, match, &html);
    html.at[html.used] = '\0';
    return (struct span){html.at, html.used};
}
