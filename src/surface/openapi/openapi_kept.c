/* openapi_kept.c: see openapi_kept.h. The workers' caches keep small answers only, and these
 * addresses are open to all: made anew each time they would cost some hundred times what others
 * do. */
#include "surface/openapi/openapi_kept.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct buffer kept[OPENAPI_KEPT_COUNT]; /* .bytes NULL: not made yet */

enum problem openapi_kept_reply(struct request *request, struct reply *reply,
                                enum openapi_kept which, openapi_maker *make,
                                const char *content_type) {
    struct buffer *text = &kept[which];
    pthread_mutex_lock(&lock);
    if (text->bytes == NULL) {
        buffer_init(text);
        make(request, text);
        if (text->failed || request->arena->has_failed)
            buffer_fini(text);
    }
    struct span made = buffer_span(text);
    pthread_mutex_unlock(&lock);
    if (made.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    reply->body_static = made;
    reply->status = 200;
    reply_field(reply, "Content-Type", content_type);
    return PROBLEM_NONE;
}
