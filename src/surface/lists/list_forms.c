/* list_forms.c: see list_forms.h. */
#include "surface/lists/list_forms.h"

#include "surface/address.h"
#include "surface/feeds/feed.h"
#include "surface/lists/list_page.h"
#include "surface/representation.h"

enum {
    LINKS_MAX = ROUTE_FORMATS_MAX + 3,
    LINKED_QUERY_BYTES_MAX = 200, /* proxies have little room for the head of an answer */
};

/* What only JSON has a place for. */
static const char *const of_json[] = {"fields",    "include", "count",  "facets",
                                      "highlight", "explain", "format", "pretty"};

static bool is_of_json(struct span name) {
    for (size_t i = 0; i < sizeof of_json / sizeof of_json[0]; i++) {
        if (span_is(name, of_json[i]))
            return true;
    }
    return false;
}

bool list_forms_is_of_json(enum param_id id) {
    return is_of_json(span_of(param_specs[id].name));
}

bool list_forms_is_json(const struct request *request) {
    return request->target.suffix.bytes == 0 || span_is(request->target.suffix, "json");
}

enum problem list_forms_check(struct request *request) {
    for (const enum param_id *id = request->match.route->taken; *id != PARAM_ID_COUNT; id++) {
        const char *name = param_specs[*id].name;
        if (!request->params.values[*id].is_given || !is_of_json(span_of(name)))
            continue;
        fault_set(&request->fault, "%s chooses what JSON holds; leave it out, or ask without .%.*s",
                  name, (int)request->target.suffix.bytes, request->target.suffix.at);
        memcpy(request->fault.name, name, strlen(name) + 1);
        return PROBLEM_BAD_PARAMETER;
    }
    return PROBLEM_NONE;
}

static bool is_table(const char *suffix) {
    return strcmp(suffix, "csv") == 0 || strcmp(suffix, "ndjson") == 0;
}

static bool is_of_page(struct span name) {
    return span_is(name, "cursor") || span_is(name, "page");
}

static bool is_of_nothing(struct span name) {
    (void)name;
    return false;
}

/* All but what `is_left_out` says. */
static void append_query(const struct request *request, bool (*is_left_out)(struct span name),
                         struct buffer *out) {
    char between = '?';
    for (size_t i = 0; i < request->target.pair_count; i++) {
        const struct target_pair *pair = &request->target.pairs[i];
        if (is_left_out(pair->name))
            continue;
        buffer_append_char(out, between);
        target_encode(pair->name, "", out);
        if (pair->has_value) {
            buffer_append_char(out, '=');
            target_encode(pair->value, ",:", out);
        }
        between = '&';
    }
}

struct span list_forms_first(const struct request *request) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_span(&text, request->target.raw_path);
    append_query(request, is_of_page, &text);
    return arena_take_buffer(request->arena, &text);
}

struct span list_forms_address(const struct request *request, const char *suffix) {
    struct span path = request->target.raw_path;
    const char *dot = memrchr(path.at, '/', path.bytes);
    dot = dot == NULL ? NULL : memchr(dot, '.', (size_t)(path.at + path.bytes - dot));
    if (dot != NULL)
        path.bytes = (size_t)(dot - path.at);
    struct buffer text;
    buffer_init(&text);
    buffer_append_span(&text, path);
    if (suffix[0] != '\0')
        buffer_append_char(&text, '.');
    buffer_append_text(&text, suffix);
    append_query(request, suffix[0] == '\0' || is_table(suffix) ? is_of_nothing : is_of_json,
                 &text);
    return arena_take_buffer(request->arena, &text);
}

bool list_forms_is_read(const struct request *request) {
    return feed_is_asked(request) || list_page_is_asked(request);
}

bool list_forms_has_page(const struct request *request) {
    const char *const *format = request->match.route->formats;
    while (*format != NULL && strcmp(*format, FEED_PAGE_SUFFIX) != 0)
        format++;
    return *format != NULL;
}

/* People find the other forms from a page, programs from JSON. */
static bool has_links(const struct request *request) {
    return request->page != NULL || list_forms_is_json(request);
}

void list_forms_link(struct request *request, struct reply *reply, struct span next,
                     struct span prev) {
    const struct route *route = request->match.route;
    struct address_link links[LINKS_MAX] = {{next, "next", NULL}, {prev, "prev", NULL}};
    size_t count = 2;
    size_t query_bytes = request->target.raw_query.bytes + request->body.bytes;
    bool is_linked = has_links(request) && query_bytes <= LINKED_QUERY_BYTES_MAX;
    for (size_t i = 0; is_linked && route->formats[i] != NULL; i++) {
        if (!span_is(request->target.suffix, route->formats[i]))
            links[count++] =
                (struct address_link){list_forms_address(request, route->formats[i]), "alternate",
                                      representation_type(span_of(route->formats[i]))};
    }
    reply_field(reply, "Link", address_link_field(request->arena, links, count));
}
