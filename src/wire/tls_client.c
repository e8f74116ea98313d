/* tls_client.c: see tls_client.h. */
#include "wire/tls_client.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tls.h"

struct tls_client {
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    enum tls_client_trust trust;
    const char *certificate_file;
    char error[256];
};

static void set_error(struct tls_client *client, const char *what, const char *why) {
    snprintf(client->error, sizeof client->error, "%s%s", what, why);
}

/* ---- who it is ---- */

static bool is_first_of(const char *file, const gnutls_datum_t *shown) {
    gnutls_datum_t text = {NULL, 0};
    gnutls_x509_crt_t certificate = NULL;
    gnutls_datum_t first = {NULL, 0};
    bool is_same = gnutls_load_file(file, &text) == 0 && gnutls_x509_crt_init(&certificate) == 0 &&
                   gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM) == 0 &&
                   gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &first) == 0 &&
                   first.size == shown->size && memcmp(first.data, shown->data, first.size) == 0;
    gnutls_free(first.data);
    if (certificate != NULL)
        gnutls_x509_crt_deinit(certificate);
    gnutls_free(text.data);
    return is_same;
}

static bool is_the_one(struct tls_client *client) {
    unsigned count = 0;
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(client->session, &count);
    if (shown != NULL && count > 0 && is_first_of(client->certificate_file, shown))
        return true;
    set_error(client, "the server does not show the first certificate of ",
              client->certificate_file);
    return false;
}

/* ---- the session ---- */

static bool is_ready(struct tls_client *client, int descriptor, const char *host) {
    bool is_set =
        gnutls_init(&client->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) == 0 &&
        gnutls_certificate_allocate_credentials(&client->credentials) == 0 &&
        gnutls_priority_set_direct(client->session, tls_priorities(), NULL) == 0 &&
        gnutls_credentials_set(client->session, GNUTLS_CRD_CERTIFICATE, client->credentials) == 0;
    if (!is_set)
        return false;
    gnutls_transport_set_int(client->session, descriptor);
    if (client->trust == TLS_CLIENT_AUTHORITIES) {
        (void)gnutls_certificate_set_x509_system_trust(client->credentials);
        gnutls_session_set_verify_cert(client->session, host, 0);
    }
    /* Addresses are no names; the library leaves them out by itself. */
    return gnutls_server_name_set(client->session, GNUTLS_NAME_DNS, host, strlen(host)) == 0;
}

struct tls_client *tls_client_new(int descriptor, const char *host, enum tls_client_trust trust,
                                  const char *certificate_file) {
    struct tls_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return NULL;
    client->trust = trust;
    client->certificate_file = certificate_file;
    if (is_ready(client, descriptor, host))
        return client;
    tls_client_free(client);
    return NULL;
}

void tls_client_free(struct tls_client *client) {
    if (client == NULL)
        return;
    if (client->session != NULL) {
        (void)gnutls_bye(client->session, GNUTLS_SHUT_WR);
        gnutls_deinit(client->session);
    }
    if (client->credentials != NULL)
        gnutls_certificate_free_credentials(client->credentials);
    free(client);
}

/* Why a certificate was not believed, in the library's words. */
static void explain(struct tls_client *client, int error) {
    gnutls_datum_t text = {NULL, 0};
    unsigned status = gnutls_session_get_verify_cert_status(client->session);
    if (error == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR &&
        gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0) == 0) {
        size_t bytes = text.size;
        while (bytes > 0 && strchr(" \n", text.data[bytes - 1]) != NULL)
            text.data[--bytes] = '\0';
        set_error(client, (const char *)text.data,
                  " If it is your own, name it as --tls-certificate.");
    } else
        set_error(client, "no TLS: ", gnutls_strerror(error));
    gnutls_free(text.data);
}

int tls_client_handshake(struct tls_client *client) {
    int result = gnutls_handshake(client->session);
    if (result == 0)
        return client->trust != TLS_CLIENT_ONE || is_the_one(client) ? 1 : -1;
    if (gnutls_error_is_fatal(result) == 0)
        return 0;
    explain(client, result);
    return -1;
}

bool tls_client_wants_room(const struct tls_client *client) {
    return gnutls_record_get_direction(client->session) == 1;
}

/* ---- bytes ---- */

static ssize_t as_errno(ssize_t result) {
    if (result >= 0)
        return result;
    errno = result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED ? EAGAIN : EPROTO;
    return -1;
}

ssize_t tls_client_send(struct tls_client *client, const void *bytes, size_t count) {
    return as_errno(gnutls_record_send(client->session, bytes, count));
}

/* A peer that ends without saying so in TLS has ended all the same: HTTP knows its lengths. */
ssize_t tls_client_recv(struct tls_client *client, void *out, size_t room) {
    ssize_t result = gnutls_record_recv(client->session, out, room);
    return result == GNUTLS_E_PREMATURE_TERMINATION ? 0 : as_errno(result);
}

const char *tls_client_error(const struct tls_client *client) {
    return client->error;
}
