/* json_merge.c: JSON merge patch. As deep as the patch, which json_load() has bounded. */
#include "surface/writing/json_merge.h"

#include <stdbool.h>
#include <stdint.h>

static bool merge_member(json_t *merged, const char *name, json_t *value) {
    if (json_is_null(value)) {
        json_object_del(merged, name);
        return true;
    }
    json_t *new = json_merge(json_object_get(merged, name), value);
    return new != NULL &&json_object_set_new_nocheck(merged, name, new) == 0;
}

json_t *json_merge(const json_t *target, const json_t *patch) {
    json_t *members = (json_t *)(uintptr_t)patch; /* jansson's iterators and counts want it so */
    if (!json_is_object(patch))
        return json_incref(members);
    json_t *merged =
        json_is_object(target) ? json_copy((json_t *)(uintptr_t)target) : json_object();
    for (void *i = json_object_iter(members); merged != NULL && i != NULL;
         i = json_object_iter_next(members, i)) {
        if (merge_member(merged, json_object_iter_key(i), json_object_iter_value(i)))
            continue;
        json_decref(merged);
        return NULL;
    }
    return merged;
}
