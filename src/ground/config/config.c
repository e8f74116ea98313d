/* config.c: flags over environment over file over defaults: the strongest comes first, and what is
 * set is passed over by those after it. */
#include "ground/config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "config_file.h"
#include "config_value.h"
#include "ground/nearest.h"
#include "ground/utf8.h"

enum {
    RESERVED_FILES = 64,        /* standard streams, databases, epoll, logs: not connections */
    FALLBACK_CONNECTIONS = 960, /* when the limit cannot be read */
    DEFAULT_CONNECTIONS = 10000 /* machines that allow a million files have no memory for as many */
};

static struct config_origin *origin_of(struct config *config,
                                       const struct config_setting *setting) {
    return &config->origins[setting - config_settings];
}

/* ---- the environment and the defaults ---- */

/* What is set already is of a stronger source. */
static enum problem set_from(struct config *config, enum config_source source,
                             struct fault *fault) {
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        struct config_origin *origin = &config->origins[i];
        bool is_default = source == CONFIG_SOURCE_DEFAULT;
        bool is_taken = (setting->commands & config->command) != 0;
        const char *text = is_default ? setting->fallback : getenv(setting->environment);
        const char *named = is_default ? setting->flag : setting->environment;
        if (origin->source != CONFIG_SOURCE_NONE || (!is_taken && !is_default) || text == NULL ||
            (text[0] == '\0' && !is_default))
            continue;
        enum problem problem =
            config_value_set(&(struct config_assignment){config, setting, named, text, fault});
        if (problem != PROBLEM_NONE)
            return problem;
        if (is_taken)
            origin->source = source;
    }
    return PROBLEM_NONE;
}

/* ---- the file ---- */

struct filing {
    struct config *config;
    struct config unused; /* takes what a stronger source has set, so that it is proved, too */
    const char *path;
    unsigned lines[CONFIG_SETTINGS_MAX]; /* where each setting stands */
};

static const struct config_setting *find_key(struct span name) {
    for (size_t i = 0; i < config_settings_count; i++) {
        if (span_is(name, config_key(&config_settings[i])))
            return &config_settings[i];
    }
    return NULL;
}

static enum problem refuse_key(const struct filing *filing, struct span key, unsigned line,
                               struct fault *fault) {
    const char *keys[CONFIG_SETTINGS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < config_settings_count; i++) {
        if (config_is_of_file(&config_settings[i]))
            keys[count++] = config_key(&config_settings[i]);
    }
    const char *nearest = nearest_name(key, keys, count);
    fault_set_at(fault, line, 1, "%s:%u: there is no setting '%.*s'%s%s%s", filing->path, line,
                 UTF8_SHOWN(key), nearest == NULL ? "" : "; did you mean ",
                 nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
    return PROBLEM_BAD_PARAMETER;
}

static enum problem take_entry(void *context, const struct config_entry *entry,
                               struct fault *fault) {
    struct filing *filing = context;
    char named[FAULT_TEXT_BYTES / 2];
    const struct config_setting *setting = find_key(span_of(entry->key));
    if (setting == NULL)
        return refuse_key(filing, span_of(entry->key), entry->line, fault);
    if (!config_is_of_file(setting)) {
        fault_set_at(fault, entry->line, 1,
                     "%s:%u: %s is said on the command line or in %s, not in a file", filing->path,
                     entry->line, entry->key, setting->environment);
        return PROBLEM_BAD_PARAMETER;
    }
    unsigned *line = &filing->lines[setting - config_settings];
    if (*line != 0 && !config_value_is_list(setting)) {
        fault_set_at(fault, entry->line, 1, "%s:%u: %s stands in line %u already", filing->path,
                     entry->line, entry->key, *line);
        return PROBLEM_BAD_PARAMETER;
    }
    *line = *line == 0 ? entry->line : *line;
    struct config_origin *origin = origin_of(filing->config, setting);
    bool is_used =
        (setting->commands & filing->config->command) != 0 && origin->source <= CONFIG_SOURCE_FILE;
    if (is_used)
        *origin = (struct config_origin){CONFIG_SOURCE_FILE, *line};
    snprintf(named, sizeof named, "%s:%u: %s", filing->path, entry->line, entry->key);
    enum problem problem = config_value_add(&(struct config_assignment){
        is_used ? filing->config : &filing->unused, setting, named, entry->value, fault});
    if (problem != PROBLEM_NONE && fault != NULL)
        fault->line = entry->line;
    return problem;
}

static enum problem set_from_file(struct config *config, struct fault *fault) {
    if (config->file[0] == '\0')
        return PROBLEM_NONE;
    struct filing *filing = calloc(1, sizeof *filing);
    if (filing == NULL) {
        fault_set(fault, "no memory to read %s", config->file);
        return PROBLEM_OUT_OF_MEMORY;
    }
    filing->config = config;
    filing->path = config->file;
    enum problem problem =
        config_file_read(config->file, &config->file_text, take_entry, filing, fault);
    free(filing);
    return problem;
}

/* ---- the command line ---- */

static const struct config_setting *find_flag(unsigned command, struct span name) {
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        if ((setting->commands & command) != 0 && span_is(name, setting->flag))
            return setting;
    }
    return NULL;
}

static enum problem refuse_flag(unsigned command, struct span name, struct fault *fault) {
    const char *flags[FAULT_ALLOWED_MAX] = {"--help"};
    size_t count = 1;
    for (size_t i = 0; i < config_settings_count && count < FAULT_ALLOWED_MAX; i++) {
        if ((config_settings[i].commands & command) != 0)
            flags[count++] = config_settings[i].flag;
    }
    const char *nearest = nearest_name(name, flags, count);
    fault_set(fault, "%.*s is not an option here%s%s%s", UTF8_SHOWN(name),
              nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest,
              nearest == NULL ? "" : "?");
    return PROBLEM_BAD_PARAMETER;
}

/* The flags of one command line, read from left to right. */
struct reader {
    struct config *config;
    unsigned command;
    int argc;
    char **argv;
    int at;
    struct fault *fault;
};

static enum problem set_flag(struct reader *r, const struct config_setting *setting,
                             const char *value) {
    origin_of(r->config, setting)->source = CONFIG_SOURCE_FLAG;
    return config_value_add(
        &(struct config_assignment){r->config, setting, setting->flag, value, r->fault});
}

static enum problem read_flag(struct reader *r) {
    const char *argument = r->argv[r->at];
    const char *equals = strchr(argument, '=');
    struct span name = span_of(argument);
    if (equals != NULL)
        name.bytes = (size_t)(equals - argument);
    if (span_is(name, "--help") || span_is(name, "-h")) {
        r->config->wants_help = true;
        return PROBLEM_NONE;
    }
    const struct config_setting *setting = find_flag(r->command, name);
    if (setting == NULL)
        return refuse_flag(r->command, name, r->fault);
    if (setting->kind == CONFIG_KIND_SWITCH)
        return set_flag(r, setting, equals == NULL ? "1" : equals + 1);
    if (equals != NULL)
        return set_flag(r, setting, equals + 1);
    if (r->at + 1 >= r->argc) {
        fault_set(r->fault, "%s needs a value: %s %s", setting->flag, setting->flag,
                  setting->value_name);
        return PROBLEM_BAD_PARAMETER;
    }
    return set_flag(r, setting, r->argv[++r->at]);
}

/* A lone "-" is an operand: standard input. */
static enum problem read_flags(struct reader *r) {
    bool is_past_flags = false;
    for (; r->at < r->argc && !r->config->wants_help; r->at++) {
        char *argument = r->argv[r->at];
        if (!is_past_flags && strcmp(argument, "--") == 0) {
            is_past_flags = true;
        } else if (is_past_flags || argument[0] != '-' || argument[1] == '\0') {
            r->argv[r->config->operand_count++] = argument;
        } else {
            enum problem problem = read_flag(r);
            if (problem != PROBLEM_NONE)
                return problem;
        }
    }
    return PROBLEM_NONE;
}

/* ---- all of it ---- */

static void print_cache_control(struct config *config) {
    char shared[32] = "", error[32] = "";
    if (config->cache_shared_max_age_s > 0)
        snprintf(shared, sizeof shared, ", s-maxage=%u", config->cache_shared_max_age_s);
    if (config->cache_stale_error_s > 0)
        snprintf(error, sizeof error, ", stale-if-error=%u", config->cache_stale_error_s);
    snprintf(config->cache_control, sizeof config->cache_control,
             "public, max-age=%u%s, stale-while-revalidate=%u%s", config->cache_max_age_s, shared,
             config->cache_stale_s, error);
}

enum problem config_parse(struct config *config, unsigned command, int argc, char **argv,
                          struct fault *fault) {
    memset(config, 0, sizeof *config);
    config->operands = config->arguments = argv;
    config->argument_count = argc;
    config->command = command;
    config->file = "";
    struct reader reader = {config, command, argc, argv, 0, fault};
    enum problem problem = read_flags(&reader);
    /* What else is wrong must not keep anybody from reading the help. */
    if (config->wants_help)
        return PROBLEM_NONE;
    if (problem == PROBLEM_NONE)
        problem = set_from(config, CONFIG_SOURCE_ENVIRONMENT, fault);
    if (problem == PROBLEM_NONE)
        problem = set_from_file(config, fault);
    if (problem == PROBLEM_NONE)
        problem = set_from(config, CONFIG_SOURCE_DEFAULT, fault);
    print_cache_control(config);
    return problem;
}

/* The first of a row of reloaded ones is the caller's own, the others are the heap's. */
void config_fini(struct config *config) {
    while (config->older != NULL) {
        struct config *older = config->older;
        free(config);
        config = older;
    }
    free(config->file_text);
    config->file_text = NULL;
}

/* Connections that the limit on open files leaves room for. */
static unsigned connections_possible(unsigned workers) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return FALLBACK_CONNECTIONS;
    rlim_t reserved = RESERVED_FILES + 8 * (rlim_t)workers;
    rlim_t left = files.rlim_cur > reserved ? files.rlim_cur - reserved : 1;
    return left > 1000000 ? 1000000 : (unsigned)left;
}

/* Plain HTTP where TLS was meant would go unseen. */
static enum problem check_tls(const struct config *config, struct fault *fault) {
    bool has_certificate = config->tls_certificate[0] != '\0';
    if ((config->command & CONFIG_FOR_SERVE) == 0 ||
        has_certificate == (config->tls_key[0] != '\0'))
        return PROBLEM_NONE;
    fault_set(fault, "%s is set and %s is not: TLS needs both, plain HTTP neither",
              has_certificate ? "--tls-certificate" : "--tls-key",
              has_certificate ? "--tls-key" : "--tls-certificate");
    return PROBLEM_BAD_PARAMETER;
}

enum problem config_resolve(struct config *config, struct fault *fault) {
    enum problem problem = check_tls(config, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    if (config->workers == 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        config->workers = cores < 1 ? 1 : cores > 256 ? 256 : (unsigned)cores;
    }
    unsigned possible = connections_possible(config->workers);
    if (config->max_connections > possible) {
        fault_set(fault,
                  "--max-connections: %u is more than the limit on open files leaves room for, "
                  "which is %u; raise that limit (ulimit -n) first",
                  config->max_connections, possible);
        return PROBLEM_BAD_PARAMETER;
    }
    if (config->max_connections == 0)
        config->max_connections = possible < DEFAULT_CONNECTIONS ? possible : DEFAULT_CONNECTIONS;
    return PROBLEM_NONE;
}
