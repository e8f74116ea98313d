/* response_kept.c: see response_kept.h. */
#include "response_kept.h"

#include <string.h>

void response_kept_fini(struct response_kept *kept) {
    if (kept->response != NULL)
        MHD_destroy_response(kept->response);
    kept->response = NULL;
    kept->field_count = 0;
}

static bool has_names_of(const struct response_kept *kept, const struct reply *reply) {
    if (kept->response == NULL || kept->field_count != reply->field_count)
        return false;
    for (size_t i = 0; i < reply->field_count; i++) {
        if (kept->names[i] != reply->fields[i].name)
            return false;
    }
    return true;
}

static bool put(struct response_kept *kept, size_t i, const struct reply_field *field,
                size_t value_bytes) {
    if (MHD_add_response_header(kept->response, field->name, field->value) != MHD_YES)
        return false;
    kept->names[i] = field->name;
    memcpy(kept->values[i], field->value, value_bytes + 1);
    return true;
}

/* Field i becomes what the reply says; what is there already stays. */
static bool set_field(struct response_kept *kept, size_t i, const struct reply_field *field) {
    size_t value_bytes = strlen(field->value);
    if (value_bytes >= RESPONSE_KEPT_VALUE_BYTES)
        return false;
    if (i < kept->field_count) {
        if (memcmp(kept->values[i], field->value, value_bytes + 1) == 0)
            return true;
        if (MHD_del_response_header(kept->response, kept->names[i], kept->values[i]) != MHD_YES)
            return false;
    }
    return put(kept, i, field, value_bytes);
}

struct MHD_Response *response_kept_set(struct response_kept *kept, const struct reply *reply) {
    if (!has_names_of(kept, reply)) {
        response_kept_fini(kept);
        kept->response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    }
    bool is_whole = kept->response != NULL;
    for (size_t i = 0; is_whole && i < reply->field_count; i++)
        is_whole = set_field(kept, i, &reply->fields[i]);
    if (!is_whole) {
        response_kept_fini(kept);
        return NULL;
    }
    kept->field_count = reply->field_count;
    return kept->response;
}
