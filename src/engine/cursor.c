/* cursor.c: version, direction, list hash, then one key after the other; as base64url without
 * padding. A number is 8 bytes, most significant first; text is its length in two bytes, and its
 * bytes. */
#include "engine/cursor.h"

#include <string.h>

enum {
    VERSION = 1,
    HASH_BYTES = 8,
    HEAD_BYTES = 2 + HASH_BYTES,
    NUMBER_BYTES = 8,
    LENGTH_BYTES = 2,
};

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static unsigned char *put_number(unsigned char *at, uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8)
        *at++ = (unsigned char)(number >> shift);
    return at;
}

static uint64_t get_number(const unsigned char *at) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | at[i];
    return number;
}

static struct span encode(const unsigned char *bytes, size_t count, struct arena *arena) {
    char *text = arena_alloc(arena, (count + 2) / 3 * 4 + 1);
    if (text == NULL)
        return (struct span){NULL, 0};
    size_t used = 0;
    for (size_t i = 0; i < count; i += 3) {
        size_t left = count - i < 3 ? count - i : 3;
        uint32_t bits = (uint32_t)bytes[i] << 16;
        if (left > 1)
            bits |= (uint32_t)bytes[i + 1] << 8;
        if (left > 2)
            bits |= bytes[i + 2];
        for (size_t j = 0; j <= left; j++)
            text[used++] = digits[bits >> (18 - 6 * j) & 63];
    }
    text[used] = '\0';
    return (struct span){text, used};
}

static int digit_value(char c) {
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* How many bytes `text` stands for, or 0 when it is not base64url in its one canonical spelling. */
static size_t decode(struct span text, unsigned char *bytes) {
    size_t used = 0, bit_count = 0;
    uint32_t bits = 0;
    if (text.bytes % 4 == 1 || text.bytes > CURSOR_BINARY_BYTES_MAX / 3 * 4)
        return 0;
    for (size_t i = 0; i < text.bytes; i++) {
        int value = digit_value(text.at[i]);
        if (value < 0)
            return 0;
        bits = (bits << 6 | (uint32_t)value) & 0xFFFF;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            bytes[used++] = (unsigned char)(bits >> bit_count);
        }
    }
    return (bits & ((1u << bit_count) - 1)) == 0 ? used : 0;
}

static size_t key_bytes(const struct store_value *key) {
    return key->type == STORE_TYPE_INT ? NUMBER_BYTES : LENGTH_BYTES + key->text.bytes;
}

struct span cursor_print(const struct cursor *cursor, struct arena *arena) {
    unsigned char bytes[CURSOR_BINARY_BYTES_MAX];
    size_t wanted = HEAD_BYTES;
    for (size_t i = 0; i < cursor->key_count; i++)
        wanted += key_bytes(&cursor->keys[i]);
    if (wanted > sizeof bytes)
        return (struct span){NULL, 0};
    bytes[0] = VERSION;
    bytes[1] = cursor->is_backward;
    unsigned char *at = put_number(bytes + 2, cursor->list);
    for (size_t i = 0; i < cursor->key_count; i++) {
        const struct store_value *key = &cursor->keys[i];
        if (key->type == STORE_TYPE_INT) {
            at = put_number(at, (uint64_t)key->number);
            continue;
        }
        *at++ = (unsigned char)(key->text.bytes >> 8);
        *at++ = (unsigned char)key->text.bytes;
        if (key->text.bytes > 0)
            memcpy(at, key->text.at, key->text.bytes);
        at += key->text.bytes;
    }
    return encode(bytes, wanted, arena);
}

/* Reads one key from `at`; NULL when it does not fit before `end`. */
static const unsigned char *get_key(const unsigned char *at, const unsigned char *end,
                                    enum store_type type, struct arena *arena,
                                    struct store_value *key) {
    if (type == STORE_TYPE_INT) {
        if (end - at < NUMBER_BYTES)
            return NULL;
        *key = STORE_INT((int64_t)get_number(at));
        return at + NUMBER_BYTES;
    }
    if (end - at < LENGTH_BYTES)
        return NULL;
    size_t length = (size_t)at[0] << 8 | at[1];
    at += LENGTH_BYTES;
    if ((size_t)(end - at) < length)
        return NULL;
    struct span text = arena_copy(arena, (struct span){(const char *)at, length});
    *key = STORE_TEXT(text);
    return text.at == NULL ? NULL : at + length;
}

bool cursor_parse(struct span text, const enum store_type *key_types, size_t key_count,
                  struct arena *arena, struct cursor *out) {
    unsigned char bytes[CURSOR_BINARY_BYTES_MAX];
    size_t count = decode(text, bytes);
    if (count < HEAD_BYTES || bytes[0] != VERSION || bytes[1] > 1 || key_count > CURSOR_KEYS_MAX)
        return false;
    const unsigned char *at = bytes + HEAD_BYTES, *end = bytes + count;
    out->is_backward = bytes[1] == 1;
    out->list = get_number(bytes + 2);
    out->key_count = key_count;
    for (size_t i = 0; i < key_count && at != NULL; i++)
        at = get_key(at, end, key_types[i], arena, &out->keys[i]);
    return at == end;
}
