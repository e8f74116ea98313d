/* cli.c: from argv to one command, and its way out. */
#include "entry/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ground/nearest.h"
#include "ground/utf8.h"

enum { COMMANDS_MAX = 16 };

void cli_complain(const char *format, ...) {
    char text[1024];
    struct buffer out;
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    buffer_init(&out);
    buffer_append_text(&out, "pilcrow: ");
    utf8_append_visible(&out, span_of(text));
    buffer_append_char(&out, '\n');
    if (!out.failed)
        fwrite(out.bytes, 1, out.used, stderr);
    buffer_fini(&out);
}

enum cli_exit cli_print(struct buffer *out) {
    bool is_written = !out->failed && fwrite(out->bytes, 1, out->used, stdout) == out->used;
    is_written = fflush(stdout) == 0 && is_written;
    buffer_fini(out);
    if (!is_written) {
        cli_complain("standard output cannot be written");
        return CLI_EXIT_FAILED;
    }
    return CLI_EXIT_DONE;
}

static const struct cli_command *find_command(const char *name) {
    for (size_t i = 0; i < cli_commands_count; i++) {
        if (strcmp(cli_commands[i].name, name) == 0)
            return &cli_commands[i];
    }
    return NULL;
}

static void print_usage(const struct cli_command *command, struct buffer *out) {
    buffer_printf(out, "Usage: pilcrow %s", command->name);
    if (command->settings != 0)
        buffer_append_text(out, " [OPTION...]");
    if (command->operands != NULL)
        buffer_printf(out, " %s", command->operands);
    buffer_append_char(out, '\n');
}

static enum cli_exit print_command_help(const struct cli_command *command) {
    struct buffer out;
    buffer_init(&out);
    print_usage(command, &out);
    buffer_printf(&out, "\n%s\n\nOptions:\n", command->details);
    config_print_help(command->settings, &out);
    return cli_print(&out);
}

static void print_help(struct buffer *out) {
    buffer_append_text(out,
                       "Usage: pilcrow COMMAND [OPTION...]\n\n"
                       "A folder of articles becomes a JSON API in which every paragraph has an "
                       "address.\n\nCommands:\n");
    for (size_t i = 0; i < cli_commands_count; i++)
        buffer_printf(out, "  %-12s %s\n", cli_commands[i].name, cli_commands[i].summary);
    buffer_append_text(
        out, "\nThe first steps:\n"
             "  pilcrow import articles/\n"
             "  pilcrow serve\n"
             "\n'pilcrow COMMAND --help' lists the options of a command; each can also be "
             "set by an\nenvironment variable. Exit status: 0 done, 1 some input refused, "
             "2 usage, 3 store or\nsystem failure.\n");
}

static enum cli_exit refuse_command(const char *name) {
    const char *names[COMMANDS_MAX];
    size_t count = 0;
    for (; count < cli_commands_count && count < COMMANDS_MAX; count++)
        names[count] = cli_commands[count].name;
    const char *nearest = nearest_name(span_of(name), names, count);
    if (nearest != NULL)
        cli_complain("there is no command '%.60s'; did you mean %s?", name, nearest);
    else
        cli_complain("there is no command '%.60s'; 'pilcrow --help' lists what there is", name);
    return CLI_EXIT_USAGE;
}

enum cli_exit cli_help(struct config *config) {
    struct buffer out;
    if (config->operand_count == 1) {
        const struct cli_command *command = find_command(config->operands[0]);
        return command == NULL ? refuse_command(config->operands[0]) : print_command_help(command);
    }
    buffer_init(&out);
    print_help(&out);
    return cli_print(&out);
}

static enum cli_exit refuse_operands(const struct cli_command *command,
                                     const struct config *config) {
    if (config->operand_count < command->operands_min)
        cli_complain("%s needs %s; 'pilcrow %s --help' says more", command->name, command->operands,
                     command->name);
    else
        cli_complain("%s does not take '%.100s'; 'pilcrow %s --help' says what it takes",
                     command->name, config->operands[command->operands_max], command->name);
    return CLI_EXIT_USAGE;
}

static enum cli_exit run_parsed(const struct cli_command *command, struct config *config) {
    if (config->wants_help)
        return print_command_help(command);
    if (config->operand_count < command->operands_min ||
        config->operand_count > command->operands_max)
        return refuse_operands(command, config);
    return command->run(config);
}

static enum cli_exit run_command(const struct cli_command *command, int argc, char **argv) {
    struct config config;
    struct fault fault;
    enum cli_exit status = CLI_EXIT_USAGE;
    fault_init(&fault);
    if (config_parse(&config, command->settings, argc, argv, &fault) == PROBLEM_NONE)
        status = run_parsed(command, &config);
    else if (fault.line > 0)
        cli_complain("%s; 'pilcrow config --example' explains all settings", fault.text);
    else
        cli_complain("%s; 'pilcrow %s --help' lists the options", fault.text, command->name);
    config_fini(&config);
    return status;
}

enum cli_exit cli_run(int argc, char **argv) {
    static const struct {
        const char *flag, *command;
    } synonyms[] = {
        {"--help", "help"}, {"-h", "help"}, {"--version", "version"}, {"-V", "version"}};
    if (argc < 2) {
        struct buffer out;
        buffer_init(&out);
        print_help(&out);
        fwrite(out.bytes, 1, out.used, stderr);
        buffer_fini(&out);
        return CLI_EXIT_USAGE;
    }
    const char *name = argv[1];
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++) {
        if (strcmp(name, synonyms[i].flag) == 0)
            name = synonyms[i].command;
    }
    const struct cli_command *command = find_command(name);
    return command == NULL ? refuse_command(name) : run_command(command, argc - 2, argv + 2);
}
