/* feed.c: what the forms of feeds have in common; see feed.h. */
#include "surface/feeds/feed.h"

#include <inttypes.h>
#include <stdio.h>

#include "ground/date.h"
#include "ground/markup.h"
#include "surface/absolute.h"
#include "surface/address.h"
#include "surface/lists/list_title.h"

static const struct form {
    const char *suffix;
    const char *type;
    void (*print)(const struct feed *feed, struct buffer *out);
} forms[] = {
    {"atom", "application/atom+xml; charset=utf-8", feed_print_atom},
    {"rss", "application/rss+xml; charset=utf-8", feed_print_rss},
    {"feed.json", "application/feed+json", feed_print_json},
};

static const struct form *form_of(const struct request *request) {
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (span_is(request->target.suffix, forms[i].suffix))
            return &forms[i];
    }
    return NULL;
}

bool feed_is_asked(const struct request *request) {
    return form_of(request) != NULL;
}

/* ---- ids ---- */

/* 122 bits are free in a UUID of version 8: 64 of the store's origin, 1 that says whether it is a
 * list, 57 of the number. */
static void print_id(const struct request *request, bool is_list, uint64_t number,
                     char out[FEED_ID_BYTES]) {
    uint64_t origin = (uint64_t)store_origin(request->store);
    uint64_t low = (number & (UINT64_MAX >> 7)) | (uint64_t)is_list << 57;
    unsigned middle = 0x8000u | (unsigned)(origin & 0xFFF);
    uint64_t first = origin >> 12; /* 52 bits: 48 and the 4 in front of the variant */
    snprintf(out, FEED_ID_BYTES, "urn:uuid:%08" PRIx64 "-%04" PRIx64 "-%04x-%04x-%012" PRIx64,
             first >> 20 & 0xFFFFFFFF, first >> 4 & 0xFFFF, middle,
             0x8000u | (unsigned)(first & 0xF) << 10 | (unsigned)(low >> 48), low & 0xFFFFFFFFFFFF);
}

void feed_id_of_article(const struct request *request, int64_t id, char out[FEED_ID_BYTES]) {
    print_id(request, false, (uint64_t)id, out);
}

void feed_id_of_list(const struct feed *feed, char out[FEED_ID_BYTES]) {
    print_id(feed->request, true, feed->hash, out);
}

void feed_id_of_item(const struct feed *feed, const json_t *item, char out[FEED_ID_BYTES]) {
    feed_id_of_article(feed->request, json_integer_value(json_object_get(item, "id")), out);
}

/* ---- items ---- */

struct span feed_text(const json_t *object, const char *member) {
    const json_t *value = json_object_get(object, member);
    return (struct span){json_string_value(value), json_string_length(value)};
}

bool feed_published(const json_t *item, int64_t *unix_s) {
    char instant[INSTANT_BYTES];
    struct span date = feed_text(item, "published");
    if (date.bytes != DATE_BYTES - 1)
        return false;
    snprintf(instant, sizeof instant, "%.*sT00:00:00Z", (int)date.bytes, date.at);
    return instant_parse(span_of(instant), unix_s);
}

struct span feed_page(const struct feed *feed, const json_t *item) {
    int64_t id = json_integer_value(json_object_get(item, "id"));
    return address_by_id(feed->request->arena, "/v1/articles/", id, "." FEED_PAGE_SUFFIX);
}

struct span feed_author_page(struct arena *arena, const json_t *author) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_span(&text, address_by_text(arena, "/v1/authors/", feed_text(author, "slug")));
    buffer_append_text(&text, "/articles." FEED_PAGE_SUFFIX);
    return arena_take_buffer(arena, &text);
}

void feed_append_html(const json_t *item, struct buffer *out) {
    const json_t *paragraphs = json_object_get(item, "paragraphs");
    for (size_t i = 0; i < json_array_size(paragraphs); i++) {
        const json_t *paragraph = json_array_get(paragraphs, i);
        buffer_append_text(out, i > 0 ? "\n<p id=\"p" : "<p id=\"p");
        buffer_append_int(out, json_integer_value(json_object_get(paragraph, "id")));
        buffer_append_text(out, "\">");
        markup_append_html(out, feed_text(paragraph, "text"));
        buffer_append_text(out, "</p>");
    }
}

/* ---- the whole ---- */

static int64_t newest_update(const json_t *items) {
    int64_t newest = 0, updated_s = 0;
    for (size_t i = 0; i < json_array_size(items); i++) {
        struct span updated = feed_text(json_array_get(items, i), "updated_at");
        if (updated.bytes > 0 && instant_parse(updated, &updated_s) && updated_s > newest)
            newest = updated_s;
    }
    return newest;
}

enum problem feed_reply(struct feed *feed, struct reply *reply) {
    struct request *request = feed->request;
    enum problem problem = absolute_base(request, &feed->base);
    if (problem == PROBLEM_NONE)
        problem = list_title(request, &feed->title);
    if (problem != PROBLEM_NONE)
        return problem;
    if (feed->items == NULL || feed->self.at == NULL || request->arena->has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    feed->updated_s = newest_update(feed->items);
    const struct form *form = form_of(request);
    form->print(feed, &reply->body);
    return reply_text(reply, form->type);
}
