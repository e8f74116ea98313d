/* Any bytes as a request target, answered from a small store: never a 500, JSON where JSON is said,
 * no control bytes in a field, the answer's own ETag brings a 304, and QUERY gives the same with
 * what stands behind the '?' as its body. */
#include "small_world.h"

static const char *find_field(const char *name) {
    for (size_t i = 0; i < world.reply.field_count; i++) {
        if (strcmp(world.reply.fields[i].name, name) == 0)
            return world.reply.fields[i].value;
    }
    return NULL;
}

static void ask(enum method method, struct span target, struct span body,
                struct span if_none_match) {
    struct request *request = &world.request;
    arena_reset(&world.arena);
    request->service = &world.service;
    request->store = world.reader;
    request->arena = &world.arena;
    request->method = method;
    request->raw_target = target;
    request->body = body;
    request->head.content_type = SPAN_LITERAL("application/x-www-form-urlencoded");
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

static void check_query(struct span target, const char *etag) {
    const char *mark = target.bytes == 0 ? NULL : memchr(target.at, '?', target.bytes);
    if (mark == NULL)
        return;
    struct span path = {target.at, (size_t)(mark - target.at)};
    ask(METHOD_QUERY, path, (struct span){mark + 1, target.bytes - path.bytes - 1},
        (struct span){NULL, 0});
    require(world.reply.status < 600 && world.reply.status != 500);
    check_fields();
    if (etag == NULL || world.reply.status == 405)
        return;
    require(world.reply.status == 200 && strcmp(find_field("ETag"), etag) == 0);
    require(find_field("Location") != NULL);
}

/* Steps over a tag, of which every value stands in double quotes; NULL when it is none. */
static const char *skip_tag(const char *at, const char *end) {
    bool is_quoted = false;
    for (at++; at < end && (is_quoted || *at != '>'); at++) {
        if (!is_quoted && *at == '<')
            return NULL;
        is_quoted ^= *at == '"';
    }
    return at < end ? at + 1 : NULL;
}

/* Every tag is one that pages are made of: what somebody asked or wrote has made none. */
static bool is_own_tag(const char *at, const char *end) {
    static const char *const names[] = {
        "!DOCTYPE", "a",   "article", "aside",   "bdi",  "blockquote", "body",   "button",
        "code",     "dd",  "del",     "div",     "dl",   "dt",         "footer", "form",
        "h1",       "h2",  "h3",      "head",    "html", "header",     "input",  "ins",
        "label",    "li",  "link",    "main",    "mark", "meta",       "nav",    "ol",
        "p",        "pre", "script",  "section", "span", "time",       "title",  "ul"};
    at += at + 1 < end && at[1] == '/' ? 2 : 1;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t bytes = strlen(names[i]);
        if ((size_t)(end - at) > bytes && memcmp(at, names[i], bytes) == 0 &&
            strchr(" >", at[bytes]) != NULL)
            return true;
    }
    return false;
}

static void check_page(void) {
    struct span body = reply_body(&world.reply);
    const char *at = body.at, *end = at + body.bytes;
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        require(is_own_tag(at, end));
        at = skip_tag(at, end);
        require(at != NULL);
    }
}

static void check_body(void) {
    const char *type = find_field("Content-Type");
    bool is_docs = world.reply.body_static.at != NULL;
    if (type != NULL && strstr(type, "text/html") != NULL && !is_docs)
        check_page();
    if (type != NULL && strstr(type, "json") != NULL)
        world_check_json();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (world.reader == NULL)
        world_make(false);
    const struct span none = {NULL, 0}, target = {(const char *)bytes, count};
    ask(METHOD_GET, target, none, none);
    require(world.reply.status >= 200 && world.reply.status < 600 && world.reply.status != 500);
    check_fields();
    check_body();
    const char *etag = find_field("ETag");
    char kept[64] = "";
    bool is_whole = etag != NULL && world.reply.status == 200;
    if (etag != NULL) {
        snprintf(kept, sizeof kept, "%s", etag);
        ask(METHOD_GET, target, none, span_of(kept));
        require(world.reply.status == 304);
    }
    check_query(target, is_whole ? kept : NULL);
    return 0;
}
