/* service.c: what is made once per process, so that no request makes it again. */
#include <elf.h>
#include <link.h>
#include <stdio.h>

#include "engine/request.h"
#include "ground/version.h"

static void print_hex(const unsigned char *bytes, size_t count, char out[SERVICE_BUILD_BYTES]) {
    static const char digits[] = "0123456789abcdef";
    size_t used = 0;
    for (size_t i = 0; i < count && used + 2 < SERVICE_BUILD_BYTES; i++) {
        out[used++] = digits[bytes[i] >> 4];
        out[used++] = digits[bytes[i] & 15];
    }
    out[used] = '\0';
}

/* The linker's build id (a hash over the program) out of one run of ELF notes. */
static bool find_build_id(const char *notes, size_t bytes, char out[SERVICE_BUILD_BYTES]) {
    ElfW(Nhdr) note;
    while (bytes >= sizeof note) {
        memcpy(&note, notes, sizeof note);
        size_t name_bytes = ((size_t)note.n_namesz + 3) & ~(size_t)3;
        size_t whole = sizeof note + name_bytes + (((size_t)note.n_descsz + 3) & ~(size_t)3);
        if (whole > bytes)
            return false;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
            memcmp(notes + sizeof note, "GNU", 4) == 0) {
            print_hex((const unsigned char *)notes + sizeof note + name_bytes, note.n_descsz, out);
            return true;
        }
        notes += whole;
        bytes -= whole;
    }
    return false;
}

/* The first object is the program itself: always stops after it. */
static int visit_program(struct dl_phdr_info *info, size_t size, void *out) {
    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type != PT_NOTE)
            continue;
        /* The loader gives addresses as numbers. */
        const char *notes = (const char *)(uintptr_t)(info->dlpi_addr + header->p_vaddr);
        if (find_build_id(notes, header->p_memsz, out))
            break;
    }
    return 1;
}

static struct span without_slashes(struct span url) {
    while (url.bytes > 0 && url.at[url.bytes - 1] == '/')
        url.bytes--;
    return url;
}

void service_init(struct service *service, const struct config *config,
                  const struct router *router) {
    service->config = config;
    service->router = router;
    service->title = span_of(config->title);
    service->is_tls = span_of(config->tls_certificate).bytes > 0;
    service->public_url = without_slashes(span_of(config->public_url));
    service->writer = NULL;
    service->tokens = NULL;
    service->limiters = NULL;
    atomic_init(&service->is_draining, false);
    atomic_init(&service->exports, 0);
    atomic_init(&service->coded_streams, 0);
    service->metrics = (struct metrics){0};
    for (size_t i = 0; i < SERVICE_CHECK_COUNT; i++)
        atomic_init(&service->failing_since_s[i], 0);
    tasks_init(&service->tasks);
    snapshots_init(&service->snapshots, config == NULL ? NULL : config->db);
    snprintf(service->build, sizeof service->build, "%s", PILCROW_VERSION);
    dl_iterate_phdr(visit_program, service->build);
}

void service_fini(struct service *service) {
    tasks_fini(&service->tasks);
    metrics_fini(&service->metrics);
    snapshots_fini(&service->snapshots);
}
