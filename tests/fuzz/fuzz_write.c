/* Any bytes as the body of a write to a small store: never a 500, JSON where JSON is said, and what
 * was refused has changed nothing. The first byte chooses the request. */
#include "small_world.h"

static const struct {
    enum method method;
    const char *name, *target, *type;
} requests[] = {
    {METHOD_POST, "POST", "/v1/articles", "application/json"},
    {METHOD_POST, "POST", "/v1/articles", "text/plain"},
    {METHOD_PUT, "PUT", "/v1/articles/1", "application/json"},
    {METHOD_PUT, "PUT", "/v1/articles/1", "text/plain"},
    {METHOD_PATCH, "PATCH", "/v1/articles/1", "application/merge-patch+json"},
    {METHOD_POST, "POST", "/v1/articles/1/paragraphs", "application/json"},
    {METHOD_PUT, "PUT", "/v1/paragraphs/2", "application/json"},
    {METHOD_PATCH, "PATCH", "/v1/paragraphs/2", "application/json"},
    {METHOD_PUT, "PUT", "/v1/articles/2/tags/trains", "application/json"},
    {METHOD_PATCH, "PATCH", "/v1/tags/talks", "application/json"},
    {METHOD_POST, "POST", "/v1/tags/trains/merge", "application/json"},
};

enum { REQUESTS = sizeof requests / sizeof requests[0] };

static int64_t seq_now(void) {
    int64_t seq = -1;
    require(store_begin(world.reader) == PROBLEM_NONE);
    require(store_seq(world.reader, &seq) == PROBLEM_NONE);
    store_end(world.reader);
    return seq;
}

static void ask(size_t index, struct span body) {
    arena_reset(&world.arena);
    world.request = (struct request){
        .service = &world.service,
        .store = world.reader,
        .arena = &world.arena,
        .method = requests[index].method,
        .method_name = span_of(requests[index].name),
        .raw_target = span_of(requests[index].target),
        .host = SPAN_LITERAL("localhost"),
        .id = "01ABC",
        .head = {.content_type = span_of(requests[index].type), .if_match = SPAN_LITERAL("*")},
        .body = body,
    };
    world.request.access.is_checked = true; /* who may write is not the question here */
    serve(&world.request, &world.reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (world.store == NULL)
        world_make(true);
    if (count == 0)
        return 0;
    int64_t before = seq_now();
    ask(bytes[0] % REQUESTS, (struct span){(const char *)bytes + 1, count - 1});
    unsigned status = world.reply.status;
    require(status >= 200 && status < 600 && status != 500);
    if (reply_body(&world.reply).bytes > 0)
        world_check_json();
    require(status < 300 || seq_now() == before);
    return 0;
}
