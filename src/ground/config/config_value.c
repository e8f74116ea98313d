/* config_value.c: see config_value.h: one function for each kind of value. */
#include "config_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *member(const struct config_assignment *a) {
    return (char *)a->config + a->setting->offset;
}

static enum problem refuse(const struct config_assignment *a, const char *wanted) {
    fault_set(a->fault, "%s: '%.100s' is not %s", a->named, a->text, wanted);
    if (a->fault != NULL)
        snprintf(a->fault->name, sizeof a->fault->name, "%s", a->named);
    return PROBLEM_BAD_PARAMETER;
}

/* A number may say its unit, where it has one; it cannot choose another. */
static bool is_unit(const struct config_setting *setting, const char *rest) {
    static const struct {
        const char *value_name, *unit;
    } units[] = {{"SECONDS", "s"}, {"MILLISECONDS", "ms"}, {"MEBIBYTES", "MiB"}, {"MIB", "MiB"}};
    if (rest[0] == '\0')
        return true;
    rest += rest[0] == ' ';
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(setting->value_name, units[i].value_name) == 0)
            return strcmp(rest, units[i].unit) == 0;
    }
    return false;
}

static enum problem set_number(const struct config_assignment *a) {
    char wanted[80];
    snprintf(wanted, sizeof wanted, "a whole number from %u to %u", a->setting->min,
             a->setting->max);
    size_t digits = strspn(a->text, "0123456789");
    if (digits == 0 || digits > 10 || !is_unit(a->setting, a->text + digits))
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
static enum problem set_word(const struct config_assignment *a) {
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

static enum problem set_switch(const struct config_assignment *a) {
    if (strcmp(a->text, "1") != 0 && strcmp(a->text, "0") != 0)
        return refuse(a, "1 or 0");
    *(bool *)member(a) = a->text[0] == '1';
    return PROBLEM_NONE;
}

static enum problem set_text(const struct config_assignment *a) {
    if (a->text[0] == '\0' && a->setting->fallback[0] != '\0')
        return refuse(a, "a name");
    *(const char **)member(a) = a->text;
    return PROBLEM_NONE;
}

/* What stands behind "http://" or "https://"; NULL when neither stands in front. */
static const char *skip_scheme(const char *text) {
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t bytes = strlen(schemes[i]);
        if (strncmp(text, schemes[i], bytes) == 0)
            return text + bytes;
    }
    return NULL;
}

static enum problem set_url(const struct config_assignment *a) {
    if (a->text[0] != '\0' && skip_scheme(a->text) == NULL)
        return refuse(a, "of the form http://HOST:PORT or https://HOST:PORT");
    *(const char **)member(a) = a->text;
    return PROBLEM_NONE;
}

/* What other addresses can be appended to, and what can stand in any document. */
static bool is_base(const char *text) {
    const char *rest = skip_scheme(text);
    if (rest == NULL)
        return false;
    size_t plain = strspn(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._~:/[]%!$&'()*+,;=");
    return rest[plain] == '\0' && rest[0] != '\0' && strchr("/:", rest[0]) == NULL;
}

static enum problem set_base(const struct config_assignment *a) {
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

static enum problem add_address(const struct config_assignment *a, const char *text) {
    struct config *config = a->config;
    struct config_assignment piece = *a;
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

static enum problem add_network(const struct config_assignment *a, const char *text) {
    struct config *config = a->config;
    struct config_assignment piece = *a;
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
    enum problem (*add)(const struct config_assignment *a, const char *text);
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
static enum problem add_parts(const struct config_assignment *a, char text[CONFIG_LISTEN_BYTES]) {
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

static enum problem set_addresses(const struct config_assignment *a) {
    return add_parts(a, a->config->listen_text);
}

static enum problem set_networks(const struct config_assignment *a) {
    char text[CONFIG_LISTEN_BYTES];
    return a->text[0] == '\0' ? PROBLEM_NONE : add_parts(a, text);
}

enum problem config_value_set(const struct config_assignment *a) {
    static enum problem (*const setters[])(const struct config_assignment *) = {
        [CONFIG_KIND_TEXT] = set_text,        [CONFIG_KIND_ADDRESS] = set_addresses,
        [CONFIG_KIND_NETWORK] = set_networks, [CONFIG_KIND_URL] = set_url,
        [CONFIG_KIND_NUMBER] = set_number,    [CONFIG_KIND_WORD] = set_word,
        [CONFIG_KIND_SWITCH] = set_switch,    [CONFIG_KIND_BASE] = set_base,
        [CONFIG_KIND_FILE] = set_text,
    };
    return setters[a->setting->kind](a);
}

bool config_value_is_list(const struct config_setting *setting) {
    return setting->kind == CONFIG_KIND_ADDRESS || setting->kind == CONFIG_KIND_NETWORK;
}

enum problem config_value_add(const struct config_assignment *a) {
    struct list list;
    return find_list(a->config, a->setting->kind, &list) ? list.add(a, a->text)
                                                         : config_value_set(a);
}
