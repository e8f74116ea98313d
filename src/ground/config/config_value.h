/* config_value.h: one value of one setting: from text into struct config. A part of config.c, which
 * knows where the text comes from. */
#ifndef PILCROW_GROUND_CONFIG_VALUE_H
#define PILCROW_GROUND_CONFIG_VALUE_H

#include "ground/config/config.h"

/* One value on its way into the struct: where it goes and how to name it when it is wrong. */
struct config_assignment {
    struct config *config;
    const struct config_setting *setting;
    const char *named; /* "--workers", "PILCROW_WORKERS" or "pilcrow.conf:3: workers" */
    const char *text;
    struct fault *fault;
};

/* Sets the whole value; of a list all its items, with commas between. */
MUST_CHECK enum problem config_value_set(const struct config_assignment *a);

/* Adds one item to a list; sets what is none. */
MUST_CHECK enum problem config_value_add(const struct config_assignment *a);

bool config_value_is_list(const struct config_setting *setting);

#endif
