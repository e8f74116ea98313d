/* config_reload.c: the same settings, read again while they are used. */
#include <stdlib.h>
#include <string.h>

#include "ground/config/config.h"

/* Numbers and words are all that may change, and both are as large as an int. */
_Static_assert(sizeof(unsigned) == sizeof(int), "one size for numbers and words");

static bool is_equal(const struct config *a, const struct config *b,
                     const struct config_setting *setting) {
    struct buffer of_a, of_b;
    buffer_init(&of_a);
    buffer_init(&of_b);
    config_print_value(a, setting, &of_a);
    config_print_value(b, setting, &of_b);
    bool is_equal = span_equal(buffer_span(&of_a), buffer_span(&of_b));
    buffer_fini(&of_a);
    buffer_fini(&of_b);
    return is_equal;
}

/* Takes over what may change; says what changed. */
static bool take_changes(struct config *into, const struct config *read, config_tell *tell,
                         void *context) {
    bool has_changed = false;
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        bool reloads = (setting->commands & CONFIG_RELOADS) != 0;
        if ((setting->commands & into->command) == 0 || is_equal(into, read, setting))
            continue;
        if (reloads)
            memcpy((char *)into + setting->offset, (const char *)read + setting->offset,
                   sizeof(unsigned));
        has_changed = has_changed || reloads;
        tell(context, setting, reloads);
    }
    return has_changed;
}

enum problem config_reload(struct config *config, struct config **out, config_tell *tell,
                           void *context, struct fault *fault) {
    *out = config;
    struct config *read = malloc(sizeof *read);
    struct config *fresh = malloc(sizeof *fresh);
    enum problem problem = PROBLEM_OUT_OF_MEMORY;
    if (read == NULL || fresh == NULL) {
        fault_set(fault, "no memory to read the settings again");
        free(read);
        free(fresh);
        return problem;
    }
    problem = config_parse(read, config->command, config->argument_count, config->arguments, fault);
    if (problem == PROBLEM_NONE)
        problem = config_resolve(read, fault);
    *fresh = *config;
    if (problem == PROBLEM_NONE && take_changes(fresh, read, tell, context)) {
        memcpy(fresh->cache_control, read->cache_control, sizeof fresh->cache_control);
        memcpy(fresh->origins, read->origins, sizeof fresh->origins);
        fresh->older = config;
        fresh->file_text = NULL;
        *out = fresh;
        fresh = NULL;
    }
    config_fini(read);
    free(read);
    free(fresh);
    return problem;
}
