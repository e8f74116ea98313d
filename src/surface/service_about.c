/* service_about.c: where programs find what there is: the catalogue of APIs and a text for language
 * models. Both follow from the route table. */
#include "engine/render.h"
#include "surface/handlers.h"
#include "surface/routes.h"

/* ---- /.well-known/api-catalog (RFC 9727) ---- */

/* References are resolved against the address of the catalogue (RFC 9264): so they hold behind a
 * proxy that adds a path. */

enum problem service_catalog(struct request *request, struct reply *reply) {
    json_t *catalog = json_pack(
        "{s:[{s:s, s:[{s:s, s:s}], s:[{s:s, s:s}, {s:s, s:s}], s:[{s:s, s:s}]}]}", "linkset",
        "anchor", "../v1", "service-desc", "href", "../openapi.json", "type", "application/json",
        "service-doc", "href", "../docs.html", "type", "text/html", "href", "../llms.txt", "type",
        "text/markdown", "status", "href", "../readyz", "type", "application/json");
    if (catalog == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    render_write(catalog, request->params.values[PARAM_PRETTY].number != 0, &reply->body);
    reply_field(reply, "Link", "</.well-known/api-catalog>; rel=\"api-catalog\"");
    return reply_text(
        reply, "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"");
}

/* ---- /llms.txt ---- */

static const char opening[] =
    "# Pilcrow\n\n"
    "> Articles as a JSON API over HTTP. Every paragraph has an id that stays the same when the "
    "text around it, or its own text, is edited.\n\n"
    "- A list is `{\"data\": [...], \"links\": {...}, \"meta\": {...}}`; follow `links.next` for "
    "the next page. A single thing is the bare object.\n"
    "- A path segment of digits alone is an id, anything else a slug.\n"
    "- An unknown or malformed parameter is a 400 whose `errors` name the allowed ones. Errors are "
    "`application/problem+json`.\n"
    "- `fields=id,title` and `limit=5` keep answers short; `.txt` and `.md` behind an article's "
    "address give its text alone.\n"
    "- A query too long for a URL is sent as a form in the body: `QUERY`, or `POST` where that "
    "makes "
    "nothing.\n"
    "- To cite, use the `url` of the paragraph, `/v1/paragraphs/{paragraph}`; with `.html` behind "
    "it, it is a link for people.\n"
    "- Reads are open unless the operator closed them; writes need `Authorization: Bearer` and "
    "`If-Match`.\n\n"
    "## Examples\n\n"
    "- `GET /v1/articles?sort=-published&limit=5&fields=id,title,published`: what is new\n"
    "- `GET /v1/search?q=ferry&limit=3`: where the word stands, with paragraphs as evidence\n"
    "- `GET /v1/articles/1.md`: one article as Markdown\n"
    "- `GET /v1/paragraphs/7?context=2`: a paragraph and those beside it\n\n"
    "## Addresses\n\n";

static const char closing[] =
    "\n## Descriptions\n\n"
    "- [OpenAPI](/openapi.json): every parameter, answer and problem, for programs\n"
    "- [Documentation](/docs.html): the same for people\n"
    "- [Problems](/problems/not_found): a page for each code\n";

static void print_route(const struct route *route, struct buffer *out) {
    buffer_printf(out, "- `%s %s", router_method_name(route->method), route->pattern);
    for (size_t i = 0; route->formats[i] != NULL; i++)
        buffer_printf(out, "%s.%s", i == 0 ? "`, also `" : "` `", route->formats[i]);
    buffer_printf(out, "`: %s\n", route->summary);
}

enum problem service_llms(struct request *request, struct reply *reply) {
    (void)request;
    buffer_append_text(&reply->body, opening);
    for (size_t i = 0; i < routes_count; i++)
        print_route(&routes[i], &reply->body);
    buffer_append_text(&reply->body, closing);
    return reply_text(reply, "text/markdown; charset=utf-8");
}
