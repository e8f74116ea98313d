/* main.c: where the process begins. */
#include "entry/cli.h"

int main(int argc, char **argv) {
    return (int)cli_run(argc, argv);
}
