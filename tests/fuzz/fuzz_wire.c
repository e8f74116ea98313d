/* fuzz_wire.c: any bytes from a peer, through libmicrohttpd, the audit, serve() and back, over a
 * pair of sockets. The first byte says in pieces of how many bytes they come, 0 = all at once.
 * Whatever comes, the answers are whole answers one after another, none is a 500, and nothing is
 * left of the connection once the peer has closed it. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "../../src/wire/head_read.h"
#include "../../src/wire/worker.h"
#include "small_world.h"

enum { ROUNDS_MAX = 500, ANSWERS_BYTES = 4 * 1024 * 1024 };

static struct worker worker;
static struct worker_shared shared;
static char answers[ANSWERS_BYTES];
static size_t answered;

static void set_up(void) {
    world_make(false);
    world.config.workers = 1;
    world.config.idle_timeout_s = world.config.head_timeout_s = 600;
    world.config.min_rate_bytes_s = 1;
    world.config.reply_memory_mb = 16;
    world.config.cache_size_mib = 1;
    shared.service = &world.service;
    shared.library_is_known = head_read_layout_is_known();
    refusal_print(PROBLEM_TOO_MANY_CONNECTIONS, &shared.answer_full);
    refusal_print(PROBLEM_BODY_TOO_LARGE, &shared.answer_large);
    refusal_print_body(PROBLEM_OUT_OF_MEMORY, &shared.body_no_memory);
    require(admission_init(&shared.admission, 8, 0) == PROBLEM_NONE);
    require(metrics_init(&world.service.metrics, 1) == PROBLEM_NONE);
    worker.metrics = &world.service.metrics.blocks[0];
    worker.wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    worker.store = world.reader;
    require(worker_open(&worker, &shared, 0, NULL) == PROBLEM_NONE);
}

/* What a worker does in a round, without waiting. */
static bool go_round(int peer) {
    worker_read_clock(&worker);
    MHD_run(worker.daemon);
    store_rest(worker.store);
    buffer_clear(&worker.log);
    if (answered == sizeof answers)
        answered = 0; /* more than is looked at */
    ssize_t got = recv(peer, answers + answered, sizeof answers - answered, MSG_DONTWAIT);
    if (got > 0)
        answered += (size_t)got;
    return got > 0 || (got < 0 && errno == EAGAIN); /* else it was closed */
}

static void say(int peer, const uint8_t *bytes, size_t count) {
    size_t piece = count == 0 || bytes[0] == 0 ? count : bytes[0];
    for (size_t at = 1; at < count; at += piece) {
        size_t left = count - at;
        if (send(peer, bytes + at, left < piece ? left : piece, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ||
            !go_round(peer))
            return;
    }
    shutdown(peer, SHUT_WR);
}

static const char *find_value(const char *head, size_t bytes, const char *name) {
    const char *end = head + bytes;
    for (const char *at = head; at < end; at++) {
        if (*at == '\n' && (size_t)(end - at) > strlen(name) &&
            strncasecmp(at + 1, name, strlen(name)) == 0)
            return at + 1 + strlen(name);
    }
    return NULL;
}

/* Whether the rest begins as an answer does; of nothing, too. */
static bool is_answer(const char *at, size_t bytes) {
    const char begin[] = "HTTP/1.";
    size_t compared = bytes < sizeof begin - 1 ? bytes : sizeof begin - 1;
    return memcmp(at, begin, compared) == 0;
}

/* What has a length but no body answers HEAD, or is a 304. */
static void check_answers(void) {
    const char *at = answers, *end = answers + answered;
    while (at < end) {
        require(is_answer(at, (size_t)(end - at)) && end - at > 12);
        require(memcmp(at + 9, "500", 3) != 0);
        const char *body = memmem(at, (size_t)(end - at), "\r\n\r\n", 4);
        require(body != NULL);
        body += 4;
        const char *length = find_value(at, (size_t)(body - at), "Content-Length:");
        if (find_value(at, (size_t)(body - at), "Transfer-Encoding:") != NULL)
            return;
        size_t bytes = length == NULL ? 0 : strtoul(length, NULL, 10);
        bool is_there =
            bytes <= (size_t)(end - body) && is_answer(body + bytes, (size_t)(end - body) - bytes);
        require(is_there || is_answer(body, (size_t)(end - body)));
        at = is_there ? body + bytes : body;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(1)};
    int pair[2], rounds = 0;
    if (world.reader == NULL)
        set_up();
    require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    fcntl(pair[0], F_SETFL, O_NONBLOCK);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    answered = 0;
    worker.arriving_key = ADMISSION_NO_KEY;
    worker.arriving_was_taken = false;
    require(admission_enter(&shared.admission, worker.arriving_key) == ADMISSION_WELCOME);
    require(MHD_add_connection(worker.daemon, pair[0], (const void *)&address, sizeof address) ==
            MHD_YES);
    say(pair[1], bytes, count);
    while (go_round(pair[1]) && rounds++ < ROUNDS_MAX)
        continue;
    check_answers();
    close(pair[1]);
    while (worker.connections.count > 0 && rounds++ < 2 * ROUNDS_MAX)
        MHD_run(worker.daemon);
    require(worker.connections.count == 0);
    return 0;
}
