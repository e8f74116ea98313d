/* cli_config.c: what is in force, and where it comes from. */
#include "entry/cli.h"

enum cli_exit cli_config(struct config *config) {
    struct buffer out;
    buffer_init(&out);
    if (config->example)
        config_print_example(&out);
    else if (config->json)
        config_print_json(config, &out);
    else
        config_print_table(config, &out);
    return cli_print(&out);
}
