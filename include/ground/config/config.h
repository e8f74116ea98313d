/* config.h: everything that can be set, once. From one table, src/ground/config/config_table.c,
 * come the flags, the environment variables, the keys of the file, the defaults, every --help, and
 * the table in README.md.
 * Strings are borrowed from argv, the environment or the table, which live as long as the process;
 * those of the file and the pieces of PILCROW_LISTEN are held by the struct itself.
 *
 * A flag wins over the environment, the environment over the file, the file over the default. An
 * empty variable is none.
 *
 * Once threads run, a struct config is never changed: a reload makes another one beside it, in
 * which only what may change while the server runs is different. */
#ifndef PILCROW_GROUND_CONFIG_CONFIG_H
#define PILCROW_GROUND_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/buffer.h"
#include "ground/fault.h"
#include "ground/network.h"
#include "ground/problem.h"

enum { CONFIG_LISTENS_MAX = 16, CONFIG_LISTEN_BYTES = 1024, CONFIG_PROXIES_MAX = 32 };
enum { CONFIG_SETTINGS_MAX = 64, CONFIG_FILE_BYTES = 64 * 1024, CONFIG_LINE_BYTES = 2048 };
enum { CONFIG_CACHE_CONTROL_BYTES = 128 };

enum config_mode { CONFIG_MODE_UPSERT, CONFIG_MODE_CREATE, CONFIG_MODE_REPLACE };
enum config_log_format { CONFIG_LOG_LOGFMT, CONFIG_LOG_JSON };

enum config_access_log { CONFIG_ACCESS_LOG_OFF, CONFIG_ACCESS_LOG_ON };
enum config_server_timing { CONFIG_SERVER_TIMING_OFF, CONFIG_SERVER_TIMING_ON };

enum config_surrogate_keys { CONFIG_SURROGATE_KEYS_OFF, CONFIG_SURROGATE_KEYS_ON };

enum config_compression { CONFIG_COMPRESSION_OFF, CONFIG_COMPRESSION_ON };

enum config_format { CONFIG_FORMAT_AUTO, CONFIG_FORMAT_TEXT, CONFIG_FORMAT_NDJSON };

enum config_read_access { CONFIG_READ_ACCESS_OPEN, CONFIG_READ_ACCESS_TOKEN };

enum config_landlock { CONFIG_LANDLOCK_OFF, CONFIG_LANDLOCK_ON };

enum config_seccomp {
    CONFIG_SECCOMP_OFF,
    CONFIG_SECCOMP_ON,
    CONFIG_SECCOMP_LOG,
    CONFIG_SECCOMP_KILL,
};

enum config_scope { CONFIG_SCOPE_READ, CONFIG_SCOPE_WRITE, CONFIG_SCOPE_ADMIN };

enum config_metrics { CONFIG_METRICS_OFF, CONFIG_METRICS_TOKEN, CONFIG_METRICS_OPEN };

/* Where a value comes from, the weakest first. */
enum config_source {
    CONFIG_SOURCE_NONE, /* the command does not take the setting */
    CONFIG_SOURCE_DEFAULT,
    CONFIG_SOURCE_FILE,
    CONFIG_SOURCE_ENVIRONMENT,
    CONFIG_SOURCE_FLAG,
};

struct config_origin {
    enum config_source source;
    unsigned line; /* of the file: where it stands first */
};

struct config {
    const char *db;                          /* database file */
    const char *listens[CONFIG_LISTENS_MAX]; /* ADDR:PORT, [ADDR6]:PORT */
    size_t listen_count;
    const char *tls_certificate;          /* PEM file; "" = none, and all is plain HTTP */
    const char *tls_key;                  /* PEM file; with a certificate */
    unsigned workers;                     /* 0 was resolved to the number of cores */
    unsigned max_connections;             /* whole process; 0 was resolved from RLIMIT_NOFILE */
    unsigned max_connections_per_address; /* IPv4 address or IPv6 /64; 0 = no limit */
    unsigned idle_timeout_s;              /* between requests of a connection */
    unsigned head_timeout_s;              /* from the first byte of a head to its end */
    unsigned min_rate_bytes_s;            /* of a body in and a reply out, after the grace */
    unsigned reply_memory_mb;             /* of long replies that wait; 0 = no limit */
    unsigned rate_grace_s;                /* 0 = LIMIT_GRACE_S */
    unsigned drain_timeout_s;             /* from SIGTERM until open requests are cut */
    unsigned query_deadline_ms;           /* one request's database work; 0 = no limit */
    unsigned search_deadline_ms;          /* the same of a search; 0 = query_deadline_ms */
    const char *title;                    /* of the publication, in feeds */
    const char *public_url;               /* http(s)://HOST[:PORT][/PATH]; "" = not said */
    unsigned cache_max_age_s;             /* Cache-Control of public answers */
    unsigned cache_shared_max_age_s;      /* s-maxage of the same; 0 = none */
    unsigned cache_stale_error_s;         /* stale-if-error of the same; 0 = none */
    unsigned cache_stale_s;               /* stale-while-revalidate of the same */
    unsigned cache_size_mib;              /* finished answers, of all workers; 0 = none */
    enum config_compression compression;
    enum config_surrogate_keys surrogate_keys;
    enum config_log_format log_format;
    int log_level;        /* enum log_level */
    const char *log_file; /* "" = standard error */
    enum config_access_log access_log;
    enum config_server_timing server_timing;
    enum config_metrics metrics;
    enum config_read_access read_access;
    enum config_landlock landlock; /* which files the server may open */
    enum config_seccomp seccomp;   /* which system calls it may make */
    unsigned rate_limit;           /* requests a minute of one token; 0 = no limit */
    unsigned rate_limit_address;   /* of one address, without a token; 0 = no limit */
    unsigned changes_keep;         /* of the newest; 0 = all */
    struct network trusted_proxies[CONFIG_PROXIES_MAX];
    size_t trusted_proxy_count;
    bool dry_run;              /* import */
    enum config_mode mode;     /* import */
    bool quiet;                /* import: no progress, only what is wrong and the sum */
    enum config_format format; /* import: of standard input */
    const char *token_file;    /* import; "" = none */
    const char *url;           /* import: "" = the database; healthcheck: "" = the listen address */
    const char *name;          /* token; "" = none */
    enum config_scope scope;   /* token */
    const char *expires;       /* token; "" = never */
    bool force;                /* backup: replace the file */
    bool repair;               /* check */
    unsigned timeout_s;        /* healthcheck */
    bool json;                 /* config */
    bool example;              /* config */
    const char *file;          /* "" = none */

    char **operands; /* what is no flag: the front of the argv that was parsed */
    size_t operand_count;
    bool wants_help;                       /* --help stood among the flags; nothing else is set */
    char listen_text[CONFIG_LISTEN_BYTES]; /* PILCROW_LISTEN in pieces */
    char *file_text;                       /* the values of the file; owned */
    char cache_control[CONFIG_CACHE_CONTROL_BYTES];    /* of public answers */
    struct config_origin origins[CONFIG_SETTINGS_MAX]; /* by place in config_settings */
    unsigned command;                                  /* what was parsed, to read it again */
    char **arguments;
    int argument_count;
    struct config *older; /* that this one took the place of; owned */
};

/* Which commands take a setting. */
enum {
    CONFIG_FOR_SERVE = 1 << 0,
    CONFIG_FOR_IMPORT = 1 << 1,
    CONFIG_FOR_CHECK = 1 << 2,
    CONFIG_FOR_HEALTHCHECK = 1 << 3,
    CONFIG_FOR_TOKEN = 1 << 4,
    CONFIG_FOR_BACKUP = 1 << 5,
    CONFIG_FOR_RESTORE = 1 << 6,
    CONFIG_FOR_CONFIG = 1 << 7,
    CONFIG_RELOADS = 1 << 15, /* beside these: SIGHUP can change it; a number or a word */
};

enum config_kind {
    CONFIG_KIND_TEXT,    /* anything but nothing, unless nothing is the default */
    CONFIG_KIND_FILE,    /* the same: the file of settings, which cannot name another */
    CONFIG_KIND_ADDRESS, /* ADDR:PORT, repeatable; comma between in the environment */
    CONFIG_KIND_NETWORK, /* ADDR or ADDR/BITS, repeatable; comma between in the environment */
    CONFIG_KIND_URL,     /* http(s)://HOST:PORT */
    CONFIG_KIND_BASE,    /* http(s)://HOST[:PORT][/PATH], or nothing */
    CONFIG_KIND_NUMBER,  /* min..max, perhaps with its unit after it */
    CONFIG_KIND_WORD,    /* one of words; the value is its index */
    CONFIG_KIND_SWITCH,  /* the flag alone turns it on; 1 or 0 in the environment */
};

struct config_setting {
    const char *flag;        /* "--db" */
    const char *value_name;  /* "FILE"; NULL for a switch */
    const char *environment; /* "PILCROW_DB" */
    const char *fallback;    /* parsed like the environment */
    enum config_kind kind;
    unsigned min, max;        /* of numbers */
    const char *const *words; /* NULL-ended */
    size_t offset;            /* in struct config */
    unsigned commands;        /* CONFIG_FOR_..., CONFIG_RELOADS */
    const char *doc;          /* for --help and README.md */
};

extern const struct config_setting config_settings[];
extern const size_t config_settings_count;

/* Fills `config` for one command (a bit of CONFIG_FOR_..., or several; 0 = takes no settings).
 * `argv` holds what follows the command's name; it is reordered so that what is no flag stands in
 * front. BAD_PARAMETER with fault: which flag, variable or line of the file, the bounds, the
 * nearest name. Call config_fini() whatever it returns. */
MUST_CHECK enum problem config_parse(struct config *config, unsigned command, int argc, char **argv,
                                     struct fault *fault);
void config_fini(struct config *config);

/* Fills in what 0 leaves to the machine: workers, max_connections. BAD_PARAMETER when more
 * connections are wanted than the limit on open files leaves room for. */
MUST_CHECK enum problem config_resolve(struct config *config, struct fault *fault);

/* Hears of a setting: that it is in force now, or needs a restart. */
typedef void config_tell(void *context, const struct config_setting *setting, bool is_in_force);

/* Reads flags, environment and file of `config` again. *out is `config` itself when nothing changed
 * that may change, else a new one that owns it. On failure *out is `config`, and fault says what is
 * wrong. What was parsed must have had no operands. */
MUST_CHECK enum problem config_reload(struct config *config, struct config **out, config_tell *tell,
                                      void *context, struct fault *fault);

/* One line a setting that the command takes: flag, default, variable, what it means. */
void config_print_help(unsigned command, struct buffer *out);

/* The same as a Markdown table of all settings. */
void config_print_markdown(struct buffer *out);

/* The value that is in force, as it would be written into a file; lists with commas between. */
void config_print_value(const struct config *config, const struct config_setting *setting,
                        struct buffer *out);

/* Each setting of a server: name, value, where that comes from, as a table and as JSON. */
void config_print_table(const struct config *config, struct buffer *out);
void config_print_json(const struct config *config, struct buffer *out);

/* A file that sets nothing and explains everything. */
void config_print_example(struct buffer *out);

/* Calls `say` for each variable of the environment that looks like a misspelt setting. */
typedef void config_say(void *context, const char *variable, const char *nearest);
void config_check_environment(config_say *say, void *context);

/* The name of a setting in a file: its flag without the dashes. */
static inline const char *config_key(const struct config_setting *setting) {
    return setting->flag + 2;
}

/* Whether a file may hold it: a setting of a server. What is said for one run is no setting of a
 * machine. */
static inline bool config_is_of_file(const struct config_setting *setting) {
    return (setting->commands & CONFIG_FOR_SERVE) != 0 && setting->kind != CONFIG_KIND_FILE;
}

/* Limits that are not settings: part of the contract, named in the docs, each tested at limit-1,
 * limit and limit+1. */
enum {
    LIMIT_TARGET_BYTES = 8 * 1024,
    LIMIT_HEAD_BYTES = 16 * 1024,
    LIMIT_HEAD_FIELDS = 100,
    LIMIT_QUERY_PAIRS = 64,
    LIMIT_SEGMENTS = 16,
    LIMIT_BODY_BYTES = 1024 * 1024,
    LIMIT_FORM_BYTES = 64 * 1024, /* of a query in a body */
    LIMIT_GRACE_S = 5,
    LIMIT_REQUEST_ARENA_BYTES = 64 * 1024 * 1024,
    LIMIT_LIST_BYTES = 16 * 1024 * 1024,       /* of a page of articles, as JSON */
    LIMIT_LIST_ARENA_BYTES = 16 * 1024 * 1024, /* of one that is made whole before it is written */
};

#endif
