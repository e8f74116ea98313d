/* import_reply.c: see import_reply.h. Nothing here trusts the sender of the bytes. */
#include "surface/bulk/import_reply.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static size_t number_of(const json_t *object, const char *name) {
    json_int_t value = json_integer_value(json_object_get(object, name));
    return value > 0 ? (size_t)value : 0;
}

static void copy_text(const json_t *object, const char *name, char out[IMPORT_REPLY_TEXT_BYTES]) {
    const char *text = json_string_value(json_object_get(object, name));
    snprintf(out, IMPORT_REPLY_TEXT_BYTES, "%s", text == NULL ? "" : text);
}

static void read_summary(const json_t *summary, struct import_reply *out) {
    out->kind = IMPORT_REPLY_SUMMARY;
    out->totals.outcome[IMPORT_CREATED] = number_of(summary, "created");
    out->totals.outcome[IMPORT_UPDATED] = number_of(summary, "updated");
    out->totals.outcome[IMPORT_UNCHANGED] = number_of(summary, "unchanged");
    out->totals.outcome[IMPORT_REFUSED] = number_of(summary, "errors");
    out->totals.paragraphs = number_of(summary, "paragraphs");
}

static void read_object(const json_t *object, struct import_reply *out) {
    const json_t *summary = json_object_get(object, "summary");
    const json_t *problem = json_object_get(object, "problem");
    out->line = number_of(object, "line");
    if (json_is_object(summary)) {
        read_summary(summary, out);
    } else if (json_is_object(problem)) {
        bool is_of_item = json_object_get(object, "line") != NULL;
        out->kind = is_of_item ? IMPORT_REPLY_REFUSED : IMPORT_REPLY_BROKEN;
        out->column = number_of(problem, "column");
        copy_text(problem, "detail", out->text);
    } else if (out->line > 0 && json_is_string(json_object_get(object, "status"))) {
        out->kind = IMPORT_REPLY_DONE;
    }
}

void import_reply_parse(struct span line, struct import_reply *out) {
    memset(out, 0, sizeof *out);
    json_t *object = json_loadb(line.at, line.bytes, 0, NULL);
    read_object(object, out);
    json_decref(object);
}

void import_reply_problem(struct span body, char text[IMPORT_REPLY_TEXT_BYTES]) {
    json_t *object = body.bytes == 0 ? NULL : json_loadb(body.at, body.bytes, 0, NULL);
    copy_text(object, "detail", text);
    json_decref(object);
}
