/* article_forms.c: an article as text, and where its forms are. */
#include "surface/articles/article_forms.h"

#include "domain/articles/article_markdown.h"
#include "domain/articles/article_text.h"
#include "domain/articles/article_version.h"
#include "surface/articles/article_jsonld.h"
#include "surface/representation.h"

/* The plain address is the first. */
static const struct form {
    const char *suffix;
    bool is_text;
} forms[] = {
    {"", false}, {"html", false}, {"txt", true}, {"md", true}, {"jsonld", false},
};

enum { FORM_COUNT = sizeof forms / sizeof *forms };

static size_t form_of(const struct request *request) {
    if (article_jsonld_is_asked(request))
        return FORM_COUNT - 1;
    for (size_t i = 1; i < FORM_COUNT; i++) {
        if (span_is(request->target.suffix, forms[i].suffix))
            return i;
    }
    return 0;
}

static bool is_offered(const struct request *request, size_t form) {
    for (size_t i = 0; request->match.route->formats[i] != NULL; i++) {
        if (strcmp(request->match.route->formats[i], forms[form].suffix) == 0)
            return true;
    }
    return form == 0;
}

/* `format` at an address that says another one by its suffix. */
static enum problem check_format(struct request *request) {
    struct span suffix = request->target.suffix;
    if (!request->params.values[PARAM_FORMAT].is_given || suffix.bytes == 0 ||
        span_is(suffix, "json") || span_is(suffix, "jsonld"))
        return PROBLEM_NONE;
    fault_set(&request->fault, "the address says .%.*s and format something else; give one",
              (int)suffix.bytes, suffix.at);
    memcpy(request->fault.name, "format", sizeof "format");
    return PROBLEM_BAD_PARAMETER;
}

enum problem article_forms_check(struct request *request, enum param_id fields_id, bool *is_text) {
    const struct param_value *values = request->params.values;
    bool has_fields = values[fields_id].is_given;
    size_t form = form_of(request);
    enum problem problem = check_format(request);
    *is_text = forms[form].is_text;
    if (problem != PROBLEM_NONE || form == 0 ||
        (!has_fields && !values[PARAM_ARTICLE_INCLUDE].is_given))
        return problem;
    const char *name = has_fields ? "fields" : "include";
    fault_set(&request->fault, "%s chooses members of JSON; leave it out, or do not ask for %s",
              name, forms[form].suffix);
    memcpy(request->fault.name, name, strlen(name) + 1);
    return PROBLEM_BAD_PARAMETER;
}

void article_forms_link(struct request *request, struct reply *reply, struct span address,
                        const struct address_link *more, size_t more_count) {
    struct address_link links[ARTICLE_FORMS_LINKS_MAX];
    size_t count = 0, own = form_of(request);
    for (size_t i = 0; i < FORM_COUNT; i++) {
        if (i != own && is_offered(request, i))
            links[count++] =
                (struct address_link){address_of_form(request->arena, address, forms[i].suffix),
                                      "alternate", representation_type(span_of(forms[i].suffix))};
    }
    for (size_t i = 0; i < more_count && count < ARTICLE_FORMS_LINKS_MAX; i++)
        links[count++] = more[i];
    reply_field(reply, "Link", address_link_field(request->arena, links, count));
}

enum problem article_forms_reply(struct request *request, struct reply *reply, int64_t article_id,
                                 int64_t version) {
    struct article_version found;
    enum problem problem =
        article_version_load(request->store, article_id, version, request->arena, &found);
    if (problem != PROBLEM_NONE)
        return problem;
    if (span_is(request->target.suffix, "md")) {
        article_markdown_print(&found.article, &reply->body);
        return reply_text(reply, "text/markdown; charset=utf-8");
    }
    article_text_print(&found.article, &reply->body);
    return reply_text(reply, "text/plain; charset=utf-8");
}
