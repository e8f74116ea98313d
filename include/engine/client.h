/* client.h: who asks. Behind a proxy that the operator trusts it is the hop that the proxy names;
 * from anybody else such a field is only a claim and changes nothing. Pure. */
#ifndef PILCROW_ENGINE_CLIENT_H
#define PILCROW_ENGINE_CLIENT_H

#include "ground/config/config.h"
#include "ground/network.h"
#include "ground/span.h"

/* Whether `peer`, an address as text, is one of --trusted-proxy. */
bool client_is_proxy(const struct config *config, const char *peer);

/* `forwarded`: all X-Forwarded-For fields joined with commas; .at NULL when absent. Each proxy adds
 * at the right whom it was asked by, so the client is the right-most hop that is no trusted proxy;
 * what stands left of it may be invented. A hop that is no address ends the search at the one right
 * of it. */
void client_address(const struct config *config, const char *peer, struct span forwarded,
                    char out[NETWORK_TEXT_BYTES]);

#endif
