/* coding.c: see coding.h. */
#include "engine/coding.h"

#include "ground/field.h"

enum {
    WEIGHT_MAX = 1000,
    WEIGHT_LEAST = 1, /* of identity that nobody named: taken when nothing else is */
    WEIGHT_DIGITS = 3,
};

static const char *const names[CODING_COUNT] = {"identity", "gzip", "br", "zstd"};

const char *coding_name(enum coding coding) {
    return names[coding];
}

struct coding_wish coding_wish_none(void) {
    return (struct coding_wish){{[CODING_IDENTITY] = WEIGHT_MAX}};
}

/* ---- the field ---- */

/* "1", "0.5", "0.333", "1.000" in thousandths. */
static bool read_weight(struct span text, unsigned short *out) {
    unsigned value = 0, unit = WEIGHT_MAX;
    if (text.bytes == 0 || text.bytes > 2 + WEIGHT_DIGITS || (text.bytes > 1 && text.at[1] != '.'))
        return false;
    for (size_t i = 0; i < text.bytes; i += i == 0 ? 2 : 1, unit /= 10) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        value += (unsigned)(text.at[i] - '0') * unit;
    }
    *out = (unsigned short)value;
    return value <= WEIGHT_MAX;
}

/* Other parameters than q mean nothing here. */
static bool read_parameters(struct span rest, unsigned short *weight) {
    *weight = WEIGHT_MAX;
    while (rest.bytes > 0) {
        struct span parameter = field_take(&rest, ';');
        struct span name = field_take(&parameter, '=');
        if (field_is(name, "q") && !read_weight(field_trim(parameter), weight))
            return false;
    }
    return true;
}

struct named {
    bool is_named;
    unsigned short weight;
};

/* Where one is named twice, what was refused once stays refused. */
static void note(struct named *named, unsigned short weight) {
    if (!named->is_named || weight < named->weight)
        named->weight = weight;
    named->is_named = true;
}

static void take_member(struct span member, struct named codings[CODING_COUNT],
                        struct named *others) {
    unsigned short weight;
    struct span name = field_take(&member, ';');
    if (!read_parameters(member, &weight))
        return;
    if (span_is(name, "*"))
        note(others, weight);
    if (field_is(name, "x-gzip"))
        note(&codings[CODING_GZIP], weight);
    for (size_t i = 0; i < CODING_COUNT; i++) {
        if (field_is(name, names[i]))
            note(&codings[i], weight);
    }
}

struct coding_wish coding_wish_parse(struct span field) {
    struct coding_wish wish = {{WEIGHT_MAX, WEIGHT_LEAST, WEIGHT_LEAST, WEIGHT_LEAST}};
    struct named codings[CODING_COUNT] = {0}, others = {0};
    if (field.at == NULL)
        return wish;
    while (field.bytes > 0)
        take_member(field_take(&field, ','), codings, &others);
    for (size_t i = 0; i < CODING_COUNT; i++) {
        const struct named *named = codings[i].is_named ? &codings[i] : &others;
        wish.weights[i] = named->is_named ? named->weight : i == CODING_IDENTITY ? WEIGHT_LEAST : 0;
    }
    return wish;
}

enum coding coding_choose(const struct coding_wish *wish, enum coding_use use) {
    static const enum coding orders[CODING_USE_COUNT][CODING_COUNT] = {
        [CODING_KEPT] = {CODING_BR, CODING_ZSTD, CODING_GZIP, CODING_IDENTITY},
        [CODING_ONCE] = {CODING_ZSTD, CODING_BR, CODING_GZIP, CODING_IDENTITY},
    };
    enum coding best = CODING_IDENTITY;
    unsigned short most = 0;
    for (size_t i = 0; i < CODING_COUNT; i++) {
        enum coding coding = orders[use][i];
        if (wish->weights[coding] > most) {
            most = wish->weights[coding];
            best = coding;
        }
    }
    return best;
}
