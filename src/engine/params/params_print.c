/* params_print.c: the normal form of a query. It parses back to the same parameters. */
#include <stdio.h>

#include "engine/params/params.h"
#include "ground/buffer.h"

enum { PRINTED_MAX = PARAM_ID_COUNT + 1 };

static void print_items(const struct span *items, size_t count, struct buffer *out) {
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        target_encode(items[i], "", out);
    }
}

static void print_words(const struct param_spec *spec, uint64_t bits, struct buffer *out) {
    bool is_first = true;
    for (size_t i = 0; spec->words[i] != NULL; i++) {
        if ((bits >> i & 1u) == 0)
            continue;
        if (!is_first)
            buffer_append_char(out, ',');
        buffer_append_text(out, spec->words[i]);
        is_first = false;
    }
}

static void print_sort(const struct param_spec *spec, const struct param_value *value,
                       struct buffer *out) {
    for (size_t i = 0; i < value->sort_count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        if (value->sort[i].is_descending)
            buffer_append_char(out, '-');
        buffer_append_text(out, spec->words[value->sort[i].word]);
    }
}

static void print_ids(const struct param_value *value, struct buffer *out) {
    for (size_t i = 0; i < value->number_count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        buffer_append_int(out, value->numbers[i]);
    }
}

/* What was given says more than first and last: 2018, not 2018-01-01 to 2018-12-31. */
static void print_period(const struct param_value *value, struct buffer *out) {
    size_t bytes = strlen("YYYY-MM-DD");
    if (memcmp(value->first, value->last, bytes) != 0) {
        bool is_month = memcmp(value->first, value->last, strlen("YYYY-MM")) == 0;
        bytes = strlen(is_month ? "YYYY-MM" : "YYYY");
    }
    buffer_append(out, value->first, bytes);
}

static void print_since(const struct param_value *value, struct buffer *out) {
    char instant[INSTANT_BYTES];
    if (!value->is_instant) {
        buffer_append_int(out, value->number);
        return;
    }
    instant_print(value->number, instant);
    target_encode(span_of(instant), "", out);
}

static void print_value(const struct param_spec *spec, const struct param_value *value,
                        struct buffer *out) {
    switch (spec->kind) {
    case PARAM_KIND_WORD:
        buffer_append_text(out, spec->words[value->number]);
        return;
    case PARAM_KIND_WORDS:
        print_words(spec, value->bits, out);
        return;
    case PARAM_KIND_SORT:
        print_sort(spec, value, out);
        return;
    case PARAM_KIND_FIELDS:
        print_items(value->items, value->item_count, out);
        return;
    case PARAM_KIND_IDS:
        print_ids(value, out);
        return;
    case PARAM_KIND_PERIOD:
        print_period(value, out);
        return;
    case PARAM_KIND_SINCE:
    case PARAM_KIND_AS_OF:
        print_since(value, out);
        return;
    case PARAM_KIND_TEXT:
    case PARAM_KIND_CURSOR:
        target_encode(value->text, "", out);
        return;
    default:
        buffer_append_int(out, value->number);
    }
}

/* Appends "name=value"; takes it back when the value is the default. */
static void print_pair(enum param_id id, const struct param_value *value, struct buffer *out,
                       size_t query_start) {
    const struct param_spec *spec = &param_specs[id];
    size_t start = out->used;
    if (out->used > query_start)
        buffer_append_char(out, '&');
    buffer_append_text(out, spec->name);
    buffer_append_char(out, '=');
    size_t value_start = out->used;
    print_value(spec, value, out);
    struct span printed = {out->bytes + value_start, out->used - value_start};
    if (!out->failed && spec->fallback != NULL && span_is(printed, spec->fallback))
        out->used = start;
}

static void print_groups(enum param_id id, const struct param_value *value, struct buffer *out,
                         size_t query_start) {
    for (size_t i = 0; i < value->group_count; i++) {
        if (out->used > query_start)
            buffer_append_char(out, '&');
        buffer_append_text(out, param_specs[id].name);
        buffer_append_char(out, '=');
        print_items(value->groups[i].items, value->groups[i].count, out);
    }
}

/* The ids that were given, sorted by name. */
static size_t sort_given(const struct params *params, const enum param_id *taken,
                         const enum param_id *without, enum param_id given[PRINTED_MAX]) {
    size_t count = 0;
    bool is_end = false;
    for (size_t i = 0; !is_end && count < PRINTED_MAX; i++) {
        is_end = taken[i] == PARAM_ID_COUNT;
        enum param_id id = is_end ? PARAM_PRETTY : taken[i];
        if (!params->values[id].is_given || (id == PARAM_PRETTY && !is_end) ||
            (without != NULL && params_is_listed(without, id)))
            continue;
        size_t at = count++;
        while (at > 0 && strcmp(param_specs[given[at - 1]].name, param_specs[id].name) > 0) {
            given[at] = given[at - 1];
            at--;
        }
        given[at] = id;
    }
    return count;
}

void params_print_normal(const struct params *params, const enum param_id *taken,
                         const enum param_id *without, struct buffer *out) {
    enum param_id given[PRINTED_MAX];
    size_t count = sort_given(params, taken, without, given);
    size_t query_start = out->used;
    for (size_t i = 0; i < count; i++) {
        const struct param_value *value = &params->values[given[i]];
        if (param_specs[given[i]].kind == PARAM_KIND_NAMES)
            print_groups(given[i], value, out, query_start);
        else
            print_pair(given[i], value, out, query_start);
    }
}
