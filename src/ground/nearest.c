/* nearest.c: edit distance over short names, in three rows of fixed size. */
#include "ground/nearest.h"

#include <ctype.h>

enum { NAME_BYTES_MAX = 64 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static bool is_same_letter(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Optimal string alignment distance, letter case aside. Both at most NAME_BYTES_MAX long. */
static size_t edit_distance(struct span a, struct span b) {
    size_t rows[3][NAME_BYTES_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.bytes; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.bytes; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.bytes; j++) {
            size_t change = is_same_letter(a.at[i - 1], b.at[j - 1]) ? 0 : 1;
            row[j] = least(above[j - 1] + change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && is_same_letter(a.at[i - 1], b.at[j - 2]) &&
                is_same_letter(a.at[i - 2], b.at[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b.bytes];
}

const char *nearest_name(struct span given, const char *const *names, size_t count) {
    const char *best = NULL;
    size_t best_distance = 0;
    if (given.bytes == 0 || given.bytes > NAME_BYTES_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct span name = span_of(names[i]);
        if (name.bytes > NAME_BYTES_MAX)
            continue;
        size_t distance = edit_distance(given, name);
        size_t longer = given.bytes > name.bytes ? given.bytes : name.bytes;
        if (distance * 3 > longer + 1)
            continue;
        if (best == NULL || distance < best_distance) {
            best = names[i];
            best_distance = distance;
        }
    }
    return best;
}
