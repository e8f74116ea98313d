/* test_config_file.c: settings out of a file: what is read, what is refused and how, which source
 * wins, and what a reload changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ground/config/config.h"

static char path[] = "config-XXXXXX";

static void write_file(const void *bytes, size_t count) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static int setup(void **state) {
    (void)state;
    for (size_t i = 0; i < config_settings_count; i++)
        unsetenv(config_settings[i].environment);
    return 0;
}

/* The flags and the file, whose name is in the environment. */
static enum problem parse(struct config *config, unsigned command, char **argv,
                          struct fault *fault) {
    int argc = 0;
    while (argv != NULL && argv[argc] != NULL)
        argc++;
    fault_init(fault);
    setenv("PILCROW_CONFIG", path, 1);
    return config_parse(config, command, argc, argv, fault);
}

static void test_good(void **state) {
    (void)state;
    static const struct {
        const char *text;
        unsigned workers;
        const char *title;
    } rows[] = {
        {"", 0, "Pilcrow"},
        {"\n\n# nothing\n; nothing\n   # nothing\n", 0, "Pilcrow"},
        {"workers = 3", 3, "Pilcrow"},
        {"workers=3\r\ntitle=The Tide\r\n", 3, "The Tide"},
        {"workers: 3\n", 3, "Pilcrow"},
        {"[serve]\nworkers = 3\n", 3, "Pilcrow"},
        {"[serve]  \n\tworkers = 3\n  title = A # and ; B\n", 3, "A # and ; B"},
        {"\xEF\xBB\xBFworkers = 3\n", 3, "Pilcrow"},
        {"title = a = b: c\nworkers =3", 3, "a = b: c"},
    };
    struct config config;
    struct fault fault;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].text);
        write_file(rows[i].text, strlen(rows[i].text));
        assert_int_equal(parse(&config, CONFIG_FOR_SERVE, NULL, &fault), PROBLEM_NONE);
        assert_int_equal(config.workers, rows[i].workers);
        assert_string_equal(config.title, rows[i].title);
        config_fini(&config);
    }
}

static void test_bad(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"wokers = 1", ":1: there is no setting 'wokers'; did you mean workers?"},
        {"\n# x\nidle_timeout = 1", ":3: there is no setting 'idle_timeout'; did you mean"
                                    " idle-timeout?"},
        {"zzzzzz = 1", ":1: there is no setting 'zzzzzz'"},
        {"workers = many", ":1: workers: 'many' is not a whole number from 0 to 256"},
        {"workers = 2 # two", ":1: workers: '2 # two' is not a whole number from 0 to 256"},
        {"workers =", ":1: workers: '' is not a whole number from 0 to 256"},
        {"idle-timeout = 2 m", ":1: idle-timeout: '2 m' is not a whole number from 1 to 3600"},
        {"workers = 2 s", ":1: workers: '2 s' is not a whole number from 0 to 256"},
        {"access-log = 1", ":1: access-log: '1' is not off or on"},
        {"listen = 127.0.0.1:1\nlisten = 8080", ":2: listen: '8080' is not of the form ADDR:PORT"
                                                " or [ADDR]:PORT with a port from 0 to 65535"},
        {"workers = 1\ntitle = A\n workers = 1", ":3: workers stands in line 1 already"},
        {"workers", ":1: this line is no KEY = VALUE"},
        {"title = \"The Tide\"", ":1: a value stands as it is, without quotes around it"},
        {"[import]\n", ":1: there is one list of settings; a section can only be [serve]"},
        {"dry-run = 1", ":1: dry-run is said on the command line or in PILCROW_DRY_RUN, not in a"
                        " file"},
        {"config = x", ":1: config is said on the command line or in PILCROW_CONFIG, not in a"
                       " file"},
        {"title = \xC3(", ":1: this line is no text in UTF-8"},
    };
    struct config config;
    struct fault fault;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char said[FAULT_TEXT_BYTES];
        snprintf(said, sizeof said, "%s%s", path, rows[i].said);
        print_message("%s\n", rows[i].text);
        write_file(rows[i].text, strlen(rows[i].text));
        assert_int_equal(parse(&config, CONFIG_FOR_SERVE, NULL, &fault), PROBLEM_BAD_PARAMETER);
        assert_string_equal(fault.text, said);
        assert_true(fault.line > 0);
        config_fini(&config);
    }
}

static void test_limits(void **state) {
    (void)state;
    static char text[CONFIG_FILE_BYTES + 2];
    struct config config;
    struct fault fault;
    memset(text, '\n', sizeof text);
    write_file(text, CONFIG_FILE_BYTES);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, NULL, &fault), PROBLEM_NONE);
    config_fini(&config);
    write_file(text, CONFIG_FILE_BYTES + 1);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, NULL, &fault), PROBLEM_BAD_PARAMETER);
    assert_non_null(strstr(fault.text, "has more than 65536 bytes"));
    config_fini(&config);
    memset(text, 'x', sizeof text);
    memcpy(text, "title = ", 8);
    write_file(text, CONFIG_LINE_BYTES - 3);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, NULL, &fault), PROBLEM_NONE);
    assert_int_equal(strlen(config.title), CONFIG_LINE_BYTES - 3 - 8);
    config_fini(&config);
    write_file(text, CONFIG_LINE_BYTES - 2);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, NULL, &fault), PROBLEM_BAD_PARAMETER);
    assert_non_null(strstr(fault.text, ":1: this line is too long"));
    config_fini(&config);
    write_file("title = a\0b\n", 12);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, NULL, &fault), PROBLEM_BAD_PARAMETER);
    assert_non_null(strstr(fault.text, ":1: this line is no text in UTF-8"));
    config_fini(&config);
    setenv("PILCROW_CONFIG", "no/such/file", 1);
    fault_init(&fault);
    assert_int_equal(config_parse(&config, CONFIG_FOR_SERVE, 0, NULL, &fault),
                     PROBLEM_BAD_PARAMETER);
    assert_string_equal(fault.text, "no/such/file cannot be read: No such file or directory");
    config_fini(&config);
}

static const struct config_origin *origin_of(const struct config *config, const char *flag) {
    size_t i = 0;
    while (strcmp(config_settings[i].flag, flag) != 0)
        i++;
    return &config->origins[i];
}

static void test_precedence(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    char *argv[] = {"--workers", "1", "--listen=127.0.0.1:9", NULL};
    static const char text[] = "workers = 4\ndb = file.db\ntitle = file\nlisten = 127.0.0.1:7\n"
                               "listen = 127.0.0.1:8\ntrusted-proxy = ::1\n";
    write_file(text, strlen(text));
    setenv("PILCROW_WORKERS", "2", 1);
    setenv("PILCROW_DB", "environment.db", 1);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, argv, &fault), PROBLEM_NONE);
    assert_int_equal(config.workers, 1);
    assert_string_equal(config.db, "environment.db");
    assert_string_equal(config.title, "file");
    assert_int_equal(config.idle_timeout_s, 15);
    assert_int_equal(config.listen_count, 1);
    assert_string_equal(config.listens[0], "127.0.0.1:9");
    assert_int_equal(config.trusted_proxy_count, 1);
    assert_int_equal(origin_of(&config, "--workers")->source, CONFIG_SOURCE_FLAG);
    assert_int_equal(origin_of(&config, "--db")->source, CONFIG_SOURCE_ENVIRONMENT);
    assert_int_equal(origin_of(&config, "--title")->source, CONFIG_SOURCE_FILE);
    assert_int_equal(origin_of(&config, "--title")->line, 3);
    assert_int_equal(origin_of(&config, "--idle-timeout")->source, CONFIG_SOURCE_DEFAULT);
    config_fini(&config);
    unsetenv("PILCROW_DB");
    /* Another command takes what it knows, and passes over the rest. */
    assert_int_equal(parse(&config, CONFIG_FOR_IMPORT, NULL, &fault), PROBLEM_NONE);
    assert_string_equal(config.db, "file.db");
    config_fini(&config);
    /* What is not used is proved all the same. */
    write_file("workers = x\n", 12);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, argv, &fault), PROBLEM_BAD_PARAMETER);
    config_fini(&config);
}

static void test_example(void **state) {
    (void)state;
    struct config config;
    struct fault fault;
    struct buffer example, bare;
    buffer_init(&example);
    buffer_init(&bare);
    config_print_example(&example);
    write_file(example.bytes, example.used);
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, NULL, &fault), PROBLEM_NONE);
    config_fini(&config);
    /* Each setting stands there with its default: without its '#' it is a file that sets it. */
    for (size_t i = 0; i < example.used; i++) {
        bool is_setting = example.bytes[i] == '#' && i + 1 < example.used &&
                          example.bytes[i + 1] >= 'a' && example.bytes[i + 1] <= 'z';
        if (!is_setting)
            buffer_append_char(&bare, example.bytes[i]);
    }
    write_file(bare.bytes, bare.used);
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        if (!config_is_of_file(setting) || setting->fallback[0] == '\0')
            continue;
        char key[80];
        snprintf(key, sizeof key, "\n%s = %s\n", config_key(setting), setting->fallback);
        assert_non_null(memmem(bare.bytes, bare.used, key, strlen(key)));
    }
    buffer_fini(&example);
    buffer_fini(&bare);
}

static void note(void *context, const struct config_setting *setting, bool is_in_force) {
    buffer_printf(context, "%s%s ", is_in_force ? "" : "!", config_key(setting));
}

static void test_reload(void **state) {
    (void)state;
    static const struct {
        const char *text, *told;
        enum problem problem;
        unsigned idle_timeout_s;
    } rows[] = {
        {"idle-timeout = 20\nworkers = 1\n", "", PROBLEM_NONE, 20},
        {"idle-timeout = 30\nworkers = 2\ntitle = B\n", "!workers idle-timeout !title ",
         PROBLEM_NONE, 30},
        {"idle-timeout = x\nlog-level = debug\n", "", PROBLEM_BAD_PARAMETER, 30},
        {"workers = 1\n", "idle-timeout ", PROBLEM_NONE, 15},
        {"workers = 1\ncache-max-age = 5\n", "cache-max-age ", PROBLEM_NONE, 15},
    };
    struct config config, *newest = &config;
    struct fault fault;
    write_file(rows[0].text, strlen(rows[0].text));
    assert_int_equal(parse(&config, CONFIG_FOR_SERVE, NULL, &fault), PROBLEM_NONE);
    assert_int_equal(config_resolve(&config, &fault), PROBLEM_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer told;
        struct config *before = newest;
        buffer_init(&told);
        fault_init(&fault);
        print_message("%s\n", rows[i].text);
        write_file(rows[i].text, strlen(rows[i].text));
        assert_int_equal(config_reload(newest, &newest, note, &told, &fault), rows[i].problem);
        buffer_append_char(&told, '\0');
        assert_string_equal(told.bytes, rows[i].told);
        assert_int_equal(newest->idle_timeout_s, rows[i].idle_timeout_s);
        assert_int_equal(newest->workers, 1);
        assert_string_equal(newest->title, "Pilcrow");
        assert_int_equal(newest != before, rows[i].told[0] != '\0');
        buffer_fini(&told);
    }
    assert_non_null(strstr(newest->cache_control, "max-age=5,"));
    assert_non_null(strstr(config.cache_control, "max-age=60,"));
    config_fini(newest);
}

/* Only what is as large as an int is copied by a reload. */
static void test_what_reloads(void **state) {
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < config_settings_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        if ((setting->commands & CONFIG_RELOADS) == 0)
            continue;
        assert_true(setting->kind == CONFIG_KIND_NUMBER || setting->kind == CONFIG_KIND_WORD);
        assert_true(config_is_of_file(setting));
        count++;
    }
    assert_true(count > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_good, setup),
        cmocka_unit_test_setup(test_bad, setup),
        cmocka_unit_test_setup(test_limits, setup),
        cmocka_unit_test_setup(test_precedence, setup),
        cmocka_unit_test_setup(test_example, setup),
        cmocka_unit_test_setup(test_reload, setup),
        cmocka_unit_test_setup(test_what_reloads, setup),
    };
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
