/* wire_pages.h: what the files of wire_server share. */
#ifndef PILCROW_TESTS_WIRE_PAGES_H
#define PILCROW_TESTS_WIRE_PAGES_H

#include <stdlib.h>
#include <string.h>

#include "engine/reply.h"
#include "engine/request.h"

static inline void add_field(struct reply *reply, const char *name, const char *value) {
    reply->fields[reply->field_count++] = (struct reply_field){name, value};
}

static inline unsigned long number_after(const struct request *request, const char *prefix) {
    return strtoul(request->raw_target.at + strlen(prefix), NULL, 10);
}

void serve_kept(struct request *request, struct reply *reply);
void serve_kept_until_now(struct request *request, struct reply *reply);

#endif
