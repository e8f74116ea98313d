/* problem.h: every way in which something can fail, once. From this one list come the enum that
 * all fallible functions return, the HTTP status, the RFC 9457 body, the page behind its `type`,
 * and the table in README.md.
 *
 * Columns: id, HTTP status, code, title, and what the caller can do about it. */
#ifndef PILCROW_GROUND_PROBLEM_H
#define PILCROW_GROUND_PROBLEM_H

#include <stddef.h>

#define PROBLEMS(X) \
    X(BAD_HEAD, 400, "bad_head", "The request head is malformed", \
      "Send one well-formed HTTP/1.1 request: CRLF line ends, one Host, one way of framing the " \
      "body.") \
    X(BAD_TARGET, 400, "bad_target", "The request target is malformed", \
      "Percent-encode what is not allowed in a URL; encoded bytes must be UTF-8 without NUL.") \
    X(UNKNOWN_PARAMETER, 400, "unknown_parameter", "A parameter is not known here", \
      "Use one of the allowed parameters that the answer names.") \
    X(REPEATED_PARAMETER, 400, "repeated_parameter", "A parameter is given twice", \
      "Give it once; only the parameters marked repeatable may be repeated.") \
    X(BAD_PARAMETER, 400, "bad_parameter", "A parameter has a value that cannot be used", \
      "Correct the value as the answer says.") \
    X(BAD_CURSOR, 400, "bad_cursor", "The cursor does not belong to this list", \
      "Follow links.next as it is, without changing the other parameters.") \
    X(ANSWER_TOO_LARGE, 400, "answer_too_large", "The answer would be too large", \
      "Ask for less at a time: a smaller limit, or fewer members with fields.") \
    X(BAD_SOURCE, 400, "bad_source", "The article text cannot be read", \
      "Correct the text at the line and column that the answer names.") \
    X(UNAUTHORIZED, 401, "unauthorized", "The request needs a token", \
      "Send Authorization: Bearer with a token that the operator made; it may have expired.") \
    X(FORBIDDEN, 403, "forbidden", "The token does not allow this", \
      "Use a token with the scope that the answer names.") \
    X(NOT_FOUND, 404, "not_found", "There is no such resource", \
      "Check the address; lists give the addresses of everything there is.") \
    X(METHOD_NOT_ALLOWED, 405, "method_not_allowed", "The resource does not answer this method", \
      "Use a method from the Allow header.") \
    X(CONFLICT, 409, "conflict", "The change collides with what is stored", \
      "Read the resource again and decide anew.") \
    X(GONE, 410, "gone", "The resource was removed", \
      "Stop asking for it; the answer says what is left.") \
    X(PRECONDITION_FAILED, 412, "precondition_failed", \
      "The resource is not in the state you require", "Read it again and use its current ETag.") \
    X(BODY_TOO_LARGE, 413, "body_too_large", "The request body is too large", \
      "Send at most the number of bytes that the answer names.") \
    X(UNSUPPORTED_MEDIA_TYPE, 415, "unsupported_media_type", \
      "The request body is of a type that is not read here", \
      "Send one of the types that the answer names, without a content coding.") \
    X(TARGET_TOO_LONG, 414, "target_too_long", "The request target is too long", \
      "Keep path and query within 8,192 bytes.") \
    X(RANGE_NOT_SATISFIABLE, 416, "range_not_satisfiable", "The file has no such part", \
      "Ask for a part that begins before the end that Content-Range names.") \
    X(EXPECTATION_FAILED, 417, "expectation_failed", "The Expect header cannot be met", \
      "Leave it out, or send 100-continue.") \
    X(INVALID, 422, "invalid", "The content breaks a rule", \
      "Correct every field that the answer names; nothing was changed.") \
    X(PRECONDITION_REQUIRED, 428, "precondition_required", "The request must say what it changes", \
      "Send If-Match with the ETag that you read, so that no change of others is lost.") \
    X(TOO_MANY_REQUESTS, 429, "too_many_requests", "Too many requests", \
      "Wait for the time in Retry-After.") \
    X(HEAD_TOO_LARGE, 431, "head_too_large", "The request head is too large", \
      "Keep the head within 16,384 bytes and 100 fields.") \
    X(INTERNAL, 500, "internal", "The server made a mistake", \
      "Report the request_id; the server's log says more.") \
    X(NOT_IMPLEMENTED, 501, "not_implemented", \
      "The server does not know this method or transfer coding", \
      "Use a method that the index at /v1 names, and no transfer coding but chunked.") \
    X(OUT_OF_MEMORY, 503, "out_of_memory", "The server has no memory for this request", \
      "Try again later, or ask for less at a time.") \
    X(BUSY, 503, "busy", "The store is busy", "Try again after the time in Retry-After.") \
    X(QUERY_TIMEOUT, 503, "query_timeout", "The query took too long and was stopped", \
      "Ask for less: fewer filters, a smaller limit, count=none.") \
    X(SEARCH_NOT_READY, 503, "search_not_ready", "The search index is not whole", \
      "Try again later; the operator can make it anew with pilcrow check --repair.") \
    X(UNAVAILABLE, 503, "unavailable", "The store cannot be used", \
      "Try again later; /readyz says what is wrong.") \
    X(OUTCOME_UNKNOWN, 503, "outcome_unknown", "Whether the change was stored is not known", \
      "Read the resource again once the server is back; repeat with the same Idempotency-Key.") \
    X(READ_ONLY, 503, "read_only", "The store cannot be written", \
      "Try again later; /readyz says what is wrong.") \
    X(CORRUPT, 503, "corrupt", "The store is damaged", \
      "The operator must restore a backup; /readyz says what is wrong.") \
    X(TOO_MANY_CONNECTIONS, 503, "too_many_connections", "Too many connections are open", \
      "Close connections that are not needed, and try again after the time in Retry-After.") \
    X(TOO_MANY_PENDING_REPLIES, 503, "too_many_pending_replies", \
      "Too many long replies wait for their readers", \
      "Try again after the time in Retry-After, or ask for less: a smaller limit, fewer fields.") \
    X(DISK_FULL, 507, "disk_full", "The disk is full", "The operator must free space; reads go on.")

enum problem {
    PROBLEM_NONE = 0,
#define X(id, status, code, title, remedy) PROBLEM_##id,
    PROBLEMS(X)
#undef X
        PROBLEM_COUNT
};

struct problem_info {
    unsigned status;
    const char *code;
    const char *title;
    const char *remedy;
};

/* Fallible functions return enum problem and may not be ignored. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Never NULL; PROBLEM_NONE has status 200 and the code "none". */
const struct problem_info *problem_info(enum problem problem);

/* The problem with this code, or PROBLEM_NONE. */
enum problem problem_by_code(const char *code, size_t code_bytes);

#endif
