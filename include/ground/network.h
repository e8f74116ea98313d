/* network.h: addresses of clients and of networks, IPv4 and IPv6 alike: an IPv4 address is held as
 * ::ffff:a.b.c.d. Pure. */
#ifndef PILCROW_GROUND_NETWORK_H
#define PILCROW_GROUND_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "ground/span.h"

enum { NETWORK_BYTES = 16, NETWORK_TEXT_BYTES = 46 };

struct network {
    unsigned char bytes[NETWORK_BYTES];
    unsigned bits; /* how many count; 128 = one address */
};

/* Reads "10.0.0.0/8", "::1", "fd00::/8"; no bits mean one address. */
bool network_parse(struct span text, struct network *out);

/* Reads one address as proxies write it: "192.0.2.1", "192.0.2.1:4711", "2001:db8::1",
 * "[2001:db8::1]:4711". */
bool network_parse_hop(struct span text, struct network *out);

bool network_holds(const struct network *network, const struct network *address);

/* The address without its bits; IPv4 in its own form. */
void network_print(const struct network *address, char out[NETWORK_TEXT_BYTES]);

/* What counts as one client: an IPv4 address, or the /64 that an IPv6 address lies in, because who
 * has one address there has all. */
uint64_t network_client(const struct network *address);

#endif
