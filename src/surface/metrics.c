/* metrics.c: /metrics, in the text format of OpenMetrics 1.0. What was never counted is left out,
 * but for the numbers that stand alone. */
#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/metrics.h"
#include "engine/reply.h"
#include "ground/version.h"
#include "surface/handlers.h"
#include "surface/routes.h"

static void begin_family(struct buffer *out, const char *family, const char *type,
                         const char *help) {
    buffer_printf(out, "# TYPE %s %s\n# HELP %s %s\n", family, type, family, help);
}

static void print_labelled(struct buffer *out, const char *name, const char *suffix,
                           const char *labels, uint64_t value) {
    bool has_labels = labels[0] != '\0';
    buffer_printf(out, "%s%s%s%s%s %" PRIu64 "\n", name, suffix, has_labels ? "{" : "", labels,
                  has_labels ? "}" : "", value);
}

static void print_gauge(struct buffer *out, const char *name, const char *help, int64_t value) {
    begin_family(out, name, "gauge", help);
    buffer_printf(out, "%s %" PRId64 "\n", name, value);
}

static void print_values(const struct metrics *metrics, struct buffer *out) {
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        const struct metric_name *name = &metric_names[i];
        if (name->help != NULL)
            begin_family(out, name->family, name->is_gauge ? "gauge" : "counter", name->help);
        print_labelled(out, name->family, name->is_gauge ? "" : "_total", name->labels,
                       metrics_sum(metrics, &metrics->blocks->values[i]));
    }
}

static const char *pattern_of(size_t row) {
    return row < routes_count ? routes[row].pattern : "none";
}

static void print_statuses(const struct metrics *metrics, size_t row, size_t method,
                           struct buffer *out) {
    char labels[200];
    for (size_t status = 0; status < METRICS_STATUSES; status++) {
        uint64_t count = metrics_sum(metrics, &metrics->blocks->requests[row][method][status]);
        if (count == 0)
            continue;
        snprintf(labels, sizeof labels, "method=\"%s\",route=\"%s\",code=\"%u\"",
                 metrics_method_name(method), pattern_of(row), metrics_status_codes[status]);
        print_labelled(out, "pilcrow_http_requests", "_total", labels, count);
    }
}

static void print_requests(const struct metrics *metrics, struct buffer *out) {
    begin_family(out, "pilcrow_http_requests", "counter",
                 "Finished requests by method, route and status; route none: nothing is there.");
    for (size_t row = 0; row < METRICS_ROUTES; row++) {
        for (size_t method = 0; method < METRICS_METHODS; method++)
            print_statuses(metrics, row, method, out);
    }
}

/* A row of the table is a route and a method: what HEAD or QUERY ask of it stands with it. */
static void print_duration(const struct metrics *metrics, size_t row, struct buffer *out) {
    static const char name[] = "pilcrow_http_request_duration_seconds";
    uint64_t counts[METRICS_BUCKETS + 1], sum = 0;
    char who[160];
    for (size_t i = 0; i <= METRICS_BUCKETS; i++)
        sum += counts[i] = metrics_sum(metrics, &metrics->blocks->durations[row][i]);
    if (sum == 0)
        return;
    snprintf(who, sizeof who, "method=\"%s\",route=\"%s\"",
             row < routes_count ? router_method_name(routes[row].method) : "other",
             pattern_of(row));
    sum = 0;
    for (size_t i = 0; i <= METRICS_BUCKETS; i++) {
        sum += counts[i];
        buffer_printf(out, "%s_bucket{%s,le=\"%s\"} %" PRIu64 "\n", name, who,
                      i < METRICS_BUCKETS ? metrics_bucket_names[i] : "+Inf", sum);
    }
    uint64_t total_ns = metrics_sum(metrics, &metrics->blocks->duration_ns[row]);
    buffer_printf(out, "%s_count{%s} %" PRIu64 "\n%s_sum{%s} %" PRIu64 ".%09" PRIu64 "\n", name,
                  who, sum, name, who, total_ns / 1000000000, total_ns % 1000000000);
}

static void print_problems(const struct metrics *metrics, struct buffer *out) {
    char label[80];
    begin_family(out, "pilcrow_problems", "counter",
                 "Requests that were refused or failed, by the code of the problem.");
    for (enum problem problem = PROBLEM_NONE + 1; problem < PROBLEM_COUNT; problem++) {
        uint64_t count = metrics_sum(metrics, &metrics->blocks->problems[problem]);
        if (count == 0)
            continue;
        snprintf(label, sizeof label, "code=\"%s\"", problem_info(problem)->code);
        print_labelled(out, "pilcrow_problems", "_total", label, count);
    }
}

/* ---- the store ---- */

static int64_t bytes_of(const char *path, const char *suffix) {
    char name[PATH_MAX];
    struct stat facts;
    int length = snprintf(name, sizeof name, "%s%s", path, suffix);
    bool is_there = length > 0 && (size_t)length < sizeof name && stat(name, &facts) == 0;
    return is_there ? facts.st_size : 0;
}

static void print_store(struct request *request, struct buffer *out) {
    const struct config *config = request->service->config;
    int64_t seq = 0;
    enum problem problem = store_begin(request->store);
    if (problem == PROBLEM_NONE)
        problem = store_seq(request->store, &seq);
    print_gauge(out, "pilcrow_store_up", "Whether the store answers.", problem == PROBLEM_NONE);
    if (problem == PROBLEM_NONE)
        print_gauge(out, "pilcrow_store_seq", "Committed writes since the store was made.", seq);
    print_gauge(out, "pilcrow_database_bytes", "Size of the database file.",
                bytes_of(config->db, ""));
    print_gauge(out, "pilcrow_wal_bytes", "Size of its write-ahead log.",
                bytes_of(config->db, "-wal"));
    print_gauge(out, "pilcrow_exports", "Exports under way.",
                atomic_load(&request->service->exports));
}

/* ---- the process ---- */

static int64_t open_files(void) {
    int64_t count = -3; /* . and .. and the folder itself */
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        return 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count < 0 ? 0 : count;
}

static int64_t resident_bytes(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static void print_process(const struct metrics *metrics, struct buffer *out) {
    struct rusage used;
    struct rlimit files;
    if (getrusage(RUSAGE_SELF, &used) == 0) {
        begin_family(out, "process_cpu_seconds", "counter", "CPU time, user and system.");
        int64_t us = (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
                     used.ru_utime.tv_usec + used.ru_stime.tv_usec;
        buffer_printf(out, "process_cpu_seconds_total %" PRId64 ".%06" PRId64 "\n", us / 1000000,
                      us % 1000000);
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0)
        print_gauge(out, "process_max_fds", "Files that may be open.", (int64_t)files.rlim_cur);
    print_gauge(out, "process_open_fds", "Files that are open.", open_files());
    print_gauge(out, "process_resident_memory_bytes", "Memory that is resident.", resident_bytes());
    begin_family(out, "process_start_time_seconds", "gauge", "When the server started.");
    buffer_printf(out, "process_start_time_seconds %" PRId64 ".%03" PRId64 "\n",
                  metrics->started_unix_ms / 1000, metrics->started_unix_ms % 1000);
}

enum problem metrics_get(struct request *request, struct reply *reply) {
    const struct metrics *metrics = &request->service->metrics;
    struct buffer *out = &reply->body;
    if (request->service->config->metrics == CONFIG_METRICS_OFF || metrics->blocks == NULL) {
        fault_set(&request->fault, "metrics are off; see --metrics");
        return PROBLEM_NOT_FOUND;
    }
    begin_family(out, "pilcrow_build", "info", "The program.");
    buffer_printf(out, "pilcrow_build_info{version=\"%s\",build=\"%s\"} 1\n", PILCROW_VERSION,
                  request->service->build);
    print_values(metrics, out);
    print_requests(metrics, out);
    begin_family(out, "pilcrow_http_request_duration_seconds", "histogram",
                 "From the target of a request until its answer was sent.");
    for (size_t row = 0; row < METRICS_ROUTES; row++)
        print_duration(metrics, row, out);
    print_problems(metrics, out);
    print_store(request, out);
    print_process(metrics, out);
    buffer_append_text(out, "# EOF\n");
    return reply_text(reply, "application/openmetrics-text; version=1.0.0; charset=utf-8");
}
