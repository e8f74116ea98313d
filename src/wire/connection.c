/* connection.c: intrusive lists and a bounded free list. */
#include "connection.h"

#include <stdlib.h>
#include <sys/socket.h>

enum { SPARE_MAX = 256 };

void connections_fini(struct connections *all) {
    while (all->spare != NULL) {
        struct connection *next = all->spare->newer;
        free(all->spare);
        all->spare = next;
    }
    all->spare_count = 0;
}

static void list_append(struct connection_list *list, struct connection *c) {
    c->older = list->newest;
    c->newer = NULL;
    if (list->newest != NULL)
        list->newest->newer = c;
    else
        list->oldest = c;
    list->newest = c;
}

static void list_remove(struct connection_list *list, struct connection *c) {
    if (c->older != NULL)
        c->older->newer = c->newer;
    else
        list->oldest = c->newer;
    if (c->newer != NULL)
        c->newer->older = c->older;
    else
        list->newest = c->older;
}

struct connection *connection_new(struct connections *all, int fd, int64_t now_ms) {
    struct connection *c = all->spare;
    if (c != NULL) {
        all->spare = c->newer;
        all->spare_count--;
    } else {
        c = malloc(sizeof *c);
        if (c == NULL)
            return NULL;
    }
    *c = (struct connection){.fd = fd, .phase = CONNECTION_FRESH, .since_ms = now_ms};
    list_append(&all->lists[CONNECTION_FRESH], c);
    all->counts[CONNECTION_FRESH]++;
    all->count++;
    return c;
}

void connection_free(struct connections *all, struct connection *c) {
    list_remove(&all->lists[c->phase], c);
    all->counts[c->phase]--;
    all->count--;
    if (all->spare_count >= SPARE_MAX) {
        free(c);
        return;
    }
    c->newer = all->spare;
    all->spare = c;
    all->spare_count++;
}

void connection_enter(struct connections *all, struct connection *c, enum connection_phase phase,
                      int64_t since_ms) {
    list_remove(&all->lists[c->phase], c);
    all->counts[c->phase]--;
    all->counts[phase]++;
    c->phase = phase;
    c->since_ms = since_ms;
    list_append(&all->lists[phase], c);
}

void connection_cut(struct connection *c) {
    if (c->is_cut)
        return;
    c->is_cut = true;
    shutdown(c->fd, SHUT_RDWR);
}
