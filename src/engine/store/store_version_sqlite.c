/* store_version_sqlite.c: which SQLite is loaded. */
#include <sqlite3.h>

#include "engine/store/store.h"

const char *store_engine_version(void) {
    return sqlite3_libversion();
}
