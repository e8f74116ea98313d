/* openapi_page_operation.c: one operation on the page: what it is for, a command to try it, what it
 * takes and what it answers. */
#include <ctype.h>
#include <string.h>

#include "engine/render.h"
#include "ground/html.h"
#include "surface/openapi/openapi_page.h"

static const char *text_of(const json_t *object, const char *name) {
    return openapi_page_text(object, name);
}

void openapi_page_verb(struct buffer *out, const char *verb) {
    buffer_printf(out, "<span class=\"verb%s\">", strcmp(verb, "get") == 0 ? " get" : "");
    for (; *verb != '\0'; verb++)
        buffer_append_char(out, (char)toupper((unsigned char)*verb));
    buffer_append_text(out, "</span> ");
}

/* What a reference refers to: "#/components/KIND/NAME". */
static json_t *whole(json_t *document, json_t *part) {
    const char *at = json_string_value(json_object_get(part, "$ref"));
    json_t *found = document;
    for (at = at == NULL ? NULL : strchr(at, '/'); at != NULL; at = strchr(at, '/')) {
        size_t bytes = strcspn(++at, "/");
        found = json_object_getn(found, at, bytes);
    }
    return json_object_get(part, "$ref") == NULL ? part : found;
}

static const char *name_of_reference(const json_t *schema) {
    const char *at = text_of(schema, "$ref");
    return strncmp(at, "#/components/schemas/", 21) == 0 ? at + 21 : "";
}

/* ---- a command to try ---- */

static void print_scalar(struct buffer *out, const json_t *value) {
    if (json_is_string(value))
        buffer_append_text(out, json_string_value(value));
    else if (value != NULL)
        render_write(value, false, out);
}

static json_t *find_parameter(json_t *document, json_t *operation, const char *place,
                              struct span name) {
    size_t i;
    json_t *part;
    json_array_foreach(json_object_get(operation, "parameters"), i, part) {
        json_t *parameter = whole(document, part);
        bool is_named = name.at == NULL || span_is(name, text_of(parameter, "name"));
        if (is_named && strcmp(text_of(parameter, "in"), place) == 0)
            return parameter;
    }
    return NULL;
}

static void print_path(struct buffer *out, json_t *document, json_t *operation, const char *path) {
    for (; *path != '\0'; path++) {
        size_t bytes = strcspn(path, "}");
        if (*path != '{' || path[bytes] == '\0') {
            buffer_append_char(out, *path);
            continue;
        }
        json_t *parameter =
            find_parameter(document, operation, "path", (struct span){path + 1, bytes - 1});
        print_scalar(out, json_object_get(parameter, "example"));
        path += bytes;
    }
    json_t *first = find_parameter(document, operation, "query", (struct span){NULL, 0});
    const json_t *example = json_object_get(first, "example");
    if (example != NULL) {
        buffer_printf(out, "?%s=", text_of(first, "name"));
        print_scalar(out, example);
    }
}

/* The first type of the body, with the example of its schema. */
static void print_body(struct buffer *out, json_t *document, json_t *operation) {
    json_t *content = json_object_get(json_object_get(operation, "requestBody"), "content");
    const char *type = json_object_iter_key(json_object_iter(content));
    json_t *media = json_object_get(content, type == NULL ? "" : type);
    json_t *schema = json_object_get(media, "x-item-schema");
    if (media == NULL)
        return;
    schema = whole(document, schema == NULL ? json_object_get(media, "schema") : schema);
    buffer_printf(out, " \\\n  -H 'Content-Type: %s' -d '", type);
    print_scalar(out, json_array_get(json_object_get(schema, "examples"), 0));
    buffer_append_char(out, '\'');
}

/* Where no address is set, that of a server that was started without settings. */
static const char *server_of(const json_t *document) {
    const json_t *server = json_array_get(json_object_get(document, "servers"), 0);
    const char *url = json_string_value(json_object_get(server, "url"));
    return url == NULL || strcmp(url, "/") == 0 ? "http://127.0.0.1:8080" : url;
}

static void print_command(struct buffer *out, json_t *document, const char *path, const char *verb,
                          json_t *operation) {
    struct buffer text;
    struct span if_match = SPAN_LITERAL("If-Match");
    bool is_free = strcmp(text_of(operation, "x-scope"), "none") == 0 ||
                   strcmp(text_of(operation, "x-scope"), "read") == 0;
    buffer_init(&text);
    buffer_append_text(&text, "curl ");
    if (strcmp(verb, "get") != 0) {
        buffer_append_text(&text, "-X ");
        for (const char *c = verb; *c != '\0'; c++)
            buffer_append_char(&text, (char)toupper((unsigned char)*c));
        buffer_append_char(&text, ' ');
    }
    buffer_append_char(&text, '\'');
    buffer_append_text(&text, server_of(document));
    print_path(&text, document, operation, path);
    buffer_append_char(&text, '\'');
    if (!is_free)
        buffer_append_text(&text, " \\\n  -H \"Authorization: Bearer $TOKEN\"");
    if (find_parameter(document, operation, "header", if_match) != NULL)
        buffer_append_text(&text, " -H 'If-Match: \"v1\"'");
    print_body(&text, document, operation);
    buffer_append_text(out, "<pre tabindex=\"0\"><code>");
    html_append(out, buffer_span(&text));
    buffer_append_text(out, "</code></pre>\n");
    out->failed = out->failed || text.failed;
    buffer_fini(&text);
}

/* ---- what it takes ---- */

static void print_kind(struct buffer *out, const json_t *schema) {
    const json_t *items = json_object_get(schema, "items");
    const json_t *values = json_object_get(items == NULL ? schema : items, "enum");
    size_t i;
    json_t *value;
    if (items != NULL)
        buffer_append_text(out, "list of ");
    html_append_text(out, text_of(items == NULL ? schema : items, "type"));
    if (json_object_get(schema, "maximum") != NULL)
        buffer_printf(out, " from %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT,
                      json_integer_value(json_object_get(schema, "minimum")),
                      json_integer_value(json_object_get(schema, "maximum")));
    json_array_foreach(values, i, value) {
        buffer_append_text(out, i == 0 ? ": " : ", ");
        print_scalar(out, value);
    }
    if (json_object_get(schema, "default") != NULL) {
        buffer_append_text(out, "; default <code>");
        print_scalar(out, json_object_get(schema, "default"));
        buffer_append_text(out, "</code>");
    }
}

static void print_parameters(struct buffer *out, json_t *document, json_t *operation) {
    size_t i;
    json_t *part;
    buffer_printf(out,
                  "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
                  "aria-label=\"Parameters of %s\">",
                  text_of(operation, "operationId"));
    buffer_append_text(out, "<table><thead><tr>"
                            "<th scope=\"col\">Parameter</th><th scope=\"col\">In</th>"
                            "<th scope=\"col\">Meaning</th></tr></thead><tbody>\n");
    json_array_foreach(json_object_get(operation, "parameters"), i, part) {
        json_t *parameter = whole(document, part);
        buffer_append_text(out, "<tr><th scope=\"row\"><code>");
        html_append_text(out, text_of(parameter, "name"));
        buffer_printf(out, "</code></th><td>%s</td><td>", text_of(parameter, "in"));
        openapi_page_prose(out, text_of(parameter, "description"));
        buffer_append_text(out, " <span class=\"quiet\">(");
        print_kind(out, json_object_get(parameter, "schema"));
        buffer_append_text(out, ")</span></td></tr>\n");
    }
    buffer_append_text(out, "</tbody></table></div>\n");
}

/* ---- what it answers ---- */

static void print_content(struct buffer *out, json_t *content) {
    const char *type;
    json_t *media;
    json_object_foreach(content, type, media) {
        const json_t *schema = json_object_get(media, "schema");
        const char *name = name_of_reference(schema);
        buffer_printf(out, " <code>%s</code>", type);
        if (name[0] != '\0')
            buffer_printf(out, " <a href=\"#schema-%s\">%s</a>", name, name);
    }
}

static void print_problems(struct buffer *out, json_t *operation) {
    size_t i;
    json_t *code;
    json_array_foreach(json_object_get(operation, "x-problems"), i, code)
        buffer_printf(out, " <code>%s</code>", json_string_value(code));
}

static void print_responses(struct buffer *out, json_t *operation) {
    const char *status;
    json_t *part;
    buffer_printf(out,
                  "<details><summary>Answers</summary><div class=\"wide\" tabindex=\"0\" "
                  "role=\"region\" aria-label=\"Answers of %s\"><table><tbody>\n",
                  text_of(operation, "operationId"));
    json_object_foreach(json_object_get(operation, "responses"), status, part) {
        if (json_object_get(part, "$ref") != NULL)
            continue;
        buffer_printf(out, "<tr><th scope=\"row\">%s</th><td>", status);
        openapi_page_prose(out, text_of(part, "description"));
        print_content(out, json_object_get(part, "content"));
        buffer_append_text(out, "</td></tr>\n");
    }
    buffer_append_text(out, "</tbody></table></div>\n<p><a href=\"#problems\">Problems</a>:");
    print_problems(out, operation);
    buffer_append_text(out, "</p></details>\n");
}

/* "The parameters may also be a form in the body of QUERY or POST." */
static void print_query(struct buffer *out, const json_t *query) {
    const json_t *methods = json_object_get(query, "methods");
    if (methods == NULL)
        return;
    buffer_append_text(out, "<p>The parameters may also be sent as a form in the body of");
    for (size_t i = 0; i < json_array_size(methods); i++)
        buffer_printf(out, "%s <code>%s</code>", i == 0 ? "" : " or",
                      json_string_value(json_array_get(methods, i)));
    buffer_append_text(out, ".</p>\n");
}

static void print_form(struct buffer *out, const char *path, json_t *operation) {
    buffer_append_text(out, "<p id=\"");
    html_append_text(out, text_of(operation, "operationId"));
    buffer_append_text(out, "\">Also as <code>");
    html_append_text(out, path);
    buffer_append_text(out, "</code>:");
    json_t *done = json_object_get(json_object_get(operation, "responses"), "200");
    print_content(out, json_object_get(done, "content"));
    buffer_append_text(out, "</p>\n");
}

void openapi_page_operation(struct buffer *out, json_t *document, const char *path,
                            const char *verb, json_t *operation) {
    if (json_object_get(operation, "x-form-of") != NULL) {
        print_form(out, path, operation);
        return;
    }
    buffer_append_text(out, "<h3 id=\"");
    html_append_text(out, text_of(operation, "operationId"));
    buffer_append_text(out, "\"><code>");
    openapi_page_verb(out, verb);
    html_append_text(out, path);
    buffer_append_text(out, "</code></h3>\n<p>");
    openapi_page_prose(out, text_of(operation, "summary"));
    buffer_append_char(out, ' ');
    openapi_page_prose(out, text_of(operation, "description"));
    buffer_append_text(out, "</p>\n");
    print_command(out, document, path, verb, operation);
    print_query(out, json_object_get(operation, "x-query"));
    print_parameters(out, document, operation);
    json_t *body = json_object_get(operation, "requestBody");
    if (body != NULL) {
        buffer_append_text(out, "<p>Takes");
        print_content(out, json_object_get(body, "content"));
        buffer_append_text(out, "</p>\n");
    }
    print_responses(out, operation);
}
