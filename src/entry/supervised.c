/* supervised.c: see supervised.h. */
#include "entry/supervised.h"

#include "ground/clock.h"

static void give_sign(struct supervisor *supervisor, struct server *server) {
    supervisor->next_sign_ms = clock_ms() + supervisor->interval_ms;
    if (server_is_alive(server))
        supervisor_tell(supervisor, "WATCHDOG=1");
}

static struct timespec until_next_sign(const struct supervisor *supervisor) {
    int64_t left_ms = supervisor->next_sign_ms - clock_ms();
    if (left_ms <= 0)
        return (struct timespec){0};
    return (struct timespec){left_ms / 1000, left_ms % 1000 * 1000000};
}

/* Many signals must not put off the sign, nor many signs the signals. */
int supervised_wait(struct supervisor *supervisor, struct server *server, const sigset_t *set) {
    for (;;) {
        if (supervisor->interval_ms > 0 && clock_ms() >= supervisor->next_sign_ms)
            give_sign(supervisor, server);
        struct timespec left = until_next_sign(supervisor);
        int number =
            supervisor->interval_ms == 0 ? sigwaitinfo(set, NULL) : sigtimedwait(set, NULL, &left);
        if (number > 0)
            return number;
    }
}
