/* params_value.c: single values: numbers, flags, words, text; and who parses which kind. */
#include "engine/params/params_value.h"

#include <inttypes.h>
#include <stdio.h>

#include "ground/nearest.h"
#include "ground/utf8.h"

enum { WORDS_BYTES_MAX = 160 };

bool param_is_digits(struct span text) {
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    }
    return text.bytes > 0;
}

bool param_read_digits(struct span text, int64_t *out) {
    int64_t number = 0;
    if (!param_is_digits(text))
        return false;
    for (size_t i = 0; i < text.bytes; i++) {
        int digit = text.at[i] - '0';
        if (number > (INT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return true;
}

enum problem param_parse_number(const struct param_reader *reader) {
    const struct param_spec *spec = reader->spec;
    int64_t number;
    bool is_negative = reader->text.bytes > 0 && reader->text.at[0] == '-';
    struct span digits = {reader->text.at + is_negative, reader->text.bytes - is_negative};
    if (!param_is_digits(digits)) {
        fault_set(reader->fault, "%s must be a whole number, not '%.*s'", spec->name,
                  UTF8_SHOWN(reader->text));
        return PROBLEM_BAD_PARAMETER;
    }
    if (is_negative || !param_read_digits(digits, &number) || number < spec->min ||
        number > spec->max) {
        fault_set(reader->fault, "%s must be between %" PRId64 " and %" PRId64 ", not %.*s",
                  spec->name, spec->min, spec->max, UTF8_SHOWN(reader->text));
        return PROBLEM_BAD_PARAMETER;
    }
    reader->value->number = number;
    return PROBLEM_NONE;
}

static enum problem parse_flag(const struct param_reader *reader) {
    bool is_on = reader->text.bytes == 0 || span_is(reader->text, "1");
    if (!is_on && !span_is(reader->text, "0")) {
        fault_set(reader->fault, "%s must be 1 or 0, not '%.*s'", reader->spec->name,
                  UTF8_SHOWN(reader->text));
        return PROBLEM_BAD_PARAMETER;
    }
    reader->value->number = is_on;
    return PROBLEM_NONE;
}

static void note_allowed(struct fault *fault, const char *const *words, struct span given) {
    size_t count = 0;
    while (words[count] != NULL)
        count++;
    const char *nearest = nearest_name(given, words, count);
    if (nearest != NULL)
        snprintf(fault->nearest, sizeof fault->nearest, "%s", nearest);
    for (size_t i = 0; i < count && fault->allowed_count < FAULT_ALLOWED_MAX; i++)
        fault->allowed[fault->allowed_count++] = words[i];
}

/* "a, b, c", or "" when that is too long to read. */
static void join_words(const char *const *words, char out[WORDS_BYTES_MAX]) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t bytes = strlen(words[i]) + 2;
        if (used + bytes >= WORDS_BYTES_MAX) {
            out[0] = '\0';
            return;
        }
        used += (size_t)snprintf(out + used, WORDS_BYTES_MAX - used, "%s%s", i > 0 ? ", " : "",
                                 words[i]);
    }
}

enum problem param_refuse_word(const struct param_reader *reader, const char *subject,
                               struct span given) {
    struct fault *fault = reader->fault;
    char words[WORDS_BYTES_MAX];
    if (fault == NULL || fault_is_set(fault))
        return PROBLEM_BAD_PARAMETER;
    note_allowed(fault, reader->spec->words, given);
    join_words(reader->spec->words, words);
    const char *before = fault->nearest[0] == '\0' ? "" : "; did you mean '";
    const char *after = fault->nearest[0] == '\0' ? "" : "'?";
    if (words[0] == '\0')
        fault_set(fault, "%s takes no '%.*s'%s%s%s", subject, UTF8_SHOWN(given), before,
                  fault->nearest, after);
    else
        fault_set(fault, "%s takes %s, not '%.*s'%s%s%s", subject, words, UTF8_SHOWN(given), before,
                  fault->nearest, after);
    return PROBLEM_BAD_PARAMETER;
}

static enum problem parse_word(const struct param_reader *reader) {
    for (size_t i = 0; reader->spec->words[i] != NULL; i++) {
        if (span_is(reader->text, reader->spec->words[i])) {
            reader->value->number = (int64_t)i;
            return PROBLEM_NONE;
        }
    }
    return param_refuse_word(reader, reader->spec->name, reader->text);
}

static enum problem parse_text(const struct param_reader *reader) {
    const struct param_spec *spec = reader->spec;
    int64_t bytes = (int64_t)reader->text.bytes;
    if (bytes < spec->min || bytes > spec->max) {
        fault_set(reader->fault, "%s must have %" PRId64 " to %" PRId64 " bytes, not %" PRId64,
                  spec->name, spec->min, spec->max, bytes);
        return PROBLEM_BAD_PARAMETER;
    }
    reader->value->text = reader->text;
    return PROBLEM_NONE;
}

/* The alphabet of base64url: what is outside was never given out. */
static enum problem parse_cursor(const struct param_reader *reader) {
    bool is_ours = (int64_t)reader->text.bytes <= reader->spec->max;
    for (size_t i = 0; is_ours && i < reader->text.bytes; i++) {
        char c = reader->text.at[i];
        is_ours = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
    }
    if (!is_ours) {
        fault_set(reader->fault, "'%.*s' is no cursor", UTF8_SHOWN(reader->text));
        return PROBLEM_BAD_CURSOR;
    }
    reader->value->text = reader->text;
    return PROBLEM_NONE;
}

typedef enum problem param_parser(const struct param_reader *reader);

static param_parser *const parsers[] = {
    [PARAM_KIND_INT] = param_parse_number,    [PARAM_KIND_FLAG] = parse_flag,
    [PARAM_KIND_WORD] = parse_word,           [PARAM_KIND_WORDS] = param_parse_list,
    [PARAM_KIND_SORT] = param_parse_list,     [PARAM_KIND_FIELDS] = param_parse_list,
    [PARAM_KIND_NAMES] = param_parse_list,    [PARAM_KIND_IDS] = param_parse_list,
    [PARAM_KIND_PERIOD] = param_parse_period, [PARAM_KIND_SINCE] = param_parse_since,
    [PARAM_KIND_AS_OF] = param_parse_as_of,   [PARAM_KIND_TEXT] = parse_text,
    [PARAM_KIND_CURSOR] = parse_cursor,       [PARAM_KIND_ID] = param_parse_path,
    [PARAM_KIND_SLUG] = param_parse_path,     [PARAM_KIND_ID_OR_SLUG] = param_parse_path,
    [PARAM_KIND_RANGE] = param_parse_path,
};

enum problem param_value_parse(const struct param_reader *reader) {
    if (reader->text.bytes == 0 && reader->spec->kind != PARAM_KIND_FLAG) {
        fault_set(reader->fault, "%s needs a value", reader->spec->name);
        return PROBLEM_BAD_PARAMETER;
    }
    return parsers[reader->spec->kind](reader);
}
