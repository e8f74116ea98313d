/* fuzz_head.c: any bytes as a request head, as the library may hand it over: method, version, then
 * name, value, name, value, one a line. What the audit lets pass can be read in one way only. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../src/wire/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void require(bool is_true) {
    if (!is_true)
        abort();
}

static struct span take_line(struct span *rest) {
    const char *end = rest->bytes == 0 ? NULL : memchr(rest->at, '\n', rest->bytes);
    struct span line = {rest->at, end == NULL ? rest->bytes : (size_t)(end - rest->at)};
    size_t taken = line.bytes + (end == NULL ? 0 : 1);
    *rest = (struct span){rest->at + taken, rest->bytes - taken};
    return line;
}

static bool is_named(struct span name, const char *wanted) {
    return name.bytes == strlen(wanted) && strncasecmp(name.at, wanted, name.bytes) == 0;
}

static void check_field(const struct head_field *field) {
    require(field->name.bytes > 0);
    for (size_t i = 0; i < field->name.bytes; i++)
        require(field->name.at[i] > ' ' && field->name.at[i] < 0x7F && field->name.at[i] != ':');
    for (size_t i = 0; i < field->value.bytes; i++)
        require(((unsigned char)field->value.at[i] >= ' ' && field->value.at[i] != 0x7F) ||
                field->value.at[i] == '\t');
}

static void check_passed(const struct head *head) {
    size_t hosts = 0, lengths = 0, codings = 0;
    require(head->field_count <= LIMIT_HEAD_FIELDS);
    for (size_t i = 0; i < head->field_count; i++) {
        const struct head_field *field = &head->fields[i];
        check_field(field);
        hosts += is_named(field->name, "Host");
        lengths += is_named(field->name, "Content-Length");
        codings += is_named(field->name, "Transfer-Encoding");
        if (is_named(field->name, "Content-Length"))
            require(field->value.bytes > 0 &&
                    strspn(field->value.at, "0123456789") >= field->value.bytes);
    }
    require(hosts <= 1 && lengths <= 1 && codings <= 1 && lengths + codings <= 1);
    require(span_is(head->version, "HTTP/1.0") ? codings == 0 : hosts == 1);
    require(head->is_chunked == (codings == 1));
    require(lengths == 1 || head->content_length == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static struct head head;
    static char room[64 * 1024]; /* with a NUL behind each line, as strspn() above wants */
    struct fault fault;
    if (count + 2 > sizeof room)
        return 0;
    if (count > 0)
        memcpy(room, bytes, count);
    room[count] = '\0';
    struct span rest = {room, count};
    struct span method = take_line(&rest), version = take_line(&rest);
    fault_init(&fault);
    head_init(&head, method, SPAN_LITERAL("/"), version);
    while (rest.bytes > 0) {
        struct span name = take_line(&rest), value = take_line(&rest);
        head_add(&head, name, value);
    }
    head.bytes = count;
    enum problem problem = head_audit(&head, router_method(method), &fault);
    if (problem == PROBLEM_NONE)
        check_passed(&head);
    else
        require(problem_info(problem)->status < 500 || problem == PROBLEM_NOT_IMPLEMENTED);
    return 0;
}
