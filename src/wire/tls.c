/* tls.c: see tls.h. */
#include "tls.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "ground/date.h"
#include "ground/log.h"
#include "tls_identity.h"

struct tls {
    const char *certificate_file, *key_file;
    pthread_mutex_t mutex; /* over the one below */
    struct tls_identity *in_force;
};

/* When it ends is what operators want to know, and what ended is no reason not to serve. */
static void tell(const struct tls *tls, const struct tls_identity *identity) {
    char expires[INSTANT_BYTES];
    instant_print(identity->expires_s, expires);
    bool is_over = identity->expires_s <= (int64_t)time(NULL);
    log_event(is_over ? LOG_WARN : LOG_INFO, "tls", "certificate", tls->certificate_file,
              is_over ? "expired" : "expires", expires, NULL);
}

enum problem tls_open(const struct config *config, struct tls **out, struct fault *fault) {
    *out = NULL;
    if (config->tls_certificate[0] == '\0')
        return PROBLEM_NONE;
    struct tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL) {
        fault_set(fault, "no memory to start the server");
        return PROBLEM_OUT_OF_MEMORY;
    }
    tls->certificate_file = config->tls_certificate;
    tls->key_file = config->tls_key;
    pthread_mutex_init(&tls->mutex, NULL);
    enum problem problem = tls_reload(tls, fault);
    if (problem == PROBLEM_NONE)
        *out = tls;
    else
        tls_close(tls);
    return problem;
}

void tls_close(struct tls *tls) {
    if (tls == NULL)
        return;
    tls_give(tls->in_force);
    pthread_mutex_destroy(&tls->mutex);
    free(tls);
}

enum problem tls_reload(struct tls *tls, struct fault *fault) {
    struct tls_identity *fresh = NULL;
    enum problem problem = tls_identity_read(tls->certificate_file, tls->key_file, &fresh, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    tell(tls, fresh);
    pthread_mutex_lock(&tls->mutex);
    struct tls_identity *before = tls->in_force;
    tls->in_force = fresh;
    pthread_mutex_unlock(&tls->mutex);
    tls_give(before);
    return PROBLEM_NONE;
}

struct tls_identity *tls_take(struct tls *tls) {
    pthread_mutex_lock(&tls->mutex);
    struct tls_identity *identity = tls->in_force;
    atomic_fetch_add(&identity->holders, 1);
    pthread_mutex_unlock(&tls->mutex);
    return identity;
}

void tls_give(struct tls_identity *identity) {
    if (identity != NULL && atomic_fetch_sub(&identity->holders, 1) == 1)
        tls_identity_free(identity);
}

/* Who is in the middle of a handshake the library calls ready, again and again, until it ends: only
 * by what passes here it is known whether there is anything to do (worker.c). */
static ssize_t pull(gnutls_transport_ptr_t context, void *out, size_t room) {
    const struct tls_link *link = context;
    ssize_t bytes = recv(link->fd, out, room, 0);
    if (bytes >= 0)
        *link->has_worked = true;
    return bytes;
}

static ssize_t push(gnutls_transport_ptr_t context, const giovec_t *pieces, int count) {
    const struct tls_link *link = context;
    const struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)pieces,
                                   .msg_iovlen = (size_t)count};
    ssize_t bytes = sendmsg(link->fd, &message, MSG_NOSIGNAL);
    if (bytes >= 0)
        *link->has_worked = true;
    return bytes;
}

/* The last that a client says of a handshake gets no answer, and its kernel may hold its request
 * back until that is acknowledged, which ours puts off for 40 ms. */
static int acknowledge(gnutls_session_t session, unsigned message, unsigned when, unsigned incoming,
                       const gnutls_datum_t *bytes) {
    const struct tls_link *link = gnutls_session_get_ptr(session);
    int one = 1;
    (void)message;
    (void)when;
    (void)bytes;
    if (incoming != 0)
        (void)setsockopt(link->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
    return 0;
}

void tls_session_link(void *session, struct tls_link *link) {
    gnutls_session_set_ptr(session, link);
    if (link == NULL)
        return;
    gnutls_transport_set_ptr(session, link);
    gnutls_transport_set_pull_function(session, pull);
    gnutls_transport_set_vec_push_function(session, push);
    gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_FINISHED, GNUTLS_HOOK_POST,
                                       acknowledge);
}

void tls_session_send(void *session, struct span bytes) {
    (void)gnutls_record_send(session, bytes.at, bytes.bytes);
}

const char *tls_priorities(void) {
    return "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:"
           "-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:-MAC-ALL:+AEAD";
}

/* What is lent stays: the connection holds it longer than its session. */
static int retrieve(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                    gnutls_pcert_st **chain, unsigned *chain_count, gnutls_ocsp_data_st **ocsp,
                    unsigned *ocsp_count, gnutls_privkey_t *key, unsigned *flags) {
    const struct tls_link *link = gnutls_session_get_ptr(session);
    (void)info;
    if (link == NULL)
        return -1;
    struct tls_identity *identity = link->identity;
    *chain = identity->chain;
    *chain_count = identity->chain_count;
    *ocsp = NULL;
    *ocsp_count = 0;
    *key = identity->key;
    *flags = 0;
    return 0;
}

void *tls_retrieve(void) {
    static gnutls_certificate_retrieve_function3 *const function = retrieve;
    void *as_object;
    _Static_assert(sizeof as_object == sizeof function, "POSIX: a function fits in void *");
    memcpy(&as_object, &function, sizeof as_object);
    return as_object;
}
