/* config_table.c: THE table of settings. A new one is a row here and a member of struct config. */
#include "ground/config/config.h"

static const char *const log_formats[] = {"logfmt", "json", NULL};
static const char *const log_levels[] = {"error", "warn", "info", "debug", NULL};
static const char *const off_on[] = {"off", "on", NULL};
static const char *const seccomp_modes[] = {"off", "on", "log", "kill", NULL};
static const char *const read_accesses[] = {"open", "token", NULL};
static const char *const metrics[] = {"off", "token", "open", NULL};
static const char *const scopes[] = {"read", "write", "admin", NULL};
static const char *const import_modes[] = {"upsert", "create", "replace", NULL};
static const char *const import_formats[] = {"auto", "text", "ndjson", NULL};

#define TEXT(member) CONFIG_KIND_TEXT, 0, 0, NULL, offsetof(struct config, member)
#define NUMBER(member, min, max) CONFIG_KIND_NUMBER, min, max, NULL, offsetof(struct config, member)
#define WORD(member, words) CONFIG_KIND_WORD, 0, 0, words, offsetof(struct config, member)
#define SWITCH(member) CONFIG_KIND_SWITCH, 0, 0, NULL, offsetof(struct config, member)
#define NETWORKS(member) CONFIG_KIND_NETWORK, 0, 0, NULL, offsetof(struct config, member)
#define SERVE CONFIG_FOR_SERVE
#define IMPORT CONFIG_FOR_IMPORT
#define SERVE_RELOADS (CONFIG_FOR_SERVE | CONFIG_RELOADS)
#define ALL \
    (SERVE | IMPORT | CONFIG_FOR_CHECK | CONFIG_FOR_HEALTHCHECK | CONFIG_FOR_TOKEN | \
     CONFIG_FOR_BACKUP | CONFIG_FOR_RESTORE | CONFIG_FOR_CONFIG)

/* clang-format off */
const struct config_setting config_settings[] = {
    {"--config", "FILE", "PILCROW_CONFIG", "", CONFIG_KIND_FILE, 0, 0, NULL,
     offsetof(struct config, file), ALL,
     "A file of settings; its keys are the options of serve without the dashes."},
    {"--db", "FILE", "PILCROW_DB", "pilcrow.db", TEXT(db),
     SERVE | IMPORT | CONFIG_FOR_CHECK | CONFIG_FOR_TOKEN | CONFIG_FOR_BACKUP | CONFIG_FOR_RESTORE,
     "The database file; serve and import make it when it is missing."},
    {"--listen", "ADDR:PORT", "PILCROW_LISTEN", "127.0.0.1:8080",
     CONFIG_KIND_ADDRESS, 0, 0, NULL, offsetof(struct config, listens),
     SERVE | CONFIG_FOR_HEALTHCHECK,
     "Where to listen, IPv6 as [ADDR]:PORT; may be repeated. Port 0 picks a free one."},
    {"--tls-certificate", "FILE", "PILCROW_TLS_CERTIFICATE", "", TEXT(tls_certificate),
     SERVE | IMPORT | CONFIG_FOR_HEALTHCHECK,
     "A certificate and its chain, PEM: all that listens speaks TLS. To import: whom to trust."},
    {"--tls-key", "FILE", "PILCROW_TLS_KEY", "", TEXT(tls_key), SERVE,
     "The private key of that certificate, PEM, without a password. SIGHUP reads the file anew."},
    {"--workers", "N", "PILCROW_WORKERS", "0", NUMBER(workers, 0, 256), SERVE,
     "Worker threads; 0 means one for each core."},
    {"--max-connections", "N", "PILCROW_MAX_CONNECTIONS", "0",
     NUMBER(max_connections, 0, 1000000), SERVE,
     "Open connections at most; 0 means what the limit on open files allows, up to 10,000."},
    {"--max-connections-per-address", "N", "PILCROW_MAX_CONNECTIONS_PER_ADDRESS", "0",
     NUMBER(max_connections_per_address, 0, 1000000), SERVE,
     "Open connections at most from one IPv4 address or IPv6 /64; 0 means no limit."},
    {"--idle-timeout", "SECONDS", "PILCROW_IDLE_TIMEOUT", "15",
     NUMBER(idle_timeout_s, 1, 3600), SERVE_RELOADS,
     "How long a connection may wait between requests."},
    {"--head-timeout", "SECONDS", "PILCROW_HEAD_TIMEOUT", "10",
     NUMBER(head_timeout_s, 1, 3600), SERVE_RELOADS,
     "How long the head of a request may take from its first byte."},
    {"--min-rate", "BYTES", "PILCROW_MIN_RATE", "240",
     NUMBER(min_rate_bytes_s, 1, 1000000), SERVE_RELOADS,
     "Bytes per second that a body or a reply must move at least, after 5 seconds."},
    {"--reply-memory", "MEBIBYTES", "PILCROW_REPLY_MEMORY", "16",
     NUMBER(reply_memory_mb, 0, 65536), SERVE_RELOADS,
     "Memory for replies that wait; beyond it 503, short ones at half more; 0 means no limit."},
    {"--drain-timeout", "SECONDS", "PILCROW_DRAIN_TIMEOUT", "10",
     NUMBER(drain_timeout_s, 0, 3600), SERVE_RELOADS,
     "How long open requests may take to end after SIGTERM."},
    {"--query-deadline", "MILLISECONDS", "PILCROW_QUERY_DEADLINE", "1000",
     NUMBER(query_deadline_ms, 0, 600000), SERVE_RELOADS,
     "How long the database may work for one request; 0 means no limit."},
    {"--search-deadline", "MILLISECONDS", "PILCROW_SEARCH_DEADLINE", "100",
     NUMBER(search_deadline_ms, 0, 600000), SERVE_RELOADS,
     "How long it may work for a search; 0 means as long as for any other request."},
    {"--read-access", "WHO", "PILCROW_READ_ACCESS", "open", WORD(read_access, read_accesses), SERVE,
     "Who may read: open means everybody, token means whoever has a token."},
    {"--landlock", "WHETHER", "PILCROW_LANDLOCK", "on", WORD(landlock, off_on), SERVE,
     "Whether the kernel holds the server to the files that it needs."},
    {"--seccomp", "HOW", "PILCROW_SECCOMP", "on", WORD(seccomp, seccomp_modes), SERVE,
     "Whether it holds it to its system calls: others fail; log lets them happen, kill ends it."},
    {"--rate-limit", "N", "PILCROW_RATE_LIMIT", "0", NUMBER(rate_limit, 0, 1000000), SERVE_RELOADS,
     "Requests a minute of one token; 0 means no limit."},
    {"--rate-limit-address", "N", "PILCROW_RATE_LIMIT_ADDRESS", "0",
     NUMBER(rate_limit_address, 0, 1000000), SERVE_RELOADS,
     "Requests a minute, without a token, from one IPv4 address or IPv6 /64; 0 means no limit."},
    {"--changes-keep", "N", "PILCROW_CHANGES_KEEP", "0", NUMBER(changes_keep, 0, 1000000000), SERVE_RELOADS,
     "How many of the newest changes /v1/changes can tell; 0 means all."},
    {"--trusted-proxy", "ADDR[/BITS]", "PILCROW_TRUSTED_PROXY", "", NETWORKS(trusted_proxies), SERVE,
     "A proxy whose X-Forwarded-For says who asks; may be repeated. Nobody else's is believed."},
    {"--public-url", "URL", "PILCROW_PUBLIC_URL", "", CONFIG_KIND_BASE, 0, 0, NULL,
     offsetof(struct config, public_url), SERVE,
     "Where readers reach this server, for addresses in feeds; without it, the Host they send."},
    {"--title", "TEXT", "PILCROW_TITLE", "Pilcrow", TEXT(title), SERVE,
     "What the publication is called, in feeds."},
    {"--cache-max-age", "SECONDS", "PILCROW_CACHE_MAX_AGE", "60",
     NUMBER(cache_max_age_s, 0, 31536000), SERVE_RELOADS,
     "How long a cache may use an answer without asking again."},
    {"--cache-stale", "SECONDS", "PILCROW_CACHE_STALE", "600",
     NUMBER(cache_stale_s, 0, 31536000), SERVE_RELOADS,
     "How long after that a cache may use it while it asks."},
    {"--cache-shared-max-age", "SECONDS", "PILCROW_CACHE_SHARED_MAX_AGE", "0",
     NUMBER(cache_shared_max_age_s, 0, 31536000), SERVE_RELOADS,
     "The same as --cache-max-age for caches that many share (s-maxage); 0 means that one."},
    {"--cache-stale-error", "SECONDS", "PILCROW_CACHE_STALE_ERROR", "0",
     NUMBER(cache_stale_error_s, 0, 31536000), SERVE_RELOADS,
     "How long a cache may use an answer while the server fails (stale-if-error); 0: unsaid."},
    {"--surrogate-keys", "WHETHER", "PILCROW_SURROGATE_KEYS", "off",
     WORD(surrogate_keys, off_on), SERVE,
     "Whether answers name what they show in Surrogate-Key, for caches that purge by it."},
    {"--cache-size", "MIB", "PILCROW_CACHE_SIZE", "2", NUMBER(cache_size_mib, 0, 65536), SERVE,
     "Memory for finished answers in MiB, of all workers together; 0 keeps none."},
    {"--compression", "WHETHER", "PILCROW_COMPRESSION", "on", WORD(compression, off_on), SERVE,
     "Whether answers are coded as Accept-Encoding allows: br, zstd, gzip."},
    {"--log-format", "FORMAT", "PILCROW_LOG_FORMAT", "logfmt", WORD(log_format, log_formats), SERVE,
     "How log lines look."},
    {"--log-level", "LEVEL", "PILCROW_LOG_LEVEL", "info", WORD(log_level, log_levels), SERVE_RELOADS,
     "What is logged: this level and those before it."},
    {"--log-file", "FILE", "PILCROW_LOG_FILE", "", TEXT(log_file), SERVE,
     "Where log lines go instead of standard error; SIGHUP opens it anew."},
    {"--metrics", "WHO", "PILCROW_METRICS", "token", WORD(metrics, metrics), SERVE_RELOADS,
     "Who may read /metrics: whoever has a token, open for everybody, off for nobody."},
    {"--access-log", "WHETHER", "PILCROW_ACCESS_LOG", "on", WORD(access_log, off_on), SERVE_RELOADS,
     "Whether each request is logged in one line."},
    {"--server-timing", "WHETHER", "PILCROW_SERVER_TIMING", "off", WORD(server_timing, off_on), SERVE,
     "Whether answers say how long they took; it tells strangers how long the database works."},
    {"--dry-run", NULL, "PILCROW_DRY_RUN", "0", SWITCH(dry_run), IMPORT,
     "Read and compare everything, say what would happen, change nothing."},
    {"--format", "FORMAT", "PILCROW_FORMAT", "auto", WORD(format, import_formats), IMPORT,
     "What standard input holds; auto takes a first character { for NDJSON."},
    {"--mode", "MODE", "PILCROW_MODE", "upsert", WORD(mode, import_modes), IMPORT,
     "What becomes of articles that are there; replace undoes edits and deletions, too."},
    {"--quiet", NULL, "PILCROW_QUIET", "0", SWITCH(quiet), IMPORT,
     "Show no progress and no notes, only what was refused and the summary."},
    {"--token-file", "FILE", "PILCROW_TOKEN_FILE", "", TEXT(token_file), IMPORT,
     "The file that holds the token for --url."},
    {"--url", "URL", "PILCROW_URL", "", CONFIG_KIND_URL, 0, 0, NULL, offsetof(struct config, url),
     IMPORT | CONFIG_FOR_HEALTHCHECK,
     "The server, http(s)://HOST:PORT; without it the database, or the address of --listen."},
    {"--timeout", "SECONDS", "PILCROW_TIMEOUT", "3", NUMBER(timeout_s, 1, 300),
     CONFIG_FOR_HEALTHCHECK,
     "How long the server may take to answer."},
    {"--name", "NAME", "PILCROW_NAME", "", TEXT(name), CONFIG_FOR_TOKEN,
     "What a new token is for, as people know it."},
    {"--scope", "SCOPE", "PILCROW_SCOPE", "read", WORD(scope, scopes), CONFIG_FOR_TOKEN,
     "What a new token allows; each scope holds those before it."},
    {"--expires", "WHEN", "PILCROW_EXPIRES", "", TEXT(expires), CONFIG_FOR_TOKEN,
     "When a new token ends: 12h, 90d, 2y, or a date; by default never."},
    {"--force", NULL, "PILCROW_FORCE", "0", SWITCH(force), CONFIG_FOR_BACKUP,
     "Replace the file when there is one."},
    {"--repair", NULL, "PILCROW_REPAIR", "0", SWITCH(repair), CONFIG_FOR_CHECK,
     "Build anew what can be: counts, dates beside terms, the search index. No server may run."},
    {"--json", NULL, "PILCROW_JSON", "0", SWITCH(json), CONFIG_FOR_CONFIG,
     "Print JSON."},
    {"--example", NULL, "PILCROW_EXAMPLE", "0", SWITCH(example), CONFIG_FOR_CONFIG,
     "Print a file that sets nothing and explains every setting."},
};
/* clang-format on */

const size_t config_settings_count = sizeof config_settings / sizeof config_settings[0];
_Static_assert(sizeof config_settings / sizeof config_settings[0] <= CONFIG_SETTINGS_MAX,
               "struct config notes where each comes from");
