/* listener.c: see listener.h. */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BACKLOG = 1024,
    USER_TIMEOUT_MS = 15000, /* a peer that takes nothing for so long is gone */
};

static in_port_t *port_of(struct listener_address *address) {
    return address->bytes.ss_family == AF_INET6
               ? &((struct sockaddr_in6 *)&address->bytes)->sin6_port
               : &((struct sockaddr_in *)&address->bytes)->sin_port;
}

static bool parse_v6(const char *host, struct listener_address *out) {
    struct sockaddr_in6 *v6 = (void *)&out->bytes;
    v6->sin6_family = AF_INET6;
    out->length = sizeof *v6;
    return inet_pton(AF_INET6, host, &v6->sin6_addr) == 1;
}

static bool parse_v4(const char *host, struct listener_address *out) {
    struct sockaddr_in *v4 = (void *)&out->bytes;
    v4->sin_family = AF_INET;
    out->length = sizeof *v4;
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    else if (strcmp(host, "*") == 0)
        host = "0.0.0.0";
    return inet_pton(AF_INET, host, &v4->sin_addr) == 1;
}

enum problem listener_parse(const char *text, struct listener_address *out, struct fault *fault) {
    memset(out, 0, sizeof *out);
    out->text = text;
    out->passed_fd = -1;
    char host[INET6_ADDRSTRLEN + 1] = "";
    const char *colon = strrchr(text, ':');
    bool is_v6 = text[0] == '[' && colon != NULL && colon - text > 2 && colon[-1] == ']';
    size_t bytes = colon == NULL ? 0 : (size_t)(colon - text) - (is_v6 ? 2 : 0);
    if (colon != NULL && bytes < sizeof host) {
        memcpy(host, text + (is_v6 ? 1 : 0), bytes);
        if (is_v6 ? parse_v6(host, out) : parse_v4(host, out)) {
            char *end = NULL;
            unsigned long port = strtoul(colon + 1, &end, 10);
            if (colon[1] >= '0' && colon[1] <= '9' && *end == '\0' && port <= 65535) {
                *port_of(out) = htons((uint16_t)port);
                return PROBLEM_NONE;
            }
        }
    }
    fault_set(fault,
              "%s is not an address to listen on: write 127.0.0.1:8080, [::1]:8080 or *:8080",
              text);
    return PROBLEM_BAD_PARAMETER;
}

void listener_print_url(struct listener_address *address) {
    char host[INET6_ADDRSTRLEN] = "";
    bool is_v6 = address->bytes.ss_family == AF_INET6;
    const void *bytes = is_v6 ? (const void *)&((struct sockaddr_in6 *)&address->bytes)->sin6_addr
                              : (const void *)&((struct sockaddr_in *)&address->bytes)->sin_addr;
    inet_ntop(address->bytes.ss_family, bytes, host, sizeof host);
    snprintf(address->url, sizeof address->url, is_v6 ? "%s://[%s]:%u" : "%s://%s:%u",
             address->is_tls ? "https" : "http", host, ntohs(*port_of(address)));
}

static enum problem refuse(const struct listener_address *address, int error, struct fault *fault) {
    const char *why = error == EADDRINUSE      ? "another program listens there"
                      : error == EACCES        ? "no permission to use this port"
                      : error == EADDRNOTAVAIL ? "this machine does not have the address"
                                               : strerror(error);
    fault_set(fault, "cannot listen on %s: %s", address->text, why);
    return PROBLEM_UNAVAILABLE;
}

/* With SO_REUSEPORT a second server of the same user would bind without a word and take half of the
 * connections; a bind without it fails as it should. */
static int probe(const struct listener_address *address) {
    int one = 1;
    int fd = socket(address->bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (address->bytes.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    int error = bind(fd, (const void *)&address->bytes, address->length) == 0 ? 0 : errno;
    close(fd);
    return error;
}

/* What is set here accepted sockets inherit, so that they cost no call of their own. */
static void set_options(int fd, int family) {
    int one = 1;
    unsigned user_timeout_ms = USER_TIMEOUT_MS;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms);
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
}

static bool is_option(int fd, int option, int wanted) {
    int value = 0;
    socklen_t bytes = sizeof value;
    return getsockopt(fd, SOL_SOCKET, option, &value, &bytes) == 0 && value == wanted;
}

enum problem listener_adopt(int fd, struct listener_address *out, struct fault *fault) {
    memset(out, 0, sizeof *out);
    out->text = "a socket that was passed";
    out->passed_fd = fd;
    out->length = sizeof out->bytes;
    bool is_tcp = is_option(fd, SO_TYPE, SOCK_STREAM) && is_option(fd, SO_ACCEPTCONN, 1) &&
                  (is_option(fd, SO_DOMAIN, AF_INET) || is_option(fd, SO_DOMAIN, AF_INET6));
    if (!is_tcp || getsockname(fd, (void *)&out->bytes, &out->length) != 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        fault_set(fault, "descriptor %d was passed, and is no TCP socket that listens", fd);
        return PROBLEM_BAD_PARAMETER;
    }
    set_options(fd, out->bytes.ss_family);
    return PROBLEM_NONE;
}

/* Each worker has a descriptor of its own to close. Idle workers all wake for a connection, and who
 * is first has it. */
static enum problem share(const struct listener_address *address, int *fd, struct fault *fault) {
    *fd = fcntl(address->passed_fd, F_DUPFD_CLOEXEC, 0);
    return *fd < 0 ? refuse(address, errno, fault) : PROBLEM_NONE;
}

enum problem listener_open(struct listener_address *address, bool is_first, int *fd,
                           struct fault *fault) {
    *fd = -1;
    if (address->passed_fd >= 0) {
        listener_print_url(address);
        return share(address, fd, fault);
    }
    int error = is_first && *port_of(address) != 0 ? probe(address) : 0;
    if (error != 0)
        return refuse(address, error, fault);
    int sock = socket(address->bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (sock < 0)
        return refuse(address, errno, fault);
    set_options(sock, address->bytes.ss_family);
    if (bind(sock, (const void *)&address->bytes, address->length) != 0 ||
        listen(sock, BACKLOG) != 0 ||
        getsockname(sock, (void *)&address->bytes, &address->length) != 0) {
        error = errno;
        close(sock);
        return refuse(address, error, fault);
    }
    listener_print_url(address);
    *fd = sock;
    return PROBLEM_NONE;
}

/* Closing a listener resets every handshake that is not yet accepted. This filter drops segments
 * with SYN (their senders try again in a second and are refused), so that the rest can be taken. */
void listener_stop_handshakes(int fd) {
    enum {
        FLAGS_OFFSET = 13, /* in the TCP header */
        FLAG_SYN = 2,
    };
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_OFFSET),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, FLAG_SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
