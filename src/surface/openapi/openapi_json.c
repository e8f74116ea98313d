/* openapi_json.c: the smallest pieces of the document. */
#include <stdio.h>

#include "engine/render.h"
#include "surface/openapi/openapi_parts.h"

json_t *openapi_text(const char *text) {
    return render_text(span_of(text));
}

json_t *openapi_ref(const char *kind, const char *name) {
    char address[OPENAPI_NAME_BYTES + 40];
    snprintf(address, sizeof address, "#/components/%s/%s", kind, name);
    json_t *ref = json_object();
    render_set(ref, "$ref", openapi_text(address));
    return ref;
}
