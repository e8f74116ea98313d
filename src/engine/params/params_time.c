/* params_time.c: days, months, years and instants. */
#include "engine/params/params_value.h"
#include "ground/utf8.h"

/* Whether the text looks like `shape`, in which 0 stands for any digit. */
static bool has_shape(struct span text, const char *shape) {
    if (text.bytes != strlen(shape))
        return false;
    for (size_t i = 0; i < text.bytes; i++) {
        bool is_digit = text.at[i] >= '0' && text.at[i] <= '9';
        if (shape[i] == '0' ? !is_digit : text.at[i] != shape[i])
            return false;
    }
    return true;
}

enum problem param_parse_period(const struct param_reader *reader) {
    struct date first, last;
    struct span text = reader->text;
    if (date_parse_period(text, &first, &last)) {
        date_print(first, reader->value->first);
        date_print(last, reader->value->last);
        return PROBLEM_NONE;
    }
    if (has_shape(text, "0000") || has_shape(text, "0000-00") || has_shape(text, "0000-00-00"))
        fault_set(reader->fault, "%s: %.*s does not exist", reader->spec->name, UTF8_SHOWN(text));
    else
        fault_set(reader->fault, "%s must be YYYY, YYYY-MM or YYYY-MM-DD, not '%.*s'",
                  reader->spec->name, UTF8_SHOWN(text));
    return PROBLEM_BAD_PARAMETER;
}

/* A '+' before an offset that was not percent-encoded arrives as a space; nothing else is meant. */
static struct span restore_plus(const struct param_reader *reader) {
    struct span text = reader->text;
    size_t offset_bytes = strlen("+00:00");
    if (text.bytes < offset_bytes || text.at[text.bytes - offset_bytes] != ' ')
        return text;
    struct span copy = arena_copy(reader->arena, text);
    if (copy.at != NULL)
        ((char *)copy.at)[copy.bytes - offset_bytes] = '+';
    return copy;
}

enum problem param_parse_since(const struct param_reader *reader) {
    if (param_read_digits(reader->text, &reader->value->number))
        return PROBLEM_NONE;
    struct span text = restore_plus(reader);
    if (text.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (!instant_parse(text, &reader->value->number)) {
        fault_set(reader->fault,
                  "%s must be a seq (a whole number) or an instant such as 2018-06-03T12:00:00Z, "
                  "not '%.*s'",
                  reader->spec->name, UTF8_SHOWN(reader->text));
        return PROBLEM_BAD_PARAMETER;
    }
    reader->value->is_instant = true;
    return PROBLEM_NONE;
}

/* The last second of a day that is written as ISO writes it. */
static bool read_day_end(struct span text, int64_t *instant) {
    struct date day;
    char last[DATE_BYTES + sizeof "T23:59:59Z"];
    if (!date_parse_iso(text, &day))
        return false;
    date_print(day, last);
    memcpy(last + DATE_BYTES - 1, "T23:59:59Z", sizeof "T23:59:59Z");
    return instant_parse(span_of(last), instant);
}

enum problem param_parse_as_of(const struct param_reader *reader) {
    struct param_value *value = reader->value;
    if (param_read_digits(reader->text, &value->number) && value->number >= reader->spec->min)
        return PROBLEM_NONE;
    struct span text = restore_plus(reader);
    if (text.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    value->is_instant = read_day_end(text, &value->number) || instant_parse(text, &value->number);
    if (value->is_instant)
        return PROBLEM_NONE;
    fault_set(reader->fault,
              "%s must be a version from 1, a day such as 2018-06-03 or an instant such as "
              "2018-06-03T12:00:00Z, not '%.*s'",
              reader->spec->name, UTF8_SHOWN(reader->text));
    return PROBLEM_BAD_PARAMETER;
}
