/* config_print.c: what is in force: each value as text, and where it comes from. */
#include <stdio.h>
#include <string.h>

#include "ground/config/config.h"
#include "ground/utf8.h"

enum { EXAMPLE_COLUMNS = 96 };

static void print_list(const struct config *config, enum config_kind kind, struct buffer *out) {
    char text[NETWORK_TEXT_BYTES];
    for (size_t i = 0; kind == CONFIG_KIND_ADDRESS && i < config->listen_count; i++)
        buffer_printf(out, "%s%s", i == 0 ? "" : ",", config->listens[i]);
    for (size_t i = 0; kind == CONFIG_KIND_NETWORK && i < config->trusted_proxy_count; i++) {
        const struct network *network = &config->trusted_proxies[i];
        network_print(network, text);
        bool is_v4 = strchr(text, ':') == NULL;
        buffer_printf(out, "%s%s/%u", i == 0 ? "" : ",", text,
                      is_v4 ? network->bits - 96 : network->bits);
    }
}

void config_print_value(const struct config *config, const struct config_setting *setting,
                        struct buffer *out) {
    const void *member = (const char *)config + setting->offset;
    switch (setting->kind) {
    case CONFIG_KIND_TEXT:
    case CONFIG_KIND_FILE:
    case CONFIG_KIND_URL:
    case CONFIG_KIND_BASE:
        buffer_append_text(out, *(const char *const *)member);
        return;
    case CONFIG_KIND_NUMBER:
        buffer_append_int(out, *(const unsigned *)member);
        return;
    case CONFIG_KIND_WORD:
        buffer_append_text(out, setting->words[*(const int *)member]);
        return;
    case CONFIG_KIND_SWITCH:
        buffer_append_text(out, *(const bool *)member ? "1" : "0");
        return;
    case CONFIG_KIND_ADDRESS:
    case CONFIG_KIND_NETWORK:
        print_list(config, setting->kind, out);
        return;
    }
}

/* "default", "flag", "environment PILCROW_DB", "pilcrow.conf:3" */
static void print_origin(const struct config *config, size_t index, struct buffer *out) {
    const struct config_origin *origin = &config->origins[index];
    switch (origin->source) {
    case CONFIG_SOURCE_FLAG:
        buffer_append_text(out, "flag");
        return;
    case CONFIG_SOURCE_ENVIRONMENT:
        buffer_printf(out, "environment %s", config_settings[index].environment);
        return;
    case CONFIG_SOURCE_FILE:
        buffer_printf(out, "%s:%u", config->file, origin->line);
        return;
    case CONFIG_SOURCE_DEFAULT:
    case CONFIG_SOURCE_NONE:
        buffer_append_text(out, "default");
        return;
    }
}

static bool is_shown(const struct config_setting *setting) {
    return (setting->commands & CONFIG_FOR_SERVE) != 0;
}

static int width_of(const struct config *config, bool is_value) {
    size_t widest = 0;
    struct buffer text;
    buffer_init(&text);
    for (size_t i = 0; i < config_settings_count; i++) {
        buffer_clear(&text);
        if (is_shown(&config_settings[i]) && is_value)
            config_print_value(config, &config_settings[i], &text);
        else if (is_shown(&config_settings[i]))
            buffer_append_text(&text, config_key(&config_settings[i]));
        size_t width = utf8_count(buffer_span(&text));
        widest = width > widest ? width : widest;
    }
    buffer_fini(&text);
    return (int)(widest < 40 ? widest : 40);
}

/* Aligned by characters, which printf() does not count. */
static void pad(struct buffer *out, size_t from, int width) {
    size_t shown = utf8_count((struct span){out->bytes + from, out->used - from});
    for (; shown < (size_t)width; shown++)
        buffer_append_char(out, ' ');
}

void config_print_table(const struct config *config, struct buffer *out) {
    int name_width = width_of(config, false);
    int value_width = width_of(config, true);
    for (size_t i = 0; i < config_settings_count && !out->failed; i++) {
        if (!is_shown(&config_settings[i]))
            continue;
        struct buffer value;
        buffer_init(&value);
        config_print_value(config, &config_settings[i], &value);
        buffer_printf(out, "%-*s  ", name_width, config_key(&config_settings[i]));
        size_t start = out->used;
        utf8_append_visible(out, buffer_span(&value));
        buffer_fini(&value);
        pad(out, start, value_width);
        buffer_append_text(out, "  ");
        print_origin(config, i, out);
        buffer_append_char(out, '\n');
    }
}

static void append_json_text(struct buffer *out, struct buffer *text) {
    buffer_append_char(out, '"');
    for (size_t i = 0; i < text->used; i++) {
        unsigned char c = (unsigned char)text->bytes[i];
        if (c == '"' || c == '\\')
            buffer_printf(out, "\\%c", c);
        else if (c < 0x20)
            buffer_printf(out, "\\u%04x", c);
        else
            buffer_append_char(out, (char)c);
    }
    buffer_append_char(out, '"');
    out->failed = out->failed || text->failed;
    buffer_clear(text);
}

static bool is_bare_in_json(const struct config_setting *setting) {
    return setting->kind == CONFIG_KIND_NUMBER;
}

void config_print_json(const struct config *config, struct buffer *out) {
    struct buffer text;
    buffer_init(&text);
    const char *between = "{\n";
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        if (!is_shown(setting))
            continue;
        buffer_printf(out, "%s  \"%s\": {\"value\": ", between, config_key(setting));
        between = ",\n";
        config_print_value(config, setting, &text);
        if (is_bare_in_json(setting)) {
            buffer_append_span(out, buffer_span(&text));
            buffer_clear(&text);
        } else {
            append_json_text(out, &text);
        }
        buffer_append_text(out, ", \"origin\": ");
        print_origin(config, i, &text);
        append_json_text(out, &text);
        buffer_append_char(out, '}');
    }
    buffer_append_text(out, "\n}\n");
    buffer_fini(&text);
}

/* ---- the example ---- */

/* As a comment, broken between words. */
static void print_comment(const char *text, struct buffer *out) {
    size_t left = strlen(text);
    while (left > 0) {
        size_t bytes = left;
        if (bytes > EXAMPLE_COLUMNS) {
            const char *blank = memrchr(text, ' ', EXAMPLE_COLUMNS);
            bytes = blank == NULL ? EXAMPLE_COLUMNS : (size_t)(blank - text);
        }
        buffer_printf(out, "# %.*s\n", (int)bytes, text);
        bytes += bytes < left && text[bytes] == ' ';
        text += bytes;
        left -= bytes;
    }
}

static void print_values(const struct config_setting *setting, struct buffer *out) {
    bool is_counted = strcmp(setting->value_name, "N") == 0;
    if (setting->kind == CONFIG_KIND_NUMBER)
        buffer_printf(out, "# %u to %u%s%s", setting->min, setting->max, is_counted ? "" : " ",
                      is_counted ? "" : setting->value_name);
    else
        buffer_printf(out, "# %s", setting->value_name);
    for (size_t i = 0; setting->kind == CONFIG_KIND_WORD && setting->words[i] != NULL; i++)
        buffer_printf(out, "%s%s", i == 0 ? ": " : ", ", setting->words[i]);
    if ((setting->commands & CONFIG_RELOADS) != 0)
        buffer_append_text(out, "; SIGHUP can change it");
    buffer_append_char(out, '\n');
}

void config_print_example(struct buffer *out) {
    buffer_append_text(out, "# Settings of pilcrow: pilcrow serve --config FILE, or "
                            "PILCROW_CONFIG=FILE.\n"
                            "# A variable of the environment wins over this file, an option over "
                            "both.\n"
                            "# What stands here as a comment is the default.\n");
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        if (!config_is_of_file(setting))
            continue;
        buffer_append_char(out, '\n');
        print_comment(setting->doc, out);
        print_values(setting, out);
        buffer_printf(out, "#%s =%s%s\n", config_key(setting),
                      setting->fallback[0] == '\0' ? "" : " ", setting->fallback);
    }
}
