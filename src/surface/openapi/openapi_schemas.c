/* openapi_schemas.c: the schemas of src/surface/openapi/schemas, which embed.awk beside this file
 * makes part of the program. */
#include <ctype.h>

#include "engine/render.h"
#include "surface/openapi/openapi_parts.h"

static const struct {
    const char *name;
    const char *json;
} schemas[] = {
#define SCHEMA(name, json) {name, json},
#include "schemas.def"
#undef SCHEMA
};

enum { SCHEMAS_COUNT = sizeof schemas / sizeof schemas[0] };

json_t *openapi_schemas(void) {
    json_t *all = json_object();
    for (size_t i = 0; i < SCHEMAS_COUNT; i++)
        render_set(all, schemas[i].name, json_loads(schemas[i].json, JSON_REJECT_DUPLICATES, NULL));
    return all;
}

/* Whether "ArticleList" is "article_list". */
static bool is_name_of(const char *name, const char *answer) {
    bool is_start = true;
    for (; *answer != '\0'; answer++) {
        if (*answer == '_') {
            is_start = true;
            continue;
        }
        if (*name++ != (is_start ? (char)toupper((unsigned char)*answer) : *answer))
            return false;
        is_start = false;
    }
    return *name == '\0';
}

const char *openapi_schema_of(const char *answer) {
    for (size_t i = 0; i < SCHEMAS_COUNT; i++) {
        if (is_name_of(schemas[i].name, answer))
            return schemas[i].name;
    }
    return NULL;
}
