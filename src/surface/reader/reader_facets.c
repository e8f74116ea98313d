/* reader_facets.c: what else could be chosen of a list, and what is. */
#include "surface/reader/reader_parts.h"

static const struct facet {
    const char *name, *parameter, *heading;
} facets[] = {
    {"section", "section", "Section"},
    {"tag", "tag", "Tag"},
    {"author", "author", "Author"},
    {"year", "date", "Year"},
};

static void print_value(struct reader *page, const struct facet *facet, const json_t *value) {
    struct buffer *out = page->out;
    bool is_chosen = reader_has(page->request, facet->parameter, reader_text(value, "slug"));
    buffer_append_text(out, "<li><a href=\"");
    html_append(out, is_chosen
                         ? reader_with(page->request, facet->parameter, (struct span){NULL, 0})
                         : reader_text(value, "url"));
    buffer_append_text(out, is_chosen ? "\" aria-current=\"true\"><bdi>" : "\"><bdi>");
    html_append(out, reader_text(value, "name"));
    buffer_printf(out, "</bdi></a> <span class=\"count\">%lld</span></li>\n",
                  (long long)reader_number(value, "count"));
}

static void print_facet(struct reader *page, const struct facet *facet, const json_t *json) {
    const json_t *values = json_object_get(json, "values");
    long long more = (long long)reader_number(json, "more");
    if (json_array_size(values) == 0)
        return;
    buffer_printf(page->out, "<h3>%s</h3>\n<ul class=\"facet\">\n", facet->heading);
    for (size_t i = 0; i < json_array_size(values); i++)
        print_value(page, facet, json_array_get(values, i));
    buffer_append_text(page->out, "</ul>\n");
    if (more > 0)
        buffer_printf(page->out, "<p class=\"more\">and %lld more</p>\n", more);
}

/* ---- what is chosen ---- */

static const enum param_id filters[] = {
    PARAM_TAG,        PARAM_TAG_NOT, PARAM_SECTION, PARAM_SECTION_NOT, PARAM_AUTHOR,
    PARAM_AUTHOR_NOT, PARAM_DATE,    PARAM_FROM,    PARAM_TO,          PARAM_CHANGED_SINCE,
};

static bool is_filter(struct span name) {
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        if (span_is(name, param_specs[filters[i]].name))
            return true;
    }
    return false;
}

/* Of a name that stands in the query more than once all of it goes with one link. */
static void print_chosen(struct reader *page, const struct target_pair *pair) {
    char name[32];
    struct buffer *out = page->out;
    size_t bytes = pair->name.bytes < sizeof name ? pair->name.bytes : sizeof name - 1;
    memcpy(name, pair->name.at, bytes);
    name[bytes] = '\0';
    buffer_append_text(out, "<li><a href=\"");
    html_append(out, reader_with(page->request, name, (struct span){NULL, 0}));
    buffer_append_text(out, "\"><span class=\"remove\">Without</span> ");
    html_append(out, pair->name);
    buffer_append_text(out, ": <bdi>");
    html_append(out, pair->value);
    buffer_append_text(out, "</bdi></a></li>\n");
}

static bool has_value(const json_t *all) {
    size_t count = 0;
    for (size_t i = 0; i < sizeof facets / sizeof facets[0]; i++)
        count += json_array_size(json_object_get(json_object_get(all, facets[i].name), "values"));
    return count > 0;
}

static bool is_chosen(const struct target *target) {
    for (size_t i = 0; i < target->pair_count; i++) {
        if (is_filter(target->pairs[i].name))
            return true;
    }
    return false;
}

static void print_all_chosen(struct reader *page) {
    const struct target *target = &page->request->target;
    size_t count = 0;
    for (size_t i = 0; i < target->pair_count; i++) {
        if (!is_filter(target->pairs[i].name))
            continue;
        buffer_append_text(page->out, count++ == 0 ? "<ul class=\"chosen\">\n" : "");
        print_chosen(page, &target->pairs[i]);
    }
    buffer_append_text(page->out, count > 0 ? "</ul>\n" : "");
}

void reader_facets(struct reader *page) {
    const json_t *all = json_object_get(json_object_get(page->json, "meta"), "facets");
    if (!has_value(all) && !is_chosen(&page->request->target))
        return;
    buffer_append_text(page->out, "<aside class=\"facets\" aria-labelledby=\"facets\">\n"
                                  "<h2 id=\"facets\">Narrow down</h2>\n");
    print_all_chosen(page);
    for (size_t i = 0; i < sizeof facets / sizeof facets[0]; i++)
        print_facet(page, &facets[i], json_object_get(all, facets[i].name));
    buffer_append_text(page->out, "</aside>\n");
}
