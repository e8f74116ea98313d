/* reply_clear.c: a reply made empty. Apart from reply.c, so that the wire can be linked without
 * what shapes bodies. */
#include "engine/reply.h"

void reply_source_free(struct reply *reply) {
    struct reply_source source = reply->source;
    reply->source = (struct reply_source){0};
    if (source.free != NULL)
        source.free(source.state);
}

void reply_clear(struct reply *reply) {
    buffer_clear(&reply->body);
    reply_source_free(reply);
    reply->body_static = (struct span){NULL, 0};
    reply->status = 0;
    reply->field_count = 0;
    reply->coding = CODING_IDENTITY;
    reply->cached = NULL;
    reply->problem = PROBLEM_NONE;
    reply->route = NULL;
}
