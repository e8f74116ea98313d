/* params.c: the query and the path of one request against what its route declares. */
#include "engine/params/params.h"

#include <stdio.h>

#include "engine/params/params_value.h"
#include "ground/nearest.h"
#include "ground/utf8.h"

enum { NAMES_MAX = PARAM_ID_COUNT + 1 };

/* Cache busters and campaign marks that links collect on their way. */
static bool is_ignored(struct span name) {
    return span_is(name, "_") || (name.bytes >= 4 && memcmp(name.at, "utm_", 4) == 0);
}

static enum param_id find_taken(const enum param_id *taken, struct span name) {
    for (size_t i = 0; taken[i] != PARAM_ID_COUNT; i++) {
        if (span_is(name, param_specs[taken[i]].name))
            return taken[i];
    }
    return span_is(name, param_specs[PARAM_PRETTY].name) ? PARAM_PRETTY : PARAM_ID_COUNT;
}

static void set_fault_name(struct fault *fault, struct span name) {
    if (fault == NULL)
        return;
    size_t bytes = utf8_cut(name, sizeof fault->name - 1);
    memcpy(fault->name, name.at, bytes);
    fault->name[bytes] = '\0';
}

/* Fills the names a route takes; returns how many. */
static size_t list_taken(const enum param_id *taken, const char *names[NAMES_MAX]) {
    size_t count = 0;
    for (size_t i = 0; taken[i] != PARAM_ID_COUNT && count + 1 < NAMES_MAX; i++) {
        if (taken[i] != PARAM_PRETTY)
            names[count++] = param_specs[taken[i]].name;
    }
    names[count++] = param_specs[PARAM_PRETTY].name;
    return count;
}

static enum problem refuse_unknown(struct span name, const enum param_id *taken,
                                   struct fault *fault) {
    const char *names[NAMES_MAX];
    if (fault == NULL || fault_is_set(fault))
        return PROBLEM_UNKNOWN_PARAMETER;
    size_t count = list_taken(taken, names);
    for (size_t i = 0; i < count && i < FAULT_ALLOWED_MAX; i++)
        fault->allowed[fault->allowed_count++] = names[i];
    const char *nearest = nearest_name(name, names, count);
    set_fault_name(fault, name);
    if (name.bytes == 0) {
        fault_set(fault, "the query holds a value without a parameter name");
    } else if (nearest == NULL) {
        fault_set(fault, "there is no parameter '%.*s' here", UTF8_SHOWN(name));
    } else {
        snprintf(fault->nearest, sizeof fault->nearest, "%s", nearest);
        fault_set(fault, "there is no parameter '%.*s' here; did you mean '%s'?", UTF8_SHOWN(name),
                  nearest);
    }
    return PROBLEM_UNKNOWN_PARAMETER;
}

/* Most routes set a few of them, and clearing all of a request's takes longer than parsing. */
static void clear_set(struct params *params) {
    for (size_t i = 0; i < PARAM_ID_COUNT; i++) {
        if (params->is_set[i])
            params->values[i] = (struct param_value){0};
    }
    memset(params->is_set, 0, sizeof params->is_set);
}

static struct param_value *set_value(struct params *params, enum param_id id) {
    params->is_set[id] = params->values[id].has_value = true;
    return &params->values[id];
}

static enum problem parse_pair(const struct target_pair *pair, const enum param_id *taken,
                               struct arena *arena, struct params *out, struct fault *fault) {
    if (is_ignored(pair->name))
        return PROBLEM_NONE;
    enum param_id id = find_taken(taken, pair->name);
    if (id == PARAM_ID_COUNT)
        return refuse_unknown(pair->name, taken, fault);
    const struct param_spec *spec = &param_specs[id];
    struct param_value *value = &out->values[id];
    if (value->is_given && !spec->is_repeatable) {
        set_fault_name(fault, pair->name);
        fault_set(fault, "%s is given more than once", spec->name);
        return PROBLEM_REPEATED_PARAMETER;
    }
    set_value(out, id)->is_given = true;
    struct param_reader reader = {spec, pair->value, arena, value, fault};
    enum problem problem = param_value_parse(&reader);
    if (problem != PROBLEM_NONE)
        set_fault_name(fault, pair->name);
    return problem;
}

static enum problem parse_path(const struct target *target, const enum param_id *path,
                               struct arena *arena, struct params *out, struct fault *fault) {
    for (size_t i = 0; i < target->segment_count; i++) {
        if (path[i] == PARAM_ID_COUNT)
            continue;
        struct param_value *value = set_value(out, path[i]);
        value->is_given = true;
        struct param_reader reader = {&param_specs[path[i]], target->segments[i], arena, value,
                                      fault};
        enum problem problem = param_value_parse(&reader);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

enum problem params_set_default(struct params *params, enum param_id id, const char *text,
                                struct arena *arena, struct fault *fault) {
    struct param_value *value = set_value(params, id);
    struct param_reader reader = {&param_specs[id], span_of(text), arena, value, fault};
    return param_value_parse(&reader);
}

static enum problem parse_fallbacks(const enum param_id *taken, struct arena *arena,
                                    struct params *out, struct fault *fault) {
    for (size_t i = 0; taken[i] != PARAM_ID_COUNT; i++) {
        const struct param_spec *spec = &param_specs[taken[i]];
        if (out->values[taken[i]].is_given || spec->fallback == NULL)
            continue;
        enum problem problem = params_set_default(out, taken[i], spec->fallback, arena, fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

static enum problem check_rules(const struct params *params, struct fault *fault) {
    for (size_t i = 0; i < param_rule_count; i++) {
        const struct param_rule *rule = &param_rules[i];
        const struct param_value *a = &params->values[rule->a], *b = &params->values[rule->b];
        if (!a->is_given || !b->is_given)
            continue;
        if (rule->is_order && strcmp(a->first, b->last) <= 0)
            continue;
        set_fault_name(fault, span_of(param_specs[rule->a].name));
        fault_set(fault, "%s and %s cannot be given together: %s", param_specs[rule->a].name,
                  param_specs[rule->b].name, rule->why);
        return PROBLEM_BAD_PARAMETER;
    }
    return PROBLEM_NONE;
}

/* Whether one of the fields is `member` or stands inside it. */
static bool names_member(const struct param_value *fields, const char *member) {
    size_t bytes = strlen(member);
    for (size_t i = 0; i < fields->item_count; i++) {
        struct span field = fields->items[i];
        if (field.bytes >= bytes && memcmp(field.at, member, bytes) == 0 &&
            (field.bytes == bytes || field.at[bytes] == '.'))
            return true;
    }
    return false;
}

static bool is_included(const struct params *params, const struct param_need *need) {
    if (param_specs[need->include].kind == PARAM_KIND_WORDS)
        return params_has_word(params, need->include, need->word);
    return params->values[need->include].is_given;
}

static enum problem check_needs(const struct params *params, const enum param_id *taken,
                                struct fault *fault) {
    for (size_t i = 0; i < param_need_count; i++) {
        const struct param_need *need = &param_needs[i];
        const struct param_spec *include = &param_specs[need->include];
        if (!params->values[need->fields].is_given || !params_is_listed(taken, need->include) ||
            is_included(params, need) || !names_member(&params->values[need->fields], need->member))
            continue;
        set_fault_name(fault, span_of(param_specs[need->fields].name));
        bool has_word = include->kind == PARAM_KIND_WORDS;
        fault_set(fault, "%s names %s, which is there only with %s%s%s",
                  param_specs[need->fields].name, need->member, include->name, has_word ? "=" : "",
                  has_word ? include->words[need->word] : "");
        return PROBLEM_BAD_PARAMETER;
    }
    return PROBLEM_NONE;
}

enum problem params_parse(const struct target *target, const enum param_id *path,
                          const enum param_id *taken, struct arena *arena, struct params *out,
                          struct fault *fault) {
    clear_set(out);
    enum problem problem = parse_path(target, path, arena, out, fault);
    for (size_t i = 0; problem == PROBLEM_NONE && i < target->pair_count; i++)
        problem = parse_pair(&target->pairs[i], taken, arena, out, fault);
    if (problem == PROBLEM_NONE && target->pair_count > 1)
        problem = check_rules(out, fault);
    if (problem == PROBLEM_NONE && target->pair_count > 0)
        problem = check_needs(out, taken, fault);
    return problem != PROBLEM_NONE ? problem : parse_fallbacks(taken, arena, out, fault);
}
