/* cli_token.c: tokens are made, listed and revoked, beside a server that runs or without one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/token_file.h"
#include "entry/cli.h"
#include "ground/date.h"

enum { DAY_S = 24 * 60 * 60 };

static enum cli_exit fail(enum problem problem, const struct fault *fault) {
    cli_complain("%s", fault_is_set(fault) ? fault->text : problem_info(problem)->title);
    if (problem == PROBLEM_BAD_PARAMETER)
        return CLI_EXIT_USAGE;
    return problem == PROBLEM_NOT_FOUND ? CLI_EXIT_REFUSED : CLI_EXIT_FAILED;
}

/* "12h", "90d", "8w", "2y". */
static bool parse_duration(const char *text, int64_t *seconds) {
    static const struct {
        const char *unit;
        int64_t seconds;
    } units[] = {
        {"m", 60}, {"h", 3600}, {"d", DAY_S}, {"w", 7 * DAY_S}, {"y", INT64_C(365) * DAY_S}};
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 6)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        *seconds = strtoll(text, NULL, 10) * units[i].seconds;
        if (strcmp(text + digits, units[i].unit) == 0)
            return *seconds > 0;
    }
    return false;
}

/* A date means the end of that day. */
static bool parse_expiry(const char *text, int64_t now_s, int64_t *out) {
    char instant[DATE_BYTES + sizeof "T23:59:59Z"];
    int64_t seconds;
    struct date date;
    *out = 0;
    if (text[0] == '\0')
        return true;
    if (parse_duration(text, &seconds)) {
        *out = now_s + seconds;
        return true;
    }
    if (date_parse_iso(span_of(text), &date)) {
        snprintf(instant, sizeof instant, "%sT23:59:59Z", text);
        text = instant;
    }
    return instant_parse(span_of(text), out) && *out > now_s;
}

static enum cli_exit say_token(const struct token *token, const char *text) {
    char expires[INSTANT_BYTES + 8] = "never ends";
    if (token->expires_s != 0) {
        memcpy(expires, "ends ", sizeof "ends ");
        instant_print(token->expires_s, expires + strlen(expires));
    }
    fprintf(stderr,
            "Token %" PRId64 " (%s, scope %s, %s). It is shown this once; send it as\n"
            "Authorization: Bearer TOKEN\n",
            token->id, token->name, token_scope_name(token->scope), expires);
    printf("%s\n", text);
    if (fflush(stdout) == 0)
        return CLI_EXIT_DONE;
    cli_complain("standard output cannot be written; revoke token %" PRId64, token->id);
    return CLI_EXIT_FAILED;
}

static void note_missing_database(const char *db) {
    if (access(db, F_OK) != 0)
        cli_complain("note: there is no database %s yet", db);
}

static enum cli_exit create_token(const struct config *config) {
    char text[TOKEN_TEXT_BYTES];
    struct token token = {.scope = (enum route_scope)(ROUTE_SCOPE_READ + (int)config->scope)};
    struct fault fault;
    fault_init(&fault);
    token.created_s = time(NULL);
    if (config->name[0] == '\0' || strlen(config->name) >= sizeof token.name) {
        cli_complain("token create needs --name NAME, of at most %d bytes", TOKEN_NAME_BYTES - 1);
        return CLI_EXIT_USAGE;
    }
    memcpy(token.name, config->name, strlen(config->name) + 1);
    if (!parse_expiry(config->expires, token.created_s, &token.expires_s)) {
        cli_complain("--expires: '%.60s' is not a time from now such as 12h or 90d, nor a date to "
                     "come such as 2031-12-31",
                     config->expires);
        return CLI_EXIT_USAGE;
    }
    note_missing_database(config->db);
    enum problem problem = token_file_create(config->db, &token, text, &fault);
    if (problem != PROBLEM_NONE)
        return fail(problem, &fault);
    enum cli_exit status = say_token(&token, text);
    hash_secret_wipe(text, sizeof text);
    return status;
}

static void print_row(const struct token *token, int64_t now_s, struct buffer *out) {
    char created[INSTANT_BYTES], expires[INSTANT_BYTES] = "never";
    instant_print(token->created_s, created);
    if (token->expires_s != 0)
        instant_print(token->expires_s, expires);
    const char *state = token->revoked_s != 0         ? "revoked"
                        : token_is_live(token, now_s) ? "live"
                                                      : "expired";
    buffer_printf(out, "%-5" PRId64 " %-7s %-6s %-21s %-21s %s\n", token->id, state,
                  token_scope_name(token->scope), created, expires, token->name);
}

static enum cli_exit list_tokens(const struct config *config) {
    struct buffer text, out;
    struct fault fault;
    size_t damaged = 0;
    fault_init(&fault);
    buffer_init(&text);
    enum problem problem = token_file_read(config->db, &text, &fault);
    if (problem != PROBLEM_NONE) {
        buffer_fini(&text);
        return fail(problem, &fault);
    }
    buffer_init(&out);
    buffer_printf(&out, "%-5s %-7s %-6s %-21s %-21s %s\n", "id", "state", "scope", "created",
                  "expires", "name");
    struct token_lines lines = {buffer_span(&text), 0};
    struct token token;
    for (enum token_line kind; (kind = token_lines_next(&lines, &token)) != TOKEN_LINE_END;) {
        if (kind == TOKEN_LINE_TOKEN) {
            print_row(&token, time(NULL), &out);
        } else {
            cli_complain("%s.tokens:%zu: this line holds no token", config->db, lines.line);
            damaged++;
        }
    }
    buffer_fini(&text);
    enum cli_exit status = cli_print(&out);
    return status == CLI_EXIT_DONE && damaged > 0 ? CLI_EXIT_REFUSED : status;
}

static enum cli_exit revoke_token(const struct config *config) {
    const char *id = config->operands[1];
    struct token token;
    struct fault fault;
    fault_init(&fault);
    if (id[0] == '\0' || strspn(id, "0123456789") != strlen(id) || strlen(id) > 18) {
        cli_complain("'%.20s' is no id of a token; 'pilcrow token list' lists them", id);
        return CLI_EXIT_USAGE;
    }
    enum problem problem =
        token_file_revoke(config->db, (int64_t)strtoll(id, NULL, 10), time(NULL), &token, &fault);
    if (problem != PROBLEM_NONE)
        return fail(problem, &fault);
    printf("revoked token %" PRId64 " (%s)\n", token.id, token.name);
    return fflush(stdout) == 0 ? CLI_EXIT_DONE : CLI_EXIT_FAILED;
}

enum cli_exit cli_token(struct config *config) {
    static const struct {
        const char *name;
        size_t operands;
        enum cli_exit (*run)(const struct config *config);
    } actions[] = {
        {"create", 1, create_token}, {"list", 1, list_tokens}, {"revoke", 2, revoke_token}};
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(config->operands[0], actions[i].name) == 0 &&
            config->operand_count == actions[i].operands)
            return actions[i].run(config);
    }
    cli_complain("token takes 'create --name NAME', 'list' or 'revoke ID'");
    return CLI_EXIT_USAGE;
}
