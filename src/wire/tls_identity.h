/* tls_identity.h: a certificate and its key, out of two files. A part of tls.h. */
#ifndef PILCROW_WIRE_TLS_IDENTITY_H
#define PILCROW_WIRE_TLS_IDENTITY_H

#include <gnutls/abstract.h>
#include <stdatomic.h>
#include <stdint.h>

#include "ground/fault.h"
#include "ground/problem.h"

enum { TLS_CHAIN_MAX = 16 };

struct tls_identity {
    atomic_uint holders;
    gnutls_pcert_st chain[TLS_CHAIN_MAX];
    unsigned chain_count;
    gnutls_privkey_t key;
    int64_t expires_s; /* since 1970 */
};

/* One holder: the caller. BAD_PARAMETER with fault: which file, what is wrong, what would be
 * right. */
MUST_CHECK enum problem tls_identity_read(const char *certificate_file, const char *key_file,
                                          struct tls_identity **out, struct fault *fault);
void tls_identity_free(struct tls_identity *identity);

#endif
