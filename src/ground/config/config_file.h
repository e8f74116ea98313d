/* config_file.h: a file of settings: KEY = VALUE, a line each; # and ; begin a comment, at the
 * beginning of a line. One list for all commands: a key means the same wherever it stands, so the
 * file is flat; a line [serve], which other programs' files have, may stand over it. A part of
 * config.c. */
#ifndef PILCROW_GROUND_CONFIG_FILE_H
#define PILCROW_GROUND_CONFIG_FILE_H

#include "ground/config/config.h"

struct config_entry {
    const char *key;   /* until the call is over */
    const char *value; /* in *text */
    unsigned line;
};

typedef enum problem config_take(void *context, const struct config_entry *entry,
                                 struct fault *fault);

/* Calls `take` for each line, until it returns a problem. *text holds all values and is the
 * caller's to free, whatever is returned. BAD_PARAMETER with fault naming file and line. */
MUST_CHECK enum problem config_file_read(const char *path, char **text, config_take *take,
                                         void *context, struct fault *fault);

#endif
