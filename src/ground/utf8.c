/* utf8.c: UTF-8 as RFC 3629 defines it. */
#include "ground/utf8.h"

/* What may follow a lead byte: how many bytes, and the bounds of the second one. The bounds keep
 * out overlong forms (E0, F0), surrogates (ED) and numbers past U+10FFFF (F4). */
struct lead {
    unsigned char first, last, bytes, second_min, second_max;
};

static const struct lead leads[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static const struct lead *find_lead(unsigned char byte) {
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    }
    return NULL;
}

size_t utf8_decode(struct span text, size_t at, uint32_t *code) {
    if (at >= text.bytes)
        return 0;
    const unsigned char *bytes = (const unsigned char *)text.at + at;
    size_t left = text.bytes - at;
    uint32_t value = bytes[0];
    size_t length = 1;
    if (bytes[0] >= 0x80) {
        const struct lead *lead = find_lead(bytes[0]);
        if (lead == NULL || left < lead->bytes || bytes[1] < lead->second_min ||
            bytes[1] > lead->second_max)
            return 0;
        length = lead->bytes;
        value &= 0xFFu >> (length + 1);
        for (size_t i = 1; i < length; i++) {
            if ((bytes[i] & 0xC0) != 0x80)
                return 0;
            value = value << 6 | (bytes[i] & 0x3Fu);
        }
    }
    if (code != NULL)
        *code = value;
    return length;
}

bool utf8_is_valid(struct span text, size_t *bad) {
    for (size_t at = 0; at < text.bytes;) {
        size_t length = (unsigned char)text.at[at] < 0x80 ? 1 : utf8_decode(text, at, NULL);
        if (length == 0) {
            if (bad != NULL)
                *bad = at;
            return false;
        }
        at += length;
    }
    return true;
}

size_t utf8_cut(struct span text, size_t bytes) {
    if (text.bytes <= bytes)
        return text.bytes;
    /* A character has at most three bytes after its first; bytes that are not UTF-8 are cut
     * anywhere. */
    for (size_t back = 0; back <= 3 && back <= bytes; back++) {
        size_t start = bytes - back;
        if (((unsigned char)text.at[start] & 0xC0) != 0x80)
            return start;
    }
    return bytes;
}

size_t utf8_count(struct span text) {
    size_t count = 0;
    for (size_t at = 0; at < text.bytes; count++) {
        size_t length = utf8_decode(text, at, NULL);
        at += length == 0 ? 1 : length;
    }
    return count;
}

bool utf8_is_visible(uint32_t code) {
    static const uint32_t hidden[][2] = {{0x0000, 0x001F}, {0x007F, 0x009F}, {0x200E, 0x200F},
                                         {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        if (code >= hidden[i][0] && code <= hidden[i][1])
            return false;
    }
    return true;
}

static void append_hidden(struct buffer *out, uint32_t code) {
    static const char short_forms[] = {['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    if (code < sizeof short_forms && short_forms[code] != '\0')
        buffer_printf(out, "\\%c", short_forms[code]);
    else
        buffer_printf(out, "\\u%04x", (unsigned)code);
}

void utf8_append_visible(struct buffer *out, struct span text) {
    for (size_t at = 0; at < text.bytes;) {
        uint32_t code = 0;
        size_t length = utf8_decode(text, at, &code);
        if (length == 0)
            buffer_printf(out, "\\x%02x", (unsigned char)text.at[at]);
        else if (utf8_is_visible(code))
            buffer_append(out, text.at + at, length);
        else
            append_hidden(out, code);
        at += length == 0 ? 1 : length;
    }
}
