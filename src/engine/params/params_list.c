/* params_list.c: values with commas between. */
#include <stdio.h>

#include "engine/params/params_value.h"
#include "ground/utf8.h"

enum { LIST_ITEMS_DEFAULT = 64 };

bool param_take_item(struct span *rest, struct span *item) {
    if (rest->at == NULL)
        return false;
    const char *comma = rest->bytes == 0 ? NULL : memchr(rest->at, ',', rest->bytes);
    if (comma == NULL) {
        *item = *rest;
        *rest = (struct span){NULL, 0};
        return true;
    }
    size_t bytes = (size_t)(comma - rest->at);
    *item = (struct span){rest->at, bytes};
    *rest = (struct span){comma + 1, rest->bytes - bytes - 1};
    return true;
}

static bool find_word(const struct param_spec *spec, struct span text, size_t *index) {
    for (size_t i = 0; spec->words[i] != NULL; i++) {
        if (span_is(text, spec->words[i])) {
            *index = i;
            return true;
        }
    }
    return false;
}

static enum problem add_word(const struct param_reader *reader, struct span item) {
    size_t word;
    if (!find_word(reader->spec, item, &word))
        return param_refuse_word(reader, reader->spec->name, item);
    reader->value->bits |= (uint64_t)1 << word;
    return PROBLEM_NONE;
}

static enum problem add_sort_key(const struct param_reader *reader, struct span item) {
    struct param_value *value = reader->value;
    struct param_sort_key key = {0, item.at[0] == '-'};
    struct span name = {item.at + key.is_descending, item.bytes - key.is_descending};
    if (!find_word(reader->spec, name, &key.word))
        return param_refuse_word(reader, reader->spec->name, name);
    for (size_t i = 0; i < value->sort_count; i++) {
        if (value->sort[i].word == key.word) {
            fault_set(reader->fault, "%s names '%.*s' twice", reader->spec->name, UTF8_SHOWN(name));
            return PROBLEM_BAD_PARAMETER;
        }
    }
    if (value->sort_count == PARAM_SORT_MAX) {
        fault_set(reader->fault, "%s takes at most %d keys", reader->spec->name,
                  (int)PARAM_SORT_MAX);
        return PROBLEM_BAD_PARAMETER;
    }
    value->sort[value->sort_count++] = key;
    return PROBLEM_NONE;
}

static enum problem add_field(const struct param_reader *reader, struct span item) {
    size_t word;
    if (!find_word(reader->spec, item, &word))
        return param_refuse_word(reader, reader->spec->name, item);
    reader->value->items[reader->value->item_count++] = item;
    return PROBLEM_NONE;
}

static enum problem add_name(const struct param_reader *reader, struct span item) {
    struct param_group *group = &reader->value->groups[reader->value->group_count - 1];
    group->items[group->count++] = item;
    reader->value->item_count++;
    return PROBLEM_NONE;
}

static enum problem add_id(const struct param_reader *reader, struct span item) {
    int64_t id;
    if (!param_read_digits(item, &id) || id < 1) {
        fault_set(reader->fault, "%s takes ids (whole numbers from 1), not '%.*s'",
                  reader->spec->name, UTF8_SHOWN(item));
        return PROBLEM_BAD_PARAMETER;
    }
    reader->value->numbers[reader->value->number_count++] = id;
    return PROBLEM_NONE;
}

static size_t limit_of(const struct param_spec *spec) {
    return spec->max > 0 ? (size_t)spec->max : LIST_ITEMS_DEFAULT;
}

/* Names come in groups, one for each time the parameter is given: room for all of them is made with
 * the first. */
static bool reserve_group(const struct param_reader *reader, size_t count) {
    struct param_value *value = reader->value;
    if (value->groups == NULL)
        value->groups = arena_alloc(reader->arena, limit_of(reader->spec) * sizeof *value->groups);
    struct span *items = arena_alloc(reader->arena, count * sizeof *items);
    if (value->groups == NULL || items == NULL)
        return false;
    value->groups[value->group_count++] = (struct param_group){items, 0};
    return true;
}

static bool reserve(const struct param_reader *reader, size_t count) {
    struct param_value *value = reader->value;
    switch (reader->spec->kind) {
    case PARAM_KIND_FIELDS:
        value->items = arena_alloc(reader->arena, count * sizeof *value->items);
        return value->items != NULL;
    case PARAM_KIND_IDS:
        value->numbers = arena_alloc(reader->arena, count * sizeof *value->numbers);
        return value->numbers != NULL;
    case PARAM_KIND_NAMES:
        return reserve_group(reader, count);
    default:
        return true;
    }
}

typedef enum problem param_adder(const struct param_reader *reader, struct span item);

static param_adder *adder_of(enum param_kind kind) {
    switch (kind) {
    case PARAM_KIND_WORDS:
        return add_word;
    case PARAM_KIND_SORT:
        return add_sort_key;
    case PARAM_KIND_FIELDS:
        return add_field;
    case PARAM_KIND_IDS:
        return add_id;
    default:
        return add_name;
    }
}

static enum problem check_items(const struct param_reader *reader, size_t *count) {
    struct span rest = reader->text, item;
    size_t limit = limit_of(reader->spec);
    *count = 0;
    while (param_take_item(&rest, &item)) {
        ++*count;
        if (item.bytes == 0) {
            fault_set(reader->fault, "%s has nothing between two commas or at an end",
                      reader->spec->name);
            return PROBLEM_BAD_PARAMETER;
        }
    }
    if (*count + reader->value->item_count > limit) {
        fault_set(reader->fault, "%s takes at most %zu items, not %zu", reader->spec->name, limit,
                  *count + reader->value->item_count);
        return PROBLEM_BAD_PARAMETER;
    }
    return PROBLEM_NONE;
}

enum problem param_parse_list(const struct param_reader *reader) {
    size_t count;
    enum problem problem = check_items(reader, &count);
    if (problem != PROBLEM_NONE)
        return problem;
    if (!reserve(reader, count))
        return PROBLEM_OUT_OF_MEMORY;
    param_adder *add = adder_of(reader->spec->kind);
    struct span rest = reader->text, item;
    while (problem == PROBLEM_NONE && param_take_item(&rest, &item))
        problem = add(reader, item);
    return problem;
}
