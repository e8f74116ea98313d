/* words_class.c: characters by range where the range says all, else by Unicode category; see
 * words_class.h. */
#include "domain/text/words_class.h"

#include "domain/text/rune.h"
#include "ground/utf8.h"

/* Sorted; what is in no range is asked by category. */
struct class_range {
    int32_t first, last;
    enum words_class class;
};

static const struct class_range ranges[] = {
    {'\'', '\'', WORDS_CLASS_JOINER},
    {'`', '`', WORDS_CLASS_JOINER},
    {0xAD, 0xAD, WORDS_CLASS_INVISIBLE},
    {0xB4, 0xB4, WORDS_CLASS_JOINER},
    {0xB7, 0xB7, WORDS_CLASS_JOINER}, /* Catalan: col·lecció */
    {0xC0, 0xD6, WORDS_CLASS_LETTER},
    {0xD8, 0xF6, WORDS_CLASS_LETTER},
    {0xF8, 0x02AF, WORDS_CLASS_LETTER},
    {0x02B9, 0x02B9, WORDS_CLASS_JOINER},
    {0x02BB, 0x02BD, WORDS_CLASS_JOINER},
    {0x034F, 0x034F, WORDS_CLASS_INVISIBLE},
    {0x03B1, 0x03C9, WORDS_CLASS_LETTER},
    {0x0410, 0x044F, WORDS_CLASS_LETTER},
    {0x055A, 0x055A, WORDS_CLASS_JOINER},
    {0x05F3, 0x05F4, WORDS_CLASS_JOINER}, /* Hebrew: geresh, gershayim */
    {0x061C, 0x061C, WORDS_CLASS_INVISIBLE},
    {0x0640, 0x0640, WORDS_CLASS_INVISIBLE}, /* tatweel */
    {0x0E01, 0x0E30, WORDS_CLASS_UNSPACED},
    {0x0E31, 0x0E31, WORDS_CLASS_MARK},
    {0x0E32, 0x0E33, WORDS_CLASS_UNSPACED},
    {0x0E34, 0x0E3A, WORDS_CLASS_MARK},
    {0x0E40, 0x0E46, WORDS_CLASS_UNSPACED},
    {0x0E47, 0x0E4E, WORDS_CLASS_MARK},
    {0x115F, 0x1160, WORDS_CLASS_INVISIBLE}, /* fillers of Hangul */
    {0x180B, 0x180F, WORDS_CLASS_INVISIBLE},
    {0x200B, 0x200F, WORDS_CLASS_INVISIBLE},
    {0x2018, 0x2019, WORDS_CLASS_JOINER},
    {0x201B, 0x201B, WORDS_CLASS_JOINER},
    {0x2027, 0x2027, WORDS_CLASS_JOINER},
    {0x202A, 0x202E, WORDS_CLASS_INVISIBLE},
    {0x2032, 0x2032, WORDS_CLASS_JOINER},
    {0x2060, 0x206F, WORDS_CLASS_INVISIBLE},
    {0x3005, 0x3007, WORDS_CLASS_UNSPACED},
    {0x3031, 0x3035, WORDS_CLASS_UNSPACED},
    {0x3038, 0x303B, WORDS_CLASS_UNSPACED},
    {0x3041, 0x3096, WORDS_CLASS_UNSPACED},
    {0x309D, 0x309F, WORDS_CLASS_UNSPACED},
    {0x30A1, 0x30FA, WORDS_CLASS_UNSPACED},
    {0x30FC, 0x30FF, WORDS_CLASS_UNSPACED},
    {0x3105, 0x312F, WORDS_CLASS_UNSPACED},
    {0x3164, 0x3164, WORDS_CLASS_INVISIBLE},
    {0x31A0, 0x31BF, WORDS_CLASS_UNSPACED},
    {0x31F0, 0x31FF, WORDS_CLASS_UNSPACED},
    {0x3400, 0x4DBF, WORDS_CLASS_UNSPACED},
    {0x4E00, 0x9FFF, WORDS_CLASS_UNSPACED},
    {0xAC00, 0xD7A3, WORDS_CLASS_LETTER},
    {0xF900, 0xFAFF, WORDS_CLASS_UNSPACED},
    {0xFE00, 0xFE0F, WORDS_CLASS_INVISIBLE},
    {0xFEFF, 0xFEFF, WORDS_CLASS_INVISIBLE},
    {0xFF07, 0xFF07, WORDS_CLASS_JOINER},
    {0xFF66, 0xFF9D, WORDS_CLASS_UNSPACED},
    {0xFF9E, 0xFF9F, WORDS_CLASS_MARK}, /* voiced sound marks of half width */
    {0xFFA0, 0xFFA0, WORDS_CLASS_INVISIBLE},
    {0x1B000, 0x1B16F, WORDS_CLASS_UNSPACED},
    {0x20000, 0x3FFFD, WORDS_CLASS_UNSPACED},
    {0xE0001, 0xE0FFF, WORDS_CLASS_INVISIBLE}, /* tags, selectors of variants */
};

/* Blocks whose letters need no blanks; their marks and digits are what the category says. */
static bool is_unspaced_block(int32_t rune) {
    return (rune >= 0x0E80 && rune <= 0x0EFF) || (rune >= 0x1000 && rune <= 0x109F) ||
           (rune >= 0x1780 && rune <= 0x17FF) || (rune >= 0xA9E0 && rune <= 0xA9FF) ||
           (rune >= 0xAA60 && rune <= 0xAA7F);
}

static enum words_class class_by_category(int32_t rune) {
    if (rune_is_mark(rune))
        return WORDS_CLASS_MARK;
    if (!rune_is_word(rune))
        return WORDS_CLASS_BREAK;
    return is_unspaced_block(rune) && !rune_is_digit(rune) ? WORDS_CLASS_UNSPACED
                                                           : WORDS_CLASS_LETTER;
}

enum words_class words_class_of(int32_t rune) {
    if (rune >= '0' && rune <= '9')
        return WORDS_CLASS_DIGIT;
    size_t low = 0, high = sizeof ranges / sizeof ranges[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rune > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < sizeof ranges / sizeof ranges[0] && rune >= ranges[low].first)
        return ranges[low].class;
    return rune < 0 ? WORDS_CLASS_BREAK : class_by_category(rune);
}

enum words_class words_class_at(struct span text, size_t at, size_t *bytes, int32_t *rune) {
    uint32_t code = 0;
    *bytes = utf8_decode(text, at, &code);
    *rune = *bytes == 0 ? -1 : (int32_t)code;
    if (*bytes == 0 && at < text.bytes)
        *bytes = 1;
    return words_class_of(*rune);
}

enum words_class words_class_next(struct span text, size_t at) {
    for (;;) {
        size_t bytes;
        int32_t rune;
        enum words_class class = words_class_at(text, at, &bytes, &rune);
        if (class != WORDS_CLASS_INVISIBLE)
            return class;
        at += bytes;
    }
}

/* Letters without case or in lower case, without marks, that no neighbour among these joins. */
bool words_class_is_folded(int32_t rune) {
    static const int32_t folded[][2] = {
        {'0', '9'},       {'a', 'z'},       {0x03B1, 0x03C1}, {0x03C3, 0x03C9}, {0x0430, 0x044F},
        {0x05D0, 0x05EA}, {0x0627, 0x063A}, {0x0641, 0x064A}, {0x0E01, 0x0E32}, {0x0E34, 0x0E37},
        {0x0E40, 0x0E46}, {0x0E48, 0x0E4B}, {0x3041, 0x3096}, {0x30A1, 0x30FA}, {0x30FC, 0x30FC},
        {0x4E00, 0x9FFF}, {0xAC00, 0xD7A3},
    };
    for (size_t i = 0; i < sizeof folded / sizeof folded[0]; i++) {
        if (rune <= folded[i][1])
            return rune >= folded[i][0];
    }
    return false;
}
