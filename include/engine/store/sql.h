/* sql.h: the names of all statements, generated from the `-- name:` lines of db/sqlite/ queries. */
#ifndef PILCROW_ENGINE_STORE_SQL_H
#define PILCROW_ENGINE_STORE_SQL_H

enum sql_id {
#define SQL(name, role, text) SQL_##name,
#include "sql.def"
#undef SQL
    SQL_COUNT
};

#endif
