/* rune.c: Unicode through utf8proc; see rune.h. */
#include "domain/text/rune.h"

#include <utf8proc.h>

static const utf8proc_option_t FOLD_OPTIONS =
    UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;

static bool is_ascii(struct span text) {
    unsigned char all = 0;
    for (size_t i = 0; i < text.bytes; i++)
        all |= (unsigned char)text.at[i];
    return all < 0x80;
}

static bool fold_ascii(struct span name, struct arena *arena, struct runes *out) {
    out->at = arena_alloc(arena, name.bytes * sizeof *out->at);
    if (out->at == NULL)
        return false;
    for (size_t i = 0; i < name.bytes; i++) {
        char c = name.at[i];
        out->at[i] = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
    out->count = name.bytes;
    return true;
}

/* Accents and other marks of Latin, Greek and Cyrillic letters. Marks of other scripts are no
 * ornaments: without its vowel signs a Thai or Hindi word is another word. */
static bool is_accent(int32_t rune) {
    return (rune >= 0x0300 && rune <= 0x036F) || (rune >= 0x1AB0 && rune <= 0x1AFF) ||
           (rune >= 0x1DC0 && rune <= 0x1DFF) || (rune >= 0x20D0 && rune <= 0x20FF) ||
           (rune >= 0xFE20 && rune <= 0xFE2F);
}

static utf8proc_ssize_t drop_accents(int32_t *runes, utf8proc_ssize_t count) {
    utf8proc_ssize_t kept = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        if (!is_accent(runes[i]))
            runes[kept++] = runes[i];
    }
    return kept;
}

bool rune_fold(struct span name, enum rune_marks marks, struct arena *arena, struct runes *out) {
    *out = (struct runes){NULL, 0};
    if (is_ascii(name))
        return fold_ascii(name, arena, out);
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)name.at;
    utf8proc_ssize_t length = (utf8proc_ssize_t)name.bytes;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, length, NULL, 0, FOLD_OPTIONS);
    if (count <= 0)
        return true;
    out->at = arena_alloc(arena, (size_t)count * sizeof *out->at);
    if (out->at == NULL)
        return false;
    count = utf8proc_decompose(bytes, length, out->at, count, FOLD_OPTIONS);
    if (count > 0 && marks == RUNE_DROP_ACCENTS)
        count = drop_accents(out->at, count);
    if (count > 0)
        count = utf8proc_normalize_utf32(out->at, count, FOLD_OPTIONS);
    out->count = count < 0 ? 0 : (size_t)count;
    return true;
}

size_t rune_write(int32_t rune, char *out) {
    return (size_t)utf8proc_encode_char(rune, (utf8proc_uint8_t *)out);
}

struct span rune_encode(struct runes runes, struct arena *arena) {
    char *memory = arena_alloc(arena, runes.count * 4 + 1);
    if (memory == NULL)
        return (struct span){NULL, 0};
    size_t used = 0;
    for (size_t i = 0; i < runes.count; i++)
        used += rune_write(runes.at[i], memory + used);
    memory[used] = '\0';
    return (struct span){memory, used};
}

bool rune_is_word(int32_t rune) {
    if (rune >= 0 && rune < 0x80)
        return (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z') ||
               (rune >= '0' && rune <= '9');
    if (rune >= 0x2000 && rune <= 0x206F) /* dashes and quotation marks: often, and never words */
        return false;
    utf8proc_category_t category = utf8proc_category(rune);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

bool rune_is_digit(int32_t rune) {
    if (rune < 0x80)
        return rune >= '0' && rune <= '9';
    return utf8proc_category(rune) == UTF8PROC_CATEGORY_ND;
}

bool rune_is_capital(int32_t rune) {
    if (rune < 0x80)
        return rune >= 'A' && rune <= 'Z';
    utf8proc_category_t category = utf8proc_category(rune);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

bool rune_is_mark(int32_t rune) {
    if (rune < 0x300)
        return false;
    utf8proc_category_t category = utf8proc_category(rune);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC;
}

/* U+02BC is a letter by category, but it is written for an apostrophe. */
bool rune_is_apostrophe(int32_t rune) {
    return rune == '\'' || rune == 0x2019 || rune == 0x2018 || rune == 0x02BC;
}

bool rune_is_hyphen(int32_t rune) {
    return rune == '-' || rune == 0x2010 || rune == 0x2011;
}

bool rune_is_blank(int32_t rune) {
    return rune == ' ' || (rune >= '\t' && rune <= '\r') || rune == 0x85 || rune == 0xA0 ||
           rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 ||
           rune == 0x2029 || rune == 0x202F || rune == 0x205F || rune == 0x3000 || rune == 0xFEFF;
}

bool rune_is_ideograph(int32_t rune) {
    return (rune >= 0x3400 && rune <= 0x9FFF && (rune <= 0x4DBF || rune >= 0x4E00)) ||
           (rune >= 0xF900 && rune <= 0xFAFF) || (rune >= 0x20000 && rune <= 0x3FFFD);
}

bool rune_is_kana(int32_t rune) {
    return (rune >= 0x3041 && rune <= 0x30FF && rune != 0x30FB) ||
           (rune >= 0x31F0 && rune <= 0x31FF) || (rune >= 0xFF66 && rune <= 0xFF9F);
}
