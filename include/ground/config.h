/* config.h: everything that can be set, once. From one table come the flags, the environment
 * variables, the defaults, every --help, and the table in README.md. Strings are borrowed from argv,
 * the environment or the table and live as long as the process. */
#ifndef PILCROW_GROUND_CONFIG_H
#define PILCROW_GROUND_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

enum { CONFIG_LISTENS_MAX = 16 };

enum config_log_format { CONFIG_LOG_LOGFMT, CONFIG_LOG_JSON };

struct config {
    const char *db;                          /* database file */
    const char *listens[CONFIG_LISTENS_MAX]; /* ADDR:PORT, [ADDR6]:PORT */
    size_t listen_count;
    unsigned workers;                        /* 0 was resolved to the number of cores */
    unsigned max_connections;                /* whole process; 0 was resolved from RLIMIT_NOFILE */
    unsigned max_connections_per_address;    /* IPv4 address or IPv6 /64; 0 = no limit */
    unsigned idle_timeout_s;                 /* between requests of a connection */
    unsigned head_timeout_s;                 /* from the first byte of a head to its end */
    unsigned min_rate_bytes_s;               /* of a body in and a reply out, after 5 s of grace */
    unsigned drain_timeout_s;                /* from SIGTERM until open requests are cut */
    unsigned query_deadline_ms;              /* one request's database work; 0 = no limit */
    unsigned cache_max_age_s;                /* Cache-Control of public answers */
    unsigned cache_stale_s;                  /* stale-while-revalidate of the same */
    enum config_log_format log_format;
    int log_level;                           /* enum log_level */
    bool access_log;
    bool dry_run;                            /* import */
};

/* Limits that are not settings: part of the contract, named in the docs, each tested at limit-1,
 * limit and limit+1. */
enum {
    LIMIT_TARGET_BYTES = 8 * 1024,
    LIMIT_HEAD_BYTES = 16 * 1024,
    LIMIT_HEAD_FIELDS = 100,
    LIMIT_QUERY_PAIRS = 64,
    LIMIT_SEGMENTS = 16,
    LIMIT_BODY_BYTES = 1024 * 1024,
    LIMIT_GRACE_S = 5,
    LIMIT_REQUEST_ARENA_BYTES = 64 * 1024 * 1024,
};

#endif
