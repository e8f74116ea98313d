/* head.c: the head audit, as a list of checks in the order in which they speak. */
#include "head.h"

#include <string.h>
#include <strings.h>

static const struct span known_names[HEAD_KNOWN_COUNT] = {
    [HEAD_HOST] = {"host", 4},
    [HEAD_TRANSFER_ENCODING] = {"transfer-encoding", 17},
    [HEAD_CONTENT_LENGTH] = {"content-length", 14},
    [HEAD_EXPECT] = {"expect", 6},
    [HEAD_IF_NONE_MATCH] = {"if-none-match", 13},
    [HEAD_CONTENT_TYPE] = {"content-type", 12},
    [HEAD_CONTENT_ENCODING] = {"content-encoding", 16},
    [HEAD_IF_MATCH] = {"if-match", 8},
    [HEAD_IDEMPOTENCY_KEY] = {"idempotency-key", 15},
    [HEAD_PREFER] = {"prefer", 6},
    [HEAD_AUTHORIZATION] = {"authorization", 13},
    [HEAD_RANGE] = {"range", 5},
    [HEAD_IF_RANGE] = {"if-range", 8},
    [HEAD_LAST_EVENT_ID] = {"last-event-id", 13},
    [HEAD_X_FORWARDED_FOR] = {"x-forwarded-for", 15},
    [HEAD_ACCEPT_ENCODING] = {"accept-encoding", 15},
    [HEAD_IF_MODIFIED_SINCE] = {"if-modified-since", 17},
};

enum {
    LINE_END_BYTES = 2,     /* CRLF */
    SEPARATOR_BYTES = 2,    /* ": " */
    LENGTH_DIGITS_MAX = 15, /* a longer Content-Length is beyond any limit and any overflow */
};

static bool equals_ignoring_case(struct span a, struct span b) {
    return a.bytes == b.bytes && strncasecmp(a.at, b.at, a.bytes) == 0;
}

void head_init(struct head *head, struct span method, struct span target, struct span version) {
    head->method = method;
    head->target = target;
    head->version = version;
    head->field_count = 0;
    head->bytes = method.bytes + 1 + target.bytes + 1 + version.bytes + 2 * LINE_END_BYTES;
    head->raw_target = (struct span){NULL, 0};
    head->checks_layout = false;
    memset(head->known, 0, sizeof head->known);
    memset(head->known_count, 0, sizeof head->known_count);
    head->is_chunked = false;
    head->content_length = 0;
}

/* Blanks between colon and value count too, where both lie in one buffer. */
static size_t separator_bytes(struct span name, struct span value) {
    const char *end = name.at + name.bytes;
    if (value.bytes > 0 && value.at > end && value.at - end <= LIMIT_HEAD_BYTES)
        return (size_t)(value.at - end);
    return SEPARATOR_BYTES;
}

void head_add(struct head *head, struct span name, struct span value) {
    head->bytes += name.bytes + separator_bytes(name, value) + value.bytes + LINE_END_BYTES;
    if (head->field_count++ >= LIMIT_HEAD_FIELDS)
        return;
    head->fields[head->field_count - 1] = (struct head_field){name, value};
    for (size_t i = 0; i < HEAD_KNOWN_COUNT; i++) {
        if (!equals_ignoring_case(name, known_names[i]))
            continue;
        if (head->known_count[i]++ == 0)
            head->known[i] = value;
    }
}

static enum problem check_size(struct head *head, enum method method, struct fault *fault) {
    (void)method;
    if (head->target.bytes > LIMIT_TARGET_BYTES) {
        fault_set(fault, "the request target has more than %d bytes", LIMIT_TARGET_BYTES);
        return PROBLEM_TARGET_TOO_LONG;
    }
    if (head->bytes > LIMIT_HEAD_BYTES) {
        fault_set(fault, "the request head has more than %d bytes", LIMIT_HEAD_BYTES);
        return PROBLEM_HEAD_TOO_LARGE;
    }
    if (head->field_count > LIMIT_HEAD_FIELDS) {
        fault_set(fault, "the request head has more than %d fields", LIMIT_HEAD_FIELDS);
        return PROBLEM_HEAD_TOO_LARGE;
    }
    return PROBLEM_NONE;
}

/* HTTP/1.2 and later 1.x are read as 1.1 (RFC 9110, 2.5). */
static enum problem check_version(struct head *head, enum method method, struct fault *fault) {
    (void)method;
    struct span v = head->version;
    if (v.bytes == 8 && memcmp(v.at, "HTTP/1.", 7) == 0 && v.at[7] >= '0' && v.at[7] <= '9')
        return PROBLEM_NONE;
    fault_set(fault, "the request line does not end in HTTP/1.1 or HTTP/1.0");
    return PROBLEM_BAD_HEAD;
}

static bool is_old(const struct head *head) {
    return head->version.at[7] == '0';
}

/* The characters of a token (RFC 9110, 5.6.2) beside letters and digits. */
static bool is_token_byte(unsigned char c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool is_token(struct span text) {
    for (size_t i = 0; i < text.bytes; i++) {
        if (!is_token_byte((unsigned char)text.at[i]))
            return false;
    }
    return text.bytes > 0;
}

static bool is_field_value(struct span text) {
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < ' ' && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

static bool is_visible(struct span text) {
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] <= ' ' || text.at[i] >= 0x7F)
            return false;
    }
    return true;
}

static enum problem check_bytes(struct head *head, enum method method, struct fault *fault) {
    (void)method;
    if (!is_token(head->method)) {
        fault_set(fault, "the method is not a token");
        return PROBLEM_BAD_HEAD;
    }
    if (!is_visible(head->raw_target)) {
        fault_set(fault,
                  "the request target holds a blank, a control character or a byte beyond ASCII");
        return PROBLEM_BAD_TARGET;
    }
    for (size_t i = 0; i < head->field_count; i++) {
        if (!is_token(head->fields[i].name)) {
            fault_set(fault, "the name of header field %zu is not a token", i + 1);
            return PROBLEM_BAD_HEAD;
        }
        if (!is_field_value(head->fields[i].value)) {
            fault_set(fault, "the value of header field %zu holds a control character", i + 1);
            return PROBLEM_BAD_HEAD;
        }
    }
    return PROBLEM_NONE;
}

static bool is_line_end(const char *at) {
    return at[0] == '\0' && at[1] == '\0';
}

static bool is_blank(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at == end;
}

/* The colon was overwritten with a zero; an empty value lies where the line ends. */
static bool field_is_plain(const struct head_field *field, const char *expected_at) {
    const char *colon = field->name.at + field->name.bytes;
    return field->name.at == expected_at && field->value.at > colon &&
           is_blank(colon + 1, field->value.at) &&
           is_line_end(field->value.at + field->value.bytes);
}

bool head_layout_is_plain(const struct head *head) {
    if (head->method.at + head->method.bytes + 1 != head->target.at ||
        head->target.at + head->target.bytes + 1 != head->version.at)
        return false;
    const char *at = head->version.at + head->version.bytes;
    if (!is_line_end(at))
        return false;
    at += LINE_END_BYTES;
    for (size_t i = 0; i < head->field_count; i++) {
        const struct head_field *field = &head->fields[i];
        if (!field_is_plain(field, at))
            return false;
        at = field->value.at + field->value.bytes + LINE_END_BYTES;
    }
    return is_line_end(at);
}

static enum problem check_layout(struct head *head, enum method method, struct fault *fault) {
    (void)method;
    if (!head->checks_layout || head_layout_is_plain(head))
        return PROBLEM_NONE;
    fault_set(fault,
              "the request head has a bare line feed, a folded line, a NUL or an extra blank");
    return PROBLEM_BAD_HEAD;
}

/* What a host and port may be made of (RFC 3986, 3.2.2), without its finer grammar. */
static bool is_authority(struct span text) {
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool is_alphanumeric =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_alphanumeric && (c == '\0' || strchr("-._~%!$&'()*+,;=:[]", c) == NULL))
            return false;
    }
    return text.bytes > 0;
}

static enum problem check_host(struct head *head, enum method method, struct fault *fault) {
    (void)method;
    unsigned count = head->known_count[HEAD_HOST];
    if (count == 0 && is_old(head))
        return PROBLEM_NONE;
    if (count != 1)
        fault_set(fault, "%s", count == 0 ? "the Host field is missing" : "Host is given twice");
    else if (!is_authority(head->known[HEAD_HOST]))
        fault_set(fault, "the Host field does not hold a host and port");
    else
        return PROBLEM_NONE;
    return PROBLEM_BAD_HEAD;
}

/* "gzip, chunked" is well formed but not known here; anything that does not end in one "chunked"
 * leaves the length of the body open. */
static enum problem refuse_coding(struct span value, struct fault *fault) {
    static const struct span chunked = {"chunked", 7};
    bool ends_chunked = false;
    unsigned chunked_count = 0;
    size_t start = 0;
    for (size_t i = 0; i <= value.bytes; i++) {
        if (i < value.bytes && value.at[i] != ',')
            continue;
        struct span item = {value.at + start, i - start};
        while (item.bytes > 0 && is_blank(item.at, item.at + 1))
            item = (struct span){item.at + 1, item.bytes - 1};
        while (item.bytes > 0 && is_blank(item.at + item.bytes - 1, item.at + item.bytes))
            item.bytes--;
        ends_chunked = equals_ignoring_case(item, chunked);
        chunked_count += ends_chunked;
        start = i + 1;
    }
    if (ends_chunked && chunked_count == 1 && memchr(value.at, ',', value.bytes) != NULL) {
        fault_set(fault, "no transfer coding but chunked is known here");
        return PROBLEM_NOT_IMPLEMENTED;
    }
    fault_set(fault, "Transfer-Encoding is not exactly \"chunked\"");
    return PROBLEM_BAD_HEAD;
}

static enum problem check_coding(struct head *head, enum method method, struct fault *fault) {
    static const struct span chunked = {"chunked", 7};
    (void)method;
    unsigned count = head->known_count[HEAD_TRANSFER_ENCODING];
    if (count == 0)
        return PROBLEM_NONE;
    if (count > 1)
        fault_set(fault, "Transfer-Encoding is given twice");
    else if (head->known_count[HEAD_CONTENT_LENGTH] > 0)
        fault_set(fault, "Transfer-Encoding and Content-Length are both given");
    else if (is_old(head))
        fault_set(fault, "HTTP/1.0 has no Transfer-Encoding");
    else if (!equals_ignoring_case(head->known[HEAD_TRANSFER_ENCODING], chunked))
        return refuse_coding(head->known[HEAD_TRANSFER_ENCODING], fault);
    else
        head->is_chunked = true;
    return head->is_chunked ? PROBLEM_NONE : PROBLEM_BAD_HEAD;
}

static enum problem check_length(struct head *head, enum method method, struct fault *fault) {
    (void)method;
    if (head->known_count[HEAD_CONTENT_LENGTH] == 0)
        return PROBLEM_NONE;
    struct span text = head->known[HEAD_CONTENT_LENGTH];
    uint64_t length = 0;
    size_t digits = 0;
    while (digits < text.bytes && text.at[digits] >= '0' && text.at[digits] <= '9') {
        if (digits < LENGTH_DIGITS_MAX)
            length = length * 10 + (uint64_t)(text.at[digits] - '0');
        digits++;
    }
    if (head->known_count[HEAD_CONTENT_LENGTH] > 1 || digits == 0 || digits != text.bytes) {
        fault_set(fault, "Content-Length is not given once as a number");
        return PROBLEM_BAD_HEAD;
    }
    if (digits > LENGTH_DIGITS_MAX) {
        fault_set(fault, "Content-Length has more than %d digits", LENGTH_DIGITS_MAX);
        return PROBLEM_BODY_TOO_LARGE;
    }
    head->content_length = length;
    return PROBLEM_NONE;
}

/* A method that nobody knows is refused before its body is read. */
static enum problem check_method(struct head *head, enum method method, struct fault *fault) {
    if (method == METHOD_UNKNOWN) {
        fault_set(fault, "the method is not known here");
        return PROBLEM_NOT_IMPLEMENTED;
    }
    if (head_has_body(head) && (method & (METHOD_GET | METHOD_HEAD | METHOD_DELETE)) != 0) {
        fault_set(fault, "a request with this method has no body");
        return PROBLEM_BAD_HEAD;
    }
    return PROBLEM_NONE;
}

static enum problem check_expect(struct head *head, enum method method, struct fault *fault) {
    static const struct span met = {"100-continue", 12};
    (void)method;
    unsigned count = head->known_count[HEAD_EXPECT];
    if (count == 0 || (count == 1 && equals_ignoring_case(head->known[HEAD_EXPECT], met)))
        return PROBLEM_NONE;
    fault_set(fault, "only 100-continue can be expected");
    return PROBLEM_EXPECTATION_FAILED;
}

enum problem head_audit(struct head *head, enum method method, struct fault *fault) {
    static enum problem (*const checks[])(struct head *, enum method, struct fault *) = {
        check_size,   check_version, check_bytes,  check_layout, check_host,
        check_coding, check_length,  check_method, check_expect,
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        enum problem problem = checks[i](head, method, fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

enum problem head_check_body_size(const struct head *head, uint64_t limit_bytes,
                                  struct fault *fault) {
    if (head->content_length <= limit_bytes)
        return PROBLEM_NONE;
    fault_set(fault, "the request body has more than %d bytes", (int)limit_bytes);
    return PROBLEM_BODY_TOO_LARGE;
}

bool head_join(const struct head *head, enum head_known known, struct arena *arena,
               struct span *joined) {
    *joined = head->known[known];
    if (head->known_count[known] <= 1)
        return true;
    char *bytes = arena_alloc(arena, head->bytes);
    *joined = (struct span){bytes, 0};
    for (size_t i = 0; bytes != NULL && i < head->field_count; i++) {
        const struct head_field *field = &head->fields[i];
        if (!equals_ignoring_case(field->name, known_names[known]))
            continue;
        if (joined->bytes > 0) {
            memcpy(bytes + joined->bytes, ", ", 2);
            joined->bytes += 2;
        }
        memcpy(bytes + joined->bytes, field->value.at, field->value.bytes);
        joined->bytes += field->value.bytes;
    }
    return bytes != NULL;
}
