/* store_lock.h: one writer per database. The lock is flock() on `<database>.lock`, which the kernel
 * gives back when the process ends, however it ends. The file holds the owner's process id for
 * people and stays where it is: removing it would let two writers lock two files of one name. */
#ifndef PILCROW_ENGINE_STORE_STORE_LOCK_H
#define PILCROW_ENGINE_STORE_STORE_LOCK_H

#include "ground/fault.h"
#include "ground/problem.h"

/* Takes the lock of the database at `path`; *descriptor is what store_lock_close() wants.
 * PROBLEM_BUSY with the owner's process id in the fault when another writer holds it. */
MUST_CHECK enum problem store_lock_open(const char *path, int *descriptor, struct fault *fault);

enum { STORE_LOCK_NOTE_BYTES = 256 };

/* Adds a line to the file for others to read while the lock is held: where the server answers.
 * That it may fail does not matter. */
void store_lock_note(const char *path, const char *note);

/* The note of whoever holds the lock; "" when there is none. */
void store_lock_note_read(const char *path, char out[STORE_LOCK_NOTE_BYTES]);

/* -1 is allowed. */
void store_lock_close(int descriptor);

#endif
