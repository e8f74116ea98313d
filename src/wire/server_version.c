/* server_version.c: which libmicrohttpd is loaded. */
#include <microhttpd.h>

#include "wire/server.h"

const char *server_library_version(void) {
    return MHD_get_version();
}
