/* test_config.c: the table of settings is sound, and flags, variables and defaults come out as it
 * says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "ground/config/config.h"
#include "ground/log.h"

enum { ARGUMENTS_MAX = 40 };

/* Parses `line` split at blanks. */
static enum problem parse(struct config *config, unsigned command, const char *line,
                          struct fault *fault) {
    static char text[2000];
    static char *argv[ARGUMENTS_MAX];
    int argc = 0;
    snprintf(text, sizeof text, "%s", line);
    char *rest = text;
    for (char *part; (part = strsep(&rest, " ")) != NULL && argc < ARGUMENTS_MAX;) {
        if (part[0] != '\0')
            argv[argc++] = part;
    }
    fault_init(fault);
    return config_parse(config, command, argc, argv, fault);
}

static void clear_environment(void) {
    for (size_t i = 0; i < config_settings_count; i++)
        unsetenv(config_settings[i].environment);
}

static int setup(void **state) {
    (void)state;
    clear_environment();
    return 0;
}

static void test_table(void **state) {
    (void)state;
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *a = &config_settings[i];
        print_message("%s\n", a->flag);
        assert_memory_equal(a->flag, "--", 2);
        assert_memory_equal(a->environment, "PILCROW_", 8);
        assert_int_equal(strlen(a->environment) - 8, strlen(a->flag) - 2);
        for (size_t j = 2; a->flag[j] != '\0'; j++) {
            char upper = a->flag[j] == '-' ? '_' : (char)(a->flag[j] - 'a' + 'A');
            assert_int_equal(a->environment[j + 6], upper);
        }
        assert_int_equal(a->doc[strlen(a->doc) - 1], '.');
        assert_true(a->commands != 0);
        assert_true((a->kind == CONFIG_KIND_SWITCH) == (a->value_name == NULL));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(a->flag, config_settings[j].flag);
    }
}

static void test_defaults(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "", &fault), PROBLEM_NONE);
    assert_string_equal(config.db, "pilcrow.db");
    assert_int_equal(config.listen_count, 1);
    assert_string_equal(config.listens[0], "127.0.0.1:8080");
    assert_int_equal(config.idle_timeout_s, 15);
    assert_int_equal(config.head_timeout_s, 10);
    assert_int_equal(config.min_rate_bytes_s, 240);
    assert_int_equal(config.log_level, LOG_INFO);
    assert_int_equal(config.log_format, CONFIG_LOG_LOGFMT);
    assert_int_equal(config.access_log, CONFIG_ACCESS_LOG_ON);
    assert_false(config.dry_run || config.quiet || config.wants_help);
    assert_int_equal(config.operand_count, 0);
}

static void test_flags(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE,
                           "--db=a.db --workers 3 --listen 0.0.0.0:0 --listen=[::1]:65535 "
                           "--log-level debug --log-format=json --access-log off",
                           &fault),
                     PROBLEM_NONE);
    assert_string_equal(config.db, "a.db");
    assert_int_equal(config.workers, 3);
    assert_int_equal(config.listen_count, 2);
    assert_string_equal(config.listens[0], "0.0.0.0:0");
    assert_string_equal(config.listens[1], "[::1]:65535");
    assert_int_equal(config.log_level, LOG_DEBUG);
    assert_int_equal(config.log_format, CONFIG_LOG_JSON);
    assert_int_equal(config.access_log, CONFIG_ACCESS_LOG_OFF);
}

static void test_operands(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    assert_int_equal(
        parse(&config, CONFIG_FOR_IMPORT, "one --dry-run - two --quiet -- --db -x", &fault),
        PROBLEM_NONE);
    static const char *const expected[] = {"one", "-", "two", "--db", "-x"};
    assert_int_equal(config.operand_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(config.operands[i], expected[i]);
    assert_true(config.dry_run && config.quiet);
    assert_string_equal(config.db, "pilcrow.db");
}

static void test_environment(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    setenv("PILCROW_DB", "env.db", 1);
    setenv("PILCROW_LISTEN", "127.0.0.1:1,[::1]:2", 1);
    setenv("PILCROW_WORKERS", "", 1);
    setenv("PILCROW_DRY_RUN", "nonsense that serve does not read", 1);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "", &fault), PROBLEM_NONE);
    assert_string_equal(config.db, "env.db");
    assert_int_equal(config.listen_count, 2);
    assert_string_equal(config.listens[0], "127.0.0.1:1");
    assert_string_equal(config.listens[1], "[::1]:2");
    assert_int_equal(config.workers, 0);
    /* A flag replaces the variable as a whole. */
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "--db flag.db --listen 127.0.0.1:3", &fault),
                     PROBLEM_NONE);
    assert_string_equal(config.db, "flag.db");
    assert_int_equal(config.listen_count, 1);
    assert_string_equal(config.listens[0], "127.0.0.1:3");
}

static void test_refusals(void **state) {
    (void)state;
    static const struct {
        const char *line, *text;
    } rows[] = {
        {"--worker 3", "--worker is not an option here; did you mean --workers?"},
        {"--zzz", "--zzz is not an option here"},
        {"--dry-run", "--dry-run is not an option here"},
        {"-x", "-x is not an option here"},
        {"--workers", "--workers needs a value: --workers N"},
        {"--workers many", "--workers: 'many' is not a whole number from 0 to 256"},
        {"--workers 257", "--workers: '257' is not a whole number from 0 to 256"},
        {"--workers -1", "--workers: '-1' is not a whole number from 0 to 256"},
        {"--workers=", "--workers: '' is not a whole number from 0 to 256"},
        {"--workers 99999999999999999999",
         "--workers: '99999999999999999999' is not a whole number from 0 to 256"},
        {"--idle-timeout 0", "--idle-timeout: '0' is not a whole number from 1 to 3600"},
        {"--db=", "--db: '' is not a name"},
        {"--log-level loud", "--log-level: 'loud' is not error, warn, info or debug"},
        {"--access-log 1", "--access-log: '1' is not off or on"},
        {"--listen 8080", "--listen: '8080' is not of the form ADDR:PORT or [ADDR]:PORT with a "
                          "port from 0 to 65535"},
    };
    struct config config;
    struct fault fault;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].line);
        assert_int_equal(parse(&config, CONFIG_FOR_SERVE, rows[i].line, &fault),
                         PROBLEM_BAD_PARAMETER);
        assert_string_equal(fault.text, rows[i].text);
    }
    setenv("PILCROW_WORKERS", "all", 1);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "", &fault), PROBLEM_BAD_PARAMETER);
    assert_string_equal(fault.text, "PILCROW_WORKERS: 'all' is not a whole number from 0 to 256");
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "--help", &fault), PROBLEM_NONE);
    assert_true(config.wants_help);
}

static void test_addresses(void **state) {
    (void)state;
    static const struct {
        const char *address;
        bool is_good;
    } rows[] = {
        {"127.0.0.1:0", true},
        {"localhost:80", true},
        {"[::]:80", true},
        {"[fe80::1%lo]:1", true},
        {"::1:80", false},
        {"[::1]", false},
        {"[]:80", false},
        {":80", false},
        {"127.0.0.1:", false},
        {"127.0.0.1:65536", false},
        {"127.0.0.1:-1", false},
        {"127.0.0.1:8o", false},
        {"", false},
    };
    struct config config;
    struct fault fault;
    char line[80];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(line, sizeof line, "--listen=%s", rows[i].address);
        print_message("%s\n", line);
        assert_int_equal(parse(&config, CONFIG_FOR_SERVE, line, &fault),
                         rows[i].is_good ? PROBLEM_NONE : PROBLEM_BAD_PARAMETER);
    }
}

static void test_as_many_addresses_as_allowed(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    char line[1000] = "";
    for (int i = 0; i <= CONFIG_LISTENS_MAX; i++) {
        assert_int_equal(parse(&config, CONFIG_FOR_SERVE, line, &fault), PROBLEM_NONE);
        snprintf(line + strlen(line), sizeof line - strlen(line), " --listen a:%d", i);
    }
    assert_int_equal(config.listen_count, CONFIG_LISTENS_MAX);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, line, &fault), PROBLEM_BAD_PARAMETER);
    assert_string_equal(fault.text, "--listen: more than 16 addresses");
}

static void test_resolve(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    struct rlimit old, small = {300, 300};
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "--workers 2", &fault), PROBLEM_NONE);
    getrlimit(RLIMIT_NOFILE, &old);
    small.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_NOFILE, &small);
    assert_int_equal(config_resolve(&config, &fault), PROBLEM_NONE);
    assert_in_range(config.max_connections, 100, 300 - 64);
    config.max_connections++;
    assert_int_equal(config_resolve(&config, &fault), PROBLEM_BAD_PARAMETER);
    assert_non_null(strstr(fault.text, "limit on open files"));
    setrlimit(RLIMIT_NOFILE, &old);
    config.workers = 0;
    assert_int_equal(config_resolve(&config, &fault), PROBLEM_NONE);
    assert_in_range(config.workers, 1, 256);
}

static void collect(void *context, const char *variable, const char *nearest) {
    buffer_printf(context, "%s->%s ", variable, nearest);
}

static void test_misspelt_variables(void **state) {
    (void)state;
    struct buffer out;
    buffer_init(&out);
    setenv("PILCROW_WORKER", "3", 1);
    setenv("PILCROW_PORT_8080_TCP_ADDR", "set by an orchestrator", 1);
    setenv("PILCROW_LOG_LEVEL", "warn", 1);
    config_check_environment(collect, &out);
    unsetenv("PILCROW_WORKER");
    unsetenv("PILCROW_PORT_8080_TCP_ADDR");
    buffer_append_char(&out, '\0');
    assert_string_equal(out.bytes, "PILCROW_WORKER->PILCROW_WORKERS ");
    buffer_fini(&out);
}

static void test_help_names_everything(void **state) {
    (void)state;
    struct buffer help, table;
    buffer_init(&help);
    buffer_init(&table);
    config_print_help(CONFIG_FOR_IMPORT, &help);
    config_print_markdown(&table);
    buffer_append_char(&help, '\0');
    buffer_append_char(&table, '\0');
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        char flag[80];
        snprintf(flag, sizeof flag, "  %s%s", setting->flag,
                 setting->value_name == NULL ? "\n" : " ");
        bool is_taken = (setting->commands & CONFIG_FOR_IMPORT) != 0;
        assert_int_equal(strstr(help.bytes, flag) != NULL, is_taken);
        assert_non_null(strstr(table.bytes, setting->doc));
        assert_non_null(strstr(table.bytes, setting->environment));
    }
    buffer_fini(&help);
    buffer_fini(&table);
}

static void test_networks(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "", &fault), PROBLEM_NONE);
    assert_int_equal(config.trusted_proxy_count, 0);
    setenv("PILCROW_TRUSTED_PROXY", "10.0.0.0/8,::1", 1);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "", &fault), PROBLEM_NONE);
    assert_int_equal(config.trusted_proxy_count, 2);
    assert_int_equal(config.trusted_proxies[1].bits, 128);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE,
                           "--trusted-proxy 192.0.2.1 --listen 127.0.0.1:1 "
                           "--trusted-proxy=fd00::/8 --listen 127.0.0.1:2",
                           &fault),
                     PROBLEM_NONE);
    assert_int_equal(config.trusted_proxy_count, 2);
    assert_int_equal(config.trusted_proxies[1].bits, 8);
    assert_int_equal(config.listen_count, 2);
    setenv("PILCROW_TRUSTED_PROXY", "10.0.0.0/8,", 1);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "", &fault), PROBLEM_BAD_PARAMETER);
    unsetenv("PILCROW_TRUSTED_PROXY");
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, "--trusted-proxy proxy.example", &fault),
                     PROBLEM_BAD_PARAMETER);
    assert_non_null(strstr(fault.text, "--trusted-proxy: 'proxy.example' is not an address"));
}

static void test_optional_text(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    assert_int_equal(parse(&config, CONFIG_FOR_TOKEN, "", &fault), PROBLEM_NONE);
    assert_string_equal(config.name, "");
    assert_int_equal(config.scope, CONFIG_SCOPE_READ);
    assert_int_equal(parse(&config, CONFIG_FOR_TOKEN, "--name= --scope admin", &fault),
                     PROBLEM_NONE);
    assert_int_equal(config.scope, CONFIG_SCOPE_ADMIN);
    assert_int_equal(parse(&config, CONFIG_FOR_TOKEN, "--db=", &fault), PROBLEM_BAD_PARAMETER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_table, setup),
        cmocka_unit_test_setup(test_defaults, setup),
        cmocka_unit_test_setup(test_flags, setup),
        cmocka_unit_test_setup(test_operands, setup),
        cmocka_unit_test_setup(test_environment, setup),
        cmocka_unit_test_setup(test_refusals, setup),
        cmocka_unit_test_setup(test_addresses, setup),
        cmocka_unit_test_setup(test_as_many_addresses_as_allowed, setup),
        cmocka_unit_test_setup(test_networks, setup),
        cmocka_unit_test_setup(test_optional_text, setup),
        cmocka_unit_test_setup(test_resolve, setup),
        cmocka_unit_test_setup(test_misspelt_variables, setup),
        cmocka_unit_test_setup(test_help_names_everything, setup),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
