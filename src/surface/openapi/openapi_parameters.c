/* openapi_parameters.c: parameters of the query, the path and the head. */
#include <stdio.h>
#include <string.h>

#include "engine/render.h"
#include "surface/lists/list_forms.h"
#include "surface/openapi/openapi_parts.h"
#include "surface/routes.h"

/* ---- the kinds ---- */

static json_t *pattern_of(const char *pattern) {
    return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

static json_t *string_of(const struct param_spec *spec) {
    return json_pack("{s:s, s:I, s:I}", "type", "string", "minLength", (json_int_t)spec->min,
                     "maxLength", (json_int_t)spec->max);
}

static json_t *number_of(const struct param_spec *spec) {
    return json_pack("{s:s, s:s, s:I, s:I}", "type", "integer", "format", "int64", "minimum",
                     (json_int_t)spec->min, "maximum", (json_int_t)spec->max);
}

static json_t *words_of(const struct param_spec *spec) {
    json_t *words = json_array();
    for (size_t i = 0; spec->words[i] != NULL; i++) {
        json_array_append_new(words, openapi_text(spec->words[i]));
        if (spec->kind != PARAM_KIND_SORT)
            continue;
        char down[64];
        snprintf(down, sizeof down, "-%s", spec->words[i]);
        json_array_append_new(words, openapi_text(down));
    }
    return json_pack("{s:s, s:o*}", "type", "string", "enum", words);
}

static json_t *list_of(json_t *items, const struct param_spec *spec) {
    json_t *list = json_pack("{s:s, s:o*}", "type", "array", "items", items);
    if (spec->kind != PARAM_KIND_WORDS && spec->kind != PARAM_KIND_SORT)
        json_object_set_new(list, "maxItems", json_integer(spec->max == 0 ? 64 : spec->max));
    return list;
}

#define MONTH "(-(0[1-9]|1[0-2])"
#define DAY "(-(0[1-9]|[12][0-9]|3[01])"
#define CLOCK "T[0-9]{2}:[0-9]{2}:[0-9]{2}"

static json_t *schema_of(const struct param_spec *spec) {
    switch (spec->kind) {
    case PARAM_KIND_INT:
    case PARAM_KIND_ID:
        return number_of(spec);
    case PARAM_KIND_FLAG:
        return json_pack("{s:s, s:[i, i]}", "type", "integer", "enum", 0, 1);
    case PARAM_KIND_WORD:
        return words_of(spec);
    case PARAM_KIND_WORDS:
    case PARAM_KIND_SORT:
    case PARAM_KIND_FIELDS:
        return list_of(words_of(spec), spec);
    case PARAM_KIND_NAMES:
        return list_of(json_pack("{s:s, s:i}", "type", "string", "minLength", 1), spec);
    case PARAM_KIND_IDS:
        return list_of(
            json_pack("{s:s, s:s, s:i}", "type", "integer", "format", "int64", "minimum", 1), spec);
    case PARAM_KIND_PERIOD:
        return pattern_of("^[0-9]{4}" MONTH DAY ")?)?$");
    case PARAM_KIND_SINCE:
        return pattern_of("^([0-9]{1,19}|[0-9]{4}-[0-9]{2}-[0-9]{2}" CLOCK ".*)$");
    case PARAM_KIND_AS_OF:
        return pattern_of("^([0-9]{1,19}|[0-9]{4}-[0-9]{2}-[0-9]{2}(" CLOCK ".*)?)$");
    case PARAM_KIND_RANGE:
        return pattern_of("^[1-9][0-9]*(-[1-9][0-9]*)?$");
    case PARAM_KIND_SLUG:
    case PARAM_KIND_ID_OR_SLUG:
        return json_pack("{s:s, s:i}", "type", "string", "minLength", 1);
    default:
        return string_of(spec);
    }
}

static json_t *split(const char *text) {
    json_t *list = json_array();
    for (; *text != '\0'; text += *text == ',') {
        size_t bytes = strcspn(text, ",");
        json_array_append_new(list, render_text((struct span){text, bytes}));
        text += bytes;
    }
    return list;
}

/* A default as its kind writes it. */
static json_t *default_of(const struct param_spec *spec) {
    switch (spec->kind) {
    case PARAM_KIND_INT:
    case PARAM_KIND_FLAG:
        return json_loads(spec->fallback, JSON_DECODE_ANY, NULL);
    case PARAM_KIND_SORT:
    case PARAM_KIND_WORDS:
        return split(spec->fallback);
    default:
        return openapi_text(spec->fallback);
    }
}

/* What stands in commands to try: there is such a thing among the samples. */
static const struct {
    enum param_id id;
    const char *example;
} examples[] = {
    {PARAM_PATH_ARTICLE, "1"},
    {PARAM_PATH_PARAGRAPH, "7"},
    {PARAM_PATH_RANGE, "2-3"},
    {PARAM_PATH_VERSION, "1"},
    {PARAM_PATH_TERM, "harbour"},
    {PARAM_PATH_PROBLEM, "not_found"},
    {PARAM_PATH_SET, "current"},
    {PARAM_PATH_ASSET, "reader"},
    {PARAM_Q, "ferry"},
    {PARAM_SUGGEST_PREFIX, "har"},
    {PARAM_QUOTE_TEXT, "It lifts"},
};

static void set_example(json_t *parameter, enum param_id id) {
    bool is_number = param_specs[id].kind == PARAM_KIND_ID;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const char *text = examples[i].example;
        if (examples[i].id == id)
            render_set(parameter, "example",
                       is_number ? json_loads(text, JSON_DECODE_ANY, NULL) : openapi_text(text));
    }
}

static bool is_in_path(enum param_id id) {
    return id >= PARAM_PATH_ARTICLE;
}

static json_t *describe(enum param_id id) {
    const struct param_spec *spec = &param_specs[id];
    json_t *schema = schema_of(spec), *parameter = json_object();
    bool is_list = json_is_string(json_object_get(schema, "type")) &&
                   strcmp(json_string_value(json_object_get(schema, "type")), "array") == 0;
    if (spec->fallback != NULL)
        render_set(schema, "default", default_of(spec));
    render_set(parameter, "name", openapi_text(spec->name));
    render_set(parameter, "in", openapi_text(is_in_path(id) ? "path" : "query"));
    if (is_in_path(id))
        render_set(parameter, "required", json_true());
    render_set(parameter, "description", openapi_text(spec->doc));
    if (is_list) {
        render_set(parameter, "style", openapi_text("form"));
        render_set(parameter, "explode", json_boolean(spec->is_repeatable));
    }
    render_set(parameter, "schema", schema);
    set_example(parameter, id);
    return parameter;
}

/* ---- names of components ---- */

static bool is_name_shared(enum param_id id) {
    for (enum param_id other = 0; other < PARAM_ID_COUNT; other++) {
        if (other != id && strcmp(param_specs[other].name, param_specs[id].name) == 0)
            return true;
    }
    return false;
}

/* `fields` is another parameter in each list: the first operation that takes it stands in front.
 * False when no row takes it. */
static bool find_key(enum param_id id, char out[OPENAPI_NAME_BYTES]) {
    char operation[OPENAPI_NAME_BYTES] = "";
    size_t row = 0;
    while (row < routes_count && !params_is_listed(routes[row].taken, id))
        row++;
    bool is_taken = row < routes_count;
    if (is_taken && is_name_shared(id))
        openapi_operation_id(&routes[row], "", operation);
    snprintf(out, OPENAPI_NAME_BYTES, "%.70s%s%s", operation, operation[0] == '\0' ? "" : "_",
             param_specs[id].name);
    if (is_in_path(id))
        snprintf(out, OPENAPI_NAME_BYTES, "path_%s", param_specs[id].name);
    return is_taken || is_in_path(id) || id == PARAM_PRETTY;
}

/* ---- fields of the head ---- */

static const struct {
    const char *key, *name, *description;
    unsigned traits;
} head_fields[] = {
    {"IfNoneMatch", "If-None-Match",
     "ETags of answers that you have: 304 when one of them is still right. With PUT, `*` makes and "
     "never replaces.",
     OPENAPI_VALID | OPENAPI_MATCHES},
    {"IfModifiedSince", "If-Modified-Since",
     "The Last-Modified of an answer that you have; If-None-Match is more exact, and counts alone.",
     OPENAPI_VALID},
    {"IfMatch", "If-Match",
     "The version that is meant, by any ETag of it; `*` for whatever is there. Without it 428.",
     OPENAPI_MATCHES},
    {"IdempotencyKey", "Idempotency-Key",
     "1 to 255 visible characters: the same request with the same key has one effect, and for a "
     "day the same answer.",
     OPENAPI_REPEATS},
    {"Prefer", "Prefer", "`return=minimal` leaves out the body of the answer.", OPENAPI_REPEATS},
    {"Range", "Range", "A part of the file, in bytes.", OPENAPI_FILE},
    {"IfRange", "If-Range", "The ETag for which Range is meant.", OPENAPI_FILE},
};

enum { HEAD_FIELDS_COUNT = sizeof head_fields / sizeof head_fields[0] };

/* ---- all of them ---- */

json_t *openapi_parameter_components(void) {
    char key[OPENAPI_NAME_BYTES];
    json_t *all = json_object();
    for (enum param_id id = 0; id < PARAM_ID_COUNT; id++) {
        if (find_key(id, key))
            json_object_set_new(all, key, describe(id));
    }
    for (size_t i = 0; i < HEAD_FIELDS_COUNT; i++)
        json_object_set_new(all, head_fields[i].key,
                            json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", head_fields[i].name, "in",
                                      "header", "description", head_fields[i].description, "schema",
                                      "type", "string"));
    return all;
}

static void add(json_t *list, enum param_id id) {
    char key[OPENAPI_NAME_BYTES];
    if (find_key(id, key))
        json_array_append_new(list, openapi_ref("parameters", key));
}

static void add_path_parameters(json_t *list, const char *pattern) {
    for (enum param_id id = PARAM_PATH_ARTICLE; id < PARAM_ID_COUNT; id++) {
        char step[64];
        snprintf(step, sizeof step, "{%s}", param_specs[id].name);
        if (strstr(pattern, step) != NULL)
            add(list, id);
    }
}

json_t *openapi_parameters(const struct route *route, const char *suffix) {
    unsigned traits = openapi_traits(route);
    json_t *list = json_array();
    add_path_parameters(list, route->pattern);
    for (size_t i = 0; route->taken[i] != PARAM_ID_COUNT; i++) {
        if (!openapi_is_text(suffix) || !list_forms_is_of_json(route->taken[i]))
            add(list, route->taken[i]);
    }
    add(list, PARAM_PRETTY);
    for (size_t i = 0; i < HEAD_FIELDS_COUNT; i++) {
        if ((head_fields[i].traits & traits) != 0)
            json_array_append_new(list, openapi_ref("parameters", head_fields[i].key));
    }
    return list;
}
