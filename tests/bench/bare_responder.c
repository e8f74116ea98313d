/* bare_responder.c: what libmicrohttpd alone can do: one thread, an epoll loop of its own around
 * MHD_run(), one shared response for every request. The bench gives it the fields and the body
 * that Pilcrow gave, so that both send the same bytes.
 *
 *     bare_responder STATUS FIELDS_FILE BODY_FILE      FIELDS_FILE: `Name: value` lines
 *
 * Prints the port it listens on (127.0.0.1). Ends on SIGTERM. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

static volatile sig_atomic_t stop_asked;

struct answer {
    unsigned status;
    struct MHD_Response *response;
};

static void ask_stop(int signal_number) {
    (void)signal_number;
    stop_asked = 1;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* The second call answers, as any server does that first looks at the head. */
static enum MHD_Result answer_request(void *context, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *body, size_t *body_bytes, void **state) {
    (void)url, (void)method, (void)version, (void)body, (void)body_bytes;
    const struct answer *answer = context;
    if (*state == NULL) {
        *state = context;
        return MHD_YES;
    }
    return MHD_queue_response(connection, answer->status, answer->response);
}

static char *read_file(const char *path, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fail(path);
    }
    long size = ftell(file);
    rewind(file);
    char *bytes = size < 0 ? NULL : malloc((size_t)size + 1);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        fail(path);
    }
    fclose(file);
    bytes[size] = '\0';
    *count = (size_t)size;
    return bytes;
}

static void add_fields(struct MHD_Response *response, char *text) {
    char *next = text;
    while (*next != '\0') {
        char *line = next;
        next = line + strcspn(line, "\n");
        if (*next != '\0') {
            *next++ = '\0';
        }
        char *value = strstr(line, ": ");
        if (value == NULL) {
            continue;
        }
        *value = '\0';
        if (MHD_add_response_header(response, line, value + 2) != MHD_YES) {
            fail(line);
        }
    }
}

static struct MHD_Daemon *start(struct answer *answer, unsigned *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, answer_request, answer, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_CONNECTION_LIMIT, 2000u, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
        MHD_OPTION_CONNECTION_TIMEOUT, 60u, MHD_OPTION_END);
    if (daemon == NULL) {
        fail("MHD_start_daemon");
    }
    *port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return daemon;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "bare_responder STATUS FIELDS_FILE BODY_FILE\n");
        return 2;
    }
    size_t fields_bytes = 0;
    size_t body_bytes = 0;
    char *fields = read_file(argv[2], &fields_bytes);
    char *body = read_file(argv[3], &body_bytes);
    struct answer answer = {(unsigned)strtoul(argv[1], NULL, 10), NULL};
    answer.response = MHD_create_response_from_buffer(body_bytes, body, MHD_RESPMEM_PERSISTENT);
    if (answer.response == NULL) {
        fail("MHD_create_response_from_buffer");
    }
    add_fields(answer.response, fields);

    struct sigaction action = {.sa_handler = ask_stop};
    sigaction(SIGTERM, &action, NULL);
    unsigned port = 0;
    struct MHD_Daemon *daemon = start(&answer, &port);
    printf("%u\n", port);
    fflush(stdout);
    int epoll = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    int loop = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    if (loop < 0 || epoll_ctl(loop, EPOLL_CTL_ADD, epoll, &event) != 0) {
        fail("epoll");
    }
    while (!stop_asked) {
        MHD_UNSIGNED_LONG_LONG wait_ms = 1000;
        (void)MHD_get_timeout(daemon, &wait_ms);
        (void)epoll_wait(loop, &event, 1, wait_ms > 1000 ? 1000 : (int)wait_ms);
        (void)MHD_run(daemon);
    }
    MHD_stop_daemon(daemon);
    MHD_destroy_response(answer.response);
    free(body);
    free(fields);
    return 0;
}
