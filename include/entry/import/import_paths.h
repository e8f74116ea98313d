/* import_paths.h: what the operands of an import stand for: files, what lies in folders, standard
 * input. The list is made before the first article is read, in an order that does not depend on
 * the file system, so that two runs do the same. */
#ifndef PILCROW_ENTRY_IMPORT_IMPORT_PATHS_H
#define PILCROW_ENTRY_IMPORT_IMPORT_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/arena.h"
#include "ground/problem.h"

struct import_path {
    struct import_path *next;
    const char
        *path; /* as the system calls take it, and as messages show it; "-" = standard input */
    const char *source; /* folder/path/below: the same however the operand was spelled */
    bool is_ndjson;     /* by its name */
};

/* A path that is not used; `what` says why. One that is only a note loses no article. */
typedef void import_paths_complain(void *context, const char *path, const char *what, bool is_note);

struct import_paths {
    struct import_path *first;
    struct import_path **end;
    size_t count;
    size_t skipped; /* files in folders that hold no article by their name */
};

/* Everything found lives in `arena`. OUT_OF_MEMORY is the only problem; paths that cannot be used
 * are said and left out. */
MUST_CHECK enum problem import_paths_find(char *const *operands, size_t count, struct arena *arena,
                                          struct import_paths *out, import_paths_complain *complain,
                                          void *context);

#endif
