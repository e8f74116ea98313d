/* client.c: see client.h. */
#include "engine/client.h"

#include <stdio.h>

#include "ground/field.h"

static bool is_trusted(const struct config *config, const struct network *address) {
    for (size_t i = 0; i < config->trusted_proxy_count; i++) {
        if (network_holds(&config->trusted_proxies[i], address))
            return true;
    }
    return false;
}

bool client_is_proxy(const struct config *config, const char *peer) {
    struct network address;
    return config->trusted_proxy_count > 0 && network_parse(span_of(peer), &address) &&
           is_trusted(config, &address);
}

/* Takes the last part after a comma off `list`. */
static struct span take_last(struct span *list) {
    const char *comma = list->bytes == 0 ? NULL : memrchr(list->at, ',', list->bytes);
    size_t start = comma == NULL ? 0 : (size_t)(comma - list->at) + 1;
    struct span part = {list->at + start, list->bytes - start};
    *list = (struct span){comma == NULL ? NULL : list->at, comma == NULL ? 0 : start - 1};
    return field_trim(part);
}

void client_address(const struct config *config, const char *peer, struct span forwarded,
                    char out[NETWORK_TEXT_BYTES]) {
    struct network hop;
    snprintf(out, NETWORK_TEXT_BYTES, "%s", peer);
    if (!client_is_proxy(config, peer))
        return;
    while (forwarded.at != NULL) {
        if (!network_parse_hop(take_last(&forwarded), &hop))
            return;
        network_print(&hop, out);
        if (!is_trusted(config, &hop))
            return;
    }
}
