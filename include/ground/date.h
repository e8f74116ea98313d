/* date.h: calendar dates and instants as text. A date is ISO 8601 `YYYY-MM-DD`, proleptic
 * Gregorian, years 0001 to 9999; the empty text is the unknown date and sorts before all others. */
#ifndef PILCROW_GROUND_DATE_H
#define PILCROW_GROUND_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "ground/span.h"

enum {
    DATE_BYTES = 11,         /* with the final NUL */
    INSTANT_BYTES = 21,      /* `2018-06-03T12:00:00Z` with the final NUL */
    INSTANT_HTTP_BYTES = 30, /* `Sun, 03 Jun 2018 12:00:00 GMT` with the final NUL */
    INSTANT_MAIL_BYTES = 32, /* `Sun, 03 Jun 2018 12:00:00 +0000` with the final NUL */
};

struct date {
    int year, month, day;
};

/* Whether the day exists. */
bool date_is_valid(struct date date);

/* Writes ISO text. */
void date_print(struct date date, char out[DATE_BYTES]);

/* Reads `YYYY-MM-DD` exactly; false when it is not of that form or the day does not exist. */
bool date_parse_iso(struct span text, struct date *out);

/* Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD` and gives its first and last day. */
bool date_parse_period(struct span text, struct date *first, struct date *last);

/* Seconds since 1970 as RFC 3339 in UTC. */
void instant_print(int64_t unix_s, char out[INSTANT_BYTES]);

/* The same as RFC 822 with a year of four digits (RFC 5322). */
void instant_print_mail(int64_t unix_s, char out[INSTANT_MAIL_BYTES]);

/* The same as HTTP writes it (RFC 9110, 5.6.7). */
void instant_print_http(int64_t unix_s, char out[INSTANT_HTTP_BYTES]);

/* Reads any of the three forms in which HTTP has written it. The one with a year of two digits
 * means none that is more than 50 years after `now_s`. The day of the week is not checked against
 * the date. */
bool instant_parse_http(struct span text, int64_t now_s, int64_t *unix_s);

/* Reads RFC 3339 with `Z` or an offset (fractions are dropped) into seconds since 1970. */
bool instant_parse(struct span text, int64_t *unix_s);

#endif
