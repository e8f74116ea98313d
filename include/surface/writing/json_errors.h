/* json_errors.h: what is wrong in a JSON body, all of it: errors[] of an answer, each with a
 * pointer, a sentence, and the place of the outermost member in the text. */
#ifndef PILCROW_SURFACE_WRITING_JSON_ERRORS_H
#define PILCROW_SURFACE_WRITING_JSON_ERRORS_H

#include <jansson.h>
#include <stdbool.h>

#include "ground/fault.h"
#include "ground/span.h"
#include "surface/json_text.h"

/* JSON is made in the request's arena; nothing has to be freed. */
struct json_errors {
    struct span text; /* the body; .at NULL = places are not said */
    json_t *list;     /* NULL until something was said */
    size_t count;     /* also of those that were one too many for the list */
    bool has_failed;  /* no memory */

    /* The last member that was looked for, and its place; line 0: it is missing. */
    char placed[FAULT_NAME_BYTES];
    struct json_place place;
};

enum { JSON_ERRORS_MAX = 64 };

void json_errors_init(struct json_errors *errors, struct span text);

/* `pointer` without its first slash: "tags/3"; "" = the whole body. */
__attribute__((format(printf, 3, 4))) void
json_errors_add(struct json_errors *errors, const char *pointer, const char *format, ...);

/* Whether something was said of what that pointer leads to, of what it lies in, or of what lies in
 * it. Only of those that are in the list. */
bool json_errors_has(const struct json_errors *errors, const char *pointer);

/* A fault_say: `context` is a struct json_errors. */
void json_errors_say(void *context, const struct fault *fault);

/* The same, but silent where something was said before (json_errors_has): of what could not be
 * read, it helps nobody to hear that it is missing. */
void json_errors_say_new(void *context, const struct fault *fault);

#endif
