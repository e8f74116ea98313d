/* json_merge.h: JSON merge patch (RFC 7396). Pure. */
#ifndef PILCROW_SURFACE_WRITING_JSON_MERGE_H
#define PILCROW_SURFACE_WRITING_JSON_MERGE_H

#include <jansson.h>

/* What becomes of `target` (NULL = nothing) by `patch`. Neither is changed, values are shared. A
 * new reference; NULL when memory is out. */
json_t *json_merge(const json_t *target, const json_t *patch);

#endif
