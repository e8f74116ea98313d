/* render.c: rows into JSON values, and the choice of members. */
#include "engine/render.h"

json_t *render_text(struct span text) {
    return json_stringn_nocheck(text.bytes == 0 ? "" : text.at, text.bytes);
}

bool render_set(json_t *object, const char *key, json_t *value) {
    return json_object_set_new_nocheck(object, key, value) == 0;
}

static json_t *render_column(const struct rows *rows, int column) {
    switch (rows_type(rows, column)) {
    case STORE_TYPE_INT:
        return json_integer(rows_int(rows, column));
    case STORE_TYPE_TEXT:
        return render_text(rows_text(rows, column));
    case STORE_TYPE_BYTES: /* of nobody's answer */
    case STORE_TYPE_NULL:
        break;
    }
    return json_null();
}

json_t *render_row(const struct rows *rows) {
    json_t *object = json_object();
    int width = rows_width(rows);
    for (int column = 0; column < width; column++) {
        if (!render_set(object, rows_name(rows, column), render_column(rows, column)))
            return NULL;
    }
    return object;
}

json_t *render_rows(struct rows *rows, enum problem *problem) {
    json_t *array = json_array();
    bool is_whole = array != NULL;
    while (is_whole && rows_next(rows))
        is_whole = json_array_append_new(array, render_row(rows)) == 0;
    *problem = rows_end(rows);
    if (*problem == PROBLEM_NONE && !is_whole)
        *problem = PROBLEM_OUT_OF_MEMORY;
    return *problem == PROBLEM_NONE ? array : NULL;
}

/* The dotted path of the member that is looked at; no field name is longer. */
struct prune {
    const struct span *fields;
    size_t field_count;
    char path[128];
};

enum prune_keep { PRUNE_DROP, PRUNE_WHOLE, PRUNE_PARTS };

/* Whether the member at path[0..bytes) was asked for, itself or something inside it. */
static enum prune_keep prune_decide(const struct prune *prune, size_t bytes) {
    enum prune_keep keep = PRUNE_DROP;
    for (size_t i = 0; i < prune->field_count; i++) {
        struct span field = prune->fields[i];
        if (field.bytes < bytes || memcmp(field.at, prune->path, bytes) != 0)
            continue;
        if (field.bytes == bytes)
            return PRUNE_WHOLE;
        if (field.at[bytes] == '.')
            keep = PRUNE_PARTS;
    }
    return keep;
}

static void prune_value(struct prune *prune, json_t *json, size_t path_bytes);

static void prune_object(struct prune *prune, json_t *object, size_t path_bytes) {
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(object, next, key, value) {
        size_t key_bytes = strlen(key);
        enum prune_keep keep = PRUNE_DROP;
        if (key_bytes + 1 < sizeof prune->path - path_bytes) {
            memcpy(prune->path + path_bytes, key, key_bytes);
            keep = prune_decide(prune, path_bytes + key_bytes);
        }
        if (keep == PRUNE_PARTS) {
            prune->path[path_bytes + key_bytes] = '.';
            prune_value(prune, value, path_bytes + key_bytes + 1);
        } else if (keep == PRUNE_DROP) {
            json_object_del(object, key);
        }
    }
}

static void prune_value(struct prune *prune, json_t *json, size_t path_bytes) {
    if (json_is_object(json)) {
        prune_object(prune, json, path_bytes);
        return;
    }
    for (size_t i = 0; i < json_array_size(json); i++)
        prune_value(prune, json_array_get(json, i), path_bytes);
}

void render_prune(json_t *json, const struct span *fields, size_t field_count) {
    struct prune prune = {fields, field_count, ""};
    prune_value(&prune, json, 0);
}
