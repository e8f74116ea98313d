/* config_help.c: the table of settings, shown: as help, as Markdown, and against misspelt
 * variables. */
#include <string.h>

#include "ground/config/config.h"
#include "ground/nearest.h"

extern char **environ;

enum { TEXT_COLUMN = 10 };

static void print_bounds(const struct config_setting *setting, struct buffer *out) {
    if (setting->kind == CONFIG_KIND_NUMBER)
        buffer_printf(out, "%u to %u", setting->min, setting->max);
    for (size_t i = 0; setting->kind == CONFIG_KIND_WORD && setting->words[i] != NULL; i++)
        buffer_printf(out, "%s%s", i == 0 ? "" : ", ", setting->words[i]);
}

static void print_option(const struct config_setting *setting, struct buffer *out) {
    buffer_append_text(out, setting->flag);
    if (setting->value_name != NULL)
        buffer_printf(out, " %s", setting->value_name);
}

void config_print_help(unsigned command, struct buffer *out) {
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        if ((setting->commands & command) == 0)
            continue;
        buffer_append_text(out, "  ");
        print_option(setting, out);
        buffer_printf(out, "\n%*s%s\n%*s[", TEXT_COLUMN, "", setting->doc, TEXT_COLUMN, "");
        size_t start = out->used;
        print_bounds(setting, out);
        if (out->used > start)
            buffer_append_text(out, "; ");
        if (setting->value_name != NULL && setting->fallback[0] != '\0')
            buffer_printf(out, "default %s; ", setting->fallback);
        buffer_printf(out, "%s%s]\n", setting->environment,
                      (setting->commands & CONFIG_RELOADS) == 0 ? "" : "; SIGHUP");
    }
    buffer_printf(out, "  --help\n%*sShow this text.\n", TEXT_COLUMN, "");
}

static void print_commands(unsigned commands, struct buffer *out) {
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{CONFIG_FOR_SERVE, "serve"},
                 {CONFIG_FOR_IMPORT, "import"},
                 {CONFIG_FOR_CHECK, "check"},
                 {CONFIG_FOR_TOKEN, "token"},
                 {CONFIG_FOR_BACKUP, "backup"},
                 {CONFIG_FOR_RESTORE, "restore"},
                 {CONFIG_FOR_HEALTHCHECK, "healthcheck"},
                 {CONFIG_FOR_CONFIG, "config"}};
    const char *between = "";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((commands & names[i].bit) == 0)
            continue;
        buffer_printf(out, "%s%s", between, names[i].name);
        between = ", ";
    }
}

void config_print_markdown(struct buffer *out) {
    buffer_append_text(
        out, "| Option | Variable | Default | Values | SIGHUP | Commands | What it does |\n"
             "|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        buffer_append_text(out, "| `");
        print_option(setting, out);
        buffer_printf(out, "` | `%s` | ", setting->environment);
        if (setting->fallback[0] != '\0')
            buffer_printf(out, "`%s`", setting->fallback);
        buffer_append_text(out, " | ");
        if (setting->kind == CONFIG_KIND_SWITCH)
            buffer_append_text(out, "0, 1");
        print_bounds(setting, out);
        buffer_append_text(out, (setting->commands & CONFIG_RELOADS) == 0 ? " | | " : " | yes | ");
        print_commands(setting->commands, out);
        buffer_printf(out, " | %s |\n", setting->doc);
    }
}

void config_check_environment(config_say *say, void *context) {
    const char *known[CONFIG_SETTINGS_MAX];
    size_t count = 0;
    for (; count < config_settings_count && count < CONFIG_SETTINGS_MAX; count++)
        known[count] = config_settings[count].environment;
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        struct span name = {*entry, strcspn(*entry, "=")};
        if (name.bytes < 8 || strncmp(name.at, "PILCROW_", 8) != 0)
            continue;
        const char *nearest = nearest_name(name, known, count);
        if (nearest != NULL && !span_is(name, nearest)) {
            char shown[FAULT_NAME_BYTES];
            size_t bytes = name.bytes < sizeof shown ? name.bytes : sizeof shown - 1;
            memcpy(shown, name.at, bytes);
            shown[bytes] = '\0';
            say(context, shown, nearest);
        }
    }
}
