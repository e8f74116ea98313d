/* main.c: where the process begins. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "entry/cli.h"

/* A standard stream that the caller closed would give its number to the next file that is opened,
 * and what is meant for a person would be written into it. */
static bool fill_standard_streams(void) {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        /* The lowest free number is `stream`. For the other direction only, so that who reads or
         * writes hears that there is nothing. */
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream)
            return false;
    }
    return true;
}

int main(int argc, char **argv) {
    if (!fill_standard_streams())
        return (int)CLI_EXIT_FAILED;
    return (int)cli_run(argc, argv);
}
