/* tls_identity.c: see tls_identity.h. */
#include "tls_identity.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground/hash.h"

enum { FILE_BYTES_MAX = 256 * 1024, KEY_ID_BYTES = 64 };

static enum problem refuse(struct fault *fault, const char *file, const char *what) {
    fault_set(fault, "%s: %s", file, what);
    return PROBLEM_BAD_PARAMETER;
}

static enum problem refuse_memory(struct fault *fault) {
    fault_set(fault, "no memory to read the certificate and its key");
    return PROBLEM_OUT_OF_MEMORY;
}

/* ---- files ---- */

static void wipe(gnutls_datum_t *text) {
    if (text->data != NULL)
        hash_secret_wipe(text->data, text->size);
    free(text->data);
    text->data = NULL;
}

/* out->data is to be wiped, whatever comes back. */
static enum problem read_file(const char *file, gnutls_datum_t *out, struct fault *fault) {
    FILE *stream = fopen(file, "re");
    if (stream == NULL)
        return refuse(fault, file, strerrordesc_np(errno));
    setvbuf(stream, NULL, _IONBF, 0); /* no second copy of a key */
    out->data = calloc(1, FILE_BYTES_MAX);
    out->size = out->data == NULL ? 0 : (unsigned)fread(out->data, 1, FILE_BYTES_MAX, stream);
    int error = ferror(stream) != 0 ? errno : 0;
    fclose(stream);
    if (out->data == NULL)
        return refuse_memory(fault);
    if (error != 0)
        return refuse(fault, file, strerrordesc_np(error));
    if (out->size == FILE_BYTES_MAX)
        return refuse(fault, file, "more than 256 KiB: no certificate or key is so long");
    return PROBLEM_NONE;
}

/* ---- what they hold ---- */

static enum problem refuse_chain(const char *file, int error, struct fault *fault) {
    if (error == GNUTLS_E_MEMORY_ERROR)
        return refuse_memory(fault);
    if (error == GNUTLS_E_CERTIFICATE_LIST_UNSORTED)
        return refuse(fault, file,
                      "its certificates are not one chain: the server's comes first, "
                      "then who signed it, and so on");
    return refuse(fault, file, "no certificate in PEM; it begins with -----BEGIN CERTIFICATE-----");
}

static enum problem take_chain(struct tls_identity *identity, const char *file,
                               gnutls_x509_crt_t *chain, unsigned count, struct fault *fault) {
    if (count > TLS_CHAIN_MAX)
        return refuse(fault, file,
                      "more than 16 certificates: a bundle of authorities is no chain");
    identity->expires_s = gnutls_x509_crt_get_expiration_time(chain[0]);
    for (unsigned i = 0; i < count; i++) {
        int error = gnutls_pcert_import_x509(&identity->chain[i], chain[i], 0);
        if (error < 0)
            return refuse_chain(file, error, fault);
        identity->chain_count++;
    }
    return PROBLEM_NONE;
}

static enum problem read_chain(struct tls_identity *identity, const char *file,
                               struct fault *fault) {
    gnutls_datum_t text = {NULL, 0};
    gnutls_x509_crt_t *chain = NULL;
    unsigned count = 0;
    enum problem problem = read_file(file, &text, fault);
    if (problem == PROBLEM_NONE) {
        int error = gnutls_x509_crt_list_import2(&chain, &count, &text, GNUTLS_X509_FMT_PEM,
                                                 GNUTLS_X509_CRT_LIST_SORT);
        problem = error < 0 ? refuse_chain(file, error, fault)
                            : take_chain(identity, file, chain, count, fault);
    }
    for (unsigned i = 0; chain != NULL && i < count; i++)
        gnutls_x509_crt_deinit(chain[i]);
    gnutls_free(chain);
    wipe(&text);
    return problem;
}

static enum problem read_key(struct tls_identity *identity, const char *file, struct fault *fault) {
    gnutls_datum_t text = {NULL, 0};
    enum problem problem = read_file(file, &text, fault);
    if (problem == PROBLEM_NONE && gnutls_privkey_init(&identity->key) < 0)
        problem = refuse_memory(fault);
    int error =
        problem != PROBLEM_NONE
            ? 0
            : gnutls_privkey_import_x509_raw(identity->key, &text, GNUTLS_X509_FMT_PEM, NULL, 0);
    wipe(&text);
    if (error == GNUTLS_E_DECRYPTION_FAILED)
        return refuse(fault, file,
                      "this key has a password; write it anew without one: "
                      "openssl pkey -in OLD -out NEW");
    if (error < 0)
        return refuse(fault, file,
                      "no private key in PEM; it begins with -----BEGIN PRIVATE KEY-----");
    return problem;
}

/* ---- whether they belong together ---- */

static bool has_key_id(gnutls_pubkey_t key, unsigned char id[KEY_ID_BYTES]) {
    size_t bytes = KEY_ID_BYTES;
    memset(id, 0, KEY_ID_BYTES);
    return gnutls_pubkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, id, &bytes) == 0;
}

static enum problem check_pair(const struct tls_identity *identity, const char *certificate_file,
                               const char *key_file, struct fault *fault) {
    unsigned char ids[2][KEY_ID_BYTES];
    gnutls_pubkey_t of_key = NULL;
    if (gnutls_pubkey_init(&of_key) < 0)
        return refuse_memory(fault);
    bool is_pair = gnutls_pubkey_import_privkey(of_key, identity->key, 0, 0) == 0 &&
                   has_key_id(of_key, ids[0]) && has_key_id(identity->chain[0].pubkey, ids[1]) &&
                   memcmp(ids[0], ids[1], KEY_ID_BYTES) == 0;
    gnutls_pubkey_deinit(of_key);
    if (is_pair)
        return PROBLEM_NONE;
    fault_set(fault,
              "the key in %s is not that of the first certificate in %s: give the two that were "
              "made together",
              key_file, certificate_file);
    return PROBLEM_BAD_PARAMETER;
}

enum problem tls_identity_read(const char *certificate_file, const char *key_file,
                               struct tls_identity **out, struct fault *fault) {
    struct tls_identity *identity = *out = calloc(1, sizeof *identity);
    if (identity == NULL)
        return refuse_memory(fault);
    atomic_init(&identity->holders, 1);
    enum problem problem = read_chain(identity, certificate_file, fault);
    if (problem == PROBLEM_NONE)
        problem = read_key(identity, key_file, fault);
    if (problem == PROBLEM_NONE)
        problem = check_pair(identity, certificate_file, key_file, fault);
    if (problem != PROBLEM_NONE) {
        tls_identity_free(identity);
        *out = NULL;
    }
    return problem;
}

void tls_identity_free(struct tls_identity *identity) {
    for (unsigned i = 0; i < identity->chain_count; i++)
        gnutls_pcert_deinit(&identity->chain[i]);
    if (identity->key != NULL)
        gnutls_privkey_deinit(identity->key);
    free(identity);
}
