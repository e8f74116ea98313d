/* openapi_page.c: the document as a page for people: plain HTML, no script, nothing from elsewhere.
 * It shows what openapi_make() made, and so nothing that programs are not told. */
#include <stdio.h>
#include <string.h>

#include "engine/render.h"
#include "ground/hash.h"
#include "ground/html.h"
#include "surface/handlers.h"
#include "surface/openapi/openapi.h"
#include "surface/openapi/openapi_kept.h"
#include "surface/openapi/openapi_page.h"

static const char style[] =
#include "docs_css.def"
    ;

const char *openapi_page_text(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

/* Text with code between backticks. */
void openapi_page_prose(struct buffer *out, const char *text) {
    bool is_code = false;
    for (;;) {
        size_t bytes = strcspn(text, "`");
        html_append(out, (struct span){text, bytes});
        if (text[bytes] == '\0')
            break;
        is_code = !is_code;
        buffer_append_text(out, is_code ? "<code>" : "</code>");
        text += bytes + 1;
    }
    if (is_code)
        buffer_append_text(out, "</code>");
}

static void print_paragraphs(struct buffer *out, const char *text) {
    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        size_t bytes = end == NULL ? strlen(text) : (size_t)(end - text);
        char part[2048];
        snprintf(part, sizeof part, "%.*s", (int)bytes, text);
        buffer_append_text(out, "<p>");
        openapi_page_prose(out, part);
        buffer_append_text(out, "</p>\n");
        text += bytes + (end == NULL ? 0 : 2);
    }
}

static void print_head(struct buffer *out, json_t *info) {
    buffer_append_text(out,
                       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    html_append_text(out, openapi_page_text(info, "title"));
    buffer_append_text(out, ": the API</title>\n<style>");
    buffer_append_text(out, style);
    buffer_append_text(out,
                       "</style>\n</head>\n<body>\n"
                       "<a class=\"skip\" href=\"#main\">To the operations</a>\n<header>\n<h1>");
    html_append_text(out, openapi_page_text(info, "title"));
    buffer_append_text(out, " <span class=\"quiet\">");
    html_append_text(out, openapi_page_text(info, "version"));
    buffer_append_text(out, "</span></h1>\n");
    print_paragraphs(out, openapi_page_text(info, "description"));
    buffer_append_text(out,
                       "<p>For programs: <a href=\"openapi.json\">/openapi.json</a>. "
                       "For language models: <a href=\"llms.txt\">/llms.txt</a>. "
                       "<a href=\"#problems\">Problems</a> and <a href=\"#schemas\">schemas</a> "
                       "stand at the end.</p>\n</header>\n");
}

static bool has_tag(const json_t *operation, const char *tag) {
    const char *own = json_string_value(json_array_get(json_object_get(operation, "tags"), 0));
    return own != NULL && strcmp(own, tag) == 0;
}

static void print_link(struct buffer *out, const char *path, const char *verb, json_t *operation) {
    if (json_object_get(operation, "x-form-of") != NULL)
        return;
    buffer_append_text(out, "<li><a href=\"#");
    html_append_text(out, openapi_page_text(operation, "operationId"));
    buffer_append_text(out, "\"><code>");
    openapi_page_verb(out, verb);
    html_append_text(out, path);
    buffer_append_text(out, "</code></a></li>\n");
}

typedef void print_operation(struct buffer *out, const char *path, const char *verb,
                             json_t *operation);

static void walk_tag(struct buffer *out, json_t *document, const char *tag,
                     print_operation *print) {
    const char *path, *verb;
    json_t *item, *operation;
    json_object_foreach(json_object_get(document, "paths"), path, item) {
        json_object_foreach(item, verb, operation) {
            if (has_tag(operation, tag))
                print(out, path, verb, operation);
        }
    }
}

static void print_contents(struct buffer *out, json_t *document) {
    size_t i;
    json_t *tag;
    buffer_append_text(out, "<nav aria-label=\"Operations\">\n");
    json_array_foreach(json_object_get(document, "tags"), i, tag) {
        const char *name = openapi_page_text(tag, "name");
        buffer_append_text(out, "<details><summary>");
        html_append_text(out, name);
        buffer_append_text(out, "</summary><ul>\n");
        walk_tag(out, document, name, print_link);
        buffer_append_text(out, "</ul></details>\n");
    }
    buffer_append_text(out, "</nav>\n");
}

static void print_schemas(struct buffer *out, json_t *document) {
    const char *name;
    json_t *schema;
    buffer_append_text(out, "<h2 id=\"schemas\">Schemas</h2>\n");
    json_object_foreach(json_object_get(json_object_get(document, "components"), "schemas"), name,
                        schema) {
        struct buffer text;
        buffer_init(&text);
        render_write(schema, true, &text);
        buffer_printf(out, "<details id=\"schema-%s\"><summary><code>%s</code> ", name, name);
        openapi_page_prose(out, openapi_page_text(schema, "description"));
        buffer_append_text(out, "</summary><pre tabindex=\"0\">");
        html_append(out, buffer_span(&text));
        buffer_append_text(out, "</pre></details>\n");
        out->failed = out->failed || text.failed;
        buffer_fini(&text);
    }
}

static void print_problems(struct buffer *out, json_t *document) {
    const char *name;
    json_t *response;
    buffer_append_text(out, "<h2 id=\"problems\">Problems</h2>\n<ul>\n");
    json_object_foreach(json_object_get(json_object_get(document, "components"), "responses"), name,
                        response) {
        bool is_any = strncmp(name, "Problem", 7) != 0;
        buffer_printf(out, "<li><strong>%s</strong> ", is_any ? "At any address" : name + 7);
        openapi_page_prose(out, openapi_page_text(response, "description"));
        buffer_append_text(out, "</li>\n");
    }
    buffer_append_text(out, "</ul>\n");
}

static void print_operations(struct buffer *out, json_t *document) {
    size_t i;
    json_t *tag;
    json_array_foreach(json_object_get(document, "tags"), i, tag) {
        const char *name = openapi_page_text(tag, "name"), *path, *verb;
        json_t *item, *operation;
        buffer_append_text(out, "<h2>");
        html_append_text(out, name);
        buffer_append_text(out, "</h2>\n<p>");
        openapi_page_prose(out, openapi_page_text(tag, "description"));
        buffer_append_text(out, "</p>\n");
        json_object_foreach(json_object_get(document, "paths"), path, item) {
            json_object_foreach(item, verb, operation) {
                if (has_tag(operation, name))
                    openapi_page_operation(out, document, path, verb, operation);
            }
        }
    }
}

/* Only the style that stands in the page may be used: its hash says which. */
static const char *make_policy(struct arena *arena) {
    enum { POLICY_BYTES = 200 };
    char hash[HASH_SHA256_BYTES], *policy = arena_alloc(arena, POLICY_BYTES);
    hash_sha256(span_of(style), hash);
    if (policy != NULL)
        snprintf(policy, POLICY_BYTES,
                 "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; "
                 "frame-ancestors 'none'",
                 hash);
    return policy;
}

static void make_page(struct request *request, struct buffer *out) {
    json_t *document = openapi_make(request->service->public_url);
    if (request->arena->has_failed)
        return;
    print_head(out, json_object_get(document, "info"));
    print_contents(out, document);
    buffer_append_text(out, "<main id=\"main\">\n");
    print_operations(out, document);
    print_problems(out, document);
    print_schemas(out, document);
    buffer_append_text(out, "</main>\n</body>\n</html>\n");
}

enum problem openapi_page_get(struct request *request, struct reply *reply) {
    const char *policy = make_policy(request->arena);
    if (policy == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    reply_field(reply, "Content-Security-Policy", policy);
    return openapi_kept_reply(request, reply, OPENAPI_KEPT_PAGE, make_page,
                              "text/html; charset=utf-8");
}
