/* article_jsonld.c: see article_jsonld.h. What is not known is left out: schema.org has no null. */
#include "surface/articles/article_jsonld.h"

#include "engine/render.h"
#include "surface/absolute.h"
#include "surface/address.h"
#include "surface/feeds/feed.h"

bool article_jsonld_is_asked(const struct request *request) {
    const struct param_value *format = &request->params.values[PARAM_FORMAT];
    return span_is(request->target.suffix, "jsonld") ||
           (format->is_given && format->number == PARAM_FORMAT_JSONLD);
}

/* A thing of schema.org with a name. */
static json_t *named(const char *type, struct span name) {
    json_t *json = json_object();
    render_set(json, "@type", render_text(span_of(type)));
    return render_set(json, "name", render_text(name)) ? json : NULL;
}

static json_t *absolute(struct arena *arena, struct span base, struct span address) {
    struct span whole = absolute_join(arena, base, address);
    return whole.at == NULL ? NULL : render_text(whole);
}

static json_t *authors_of(struct arena *arena, struct span base, const json_t *article) {
    const json_t *authors = json_object_get(article, "authors");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(authors); i++) {
        const json_t *author = json_array_get(authors, i);
        json_t *json = named("Person", feed_text(author, "name"));
        render_set(json, "url", absolute(arena, base, feed_author_page(arena, author)));
        if (json_array_append_new(list, json) != 0)
            return NULL;
    }
    return list;
}

static json_t *names_of(const json_t *things) {
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(things); i++)
        json_array_append_new(list, render_text(feed_text(json_array_get(things, i), "name")));
    return list;
}

/* Paragraphs with an empty line between. */
static json_t *body_of(const json_t *article) {
    const json_t *paragraphs = json_object_get(article, "paragraphs");
    struct buffer text;
    buffer_init(&text);
    for (size_t i = 0; i < json_array_size(paragraphs); i++) {
        buffer_append_text(&text, i > 0 ? "\n\n" : "");
        buffer_append_span(&text, feed_text(json_array_get(paragraphs, i), "text"));
    }
    json_t *body = text.failed ? NULL : render_text(buffer_span(&text));
    buffer_fini(&text);
    return body;
}

/* Only what holds something. */
static void set_list(json_t *json, const char *name, json_t *list) {
    if (json_array_size(list) > 0)
        render_set(json, name, list);
}

static json_t *shape(struct request *request, struct span base, const json_t *article) {
    const json_t *section = json_object_get(article, "section");
    int64_t id = json_integer_value(json_object_get(article, "id"));
    char name[FEED_ID_BYTES];
    feed_id_print(request, FEED_ID_ARTICLE, (uint64_t)id, name);
    struct span url = feed_text(article, "url"), published = feed_text(article, "published");
    json_t *json = json_object();
    render_set(json, "@context", render_text(SPAN_LITERAL("https://schema.org")));
    render_set(json, "@type", render_text(SPAN_LITERAL("NewsArticle")));
    render_set(json, "@id", absolute(request->arena, base, url));
    struct span page = address_of_form(request->arena, url, FEED_PAGE_SUFFIX);
    render_set(json, "url", absolute(request->arena, base, page));
    render_set(json, "identifier", render_text(span_of(name)));
    render_set(json, "headline", render_text(feed_text(article, "title")));
    set_list(json, "author", authors_of(request->arena, base, article));
    render_set(json, "publisher", named("Organization", request->service->title));
    if (published.bytes > 0)
        render_set(json, "datePublished", render_text(published));
    render_set(json, "dateModified", render_text(feed_text(article, "updated_at")));
    set_list(json, "articleSection", names_of(json_object_get(section, "path")));
    set_list(json, "keywords", names_of(json_object_get(article, "tags")));
    render_set(json, "abstract", render_text(feed_text(article, "lead")));
    render_set(json, "wordCount", json_object_get(article, "word_count"));
    render_set(json, "version", json_object_get(article, "version"));
    bool is_whole = render_set(json, "articleBody", body_of(article));
    return is_whole && !request->arena->has_failed ? json : NULL;
}

enum problem article_jsonld_reply(struct request *request, struct reply *reply, json_t *article,
                                  enum param_id fields_id) {
    struct span base;
    if (!article_jsonld_is_asked(request))
        return reply_json(request, reply, article, fields_id);
    enum problem problem = absolute_base(request, &base);
    json_t *json = problem == PROBLEM_NONE ? shape(request, base, article) : NULL;
    if (problem == PROBLEM_NONE && json == NULL)
        problem = PROBLEM_OUT_OF_MEMORY;
    if (problem != PROBLEM_NONE)
        return problem;
    render_write(json, request->params.values[PARAM_PRETTY].number != 0, &reply->body);
    return reply_text(reply, "application/ld+json");
}
