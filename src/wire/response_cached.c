/* response_cached.c: see response_cached.h. */
#include "response_cached.h"

#include <stdlib.h>

#include "response.h"

#define ID_FIELD "X-Request-Id"

enum {
    RESPONSE_BYTES = 512, /* the library's struct, rounded up */
    FIELD_BYTES = 112,    /* of a field beside its text: three allocations */
};

struct response_cached {
    struct MHD_Response *response;
    bool has_id;               /* a 304 has none */
    char id[REQUEST_ID_BYTES]; /* that is in the response now; "" = none */
};

static void response_free(void *made) {
    struct response_cached *cached = made;
    if (cached->response != NULL)
        MHD_destroy_response(cached->response);
    free(cached);
}

static struct MHD_Response *make_response(struct span body, char **copy) {
    *copy = malloc(body.bytes + 1);
    if (*copy == NULL)
        return NULL;
    if (body.bytes > 0)
        memcpy(*copy, body.at, body.bytes);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(body.bytes, *copy, free);
    if (response == NULL)
        free(*copy);
    return response;
}

static bool add_fields(struct response_cached *cached, const struct reply *reply, size_t *bytes) {
    for (size_t i = 0; i < reply->field_count; i++) {
        const struct reply_field *field = &reply->fields[i];
        if (strcmp(field->name, ID_FIELD) == 0)
            cached->has_id = true;
        else if (!response_add_field(cached->response, field))
            return false;
        *bytes += FIELD_BYTES + strlen(field->name) + strlen(field->value);
    }
    return true;
}

static bool response_make(const struct reply *reply, struct cache_answer *answer) {
    struct span body = reply->status == MHD_HTTP_OK ? reply_body(reply) : (struct span){NULL, 0};
    struct response_cached *cached = calloc(1, sizeof *cached);
    char *copy = NULL;
    if (cached == NULL)
        return false;
    answer->bytes = sizeof *cached + RESPONSE_BYTES + body.bytes;
    cached->response = make_response(body, &copy);
    if (cached->response == NULL || !add_fields(cached, reply, &answer->bytes)) {
        response_free(cached);
        return false;
    }
    answer->made = cached;
    answer->body = (struct span){copy, body.bytes};
    return true;
}

const struct cache_owner response_cached_owner = {response_make, response_free};

struct MHD_Response *response_cached_use(void *made, const char *request_id) {
    struct response_cached *cached = made;
    if (!cached->has_id)
        return cached->response;
    if (cached->id[0] != '\0')
        (void)MHD_del_response_header(cached->response, ID_FIELD, cached->id);
    cached->id[0] = '\0';
    /* Without memory for it the answer goes out all the same. */
    if (MHD_add_response_header(cached->response, ID_FIELD, request_id) == MHD_YES)
        memcpy(cached->id, request_id, strlen(request_id) + 1);
    return cached->response;
}
