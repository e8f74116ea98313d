/* supervisor.c: see supervisor.h. */
#include "ground/supervisor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ground/clock.h"
#include "ground/log.h"

enum { MESSAGE_BYTES = 1024 };

static bool read_number(const char *text, unsigned long long max, unsigned long long *out) {
    enum { DIGITS_MAX = 19 }; /* these fit */
    size_t digits = text == NULL ? 0 : strspn(text, "0123456789");
    if (digits == 0 || digits > DIGITS_MAX || text[digits] != '\0')
        return false;
    *out = strtoull(text, NULL, 10);
    return *out <= max;
}

/* A variable may have been meant for the parent of this process, who passed it on unseen. */
static bool is_for_us(const char *variable) {
    unsigned long long pid = 0;
    return read_number(getenv(variable), UINT32_MAX, &pid) && pid == (unsigned long long)getpid();
}

enum problem supervisor_sockets(size_t *count, struct fault *fault) {
    enum { SOCKETS_MAX = 1024 };
    unsigned long long number = 0;
    const char *text = getenv("LISTEN_FDS");
    *count = 0;
    if (text == NULL || !is_for_us("LISTEN_PID"))
        return PROBLEM_NONE;
    if (!read_number(text, SOCKETS_MAX, &number)) {
        fault_set(fault, "LISTEN_FDS: '%.100s' is not a whole number from 0 to %d", text,
                  SOCKETS_MAX);
        return PROBLEM_BAD_PARAMETER;
    }
    *count = (size_t)number;
    return PROBLEM_NONE;
}

/* A path, or a name without a file that begins with '@'. */
static bool read_address(const char *text, struct sockaddr_un *address, socklen_t *length) {
    size_t bytes = strlen(text);
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if ((text[0] != '/' && text[0] != '@') || bytes < 2 || bytes >= sizeof address->sun_path)
        return false;
    memcpy(address->sun_path, text, bytes);
    if (text[0] == '@')
        address->sun_path[0] = '\0';
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + bytes);
    return true;
}

static int64_t read_interval(void) {
    unsigned long long usec = 0;
    bool is_ours = getenv("WATCHDOG_PID") == NULL || is_for_us("WATCHDOG_PID");
    if (!is_ours || !read_number(getenv("WATCHDOG_USEC"), INT64_MAX, &usec) || usec == 0)
        return 0;
    return usec < 2000 ? 1 : (int64_t)(usec / 2000); /* half of it, in ms */
}

void supervisor_open(struct supervisor *supervisor) {
    struct sockaddr_un address;
    socklen_t length = 0;
    const char *text = getenv("NOTIFY_SOCKET");
    *supervisor = (struct supervisor){.fd = -1};
    if (text == NULL || text[0] == '\0')
        return;
    int error = EINVAL;
    if (read_address(text, &address, &length)) {
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd >= 0 && connect(fd, (const void *)&address, length) == 0) {
            supervisor->fd = fd;
            supervisor->interval_ms = read_interval();
            supervisor->next_sign_ms = clock_ms();
            return;
        }
        error = errno;
        if (fd >= 0)
            close(fd);
    }
    log_event(LOG_WARN, "notify_socket", "name", text, "error", strerrordesc_np(error), NULL);
}

void supervisor_close(struct supervisor *supervisor) {
    if (supervisor->fd >= 0)
        close(supervisor->fd);
    supervisor->fd = -1;
}

void supervisor_tell(const struct supervisor *supervisor, const char *format, ...) {
    char message[MESSAGE_BYTES];
    va_list arguments;
    if (supervisor->fd < 0)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (send(supervisor->fd, message, strlen(message), MSG_NOSIGNAL) < 0)
        log_event(LOG_WARN, "notify_socket", "error", strerrordesc_np(errno), NULL);
}
