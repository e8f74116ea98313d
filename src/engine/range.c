/* range.c: see range.h. */
#include "engine/range.h"

#include "ground/field.h"

/* Digits at the front; -1 when there are none. Too many are more than any file has. */
static int64_t take_number(struct span *text) {
    int64_t number = -1;
    while (text->bytes > 0 && text->at[0] >= '0' && text->at[0] <= '9') {
        int64_t digit = text->at[0] - '0';
        number = number < 0 ? 0 : number;
        number = number > (INT64_MAX - digit) / 10 ? INT64_MAX : number * 10 + digit;
        *text = (struct span){text->at + 1, text->bytes - 1};
    }
    return number;
}

/* The last `count` bytes. */
static enum range_kind take_suffix(int64_t count, int64_t size, int64_t *first, int64_t *last) {
    if (count == 0 || size == 0)
        return RANGE_UNSATISFIABLE;
    *first = count >= size ? 0 : size - count;
    *last = size - 1;
    return RANGE_PART;
}

enum range_kind range_parse(struct span field, int64_t size, int64_t *first, int64_t *last) {
    static const char unit[] = "bytes=";
    if (field.bytes < sizeof unit - 1 || strncasecmp(field.at, unit, sizeof unit - 1) != 0)
        return RANGE_WHOLE;
    struct span text =
        field_trim((struct span){field.at + sizeof unit - 1, field.bytes - (sizeof unit - 1)});
    int64_t from = take_number(&text);
    if (text.bytes == 0 || text.at[0] != '-')
        return RANGE_WHOLE;
    text = (struct span){text.at + 1, text.bytes - 1};
    int64_t to = take_number(&text);
    if (text.bytes > 0 || (from < 0 && to < 0) || (from >= 0 && to >= 0 && to < from))
        return RANGE_WHOLE;
    if (from < 0)
        return take_suffix(to, size, first, last);
    if (from >= size)
        return RANGE_UNSATISFIABLE;
    *first = from;
    *last = to < 0 || to >= size ? size - 1 : to;
    return RANGE_PART;
}
