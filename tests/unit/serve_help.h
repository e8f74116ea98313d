/* serve_help.h: a store in a folder of its own and all that serve() needs over it, for tests of
 * whole requests. */
#ifndef PILCROW_TESTS_SERVE_HELP_H
#define PILCROW_TESTS_SERVE_HELP_H

#include "store_help.h"

#include "surface/serve.h"

struct served {
    struct place place;
    struct store *store, *reader;
    struct router router;
    struct service service;
    struct arena arena; /* of one request */
    struct request request;
    struct reply reply;
};

static inline void served_make(struct served *s, const struct config *config,
                               const struct route *table, size_t count) {
    place_make(&s->place);
    s->store = writer_open(s->place.db);
    s->reader = reader_open(s->place.db);
    assert_int_equal(router_init(&s->router, table, count, NULL), PROBLEM_NONE);
    service_init(&s->service, config, &s->router);
    arena_init(&s->arena, 4 * 1024 * 1024);
    buffer_init(&s->reply.body);
}

static inline void served_drop(struct served *s) {
    buffer_fini(&s->reply.body);
    arena_fini(&s->arena);
    store_close(s->reader);
    store_close(s->store);
    place_remove(&s->place);
}

/* Not served yet: a test may say more. */
static inline void served_request(struct served *s, const char *method, const char *target) {
    arena_reset(&s->arena);
    s->request = (struct request){
        .service = &s->service,
        .store = s->reader,
        .arena = &s->arena,
        .method = router_method(span_of(method)),
        .method_name = span_of(method),
        .raw_target = span_of(target),
        .host = SPAN_LITERAL("localhost"),
        .address = "127.0.0.1",
        .seq = -1,
        .id = "01ABC",
    };
    fault_init(&s->request.fault);
}

/* NULL when it is not there; it is never there twice. */
static inline const char *served_field(const struct served *s, const char *name) {
    const char *value = NULL;
    for (size_t i = 0; i < s->reply.field_count; i++) {
        if (strcmp(s->reply.fields[i].name, name) != 0)
            continue;
        assert_null(value);
        value = s->reply.fields[i].value;
    }
    return value;
}

#endif
