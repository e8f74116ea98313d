/* disk.h: a disk that misbehaves on demand, as an SQLite VFS over the real one. It is registered in
 * test programs only, as the default, so that store_open() takes it without knowing.
 *
 * It can fail the n-th call of a kind, and it can tell what a power cut would leave: it keeps, for
 * each file, what was synced and what was only written. One thread at a time. */
#ifndef PILCROW_TESTS_DISK_H
#define PILCROW_TESTS_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_call { DISK_OPEN, DISK_WRITE, DISK_SYNC, DISK_TRUNCATE, DISK_DELETE, DISK_CALL_COUNT };

/* Whether connections opened from now on go through this disk. */
void disk_use(bool is_wanted);

/* The n-th `call` from now on gives `code`, once or for ever; n 0 = none. */
void disk_fail(enum disk_call call, unsigned n, bool is_lasting, int code);
bool disk_has_failed(void);

/* Keeps account of what is synced, from now on, of every file opened from now on. `point` is called
 * before each call that changes something; NULL ends the account. */
typedef void disk_point(void *context, enum disk_call call);
void disk_record(disk_point *point, void *context);

/* Puts into `folder` the files as a power cut at this moment could leave them: everything synced,
 * and of the rest a random choice of sectors in a random order. `random` is the state of the
 * generator. */
void disk_cut(const char *folder, uint64_t *random);

uint64_t disk_random(uint64_t *state);

#endif
