/* source_decode.c: source_text_decode(). Encodings: a byte order mark decides for UTF-8 or UTF-16;
 * without one the bytes are UTF-8 or, when they are not, Windows-1252. Text in which more
 * characters beyond ASCII are well-formed UTF-8 than malformed is damaged UTF-8: taking it for
 * Windows-1252 would garble what is right in it, so it is refused at the first bad byte. */
#include <stdarg.h>
#include <stdio.h>

#include "domain/articles/article.h"
#include "domain/text/rune.h"
#include "domain/text/source_text.h"
#include "ground/utf8.h"

/* 0x80 to 0x9F; the rest is Latin-1. 0 = not assigned. */
static const uint16_t windows1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/* Clean text on its way into memory that is large enough, and where in it we are. */
struct sink {
    char *at;
    size_t used;
    bool follows_cr;
    struct source_text *source;
};

/* Says what is wrong at the end of what was written so far. */
__attribute__((format(printf, 2, 3))) static enum problem refuse_here(struct sink *sink,
                                                                      const char *format, ...) {
    char text[FAULT_TEXT_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    sink->source->text = (struct span){sink->at, sink->used};
    return source_text_refuse(sink->source, sink->at + sink->used, "%s", text);
}

static enum problem refuse_character(struct sink *sink, uint32_t code) {
    if (code == 0)
        return refuse_here(sink,
                           "a NUL character stands here, so this is not plain text; save it as "
                           "UTF-8, or as UTF-16 with a byte order mark");
    return refuse_here(sink, "the character U+%04X is not text; remove it", (unsigned)code);
}

/* CR and CRLF become LF. */
static enum problem sink_character(struct sink *sink, uint32_t code) {
    bool ends_crlf = sink->follows_cr && code == '\n';
    sink->follows_cr = code == '\r';
    if (ends_crlf)
        return PROBLEM_NONE;
    if (code == '\r')
        code = '\n';
    if (code != '\n' && !source_text_allows(code))
        return refuse_character(sink, code);
    sink->used += rune_write((int32_t)code, sink->at + sink->used);
    return PROBLEM_NONE;
}

static bool is_plain_ascii(unsigned char c) {
    return (c >= 0x20 && c < 0x7F) || c == '\t';
}

/* *bad is the offset of the first byte that is not UTF-8, or bytes.bytes. */
static enum problem decode_utf8(struct span bytes, struct sink *sink, size_t *bad) {
    size_t at = 0;
    *bad = bytes.bytes;
    while (at < bytes.bytes) {
        size_t end = at;
        while (end < bytes.bytes && is_plain_ascii((unsigned char)bytes.at[end]))
            end++;
        if (end > at) {
            memcpy(sink->at + sink->used, bytes.at + at, end - at);
            sink->used += end - at;
            sink->follows_cr = false;
            at = end;
            continue;
        }
        uint32_t code;
        size_t length = utf8_decode(bytes, at, &code);
        if (length == 0) {
            *bad = at;
            return PROBLEM_NONE;
        }
        enum problem problem = sink_character(sink, code);
        if (problem != PROBLEM_NONE)
            return problem;
        at += length;
    }
    return PROBLEM_NONE;
}

static enum problem decode_windows1252(struct span bytes, struct sink *sink) {
    for (size_t i = 0; i < bytes.bytes; i++) {
        unsigned char c = (unsigned char)bytes.at[i];
        uint32_t code = c >= 0x80 && c <= 0x9F ? windows1252[c - 0x80] : c;
        if (code == 0 && c != 0)
            return refuse_here(sink, "the byte 0x%02X is neither UTF-8 nor Windows-1252", c);
        enum problem problem = sink_character(sink, code);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

static uint32_t utf16_unit(struct span bytes, size_t at, bool is_big_endian) {
    uint32_t first = (unsigned char)bytes.at[at];
    uint32_t second = (unsigned char)bytes.at[at + 1];
    return is_big_endian ? first << 8 | second : second << 8 | first;
}

static enum problem decode_utf16(struct span bytes, bool is_big_endian, struct sink *sink) {
    size_t at = 0;
    while (at + 1 < bytes.bytes) {
        uint32_t code = utf16_unit(bytes, at, is_big_endian);
        at += 2;
        if (code >= 0xD800 && code <= 0xDFFF) {
            uint32_t low = at + 1 < bytes.bytes ? utf16_unit(bytes, at, is_big_endian) : 0;
            if (code >= 0xDC00 || low < 0xDC00 || low > 0xDFFF)
                return refuse_here(sink, "half of a UTF-16 pair (0x%04X) stands alone here",
                                   (unsigned)code);
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        }
        enum problem problem = sink_character(sink, code);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    if (at < bytes.bytes)
        return refuse_here(sink, "the UTF-16 text ends with half a character");
    return PROBLEM_NONE;
}

static bool is_mostly_utf8(struct span bytes) {
    size_t good = 0, bad = 0;
    for (size_t at = 0; at < bytes.bytes;) {
        size_t length = utf8_decode(bytes, at, NULL);
        good += length > 1;
        bad += length == 0;
        at += length == 0 ? 1 : length;
    }
    return good > bad;
}

static enum problem decode_eight_bit(struct span bytes, struct sink *sink) {
    size_t bad;
    enum problem problem = decode_utf8(bytes, sink, &bad);
    if (problem != PROBLEM_NONE || bad == bytes.bytes)
        return problem;
    if (sink->source->encoding == ARTICLE_TEXT_UTF8_BOM || is_mostly_utf8(bytes))
        return refuse_here(sink, "the byte 0x%02X is not UTF-8 as the rest of the text is",
                           (unsigned)(unsigned char)bytes.at[bad]);
    sink->source->encoding = ARTICLE_TEXT_WINDOWS1252;
    sink->used = 0;
    sink->follows_cr = false;
    /* One byte becomes three at most. */
    sink->at = arena_alloc(sink->source->arena, bytes.bytes * 3);
    return sink->at == NULL ? PROBLEM_OUT_OF_MEMORY : decode_windows1252(bytes, sink);
}

struct mark {
    const char *bytes;
    size_t count;
    enum article_text_encoding encoding;
};

static const struct mark marks[] = {
    {"\xEF\xBB\xBF", 3, ARTICLE_TEXT_UTF8_BOM},
    {"\xFF\xFE", 2, ARTICLE_TEXT_UTF16LE},
    {"\xFE\xFF", 2, ARTICLE_TEXT_UTF16BE},
};

static enum article_text_encoding take_mark(struct span *bytes) {
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (bytes->bytes < marks[i].count || memcmp(bytes->at, marks[i].bytes, marks[i].count) != 0)
            continue;
        bytes->at += marks[i].count;
        bytes->bytes -= marks[i].count;
        return marks[i].encoding;
    }
    return ARTICLE_TEXT_UTF8;
}

enum problem source_text_decode(struct span bytes, struct arena *arena, struct fault *fault,
                                struct source_text *out) {
    *out = (struct source_text){{"", 0}, ARTICLE_TEXT_UTF8, arena, fault};
    if (bytes.bytes > ARTICLE_SOURCE_BYTES_MAX)
        return source_text_refuse(out, out->text.at, "the text has %zu bytes; at most %d are read",
                                  bytes.bytes, ARTICLE_SOURCE_BYTES_MAX);
    out->encoding = take_mark(&bytes);
    bool is_utf16 = out->encoding == ARTICLE_TEXT_UTF16LE || out->encoding == ARTICLE_TEXT_UTF16BE;
    /* Two bytes of UTF-16 become three at most. */
    struct sink sink = {NULL, 0, false, out};
    sink.at = arena_alloc(arena, is_utf16 ? bytes.bytes / 2 * 3 : bytes.bytes);
    if (sink.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = is_utf16
                               ? decode_utf16(bytes, out->encoding == ARTICLE_TEXT_UTF16BE, &sink)
                               : decode_eight_bit(bytes, &sink);
    if (problem == PROBLEM_NONE)
        out->text = (struct span){sink.at, sink.used};
    return problem;
}
