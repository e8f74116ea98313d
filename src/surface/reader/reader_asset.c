/* reader_asset.c: what pages load: style, scripts, icon. They are part of the program. All of them
 * stand in one folder, which is named after their content: so they can name each other, and an
 * address that was given out once means the same bytes for ever. */
#include "ground/utf8.h"
#include "surface/handlers.h"
#include "surface/reader/reader_parts.h"

struct asset {
    const char *name, *suffix;
    const unsigned char *bytes;
    size_t count;
};

#include "assets.def"

const char reader_asset_folder[] = "/assets/" READER_ASSET_SET "/";

static const struct {
    const char *suffix, *type;
} types[] = {
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"svg", "image/svg+xml"},
};

static const char *type_of(const char *suffix) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].suffix, suffix) == 0)
            return types[i].type;
    }
    return NULL;
}

static const struct asset *find(struct span name, struct span suffix) {
    for (size_t i = 0; i < sizeof assets / sizeof assets[0]; i++) {
        if (span_is(name, assets[i].name) && span_is(suffix, assets[i].suffix))
            return &assets[i];
    }
    return NULL;
}

/* A page that was kept while the program changed names a folder that is no more: it gets what is
 * there now, but not for ever. */
enum problem reader_asset(struct request *request, struct reply *reply) {
    struct span name = request->params.values[PARAM_PATH_ASSET].text;
    const struct asset *asset = find(name, request->target.suffix);
    if (asset == NULL) {
        fault_set(&request->fault, "pages load nothing with the name '%.*s'", UTF8_SHOWN(name));
        return PROBLEM_NOT_FOUND;
    }
    buffer_append(&reply->body, asset->bytes, asset->count);
    if (span_is(request->params.values[PARAM_PATH_SET].text, READER_ASSET_SET))
        reply_field(reply, "Cache-Control", "public, max-age=31536000, immutable");
    return reply_text(reply, type_of(asset->suffix));
}
