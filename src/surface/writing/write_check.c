/* write_check.c: what bodies say, and whether it may be: the parts of write.h that add to
 * write->errors. */
#include "domain/articles/article_text.h"
#include "domain/text/slug.h"
#include "ground/nearest.h"
#include "ground/utf8.h"
#include "surface/writing/write.h"

enum problem write_check_errors(const struct write *write) {
    if (write->errors.has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    return write->errors.count > 0 ? PROBLEM_INVALID : PROBLEM_NONE;
}

/* ---- members ---- */
enum { NAMES_MAX = 8 };

static void say_unknown(struct write *write, const char *name, const char *const *own) {
    size_t count = 0;
    while (count < NAMES_MAX && own[count] != NULL)
        count++;
    const char *nearest = nearest_name(span_of(name), own, count);
    json_errors_add(&write->errors, name, "there is no field '%.*s'%s%s%s",
                    (int)utf8_cut(span_of(name), 60), name,
                    nearest == NULL ? "" : ", did you mean ", nearest == NULL ? "" : nearest,
                    nearest == NULL ? "" : "?");
}

static bool is_listed(const char *name, const char *const *list) {
    while (*list != NULL && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

void write_check_members(struct write *write, const json_t *given, const char *const *own,
                         const json_t *current) {
    json_t *members = (json_t *)(uintptr_t)given;
    for (void *i = json_object_iter(members); i != NULL; i = json_object_iter_next(members, i)) {
        const char *name = json_object_iter_key(i);
        const json_t *stored = json_object_get(current, name);
        if (is_listed(name, own) ||
            (stored != NULL && json_equal(stored, json_object_iter_value(i))))
            continue;
        if (stored == NULL)
            say_unknown(write, name, own);
        else
            json_errors_add(&write->errors, name,
                            "this is not changed here: leave it out, or send it as you read it");
    }
}

/* ---- values ---- */

enum problem write_check_part(struct write *write, const struct article *probe,
                              const char *pointer) {
    struct fault fault;
    fault_init(&fault);
    enum problem problem = article_check(probe, &fault);
    if (problem != PROBLEM_BAD_SOURCE)
        return problem;
    json_errors_add(&write->errors, pointer, "%s", fault.text);
    return PROBLEM_NONE;
}

enum problem write_check_tag(struct write *write, struct span name, const char *pointer) {
    struct span text = SPAN_LITERAL("x");
    const struct article probe = {.title = text, .tags = {&name, 1}, .paragraphs = {&text, 1}};
    return write_check_part(write, &probe, pointer);
}

enum problem write_check_slug(struct write *write, struct span slug, const char *kind,
                              const char *pointer) {
    struct span right = slug_make(slug, kind, write->request->arena);
    if (right.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (!span_equal(slug, right))
        json_errors_add(&write->errors, pointer, SLUG_FLAW, (int)right.bytes, right.at);
    return PROBLEM_NONE;
}

enum problem write_check_whole(struct write *write, const struct article *article) {
    struct fault fault;
    fault_init(&fault);
    enum problem problem = article_check(article, &fault);
    if (problem != PROBLEM_BAD_SOURCE)
        return problem;
    fault_set(&write->request->fault, "%s", fault.text);
    return PROBLEM_INVALID;
}
