/* write_head.c: the head fields of a write, and its body. */
#include "surface/writing/write_head.h"

#include <stdio.h>

#include "domain/articles/article_text.h"
#include "ground/field.h"
#include "surface/media_type.h"
#include "surface/writing/json_load.h"

enum { KEY_BYTES_MAX = 255 };

/* ---- what it is ---- */

static const struct {
    enum write_type type;
    const char *name;
} types_known[] = {
    {WRITE_TYPE_JSON, "application/json"},
    {WRITE_TYPE_MERGE_PATCH, "application/merge-patch+json"},
    {WRITE_TYPE_TEXT, "text/plain"},
};

enum { TYPES_KNOWN = sizeof types_known / sizeof types_known[0] };

static enum problem refuse_type(struct request *request, unsigned types) {
    struct fault *fault = &request->fault;
    char names[120] = "";
    size_t used = 0;
    for (size_t i = 0; i < TYPES_KNOWN; i++) {
        if ((types & types_known[i].type) == 0)
            continue;
        fault->allowed[fault->allowed_count++] = types_known[i].name;
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used == 0 ? "" : " or ",
                                 types_known[i].name);
    }
    if (request->head.content_encoding.at != NULL)
        fault_set(fault, "a body is taken without Content-Encoding only, as %s", names);
    else
        fault_set(fault, "Content-Type must be %s", names);
    snprintf(fault->name, sizeof fault->name, "%s",
             request->head.content_encoding.at != NULL ? "Content-Encoding" : "Content-Type");
    return PROBLEM_UNSUPPORTED_MEDIA_TYPE;
}

static enum problem read_type(struct write *write, unsigned types) {
    struct request *request = write->request;
    struct span type = request->head.content_type;
    if (request->head.content_encoding.at != NULL)
        return refuse_type(request, types);
    for (size_t i = 0; i < TYPES_KNOWN; i++) {
        if ((types & types_known[i].type) != 0 && media_type_is(type, types_known[i].name))
            write->type = types_known[i].type;
    }
    /* JSON is UTF-8; of text the bytes themselves say what they are. */
    bool is_right =
        write->type == WRITE_TYPE_TEXT ||
        (write->type != WRITE_TYPE_NONE && media_type_is_utf8(request->head.content_type));
    return is_right ? PROBLEM_NONE : refuse_type(request, types);
}

/* ---- what it says ---- */

static enum problem read_json(struct write *write) {
    struct request *request = write->request;
    enum problem problem = json_load(request->body, &write->json, &request->fault);
    if (problem == PROBLEM_NONE && !json_is_object(write->json)) {
        fault_set_at(&request->fault, 1, 1, "the body is no object {...}");
        return PROBLEM_BAD_SOURCE;
    }
    json_errors_init(&write->errors, request->body);
    return problem;
}

static enum problem read_body(struct write *write, unsigned types, bool may_lack) {
    struct request *request = write->request;
    bool is_there = request->body.at != NULL && request->body.bytes > 0;
    if (types == 0 || (!is_there && may_lack))
        return PROBLEM_NONE;
    enum problem problem = read_type(write, types);
    if (problem == PROBLEM_NONE && !is_there) {
        fault_set_at(&request->fault, 1, 1, "the body is empty");
        return PROBLEM_BAD_SOURCE;
    }
    if (problem != PROBLEM_NONE)
        return problem;
    return write->type == WRITE_TYPE_TEXT
               ? article_text_parse(request->body, request->arena, &write->article, NULL,
                                    &request->fault)
               : read_json(write);
}

/* ---- how it is to be answered ---- */

/* Preferences that are not known are no faults (RFC 7240). */
static void read_prefer(struct write *write) {
    struct span rest = write->request->head.prefer;
    while (rest.bytes > 0) {
        struct span preference = field_take(&rest, ',');
        if (field_is(field_take(&preference, ';'), "return=minimal"))
            write->is_minimal = true;
    }
}

static enum problem check_key(struct request *request) {
    struct span key = request->head.idempotency_key;
    bool is_right = key.bytes >= 1 && key.bytes <= KEY_BYTES_MAX;
    for (size_t i = 0; is_right && i < key.bytes; i++)
        is_right = key.at[i] > ' ' && key.at[i] < 0x7F;
    if (key.at == NULL || is_right)
        return PROBLEM_NONE;
    fault_set(&request->fault, "Idempotency-Key must have 1 to %d visible characters",
              KEY_BYTES_MAX);
    return PROBLEM_BAD_HEAD;
}

enum problem write_head_read(struct write *write, unsigned types, bool may_lack) {
    read_prefer(write);
    enum problem problem = check_key(write->request);
    return problem == PROBLEM_NONE ? read_body(write, types, may_lack) : problem;
}
