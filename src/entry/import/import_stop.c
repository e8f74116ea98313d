/* import_stop.c: the stop flag of an import. */
#include "entry/import/import_stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t wanted_signal;

static void remember(int number) {
    wanted_signal = number;
}

/* Without SA_RESTART, so that waiting for standard input ends; with SA_RESETHAND, so that a second
 * signal ends the process at once. */
void import_stop_watch(void) {
    struct sigaction action = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool import_stop_is_wanted(void) {
    return wanted_signal != 0;
}

void import_stop_raise(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(wanted_signal, &action, NULL);
    raise(wanted_signal);
}
