/* config.c: flags over environment over defaults, all through one function per kind of value. */
#include "ground/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ground/nearest.h"
#include "ground/utf8.h"

enum {
    RESERVED_FILES = 64,        /* standard streams, databases, epoll, logs: not connections */
    FALLBACK_CONNECTIONS = 960, /* when the limit cannot be read */
    DEFAULT_CONNECTIONS = 10000 /* machines that allow a million files have no memory for as many */
};

/* One value on its way into the struct: where it goes and how to name it when it is wrong. */
struct assignment {
    struct config *config;
    const struct config_setting *setting;
    const char *named; /* "--workers" or "PILCROW_WORKERS" */
    const char *text;
    struct fault *fault;
};

static void *member(const struct assignment *a) {
    return (char *)a->config + a->setting->offset;
}

static enum problem refuse(const struct assignment *a, const char *wanted) {
    fault_set(a->fault, "%s: '%.100s' is not %s", a->named, a->text, wanted);
    if (a->fault != NULL)
        snprintf(a->fault->name, sizeof a->fault->name, "%s", a->named);
    return PROBLEM_BAD_PARAMETER;
}

static enum problem set_number(const struct assignment *a) {
    char wanted[80];
    snprintf(wanted, sizeof wanted, "a whole number from %u to %u", a->setting->min,
             a->setting->max);
    if (a->text[0] == '\0' || strspn(a->text, "0123456789") != strlen(a->text) ||
        strlen(a->text) > 10)
        return refuse(a, wanted);
    unsigned long long value = strtoull(a->text, NULL, 10);
    if (value < a->setting->min || value > a->setting->max)
        return refuse(a, wanted);
    *(unsigned *)member(a) = (unsigned)value;
    return PROBLEM_NONE;
}

static void join_words(const char *const *words, char *out, size_t out_bytes) {
    size_t used = 0;
    for (size_t i = 0; words[i] != NULL && used < out_bytes; i++) {
        const char *between = i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ";
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%s", between, words[i]);
    }
}

/* Words stand for the values of an enum, which is as large as an int. */
static enum problem set_word(const struct assignment *a) {
    for (size_t i = 0; a->setting->words[i] != NULL; i++) {
        if (strcmp(a->setting->words[i], a->text) != 0)
            continue;
        *(int *)member(a) = (int)i;
        return PROBLEM_NONE;
    }
    char wanted[80];
    join_words(a->setting->words, wanted, sizeof wanted);
    return refuse(a, wanted);
}

static enum problem set_switch(const struct assignment *a) {
    if (strcmp(a->text, "1") != 0 && strcmp(a->text, "0") != 0)
        return refuse(a, "1 or 0");
    *(bool *)member(a) = a->text[0] == '1';
    return PROBLEM_NONE;
}

static enum problem set_text(const struct assignment *a) {
    if (a->text[0] == '\0' && a->setting->fallback[0] != '\0')
        return refuse(a, "a name");
    *(const char **)member(a) = a->text;
    return PROBLEM_NONE;
}

static enum problem set_url(const struct assignment *a) {
    static const char scheme[] = "http://";
    if (a->text[0] != '\0' && strncmp(a->text, scheme, sizeof scheme - 1) != 0)
        return refuse(a, "of the form http://HOST:PORT");
    *(const char **)member(a) = a->text;
    return PROBLEM_NONE;
}

/* What other addresses can be appended to, and what can stand in any document. */
static bool is_base(const char *text) {
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t bytes = strlen(schemes[i]);
        if (strncmp(text, schemes[i], bytes) != 0)
            continue;
        const char *rest = text + bytes;
        size_t plain = strspn(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                    "-._~:/[]%!$&'()*+,;=");
        return rest[plain] == '\0' && rest[0] != '\0' && strchr("/:", rest[0]) == NULL;
    }
    return false;
}

static enum problem set_base(const struct assignment *a) {
    if (a->text[0] != '\0' && !is_base(a->text))
        return refuse(a, "of the form https://HOST/PATH, the path percent-encoded");
    *(const char **)member(a) = a->text;
    return PROBLEM_NONE;
}

/* Only the form; whether the address exists is for who binds it to say. */
static bool is_address(const char *text) {
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon == text)
        return false;
    const char *port = colon + 1;
    size_t digits = strspn(port, "0123456789");
    if (digits == 0 || digits > 5 || port[digits] != '\0' || strtoul(port, NULL, 10) > 65535)
        return false;
    if (text[0] == '[')
        return colon[-1] == ']' && colon - text > 2;
    return memchr(text, ':', (size_t)(colon - text)) == NULL;
}

static enum problem add_address(const struct assignment *a, const char *text) {
    struct config *config = a->config;
    struct assignment piece = *a;
    piece.text = text;
    if (!is_address(text))
        return refuse(&piece, "of the form ADDR:PORT or [ADDR]:PORT with a port from 0 to 65535");
    if (config->listen_count == CONFIG_LISTENS_MAX) {
        fault_set(a->fault, "%s: more than %d addresses", a->named, CONFIG_LISTENS_MAX);
        return PROBLEM_BAD_PARAMETER;
    }
    config->listens[config->listen_count++] = text;
    return PROBLEM_NONE;
}

static enum problem add_network(const struct assignment *a, const char *text) {
    struct config *config = a->config;
    struct assignment piece = *a;
    piece.text = text;
    if (config->trusted_proxy_count == CONFIG_PROXIES_MAX) {
        fault_set(a->fault, "%s: more than %d networks", a->named, CONFIG_PROXIES_MAX);
        return PROBLEM_BAD_PARAMETER;
    }
    if (!network_parse(span_of(text), &config->trusted_proxies[config->trusted_proxy_count]))
        return refuse(&piece, "an address or a network such as 10.0.0.0/8 or fd00::/8");
    config->trusted_proxy_count++;
    return PROBLEM_NONE;
}

/* Kinds of which there may be several. */
struct list {
    enum problem (*add)(const struct assignment *a, const char *text);
    size_t *count;
};

static bool find_list(struct config *config, enum config_kind kind, struct list *out) {
    if (kind == CONFIG_KIND_ADDRESS)
        *out = (struct list){add_address, &config->listen_count};
    else if (kind == CONFIG_KIND_NETWORK)
        *out = (struct list){add_network, &config->trusted_proxy_count};
    else
        return false;
    return true;
}

/* "A:1,B:2" from the environment, cut in `text`; a flag gives one at a time and needs no copy. */
static enum problem add_parts(const struct assignment *a, char text[CONFIG_LISTEN_BYTES]) {
    struct list list;
    size_t bytes = strlen(a->text) + 1;
    if (bytes > CONFIG_LISTEN_BYTES)
        return refuse(a, "a list of addresses of at most 1,023 bytes");
    memcpy(text, a->text, bytes);
    char *rest = text;
    enum problem problem = PROBLEM_NONE;
    if (find_list(a->config, a->setting->kind, &list)) {
        *list.count = 0;
        while (problem == PROBLEM_NONE && rest != NULL)
            problem = list.add(a, strsep(&rest, ","));
    }
    return problem;
}

static enum problem set_addresses(const struct assignment *a) {
    return add_parts(a, a->config->listen_text);
}

static enum problem set_networks(const struct assignment *a) {
    char text[CONFIG_LISTEN_BYTES];
    return a->text[0] == '\0' ? PROBLEM_NONE : add_parts(a, text);
}

static enum problem set_value(const struct assignment *a) {
    static enum problem (*const setters[])(const struct assignment *) = {
        [CONFIG_KIND_TEXT] = set_text,        [CONFIG_KIND_ADDRESS] = set_addresses,
        [CONFIG_KIND_NETWORK] = set_networks, [CONFIG_KIND_URL] = set_url,
        [CONFIG_KIND_NUMBER] = set_number,    [CONFIG_KIND_WORD] = set_word,
        [CONFIG_KIND_SWITCH] = set_switch,    [CONFIG_KIND_BASE] = set_base,
    };
    return setters[a->setting->kind](a);
}

static enum problem set_from_environment(struct config *config, unsigned command,
                                         struct fault *fault) {
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        struct assignment a = {config, setting, setting->flag, setting->fallback, fault};
        const char *given = getenv(setting->environment);
        if ((setting->commands & command) != 0 && given != NULL && given[0] != '\0') {
            a.named = setting->environment;
            a.text = given;
        }
        enum problem problem = set_value(&a);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

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
    unsigned begun; /* bits of kinds: the first --listen replaces what the environment says, later
                     * ones add */
    struct fault *fault;
};

static enum problem set_flag(struct reader *r, const struct config_setting *setting,
                             const char *value) {
    struct assignment a = {r->config, setting, setting->flag, value, r->fault};
    struct list list;
    if (!find_list(r->config, setting->kind, &list))
        return set_value(&a);
    if ((r->begun & 1U << setting->kind) == 0)
        *list.count = 0;
    r->begun |= 1U << setting->kind;
    return list.add(&a, value);
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

enum problem config_parse(struct config *config, unsigned command, int argc, char **argv,
                          struct fault *fault) {
    memset(config, 0, sizeof *config);
    config->operands = argv;
    struct reader reader = {config, command, argc, argv, 0, 0, fault};
    enum problem problem = set_from_environment(config, command, fault);
    /* A wrong variable must not keep anybody from reading the help. */
    struct fault flag_fault;
    fault_init(&flag_fault);
    reader.fault = problem == PROBLEM_NONE ? fault : &flag_fault;
    enum problem flag_problem = read_flags(&reader);
    if (config->wants_help)
        return PROBLEM_NONE;
    return problem != PROBLEM_NONE ? problem : flag_problem;
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

enum problem config_resolve(struct config *config, struct fault *fault) {
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
