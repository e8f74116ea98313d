/* import_hint.c: see import_hint.h. */
#include "entry/import/import_hint.h"

#include <stdio.h>
#include <string.h>

#include "engine/store/store_lock.h"
#include "entry/http_client.h"

/* A word of a shell command. */
static void print_word(const char *word, struct buffer *out) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "_-./:=+,@%";
    if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
        buffer_append_text(out, word);
        return;
    }
    buffer_append_char(out, '\'');
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            buffer_append_text(out, "'\\'");
        buffer_append_char(out, *word);
    }
    buffer_append_char(out, '\'');
}

void import_hint_print(const struct config *config) {
    char url[STORE_LOCK_NOTE_BYTES];
    struct http_endpoint endpoint;
    struct buffer out;
    store_lock_note_read(config->db, url);
    if (strncmp(url, "http", 4) != 0 || !http_endpoint_parse(url, &endpoint))
        return;
    buffer_init(&out);
    buffer_append_text(&out, "or send it to the server:\n  pilcrow import --url ");
    buffer_append_text(&out, endpoint.is_tls ? "https://" : "http://");
    http_endpoint_print(&endpoint, &out);
    buffer_append_text(&out, " --token-file ");
    print_word(config->token_file[0] == '\0' ? "FILE" : config->token_file, &out);
    if (endpoint.is_tls) {
        buffer_append_text(&out, " --tls-certificate ");
        print_word(config->tls_certificate[0] == '\0' ? "FILE" : config->tls_certificate, &out);
    }
    if (config->dry_run)
        buffer_append_text(&out, " --dry-run");
    if (config->mode != CONFIG_MODE_UPSERT)
        buffer_printf(&out, " --mode %s",
                      config->mode == CONFIG_MODE_CREATE ? "create" : "replace");
    for (size_t i = 0; i < config->operand_count; i++) {
        buffer_append_char(&out, ' ');
        print_word(config->operands[i], &out);
    }
    buffer_append_char(&out, '\n');
    if (!out.failed)
        fwrite(out.bytes, 1, out.used, stderr);
    buffer_fini(&out);
}
