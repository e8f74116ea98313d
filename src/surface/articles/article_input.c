/* article_input.c: the article of a JSON body. */
#include "surface/articles/article_input.h"

#include <stdio.h>
#include <stdlib.h>

#include "domain/articles/article_text.h"
#include "ground/utf8.h"
#include "surface/articles/article_json_fields.h"
#include "surface/writing/json_merge.h"

/* ---- what the server decides ---- */

static void say_decided(struct write *write, const char *pointer, bool is_there) {
    json_errors_add(&write->errors, pointer,
                    is_there ? "the server decides this: leave it out, or send it as you read it"
                             : "the server decides this: leave it out");
}

/* What is said of other articles changes with them and is not compared. */
static bool is_of_others(const char *name) {
    return strcmp(name, "neighbors") == 0 || strcmp(name, "related") == 0;
}

static void check_decided(struct write *write, const json_t *current) {
    json_t *given = write->json;
    for (void *i = json_object_iter(given); i != NULL; i = json_object_iter_next(given, i)) {
        const char *name = json_object_iter_key(i);
        if (!article_json_is_decided_here(name) || strcmp(name, "slug") == 0 || is_of_others(name))
            continue;
        const json_t *stored = json_object_get(current, name);
        if (stored == NULL || !json_equal(stored, json_object_iter_value(i)))
            say_decided(write, name, current != NULL);
    }
}

/* ---- the slug ---- */

static enum problem read_slug(struct write *write, const json_t *whole, const json_t *current,
                              struct span *out) {
    const json_t *value = json_object_get(whole, "slug");
    *out = (struct span){NULL, 0};
    if (value == NULL || json_equal(value, json_object_get(current, "slug")))
        return PROBLEM_NONE;
    if (!json_is_string(value)) {
        json_errors_add(&write->errors, "slug", "slug must be a text; leave it out to keep it");
        return PROBLEM_NONE;
    }
    *out = (struct span){json_string_value(value), json_string_length(value)};
    return write_check_slug(write, *out, "article", "slug");
}

/* ---- paragraphs that name their ids ---- */

struct stored {
    int64_t id;
    const json_t *json;
    bool is_taken;
};

struct stored_list {
    struct stored *items; /* by id */
    size_t count;
};

static int compare(const void *a, const void *b) {
    const struct stored *left = a, *right = b;
    return (left->id > right->id) - (left->id < right->id);
}

static enum problem list_stored(struct write *write, const json_t *current,
                                struct stored_list *out) {
    const json_t *paragraphs = json_object_get(current, "paragraphs");
    out->count = json_array_size(paragraphs);
    out->items = arena_alloc(write->request->arena, (out->count + 1) * sizeof *out->items);
    if (out->items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < out->count; i++) {
        const json_t *paragraph = json_array_get(paragraphs, i);
        out->items[i] =
            (struct stored){json_integer_value(json_object_get(paragraph, "id")), paragraph, false};
    }
    qsort(out->items, out->count, sizeof *out->items, compare);
    return PROBLEM_NONE;
}

/* NULL when the article has no such paragraph. */
static struct stored *find_stored(const struct stored_list *list, const json_t *id) {
    struct stored wanted = {json_integer_value(id), NULL, false};
    return json_is_integer(id) ? bsearch(&wanted, list->items, list->count, sizeof wanted, compare)
                               : NULL;
}

static void check_paragraph(struct write *write, size_t place, const json_t *given,
                            const json_t *stored) {
    json_t *members = (json_t *)(uintptr_t)given; /* a text has none */
    for (void *i = json_object_iter(members); i != NULL; i = json_object_iter_next(members, i)) {
        char pointer[FAULT_NAME_BYTES];
        const char *name = json_object_iter_key(i);
        const json_t *own = json_object_get(stored, name);
        if (strcmp(name, "text") == 0 ||
            (own != NULL && json_equal(own, json_object_iter_value(i))))
            continue;
        snprintf(pointer, sizeof pointer, "paragraphs/%zu/%.*s", place,
                 (int)utf8_cut(span_of(name), 20), name);
        if (strcmp(name, "id") == 0)
            json_errors_add(&write->errors, pointer, "the article has no paragraph of this id");
        else
            say_decided(write, pointer, stored != NULL);
    }
}

static int64_t take_stored(struct write *write, size_t place, struct stored *stored) {
    char pointer[FAULT_NAME_BYTES];
    if (stored == NULL)
        return 0;
    snprintf(pointer, sizeof pointer, "paragraphs/%zu/id", place);
    if (stored->is_taken)
        json_errors_add(&write->errors, pointer, "this id is given twice");
    stored->is_taken = true;
    return stored->id;
}

static enum problem read_ids(struct write *write, const json_t *whole, const json_t *current,
                             int64_t **out) {
    const json_t *list = json_object_get(whole, "paragraphs");
    size_t count = json_array_size(list);
    struct stored_list stored;
    enum problem problem = list_stored(write, current, &stored);
    int64_t *ids = arena_alloc(write->request->arena, (count + 1) * sizeof *ids);
    if (problem != PROBLEM_NONE || ids == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const json_t *given = json_array_get(list, i);
        struct stored *own = find_stored(&stored, json_object_get(given, "id"));
        check_paragraph(write, i, given, own == NULL ? NULL : own->json);
        ids[i] = take_stored(write, i, own);
        if (ids[i] != 0)
            *out = ids;
    }
    return PROBLEM_NONE;
}

/* ---- all of it ---- */

/* A member that the patch takes away is read as null, so that it is heard of where it may not be
 * taken away, or was never there. */
static json_t *merge_into_article(const json_t *current, const json_t *patch) {
    json_t *merged = json_merge(current, patch), *members = (json_t *)(uintptr_t)patch;
    for (void *i = json_object_iter(members); merged != NULL && i != NULL;
         i = json_object_iter_next(members, i)) {
        if (json_is_null(json_object_iter_value(i)) &&
            json_object_set_new_nocheck(merged, json_object_iter_key(i), json_null()) != 0)
            return NULL;
    }
    return merged;
}

static void require(struct write *write, const json_t *whole, const char *name) {
    if (json_object_get(whole, name) == NULL)
        json_errors_add(&write->errors, name, "%s is missing", name);
}

/* A section's name is the last step of its path; to patch it alone would change nothing. */
static void check_section(struct write *write, const json_t *whole) {
    const json_t *section = json_object_get(whole, "section");
    const json_t *name = json_object_get(section, "name"), *path = json_object_get(section, "path");
    size_t steps = json_array_size(path);
    if (name == NULL || steps == 0)
        return;
    const json_t *last = json_array_get(path, steps - 1);
    if (json_is_object(last))
        last = json_object_get(last, "name");
    if (last != NULL && !json_equal(name, last))
        json_errors_add(&write->errors, "section/name",
                        "the name is not the last step of path; path decides");
}

enum problem article_input_read(struct write *write, const json_t *current,
                                struct article_input *out) {
    struct json_errors *errors = &write->errors;
    json_t *whole = write->json;
    *out = (struct article_input){.ids = NULL};
    if (write->type == WRITE_TYPE_TEXT) {
        out->article = write->article;
        return PROBLEM_NONE;
    }
    if (write->request->method == METHOD_PATCH)
        whole = merge_into_article(current, write->json);
    if (whole == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    check_decided(write, current);
    enum problem problem = article_json_fields_read(whole, write->request->arena, &out->article,
                                                    json_errors_say, errors);
    if (problem == PROBLEM_NONE || problem == PROBLEM_BAD_SOURCE)
        problem = read_slug(write, whole, current, &out->slug);
    if (problem == PROBLEM_NONE)
        problem = read_ids(write, whole, current, &out->ids);
    if (problem != PROBLEM_NONE)
        return problem;
    require(write, whole, "title");
    require(write, whole, "paragraphs");
    check_section(write, whole);
    if (errors->count > JSON_ERRORS_MAX) /* what was said is no longer known */
        return write_check_errors(write);
    problem = article_check_each(&out->article, json_errors_say_new, errors);
    if (problem != PROBLEM_NONE && problem != PROBLEM_BAD_SOURCE)
        return problem;
    return write_check_errors(write);
}
