/* snapshot.c: the database as one file, whole or in part. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/precondition.h"
#include "engine/range.h"
#include "engine/store/snapshots.h"
#include "surface/handlers.h"

struct download {
    struct snapshots *snapshots;
    struct snapshot *snapshot;
    int64_t next, end;
};

static int64_t download_read(void *state, char *out, size_t room) {
    struct download *download = state;
    int64_t left = download->end - download->next;
    size_t wanted = left < (int64_t)room ? (size_t)left : room;
    ssize_t count;
    do
        count = pread(download->snapshot->file, out, wanted, (off_t)download->next);
    while (count < 0 && errno == EINTR);
    if (count <= 0)
        return left == 0 ? 0 : -1;
    download->next += count;
    return count;
}

static void download_free(void *state) {
    struct download *download = state;
    snapshots_give(download->snapshots, download->snapshot);
    free(download);
}

__attribute__((format(printf, 2, 3))) static const char *print(struct request *request,
                                                               const char *format, ...) {
    char text[200];
    va_list list;
    va_start(list, format);
    int bytes = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return arena_copy(request->arena, (struct span){text, (size_t)bytes}).at;
}

/* A range counts only for the very file that its sender has begun to load, and only for GET
 * (RFC 9110, 14.2): HEAD says how large the whole is. */
static enum range_kind find_range(const struct request *request, const char *etag, int64_t size,
                                  int64_t *first, int64_t *last) {
    *first = 0;
    *last = size - 1;
    if (request->head.range.at == NULL || request->method != METHOD_GET ||
        (request->head.if_range.at != NULL && !span_is(request->head.if_range, etag)))
        return RANGE_WHOLE;
    return range_parse(request->head.range, size, first, last);
}

static void refuse_range(struct request *request, struct reply *reply, int64_t size) {
    fault_set(&request->fault, "the file has %" PRId64 " bytes, and the range begins behind them",
              size);
    reply_problem(request, reply, PROBLEM_RANGE_NOT_SATISFIABLE);
    reply_field(reply, "Content-Range", print(request, "bytes */%" PRId64, size));
}

static void describe(struct request *request, struct reply *reply, const struct snapshot *snapshot,
                     const char *etag) {
    request->seq = snapshot->seq;
    reply_field(reply, "ETag", etag);
    reply_field(reply, "Accept-Ranges", "bytes");
    reply_field(reply, "Repr-Digest", print(request, "sha-256=:%s:", snapshot->digest));
}

/* Answers; what it returns is for the caller to give back unless the reply has a source. */
static enum problem send(struct request *request, struct reply *reply, struct download *download) {
    const struct snapshot *snapshot = download->snapshot;
    int64_t first, last;
    const char *etag = print(request, "\"q%" PRId64 "-%.16s\"", snapshot->seq, snapshot->digest);
    if (etag == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    bool is_known = request->if_none_match.at != NULL && etag_matches(request->if_none_match, etag);
    enum range_kind kind = find_range(request, etag, snapshot->bytes, &first, &last);
    if (!is_known && kind == RANGE_UNSATISFIABLE) {
        refuse_range(request, reply, snapshot->bytes);
        return PROBLEM_NONE;
    }
    describe(request, reply, snapshot, etag);
    reply->status = is_known ? 304 : kind == RANGE_PART ? 206 : 200;
    if (is_known)
        return PROBLEM_NONE;
    reply_field(reply, "Content-Type", "application/vnd.sqlite3");
    reply_field(
        reply, "Content-Disposition",
        print(request, "attachment; filename=\"pilcrow-%" PRId64 ".sqlite\"", snapshot->seq));
    if (kind == RANGE_PART)
        reply_field(
            reply, "Content-Range",
            print(request, "bytes %" PRId64 "-%" PRId64 "/%" PRId64, first, last, snapshot->bytes));
    download->next = first;
    download->end = last + 1;
    reply->source = (struct reply_source){download_read, download_free, download, last + 1 - first};
    return PROBLEM_NONE;
}

static enum problem read_seq(struct request *request, int64_t *seq) {
    enum problem problem = store_begin(request->store);
    if (problem == PROBLEM_NONE)
        problem = store_seq(request->store, seq);
    store_end(request->store);
    return problem;
}

enum problem snapshot_get(struct request *request, struct reply *reply) {
    struct snapshots *snapshots = &request->service->snapshots;
    int64_t seq;
    enum problem problem = read_seq(request, &seq);
    if (problem != PROBLEM_NONE)
        return problem;
    struct download *download = calloc(1, sizeof *download);
    if (download == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    download->snapshots = snapshots;
    problem = snapshots_lend(snapshots, seq, &download->snapshot, &request->fault);
    if (problem != PROBLEM_NONE) {
        free(download);
        return problem;
    }
    problem = send(request, reply, download);
    if (problem != PROBLEM_NONE || reply->source.read == NULL)
        download_free(download);
    return problem;
}
