/* network.c: see network.h. */
#include "ground/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const unsigned char v4_prefix[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

enum { V4_OFFSET = sizeof v4_prefix, V4_BITS = 8 * V4_OFFSET, ALL_BITS = 8 * NETWORK_BYTES };

static bool is_v4(const struct network *address) {
    return memcmp(address->bytes, v4_prefix, sizeof v4_prefix) == 0;
}

static bool parse_address(struct span text, struct network *out) {
    char host[NETWORK_TEXT_BYTES];
    if (text.bytes == 0 || text.bytes >= sizeof host || memchr(text.at, '\0', text.bytes) != NULL)
        return false;
    memcpy(host, text.at, text.bytes);
    host[text.bytes] = '\0';
    out->bits = ALL_BITS;
    memcpy(out->bytes, v4_prefix, sizeof v4_prefix);
    return inet_pton(AF_INET, host, out->bytes + V4_OFFSET) == 1 ||
           inet_pton(AF_INET6, host, out->bytes) == 1;
}

/* A whole number of one to three digits. */
static bool parse_bits(struct span text, unsigned *out) {
    *out = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *out = *out * 10 + (unsigned)(text.at[i] - '0');
    }
    return text.bytes > 0 && text.bytes <= 3;
}

bool network_parse(struct span text, struct network *out) {
    const char *slash = text.bytes == 0 ? NULL : memchr(text.at, '/', text.bytes);
    struct span address = text;
    if (slash != NULL)
        address.bytes = (size_t)(slash - text.at);
    if (!parse_address(address, out))
        return false;
    if (slash == NULL)
        return true;
    bool is_short = memchr(address.at, ':', address.bytes) == NULL;
    struct span bits = {slash + 1, text.bytes - address.bytes - 1};
    if (!parse_bits(bits, &out->bits))
        return false;
    out->bits += is_short ? V4_BITS : 0;
    return out->bits <= ALL_BITS;
}

bool network_parse_hop(struct span text, struct network *out) {
    if (text.bytes > 0 && text.at[0] == '[') {
        const char *end = memchr(text.at, ']', text.bytes);
        return end != NULL &&
               parse_address((struct span){text.at + 1, (size_t)(end - text.at) - 1}, out);
    }
    const char *colon = text.bytes == 0 ? NULL : memchr(text.at, ':', text.bytes);
    if (colon != NULL && memrchr(text.at, ':', text.bytes) == colon)
        text.bytes = (size_t)(colon - text.at); /* one colon: a port after IPv4 */
    return parse_address(text, out);
}

bool network_holds(const struct network *network, const struct network *address) {
    unsigned whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->bytes, address->bytes, whole) != 0)
        return false;
    if (rest == 0)
        return true;
    unsigned differs = (unsigned)(network->bytes[whole] ^ address->bytes[whole]);
    return differs >> (8 - rest) == 0;
}

void network_print(const struct network *address, char out[NETWORK_TEXT_BYTES]) {
    bool is_short = is_v4(address);
    const void *bytes = address->bytes + (is_short ? V4_OFFSET : 0);
    if (inet_ntop(is_short ? AF_INET : AF_INET6, bytes, out, NETWORK_TEXT_BYTES) == NULL)
        out[0] = '\0';
}

uint64_t network_client(const struct network *address) {
    uint64_t client = 0;
    size_t first = is_v4(address) ? NETWORK_BYTES - sizeof client : 0;
    memcpy(&client, address->bytes + first, sizeof client);
    return client;
}
