/* cli_version.c: what runs here. */
#include "engine/store/store.h"
#include "entry/cli.h"
#include "ground/version.h"
#include "surface/articles/article_json.h"
#include "wire/server.h"

enum cli_exit cli_version(struct config *config) {
    (void)config;
    struct buffer out;
    buffer_init(&out);
    buffer_printf(&out, "pilcrow %s (libmicrohttpd %s, jansson %s, SQLite %s)\n", PILCROW_VERSION,
                  server_library_version(), article_json_library_version(), store_engine_version());
    return cli_print(&out);
}
