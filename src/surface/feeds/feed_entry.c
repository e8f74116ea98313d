/* feed_entry.c: see feed_entry.h. */
#include "surface/feeds/feed_entry.h"

#include <stdio.h>

#include "ground/date.h"
#include "ground/markup.h"
#include "surface/address.h"

struct kind {
    const char *mark; /* a member that no kind after it has */
    enum feed_id_kind id_kind;
    const char *number;  /* the member that its id is made of */
    const char *updated; /* the member that says when it was changed last */
    void (*read)(struct arena *arena, struct feed_entry *entry);
    void (*append_html)(const json_t *item, struct buffer *out);
};

/* ---- members ---- */

static struct span page_of(struct arena *arena, const json_t *item, const char *member) {
    return address_of_form(arena, feed_text(item, member), FEED_PAGE_SUFFIX);
}

/* "The Ferry, version 2" */
static struct span numbered(struct arena *arena, struct span title, const char *what,
                            const json_t *number) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_span(&text, title);
    buffer_append_text(&text, what);
    buffer_append_int(&text, json_integer_value(number));
    return arena_take_buffer(arena, &text);
}

static void append_words(struct buffer *out, const json_t *words) {
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        buffer_append_text(out, i > 0 ? ", " : "");
        buffer_append(out, json_string_value(word), json_string_length(word));
    }
}

/* The beginning of the day of publication. */
static void read_day(const json_t *article, struct feed_entry *entry) {
    char instant[INSTANT_BYTES];
    struct span date = feed_text(article, "published");
    if (date.bytes != DATE_BYTES - 1)
        return;
    snprintf(instant, sizeof instant, "%.*sT00:00:00Z", (int)date.bytes, date.at);
    entry->has_published = instant_parse(span_of(instant), &entry->published_s);
}

/* Of what is never changed once it is there. */
static void read_updated_as_published(struct feed_entry *entry) {
    entry->has_published = instant_parse(entry->updated, &entry->published_s);
}

static void append_paragraph(struct buffer *out, const json_t *paragraph) {
    buffer_append_text(out, "<p id=\"p");
    buffer_append_int(out, json_integer_value(json_object_get(paragraph, "id")));
    buffer_append_text(out, "\">");
    markup_append_html(out, feed_text(paragraph, "text"));
    buffer_append_text(out, "</p>");
}

/* ---- articles and their versions ---- */

static void read_article(struct arena *arena, struct feed_entry *entry) {
    entry->title = feed_text(entry->item, "title");
    entry->page = page_of(arena, entry->item, "url");
    entry->summary = feed_text(entry->item, "lead");
    entry->about = entry->item;
    read_day(entry->item, entry);
}

static void append_article(const json_t *item, struct buffer *out) {
    const json_t *paragraphs = json_object_get(item, "paragraphs");
    for (size_t i = 0; i < json_array_size(paragraphs); i++) {
        buffer_append_text(out, i > 0 ? "\n" : "");
        append_paragraph(out, json_array_get(paragraphs, i));
    }
}

/* What is new in it is what it is in short. */
static struct span changed_of(struct arena *arena, const json_t *item) {
    const json_t *changed = json_object_get(item, "changed");
    struct buffer text;
    if (json_array_size(changed) == 0)
        return (struct span){NULL, 0};
    buffer_init(&text);
    buffer_append_text(&text, "changed: ");
    append_words(&text, changed);
    return arena_take_buffer(arena, &text);
}

static void read_revision(struct arena *arena, struct feed_entry *entry) {
    const json_t *item = entry->item;
    entry->title =
        numbered(arena, feed_text(item, "title"), ", version ", json_object_get(item, "version"));
    entry->page = page_of(arena, item, "url");
    entry->summary = changed_of(arena, item);
    entry->about = item;
    read_updated_as_published(entry);
}

/* ---- paragraphs ---- */

static void read_paragraph(struct arena *arena, struct feed_entry *entry) {
    const json_t *item = entry->item, *article = json_object_get(item, "article");
    entry->title =
        numbered(arena, feed_text(article, "title"), ", paragraph ", json_object_get(item, "n"));
    entry->page = page_of(arena, item, "url"); /* sends to where it stands */
    entry->about = article;
    read_day(article, entry);
}

static void append_one_paragraph(const json_t *item, struct buffer *out) {
    append_paragraph(out, item);
}

/* ---- authors, sections, tags ---- */

static void read_term(struct arena *arena, struct feed_entry *entry) {
    entry->title = feed_text(entry->item, "name");
    entry->page = page_of(arena, entry->item, "articles");
}

/* <p>WORLD / Asia</p> <p>articles: 12</p> */
static void append_term(const json_t *item, struct buffer *out) {
    const json_t *path = json_object_get(item, "path");
    for (size_t i = 0; i < json_array_size(path); i++) {
        buffer_append_text(out, i == 0 ? "<p>" : " / ");
        markup_append_html(out, feed_text(json_array_get(path, i), "name"));
    }
    buffer_append_text(out, json_array_size(path) > 0 ? "</p>\n" : "");
    buffer_append_text(out, "<p>articles: ");
    buffer_append_int(out, json_integer_value(json_object_get(item, "count")));
    buffer_append_text(out, "</p>");
}

/* ---- changes ---- */

static void read_change(struct arena *arena, struct feed_entry *entry) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_span(&text, feed_text(entry->item, "op"));
    buffer_append_text(&text, ": ");
    buffer_append_span(&text, feed_text(entry->item, "title"));
    entry->title = arena_take_buffer(arena, &text);
    entry->page = feed_text(entry->item, "page");
    read_updated_as_published(entry);
}

/* <p>article 7, version 2; changed: title, tags</p> */
static void append_change(const json_t *item, struct buffer *out) {
    const json_t *version = json_object_get(item, "version");
    const json_t *changed = json_object_get(item, "changed");
    buffer_append_text(out, "<p>");
    markup_append_html(out, feed_text(item, "type"));
    buffer_append_char(out, ' ');
    buffer_append_int(out, json_integer_value(json_object_get(item, "id")));
    if (json_is_integer(version)) {
        buffer_append_text(out, ", version ");
        buffer_append_int(out, json_integer_value(version));
    }
    buffer_append_text(out, json_array_size(changed) > 0 ? "; changed: " : "");
    append_words(out, changed); /* our own names of fields, and numbers */
    buffer_append_text(out, "</p>");
}

/* ---- the kinds ---- */

static const struct kind kinds[] = {
    {"op", FEED_ID_CHANGE, "seq", "at", read_change, append_change},
    {"changed", FEED_ID_REVISION, "seq", "updated_at", read_revision, append_article},
    {"lead", FEED_ID_ARTICLE, "id", "updated_at", read_article, append_article},
    {"text", FEED_ID_PARAGRAPH, "id", "updated_at", read_paragraph, append_one_paragraph},
    {"articles", FEED_ID_TERM, "id", "updated_at", read_term, append_term},
};

static const struct kind *kind_of(const json_t *item) {
    size_t i = 0;
    while (i + 1 < sizeof kinds / sizeof kinds[0] && json_object_get(item, kinds[i].mark) == NULL)
        i++;
    return &kinds[i];
}

struct span feed_entry_updated(const json_t *item) {
    return feed_text(item, kind_of(item)->updated);
}

void feed_entry_append_html(const struct feed_entry *entry, struct buffer *out) {
    kind_of(entry->item)->append_html(entry->item, out);
}

void feed_entry_read(const struct feed *feed, const json_t *item, struct feed_entry *entry) {
    const struct kind *kind = kind_of(item);
    *entry = (struct feed_entry){
        .item = item, .json = feed_text(item, "url"), .updated = feed_text(item, kind->updated)};
    feed_id_print(feed->request, kind->id_kind,
                  (uint64_t)json_integer_value(json_object_get(item, kind->number)), entry->id);
    kind->read(feed->request->arena, entry);
}
