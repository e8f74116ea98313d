/* openapi_bodies.c: what requests carry, by handler, and what comes at which suffix. */
#include <stdio.h>
#include <string.h>

#include "engine/render.h"
#include "surface/handlers.h"
#include "surface/openapi/openapi_parts.h"

#define JSON "application/json"
#define TEXT "text/plain"
#define NDJSON "application/x-ndjson"
#define MERGE_PATCH "application/merge-patch+json"

/* ---- requests ---- */

enum { TYPES_MAX = 2 };

static const struct body {
    route_handler *handler;
    const char *schema; /* of JSON, and of a line of NDJSON */
    const char *types[TYPES_MAX];
    enum openapi_makes makes;
    bool may_lack;
} bodies[] = {
    {article_create, "ArticleInput", {JSON, TEXT}, OPENAPI_MAKES, false},
    {article_replace, "ArticleInput", {JSON, TEXT}, OPENAPI_MAY_MAKE, false},
    {article_patch, "ArticlePatch", {MERGE_PATCH, JSON}, OPENAPI_MAKES_NOTHING, false},
    {paragraph_create, "ParagraphInput", {JSON}, OPENAPI_MAKES, false},
    {paragraph_replace, "ParagraphPatch", {JSON, MERGE_PATCH}, OPENAPI_MAKES_NOTHING, false},
    {tag_attach, "TagInput", {JSON}, OPENAPI_MAKES_NOTHING, true},
    {tag_rename, "TagRename", {JSON, MERGE_PATCH}, OPENAPI_MAKES_NOTHING, false},
    {tag_merge, "TagMerge", {JSON}, OPENAPI_MAKES_NOTHING, false},
    {quote_list, "QuotesInput", {JSON}, OPENAPI_MAKES_NOTHING, false},
    {import_post, "ArticleInput", {NDJSON, TEXT}, OPENAPI_MAKES_NOTHING, false},
};

static const struct body *find_body(const struct route *route) {
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        if (bodies[i].handler == route->handler)
            return &bodies[i];
    }
    return NULL;
}

enum openapi_makes openapi_makes(const struct route *route) {
    const struct body *body = find_body(route);
    return body == NULL ? OPENAPI_MAKES_NOTHING : body->makes;
}

static json_t *text_schema(const char *description) {
    return json_pack("{s:{s:s, s:s}}", "schema", "type", "string", "description", description);
}

static json_t *lines_schema(const char *item) {
    json_t *media = text_schema("One JSON object a line.");
    render_set(media, "x-item-schema", openapi_ref("schemas", item));
    return media;
}

static json_t *media_of(const char *type, const char *schema) {
    if (strcmp(type, TEXT) == 0)
        return text_schema("Source text: title, byline, paragraphs between blank lines, tags.");
    if (strcmp(type, NDJSON) == 0)
        return lines_schema(schema);
    json_t *media = json_object();
    render_set(media, "schema", openapi_ref("schemas", schema));
    return media;
}

json_t *openapi_request_body(const struct route *route) {
    const struct body *body = find_body(route);
    if (body == NULL || route->body == ROUTE_BODY_NONE)
        return NULL;
    json_t *content = json_object();
    for (size_t i = 0; i < TYPES_MAX && body->types[i] != NULL; i++) {
        if (route->method == METHOD_PATCH || strcmp(body->types[i], MERGE_PATCH) != 0)
            json_object_set_new(content, body->types[i], media_of(body->types[i], body->schema));
    }
    return json_pack("{s:b, s:o*}", "required", !body->may_lack, "content", content);
}

/* ---- answers ---- */

/* Every suffix that a row may offer. */
static const struct {
    const char *suffix, *type, *description;
    bool is_text; /* written as a whole: members cannot be chosen */
} forms[] = {
    {"csv", "text/csv", "RFC 4180, with a line of names.", false},
    {"txt", "text/plain", "Text; of one article its source text, which can be imported again.",
     true},
    {"md", "text/markdown", "Markdown.", true},
    {"html", "text/html", "A page for people.", true},
    {"atom", "application/atom+xml", "A feed (RFC 4287).", true},
    {"rss", "application/rss+xml", "A feed (RSS 2.0).", true},
    {"feed.json", "application/feed+json", "A feed (JSON Feed 1.1).", true},
    {"jsonld", "application/ld+json", "A schema.org NewsArticle.", true},
    {"css", "text/css", "A style.", true},
    {"js", "text/javascript", "A script.", true},
    {"svg", "image/svg+xml", "A picture.", true},
};

/* What rows answer that is no JSON, by route->answer. */
static const struct {
    const char *answer, *type, *description;
} files[] = {
    {"export", NDJSON, "One article a line, as an import takes it."},
    {"snapshot", "application/vnd.sqlite3", "A database of SQLite."},
    {"page", "text/html", "A page for people."},
    {"front", "text/html", "A page for people."},
    {"asset", "application/octet-stream", "Nothing: each of them has a suffix."},
    {"markdown", "text/markdown", "Markdown."},
    {"metrics", "application/openmetrics-text", "OpenMetrics 1.0."},
};

enum { FORMS_COUNT = sizeof forms / sizeof forms[0] };

bool openapi_is_text(const char *suffix) {
    for (size_t i = 0; i < FORMS_COUNT; i++) {
        if (strcmp(forms[i].suffix, suffix) == 0)
            return forms[i].is_text;
    }
    return false;
}

/* A line is what the JSON of the row has in "data". */
static json_t *lines_of_list(const char *answer) {
    char item[OPENAPI_NAME_BYTES];
    const char *schema = openapi_schema_of(answer);
    if (schema == NULL)
        return NULL;
    snprintf(item, sizeof item, "%.60s/properties/data/items", schema);
    return json_pack("{s:o*}", NDJSON, lines_schema(item));
}

static json_t *content_of_form(const char *answer, const char *suffix) {
    if (strcmp(suffix, "ndjson") == 0)
        return lines_of_list(answer);
    for (size_t i = 0; i < FORMS_COUNT; i++) {
        if (strcmp(forms[i].suffix, suffix) == 0)
            return json_pack("{s:o*}", forms[i].type, text_schema(forms[i].description));
    }
    return NULL;
}

json_t *openapi_content(const struct route *route, const char *suffix) {
    const char *answer = route->answer;
    if (suffix[0] != '\0')
        return content_of_form(answer, suffix);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (strcmp(files[i].answer, answer) == 0)
            return json_pack("{s:o*}", files[i].type, text_schema(files[i].description));
    }
    if (strcmp(answer, "import") == 0)
        return json_pack("{s:o*}", NDJSON, lines_schema("ImportLine"));
    if (strcmp(answer, "linkset") == 0)
        return json_pack("{s:o*}", "application/linkset+json", media_of(JSON, "Linkset"));
    const char *schema = openapi_schema_of(answer);
    json_t *content = schema == NULL ? NULL : json_pack("{s:o*}", JSON, media_of(JSON, schema));
    if (content != NULL && params_is_listed(route->taken, PARAM_FORMAT))
        json_object_set_new(content, "application/ld+json",
                            text_schema("With `format=jsonld`: a schema.org NewsArticle."));
    return content;
}
