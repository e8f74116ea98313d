/* reload.c: see reload.h. */
#include "entry/reload.h"

#include <string.h>

#include "ground/log.h"

/* The names of what changed, and of what cannot while the server runs. */
struct told {
    struct buffer changed, kept;
};

static void note(void *context, const struct config_setting *setting, bool is_in_force) {
    struct told *told = context;
    struct buffer *names = is_in_force ? &told->changed : &told->kept;
    buffer_printf(names, "%s%s", names->used == 0 ? "" : " ", config_key(setting));
}

static const char *text_of(struct buffer *names) {
    buffer_append_char(names, '\0');
    return names->failed ? "" : names->bytes;
}

static void say(struct told *told) {
    if (told->kept.used > 0)
        log_event(LOG_WARN, "reload", "needs_restart", text_of(&told->kept), NULL);
    log_event(LOG_INFO, "reload", "changed", text_of(&told->changed), NULL);
}

static void reopen_log(const struct config *config) {
    int error = config->log_file[0] == '\0' ? 0 : log_open(config->log_file);
    if (error != 0)
        log_event(LOG_ERROR, "log_file", "file", config->log_file, "error", strerrordesc_np(error),
                  "effect", "lines go where they went", NULL);
}

/* What does not read the settings each time. */
static enum problem apply(const struct config *config, struct service *service) {
    log_set_level(config->log_level);
    return service->limiters == NULL
               ? PROBLEM_NONE
               : limiters_set(service->limiters, config->rate_limit, config->rate_limit_address);
}

void reload(struct service *service, struct config **newest) {
    struct fault fault;
    struct told told;
    fault_init(&fault);
    buffer_init(&told.changed);
    buffer_init(&told.kept);
    reopen_log(*newest);
    enum problem problem = config_reload(*newest, newest, note, &told, &fault);
    if (problem == PROBLEM_NONE)
        problem = apply(*newest, service);
    service->config = *newest;
    if (problem == PROBLEM_NONE)
        say(&told);
    else
        log_event(LOG_ERROR, "reload", "error",
                  fault_is_set(&fault) ? fault.text : problem_info(problem)->title, "effect",
                  "the settings stay as they were", NULL);
    buffer_fini(&told.changed);
    buffer_fini(&told.kept);
}
