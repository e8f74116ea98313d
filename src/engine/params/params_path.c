/* params_path.c: values that stand in the path. Each resource has one spelling, so a number has no
 * leading zeros, and what is not of its kind names nothing: NOT_FOUND. */
#include "engine/params/params_value.h"
#include "ground/utf8.h"

static bool read_number(const struct param_spec *spec, struct span text, int64_t *out) {
    return text.bytes > 0 && text.at[0] != '0' && param_read_digits(text, out) &&
           *out >= spec->min && *out <= spec->max;
}

static bool read_range(const struct param_reader *reader) {
    struct param_value *value = reader->value;
    struct span first = reader->text;
    const char *hyphen = memchr(first.at, '-', first.bytes);
    if (hyphen == NULL) {
        if (!read_number(reader->spec, first, &value->number))
            return false;
        value->last_number = value->number;
        return true;
    }
    first.bytes = (size_t)(hyphen - first.at);
    struct span last = {hyphen + 1, reader->text.bytes - first.bytes - 1};
    return read_number(reader->spec, first, &value->number) &&
           read_number(reader->spec, last, &value->last_number) &&
           value->number <= value->last_number;
}

enum problem param_parse_path(const struct param_reader *reader) {
    static const char *const wanted[] = {
        [PARAM_KIND_ID] = "an id",
        [PARAM_KIND_SLUG] = "a slug",
        [PARAM_KIND_ID_OR_SLUG] = "an id or a slug",
        [PARAM_KIND_RANGE] = "a place from 1, or two such as 3-5",
    };
    enum param_kind kind = reader->spec->kind;
    struct param_value *value = reader->value;
    bool is_number = param_is_digits(reader->text);
    bool is_right;
    value->text = reader->text;
    if (kind == PARAM_KIND_RANGE)
        is_right = read_range(reader);
    else if (kind == PARAM_KIND_ID || (kind == PARAM_KIND_ID_OR_SLUG && is_number))
        is_right = read_number(reader->spec, reader->text, &value->number);
    else
        is_right = !is_number && (int64_t)reader->text.bytes <= reader->spec->max;
    if (is_right)
        return PROBLEM_NONE;
    fault_set(reader->fault, "'%.*s' in the path is not %s", UTF8_SHOWN(reader->text),
              wanted[kind]);
    return PROBLEM_NOT_FOUND;
}
