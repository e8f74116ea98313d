/* params_value.h: one value out of its text. Inside of params_*.c only. */
#ifndef PILCROW_ENGINE_PARAMS_PARAMS_VALUE_H
#define PILCROW_ENGINE_PARAMS_PARAMS_VALUE_H

#include "engine/params/params.h"

/* One occurrence of a parameter. */
struct param_reader {
    const struct param_spec *spec;
    struct span text;
    struct arena *arena;
    struct param_value *value;
    struct fault *fault;
};

/* Parses reader->text by the parameter's kind and adds it to reader->value. */
MUST_CHECK enum problem param_value_parse(const struct param_reader *reader);

/* BAD_PARAMETER with the words in fault->allowed: "<subject> must be one of a, b, c, not 'given'".
 */
MUST_CHECK enum problem param_refuse_word(const struct param_reader *reader, const char *subject,
                                          struct span given);

/* The next part of a comma list; false at the end. `rest->at` NULL ends it. */
bool param_take_item(struct span *rest, struct span *item);

MUST_CHECK enum problem param_parse_list(const struct param_reader *reader);
MUST_CHECK enum problem param_parse_number(const struct param_reader *reader);
MUST_CHECK enum problem param_parse_period(const struct param_reader *reader);
MUST_CHECK enum problem param_parse_since(const struct param_reader *reader);
MUST_CHECK enum problem param_parse_as_of(const struct param_reader *reader);
MUST_CHECK enum problem param_parse_path(const struct param_reader *reader);

/* Decimal digits alone, at most INT64_MAX. */
bool param_read_digits(struct span text, int64_t *out);
bool param_is_digits(struct span text);

#endif
