/* tag_write.c: one tag put on an article, or taken off. Both are changes of the article. */
#include "domain/text/slug.h"
#include "surface/handlers.h"
#include "surface/suggest.h"
#include "surface/terms/terms.h"
#include "surface/writing/write.h"

static const char *const own_members[] = {"name", NULL};

/* The name in the body; .at NULL when there is none. */
static enum problem read_name(struct write *write, struct span *out) {
    const json_t *value = json_object_get(write->json, "name");
    enum problem problem = PROBLEM_NONE;
    *out = (struct span){NULL, 0};
    write_check_members(write, write->json, own_members, NULL);
    if (json_is_string(value)) {
        *out = (struct span){json_string_value(value), json_string_length(value)};
        problem = write_check_tag(write, *out, "name");
    } else if (value != NULL) {
        json_errors_add(&write->errors, "name", "name must be a text");
    }
    return problem == PROBLEM_NONE ? write_check_errors(write) : problem;
}

/* Whether two spellings are one name. */
static enum problem is_same_name(struct write *write, struct span a, struct span b, bool *is_same) {
    struct span left = slug_key(a, write->request->arena);
    struct span right = slug_key(b, write->request->arena);
    *is_same = span_equal(left, right);
    return left.at == NULL || right.at == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

/* ---- put on ---- */

/* A tag that is known already; a name in the body says how the article spells it. */
static enum problem choose_known(struct write *write, const struct term *term, struct span given,
                                 struct span *name) {
    bool is_same = true;
    *name = given.at == NULL ? term->name : given;
    enum problem problem = is_same_name(write, *name, term->name, &is_same);
    if (problem == PROBLEM_NONE && !is_same)
        json_errors_add(&write->errors, "name", "the tag at this address is called '%.*s'",
                        (int)term->name.bytes, term->name.at);
    return problem == PROBLEM_NONE ? write_check_errors(write) : problem;
}

/* A tag that nothing carries yet gets its name from the body, and its address from the name. */
static enum problem choose_new(struct write *write, struct span given, struct span *name) {
    struct span slug = write->request->params.values[PARAM_PATH_TERM].text;
    struct span made = slug_make(given, "tag", write->request->arena);
    if (made.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (!span_equal(made, slug))
        json_errors_add(&write->errors, "name", "the address of a tag of this name ends in '%.*s'",
                        (int)made.bytes, made.at);
    *name = given;
    fault_init(&write->request->fault); /* that there is none is what was wanted */
    return write_check_errors(write);
}

/* The name under which the article will carry the tag of the path. */
static enum problem choose_name(struct write *write, struct span *name) {
    struct term term;
    struct span given;
    enum problem problem = read_name(write, &given);
    if (problem != PROBLEM_NONE)
        return problem;
    problem = terms_find(write->request, &term);
    if (problem == PROBLEM_NONE)
        return choose_known(write, &term, given, name);
    return problem == PROBLEM_NOT_FOUND && given.at != NULL ? choose_new(write, given, name)
                                                            : problem;
}

/* The place of a name among the tags; their count when it is not there. */
static enum problem find_tag(struct write *write, const struct span_list *tags, struct span name,
                             size_t *at) {
    bool is_same = false;
    enum problem problem = PROBLEM_NONE;
    for (*at = 0; *at < tags->count && problem == PROBLEM_NONE; ++*at) {
        problem = is_same_name(write, tags->items[*at], name, &is_same);
        if (is_same)
            break;
    }
    return problem;
}

static enum problem store_tags(struct write *write, struct article_stored *stored,
                               struct article_edit_result *result) {
    enum problem problem = write_check_whole(write, &stored->article);
    if (problem != PROBLEM_NONE)
        return problem;
    return article_edit_replace(&write->edit, stored->id, &stored->article, (struct span){NULL, 0},
                                stored->paragraph_ids, result, &write->request->fault);
}

/* A tag that is there already gets the spelling of the body; the last place is for a new one. */
static enum problem attach(struct write *write, struct article_stored *stored, struct span name,
                           bool is_spelt, struct article_edit_result *result) {
    struct span_list *tags = &stored->article.tags;
    struct span *items = arena_alloc(write->request->arena, (tags->count + 1) * sizeof *items);
    size_t at;
    enum problem problem = find_tag(write, tags, name, &at);
    if (problem != PROBLEM_NONE || items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < tags->count; i++)
        items[i] = tags->items[i];
    if (at == tags->count || is_spelt)
        items[at] = name;
    *tags = (struct span_list){items, tags->count + (at == tags->count)};
    return store_tags(write, stored, result);
}

static enum problem attach_step(struct write *write) {
    struct article_stored stored;
    struct article_edit_result result;
    struct span name;
    enum problem problem = write_load_article(write, &stored);
    if (problem == PROBLEM_NONE)
        problem = choose_name(write, &name);
    if (problem == PROBLEM_NONE)
        problem = attach(write, &stored, name, write->json != NULL, &result);
    return problem == PROBLEM_NONE ? write_reply_article(write, 200, stored.id, result.version)
                                   : problem;
}

enum problem tag_attach(struct request *request, struct reply *reply) {
    return write_run(request, reply, WRITE_TYPE_JSON, true, attach_step);
}

/* ---- taken off ---- */

static enum problem detach(struct write *write, struct article_stored *stored,
                           const struct term *term, struct article_edit_result *result) {
    struct span_list *tags = &stored->article.tags;
    size_t at;
    enum problem problem = find_tag(write, tags, term->name, &at);
    if (problem != PROBLEM_NONE)
        return problem;
    if (at == tags->count) {
        fault_set(&write->request->fault, "article %lld does not carry the tag '%.*s'",
                  (long long)stored->id, (int)term->name.bytes, term->name.at);
        return PROBLEM_NOT_FOUND;
    }
    memmove(&tags->items[at], &tags->items[at + 1], (tags->count - at - 1) * sizeof *tags->items);
    tags->count--;
    return store_tags(write, stored, result);
}

static enum problem detach_step(struct write *write) {
    struct article_stored stored;
    struct article_edit_result result;
    struct term term;
    enum problem problem = write_load_article(write, &stored);
    if (problem == PROBLEM_NONE)
        problem = terms_find(write->request, &term);
    if (problem == PROBLEM_NONE)
        problem = detach(write, &stored, &term, &result);
    return problem == PROBLEM_NONE ? write_reply_nothing(write, result.version) : problem;
}

enum problem tag_detach(struct request *request, struct reply *reply) {
    return write_run(request, reply, 0, true, detach_step);
}
