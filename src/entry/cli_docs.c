/* cli_docs.c: the tables that the program works with, as Markdown for README.md; the description of
 * the API, as /openapi.json. */
#include <string.h>

#include "engine/params/params.h"
#include "engine/render.h"
#include "engine/token_file.h"
#include "entry/cli.h"
#include "ground/problem.h"
#include "surface/openapi/openapi.h"
#include "surface/routes.h"

static void print_commands(struct buffer *out) {
    buffer_append_text(out, "| Command | What it does |\n|---|---|\n");
    for (size_t i = 0; i < cli_commands_count; i++) {
        const struct cli_command *command = &cli_commands[i];
        buffer_printf(out, "| `pilcrow %s%s%s` | %s |\n", command->name,
                      command->operands == NULL ? "" : " ",
                      command->operands == NULL ? "" : command->operands, command->summary);
    }
}

static void print_routes(struct buffer *out) {
    buffer_append_text(out, "| Method | Address | Scope | Also as | What it answers |\n"
                            "|---|---|---|---|---|\n");
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *route = &routes[i];
        buffer_printf(out, "| %s | `%s` | %s | ", router_method_name(route->method), route->pattern,
                      token_scope_name(route->scope));
        for (size_t j = 0; route->formats[j] != NULL; j++)
            buffer_printf(out, "%s`.%s`", j == 0 ? "" : " ", route->formats[j]);
        buffer_printf(out, " | %s |\n", route->summary);
    }
}

/* Whether a row before this one, of another method, has its address and takes the parameter. */
static bool is_named_before(size_t route, enum param_id id) {
    for (size_t i = 0; i < route; i++) {
        if (params_is_listed(routes[i].taken, id) &&
            strcmp(routes[i].pattern, routes[route].pattern) == 0)
            return true;
    }
    return false;
}

/* The addresses that take a parameter; one that no row lists is of the path, or known everywhere.
 */
static void print_takers(enum param_id id, struct buffer *out) {
    const char *between = "";
    for (size_t i = 0; i < routes_count; i++) {
        if (!params_is_listed(routes[i].taken, id) || is_named_before(i, id))
            continue;
        buffer_printf(out, "%s`%s`", between, routes[i].pattern);
        between = ", ";
    }
    if (between[0] == '\0')
        buffer_append_text(out, id == PARAM_PRETTY ? "everywhere" : "the path");
}

static void print_parameters(struct buffer *out) {
    buffer_append_text(out, "| Parameter | Default | Where | What it means |\n|---|---|---|---|\n");
    for (enum param_id id = 0; id < PARAM_ID_COUNT; id++) {
        const struct param_spec *spec = &param_specs[id];
        buffer_printf(out, "| `%s` | ", spec->name);
        if (spec->fallback != NULL)
            buffer_printf(out, "`%s`", spec->fallback);
        buffer_append_text(out, " | ");
        print_takers(id, out);
        buffer_printf(out, " | %s |\n", spec->doc);
    }
}

static void print_problems(struct buffer *out) {
    buffer_append_text(out, "| Status | Code | Title | What to do |\n|---|---|---|---|\n");
    for (enum problem problem = PROBLEM_NONE + 1; problem < PROBLEM_COUNT; problem++) {
        const struct problem_info *info = problem_info(problem);
        buffer_printf(out, "| %u | `%s` | %s | %s |\n", info->status, info->code, info->title,
                      info->remedy);
    }
}

enum cli_exit cli_docs(struct config *config) {
    static const struct {
        const char *name;
        void (*print)(struct buffer *out);
    } tables[] = {{"commands", print_commands}, {"settings", config_print_markdown},
                  {"routes", print_routes},     {"parameters", print_parameters},
                  {"problems", print_problems}, {"openapi", openapi_print}};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (strcmp(config->operands[0], tables[i].name) != 0)
            continue;
        struct buffer out;
        render_setup();
        buffer_init(&out);
        tables[i].print(&out);
        return cli_print(&out);
    }
    cli_complain("there is no table '%.60s'; there are commands, settings, routes, parameters, "
                 "problems and openapi",
                 config->operands[0]);
    return CLI_EXIT_USAGE;
}
