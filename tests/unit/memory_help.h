/* memory_help.h: allocations that fail: the n-th, once or from then on, of ours and of SQLite's, in
 * programs whose malloc, calloc and realloc the linker wraps (see Makefile). */
#ifndef PILCROW_TESTS_MEMORY_HELP_H
#define PILCROW_TESTS_MEMORY_HELP_H

#include "store_help.h"

static struct {
    size_t count;   /* allocations so far */
    size_t fail_at; /* 0 = none fails */
    bool is_lasting;
    bool has_failed;
} memory;

static bool may_allocate(void) {
    memory.count++;
    bool fails = memory.fail_at != 0 && (memory.is_lasting ? memory.count >= memory.fail_at
                                                           : memory.count == memory.fail_at);
    memory.has_failed = memory.has_failed || fails;
    return !fails;
}

static void memory_fail_at(size_t n, bool is_lasting) {
    memory.count = 0;
    memory.fail_at = n;
    memory.is_lasting = is_lasting;
    memory.has_failed = false;
}

/* ---- ours: the linker sends these here ---- */

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);

void *__wrap_malloc(size_t bytes) {
    return may_allocate() ? __real_malloc(bytes) : NULL;
}

void *__wrap_calloc(size_t count, size_t bytes) {
    return may_allocate() ? __real_calloc(count, bytes) : NULL;
}

void *__wrap_realloc(void *old, size_t bytes) {
    return may_allocate() ? __real_realloc(old, bytes) : NULL;
}

/* ---- SQLite's ---- */

static sqlite3_mem_methods sqlite_methods;

static void *sqlite_malloc(int bytes) {
    return may_allocate() ? sqlite_methods.xMalloc(bytes) : NULL;
}

static void *sqlite_realloc(void *old, int bytes) {
    return may_allocate() ? sqlite_methods.xRealloc(old, bytes) : NULL;
}

static void hook_sqlite(void) {
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_methods), SQLITE_OK);
    sqlite3_mem_methods hooked = sqlite_methods;
    hooked.xMalloc = sqlite_malloc;
    hooked.xRealloc = sqlite_realloc;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &hooked), SQLITE_OK);
}

#endif
