/* markup.c: see markup.h. */
#include "ground/markup.h"

#include "ground/utf8.h"

/* What is written for an ASCII character instead of itself; NULL: it stays. */
static const char *const html_names[128] = {
    ['&'] = "&amp;",
    ['<'] = "&lt;",
    ['>'] = "&gt;",
    ['"'] = "&quot;",
};

static const char *const xml_names[128] = {
    ['&'] = "&amp;",
    ['<'] = "&lt;",
    ['>'] = "&gt;",
    ['\r'] = "&#13;",
};

static const char *const xml_value_names[128] = {
    ['&'] = "&amp;", ['<'] = "&lt;",   ['>'] = "&gt;",   ['"'] = "&quot;",
    ['\t'] = "&#9;", ['\n'] = "&#10;", ['\r'] = "&#13;",
};

void markup_append_html(struct buffer *out, struct span text) {
    size_t start = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 128 || html_names[c] == NULL)
            continue;
        buffer_append(out, text.at + start, i - start);
        buffer_append_text(out, html_names[c]);
        start = i + 1;
    }
    if (start < text.bytes)
        buffer_append(out, text.at + start, text.bytes - start);
}

/* Char of XML 1.0, 2.2; surrogates are no UTF-8. */
static bool is_xml(uint32_t code) {
    if (code < 0x20)
        return code == '\t' || code == '\n' || code == '\r';
    return code != 0xFFFE && code != 0xFFFF;
}

static void append_xml(struct buffer *out, struct span text, const char *const names[128]) {
    size_t start = 0, step = 1;
    for (size_t i = 0; i < text.bytes; i += step) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(text, i, &code);
        const char *name = bytes == 1 ? names[code] : NULL;
        step = bytes == 0 ? 1 : bytes;
        if (name == NULL && bytes > 0 && is_xml(code))
            continue;
        buffer_append(out, text.at + start, i - start);
        if (name != NULL)
            buffer_append_text(out, name);
        start = i + step;
    }
    if (start < text.bytes)
        buffer_append(out, text.at + start, text.bytes - start);
}

void markup_append_xml(struct buffer *out, struct span text) {
    append_xml(out, text, xml_names);
}

void markup_append_xml_value(struct buffer *out, struct span text) {
    append_xml(out, text, xml_value_names);
}
