/* feed.c: what the forms of feeds have in common; see feed.h. */
#include "surface/feeds/feed.h"

#include <inttypes.h>
#include <stdio.h>

#include "ground/date.h"
#include "surface/absolute.h"
#include "surface/address.h"
#include "surface/feeds/feed_entry.h"
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

enum { LIST_BIT = 57, KIND_BIT = 54 };

/* 122 bits are free in a UUID of version 8: 64 of the store's origin and 58 of what is named. */
static void print_id(const struct request *request, uint64_t low, char out[FEED_ID_BYTES]) {
    uint64_t origin = (uint64_t)store_origin(request->store);
    unsigned middle = 0x8000u | (unsigned)(origin & 0xFFF);
    uint64_t first = origin >> 12; /* 52 bits: 48 and the 4 in front of the variant */
    snprintf(out, FEED_ID_BYTES, "urn:uuid:%08" PRIx64 "-%04" PRIx64 "-%04x-%04x-%012" PRIx64,
             first >> 20 & 0xFFFFFFFF, first >> 4 & 0xFFFF, middle,
             0x8000u | (unsigned)(first & 0xF) << 10 | (unsigned)(low >> 48), low & 0xFFFFFFFFFFFF);
}

/* The first bit says that it is no list, 3 of what kind it is, 54 are the number. */
void feed_id_print(const struct request *request, enum feed_id_kind kind, uint64_t number,
                   char out[FEED_ID_BYTES]) {
    uint64_t room = ((uint64_t)1 << KIND_BIT) - 1;
    print_id(request, (uint64_t)kind << KIND_BIT | (number & room), out);
}

void feed_id_of_list(const struct feed *feed, char out[FEED_ID_BYTES]) {
    uint64_t bit = (uint64_t)1 << LIST_BIT;
    print_id(feed->request, bit | (feed->hash & (bit - 1)), out);
}

/* ---- items ---- */

struct span feed_text(const json_t *object, const char *member) {
    const json_t *value = json_object_get(object, member);
    return (struct span){json_string_value(value), json_string_length(value)};
}

struct span feed_author_page(struct arena *arena, const json_t *author) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_span(&text, address_by_text(arena, "/v1/authors/", feed_text(author, "slug")));
    buffer_append_text(&text, "/articles." FEED_PAGE_SUFFIX);
    return arena_take_buffer(arena, &text);
}

/* ---- the whole ---- */

static int64_t newest_update(const json_t *items) {
    int64_t newest = 0, updated_s = 0;
    for (size_t i = 0; i < json_array_size(items); i++) {
        struct span updated = feed_entry_updated(json_array_get(items, i));
        if (updated.bytes > 0 && instant_parse(updated, &updated_s) && updated_s > newest)
            newest = updated_s;
    }
    return newest;
}

struct span feed_home(const struct feed *feed) {
    return feed->page.at != NULL ? feed->page : feed->json;
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
    if (request->arena->has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    return reply_text(reply, form->type);
}
