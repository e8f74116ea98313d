/* source_text.c: lines, blocks and places of a clean text; see source_text.h. */
#include "domain/text/source_text.h"

#include <stdarg.h>

#include "domain/text/rune.h"
#include "ground/utf8.h"

bool source_text_allows(uint32_t code) {
    if (code < 0x20)
        return code == '\t';
    if (code >= 0x7F && code <= 0x9F)
        return false;
    return (code & 0xFFFE) != 0xFFFE && !(code >= 0xFDD0 && code <= 0xFDEF);
}

enum problem source_text_refuse(const struct source_text *source, const char *at,
                                const char *format, ...) {
    size_t line = 1;
    const char *start = source->text.at;
    for (const char *end; (end = memchr(start, '\n', (size_t)(at - start))) != NULL; line++)
        start = end + 1;
    size_t column = 1 + utf8_count((struct span){start, (size_t)(at - start)});
    va_list list;
    va_start(list, format);
    fault_set_at_list(source->fault, line, column, format, list);
    va_end(list);
    return PROBLEM_BAD_SOURCE;
}

static struct span trim_start(struct span text) {
    uint32_t code;
    size_t length;
    while ((length = utf8_decode(text, 0, &code)) > 0 && rune_is_blank((int32_t)code)) {
        text.at += length;
        text.bytes -= length;
    }
    return text;
}

static struct span trim_end(struct span text) {
    while (text.bytes > 0) {
        size_t start = text.bytes - 1;
        while (start > 0 && ((unsigned char)text.at[start] & 0xC0) == 0x80)
            start--;
        uint32_t code;
        if (utf8_decode(text, start, &code) == 0 || !rune_is_blank((int32_t)code))
            break;
        text.bytes = start;
    }
    return text;
}

struct span source_text_trim(struct span text) {
    return trim_end(trim_start(text));
}

bool source_text_line(struct span *rest, struct span *line) {
    if (rest->bytes == 0)
        return false;
    const char *end = memchr(rest->at, '\n', rest->bytes);
    size_t bytes = end == NULL ? rest->bytes : (size_t)(end - rest->at);
    *line = source_text_trim((struct span){rest->at, bytes});
    size_t taken = end == NULL ? bytes : bytes + 1;
    rest->at += taken;
    rest->bytes -= taken;
    return true;
}

bool source_text_block(struct span *rest, struct span *block) {
    struct span line;
    do {
        if (!source_text_line(rest, &line))
            return false;
    } while (line.bytes == 0);
    const char *start = line.at;
    const char *end = line.at + line.bytes;
    while (source_text_line(rest, &line) && line.bytes > 0)
        end = line.at + line.bytes;
    *block = (struct span){start, (size_t)(end - start)};
    return true;
}

/* Takes the last line off the end of `rest`. */
static struct span take_last_line(struct span *rest) {
    size_t start = rest->bytes;
    while (start > 0 && rest->at[start - 1] != '\n')
        start--;
    struct span line = {rest->at + start, rest->bytes - start};
    rest->bytes = start > 0 ? start - 1 : 0;
    return source_text_trim(line);
}

struct span source_text_last_block(struct span text) {
    struct span line = {text.at, 0};
    while (text.bytes > 0 && line.bytes == 0)
        line = take_last_line(&text);
    const char *start = line.at;
    const char *end = line.at + line.bytes;
    while (text.bytes > 0 && (line = take_last_line(&text)).bytes > 0)
        start = line.at;
    return (struct span){start, (size_t)(end - start)};
}

struct span source_text_join(struct span block, char joint, struct arena *arena) {
    if (memchr(block.at, '\n', block.bytes) == NULL)
        return block;
    char *memory = arena_alloc(arena, block.bytes);
    if (memory == NULL)
        return (struct span){NULL, 0};
    size_t used = 0;
    struct span line;
    while (source_text_line(&block, &line)) {
        if (used > 0)
            memory[used++] = joint;
        memcpy(memory + used, line.at, line.bytes);
        used += line.bytes;
    }
    return (struct span){memory, used};
}
