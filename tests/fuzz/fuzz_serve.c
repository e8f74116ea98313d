/* Any bytes as a request target, answered from a small store: never a 500, JSON where JSON is said,
 * no control bytes in a field, and the answer's own ETag brings a 304. */
#include "small_world.h"

static const char *find_field(const char *name) {
    for (size_t i = 0; i < world.reply.field_count; i++) {
        if (strcmp(world.reply.fields[i].name, name) == 0)
            return world.reply.fields[i].value;
    }
    return NULL;
}

static void ask(struct span target, struct span if_none_match) {
    struct request *request = &world.request;
    arena_reset(&world.arena);
    request->service = &world.service;
    request->store = world.reader;
    request->arena = &world.arena;
    request->method = METHOD_GET;
    request->raw_target = target;
    request->host = SPAN_LITERAL("localhost");
    request->if_none_match = if_none_match;
    serve(request, &world.reply);
}

static void check_fields(void) {
    for (size_t i = 0; i < world.reply.field_count; i++) {
        for (const char *c = world.reply.fields[i].value; *c != '\0'; c++)
            require((unsigned char)*c >= 0x20 && *c != 0x7F);
    }
}

static void check_body(void) {
    const char *type = find_field("Content-Type");
    if (type != NULL && strstr(type, "json") != NULL)
        world_check_json();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (world.reader == NULL)
        world_make(false);
    struct span target = {(const char *)bytes, count};
    ask(target, (struct span){NULL, 0});
    require(world.reply.status >= 200 && world.reply.status < 600 && world.reply.status != 500);
    check_fields();
    check_body();
    const char *etag = find_field("ETag");
    if (etag != NULL) {
        char kept[64];
        snprintf(kept, sizeof kept, "%s", etag);
        ask(target, span_of(kept));
        require(world.reply.status == 304);
    }
    return 0;
}
