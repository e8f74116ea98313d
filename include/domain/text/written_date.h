/* written_date.h: dates as people write them in bylines. Pure.
 *
 * 03.06.2018 and 3.6.2018 have the day first; 2018-06-03, 2018/6/3 the year; 3 June 2018 and
 * June 3, 2018 say which is which. With a slash or hyphen and the year last, day and month are told
 * apart only when one of them is above 12 or both are equal; else there are two readings. */
#ifndef PILCROW_DOMAIN_TEXT_WRITTEN_DATE_H
#define PILCROW_DOMAIN_TEXT_WRITTEN_DATE_H

#include "ground/date.h"
#include "ground/span.h"

enum written_date {
    WRITTEN_DATE_NONE,       /* not a date at all */
    WRITTEN_DATE_KNOWN,      /* the only one that has a date */
    WRITTEN_DATE_UNDATED,    /* the word "undated": the date is not known */
    WRITTEN_DATE_IMPOSSIBLE, /* 31.02.2018 */
    WRITTEN_DATE_AMBIGUOUS,  /* 06/03/2018 */
    WRITTEN_DATE_SHORT_YEAR, /* 03.06.18 */
};

enum written_date written_date_parse(struct span text, struct date *out);

#endif
