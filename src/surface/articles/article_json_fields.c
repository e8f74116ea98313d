/* article_json_fields.c: tables of members; each row says how a value is read, or that it is
 * ignored. */
#include "surface/articles/article_json_fields.h"

#include <stdio.h>

#include "ground/nearest.h"
#include "ground/utf8.h"

enum { NAMES_MAX = 32 };

struct reader {
    struct arena *arena;
    const char *field; /* at work */
    struct article *out;
    struct fault *fault; /* of the member or item at work */
    fault_say *say;
    void *context;
};

/* A name as a step of a JSON pointer (RFC 6901), as far as there is room. */
static void print_step(struct span name, char out[FAULT_NAME_BYTES]) {
    size_t used = 0;
    name.bytes = utf8_cut(name, FAULT_NAME_BYTES - 1);
    for (size_t i = 0; i < name.bytes && used + 3 < FAULT_NAME_BYTES; i++) {
        char c = name.at[i];
        if (c == '~' || c == '/') {
            out[used++] = '~';
            c = c == '~' ? '0' : '1';
        }
        out[used++] = c;
    }
    out[used] = '\0';
}

static const char *type_name(const json_t *value) {
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list",  [JSON_STRING] = "a text",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number", [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };
    return names[json_typeof(value)];
}

static enum problem refuse_type(struct reader *r, const char *wanted, const json_t *value) {
    fault_set(r->fault, "%s must be %s, not %s", r->field, wanted, type_name(value));
    return PROBLEM_BAD_SOURCE;
}

/* A misspelt name would otherwise lose its value without a word. */
static enum problem refuse_unknown(struct reader *r, const char *name, const char *const *names,
                                   size_t count) {
    char allowed[160] = "";
    size_t used = 0;
    for (size_t i = 0; i < count && used < sizeof allowed; i++)
        used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s%s", i == 0 ? "" : ", ",
                                 names[i]);
    const char *nearest = nearest_name(span_of(name), names, count);
    fault_set(r->fault, "%s%sthere is no field '%.*s'%s%s%s; there are: %s",
              r->field == NULL ? "" : r->field, r->field == NULL ? "" : ": ",
              UTF8_SHOWN(span_of(name)), nearest == NULL ? "" : ", did you mean ",
              nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?", allowed);
    return PROBLEM_BAD_SOURCE;
}

static struct span text_of(const json_t *value) {
    return (struct span){json_string_value(value), json_string_length(value)};
}

static enum problem copy_text(struct reader *r, struct span text, struct span *out) {
    *out = arena_copy(r->arena, text);
    return out->at == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static enum problem read_title(struct reader *r, const json_t *value) {
    if (!json_is_string(value))
        return refuse_type(r, "a text", value);
    return copy_text(r, text_of(value), &r->out->title);
}

static enum problem read_published(struct reader *r, const json_t *value) {
    struct date date;
    if (json_is_null(value))
        return PROBLEM_NONE;
    if (!json_is_string(value))
        return refuse_type(r, "a date YYYY-MM-DD or null", value);
    struct span text = text_of(value);
    if (text.bytes == 0)
        return PROBLEM_NONE;
    if (!date_parse_iso(text, &date)) {
        fault_set(r->fault, "published: '%.*s' is not a day of the form YYYY-MM-DD",
                  UTF8_SHOWN(text));
        return PROBLEM_BAD_SOURCE;
    }
    date_print(date, r->out->published);
    return PROBLEM_NONE;
}

/* The objects that may stand in a list: which member is meant, and what the API prints beside it.
 */
struct item_shape {
    const char *member;
    const char *const *ignored;
};

static const char *const term_ignored[] = {"slug", "url", "article_count", NULL};
static const char *const paragraph_ignored[] = {"id",           "n",     "words", "first_version",
                                                "last_version", "match", "url",   NULL};

static const struct item_shape term_shape = {"name", term_ignored};
static const struct item_shape paragraph_shape = {"text", paragraph_ignored};

static enum problem check_members(struct reader *r, const json_t *object,
                                  const struct item_shape *shape) {
    const char *names[NAMES_MAX] = {shape->member};
    size_t count = 1;
    for (; shape->ignored[count - 1] != NULL; count++)
        names[count] = shape->ignored[count - 1];
    for (void *i = json_object_iter((json_t *)object); i != NULL;
         i = json_object_iter_next((json_t *)object, i)) {
        const char *name = json_object_iter_key(i);
        size_t known = 0;
        while (known < count && strcmp(names[known], name) != 0)
            known++;
        if (known == count)
            return refuse_unknown(r, name, names, count);
    }
    return PROBLEM_NONE;
}

static enum problem read_item(struct reader *r, const json_t *item, size_t index,
                              const struct item_shape *shape, struct span *out) {
    const json_t *value = json_is_object(item) ? json_object_get(item, shape->member) : item;
    if (!json_is_string(value)) {
        fault_set(r->fault, "%s[%zu] must be a text, or an object whose %s is a text", r->field,
                  index, shape->member);
        return PROBLEM_BAD_SOURCE;
    }
    if (json_is_object(item)) {
        enum problem problem = check_members(r, item, shape);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return copy_text(r, text_of(value), out);
}

static enum problem new_list(struct reader *r, size_t count, struct span_list *out) {
    out->items = arena_alloc(r->arena, count * sizeof *out->items);
    out->count = 0;
    return out->items == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

/* Each item that is wrong is said; the list keeps an empty text in its place. */
static enum problem read_items(struct reader *r, const json_t *list, const struct item_shape *shape,
                               struct span_list *out) {
    enum problem found = PROBLEM_NONE;
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct fault fault, *outer = r->fault;
        struct span *item = &out->items[out->count++];
        *item = SPAN_LITERAL("");
        fault_init(&fault);
        r->fault = &fault;
        enum problem problem = read_item(r, json_array_get(list, i), i, shape, item);
        r->fault = outer;
        if (problem == PROBLEM_BAD_SOURCE) {
            snprintf(fault.name, sizeof fault.name, "%s/%zu", r->field, i);
            r->say(r->context, &fault);
        } else if (problem != PROBLEM_NONE) {
            return problem;
        }
        found = found == PROBLEM_NONE ? problem : found;
    }
    return found;
}

static enum problem read_list(struct reader *r, const json_t *value, const struct item_shape *shape,
                              struct span_list *out) {
    if (json_is_null(value))
        return PROBLEM_NONE;
    if (!json_is_array(value))
        return refuse_type(r, "a list", value);
    enum problem problem = new_list(r, json_array_size(value), out);
    return problem == PROBLEM_NONE ? read_items(r, value, shape, out) : problem;
}

static enum problem read_authors(struct reader *r, const json_t *value) {
    return read_list(r, value, &term_shape, &r->out->authors);
}

static enum problem read_tags(struct reader *r, const json_t *value) {
    return read_list(r, value, &term_shape, &r->out->tags);
}

static enum problem read_paragraphs(struct reader *r, const json_t *value) {
    return read_list(r, value, &paragraph_shape, &r->out->paragraphs);
}

/* "WORLD / Asia Pacific" */
static enum problem split_section(struct reader *r, struct span text, struct span_list *out) {
    size_t count = 1;
    for (size_t i = 0; i + 2 < text.bytes; i++)
        count += memcmp(text.at + i, " / ", 3) == 0;
    if (text.bytes == 0)
        return PROBLEM_NONE;
    enum problem problem = new_list(r, count, out);
    while (problem == PROBLEM_NONE) {
        const char *slash = memmem(text.at, text.bytes, " / ", 3);
        struct span step = {text.at, slash == NULL ? text.bytes : (size_t)(slash - text.at)};
        problem = copy_text(r, step, &out->items[out->count++]);
        if (slash == NULL)
            break;
        text = (struct span){slash + 3, text.bytes - step.bytes - 3};
    }
    return problem;
}

static enum problem read_section(struct reader *r, const json_t *value) {
    static const char *const ignored[] = {"name", "slug", "url", "article_count", NULL};
    static const struct item_shape shape = {"path", ignored};
    if (json_is_string(value))
        return split_section(r, text_of(value), &r->out->section);
    if (!json_is_object(value))
        return read_list(r, value, &term_shape, &r->out->section);
    const json_t *path = json_object_get(value, "path");
    if (!json_is_array(path)) {
        fault_set(r->fault, "section must be a list of steps, a text 'A / B', or an object whose "
                            "path is a list");
        return PROBLEM_BAD_SOURCE;
    }
    enum problem problem = check_members(r, value, &shape);
    return problem != PROBLEM_NONE ? problem : read_list(r, path, &term_shape, &r->out->section);
}

/* Those without a function are what the API prints and the store decides. */
static const struct {
    const char *name;
    enum problem (*read)(struct reader *r, const json_t *value);
} fields[] = {
    {"title", read_title},
    {"authors", read_authors},
    {"published", read_published},
    {"section", read_section},
    {"tags", read_tags},
    {"paragraphs", read_paragraphs},
    {"id", NULL},
    {"slug", NULL},
    {"url", NULL},
    {"version", NULL},
    {"seq", NULL},
    {"lead", NULL},
    {"paragraph_count", NULL},
    {"word_count", NULL},
    {"created_at", NULL},
    {"updated_at", NULL},
    {"neighbors", NULL},
    {"related", NULL},
    {"revisions", NULL},
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

static enum problem read_field(struct reader *r, const char *name, const json_t *value) {
    const char *written[FIELDS];
    size_t written_count = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            r->field = fields[i].name;
            return fields[i].read == NULL ? PROBLEM_NONE : fields[i].read(r, value);
        }
        if (fields[i].read != NULL)
            written[written_count++] = fields[i].name;
    }
    r->field = NULL;
    return refuse_unknown(r, name, written, written_count);
}

bool article_json_is_decided_here(const char *name) {
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].read == NULL && strcmp(fields[i].name, name) == 0)
            return true;
    }
    return false;
}

/* What a list has said of its items is not said again of the whole. */
static void say_member(struct reader *r, const char *name) {
    if (!fault_is_set(r->fault))
        return;
    print_step(span_of(name), r->fault->name);
    r->say(r->context, r->fault);
}

enum problem article_json_fields_read(const json_t *object, struct arena *arena,
                                      struct article *out, fault_say *say, void *context) {
    struct fault fault;
    struct reader reader = {arena, NULL, out, &fault, say, context};
    enum problem found = PROBLEM_NONE;
    for (void *i = json_object_iter((json_t *)object); i != NULL;
         i = json_object_iter_next((json_t *)object, i)) {
        const char *name = json_object_iter_key(i);
        fault_init(&fault);
        enum problem problem = read_field(&reader, name, json_object_iter_value(i));
        if (problem == PROBLEM_BAD_SOURCE)
            say_member(&reader, name);
        else if (problem != PROBLEM_NONE)
            return problem;
        found = found == PROBLEM_NONE ? problem : found;
    }
    return found;
}
