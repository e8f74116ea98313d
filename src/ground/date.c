/* date.c: see date.h. The day count is the usual one: years that begin in March, in eras of 400. */
#include "ground/date.h"

enum { DAY_S = 24 * 60 * 60 };

/* 0000-03-01 to 1970-01-01. */
static const int64_t EPOCH_DAYS = 719468;

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
static const int64_t INSTANT_MIN = -62135596800;
static const int64_t INSTANT_MAX = 253402300799;

/* 1970-01-04, in days since 1970. */
enum { DAY_OF_A_SUNDAY = 3 };

static bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool date_is_valid(struct date date) {
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

/* `count` decimal digits, the last at out[count - 1]. */
static void print_digits(int value, int count, char *out) {
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void date_print(struct date date, char out[DATE_BYTES]) {
    print_digits(date.year, 4, out);
    out[4] = '-';
    print_digits(date.month, 2, out + 5);
    out[7] = '-';
    print_digits(date.day, 2, out + 8);
    out[10] = '\0';
}

/* Takes exactly `count` digits from the front. */
static bool take_digits(struct span *text, size_t count, int *out) {
    if (text->bytes < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (text->at[i] < '0' || text->at[i] > '9')
            return false;
        value = value * 10 + (text->at[i] - '0');
    }
    *out = value;
    text->at += count;
    text->bytes -= count;
    return true;
}

static bool take_char(struct span *text, char c) {
    if (text->bytes == 0 || text->at[0] != c)
        return false;
    text->at++;
    text->bytes--;
    return true;
}

static bool take_date(struct span *text, struct date *out) {
    return take_digits(text, 4, &out->year) && take_char(text, '-') &&
           take_digits(text, 2, &out->month) && take_char(text, '-') &&
           take_digits(text, 2, &out->day) && date_is_valid(*out);
}

bool date_parse_iso(struct span text, struct date *out) {
    struct date date;
    if (!take_date(&text, &date) || text.bytes != 0)
        return false;
    *out = date;
    return true;
}

bool date_parse_period(struct span text, struct date *first, struct date *last) {
    struct date from = {0, 1, 1};
    struct date to = {0, 12, 31};
    if (!take_digits(&text, 4, &from.year))
        return false;
    to.year = from.year;
    if (text.bytes > 0) {
        if (!take_char(&text, '-') || !take_digits(&text, 2, &from.month) || !date_is_valid(from))
            return false;
        to.month = from.month;
        to.day = days_in_month(to.year, to.month);
    }
    if (text.bytes > 0) {
        if (!take_char(&text, '-') || !take_digits(&text, 2, &from.day))
            return false;
        to.day = from.day;
    }
    if (text.bytes != 0 || !date_is_valid(from))
        return false;
    *first = from;
    *last = to;
    return true;
}

static int64_t days_from_date(struct date date) {
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month = (date.month + 9) % 12; /* March is 0 */
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - EPOCH_DAYS;
}

/* Only for days of the years 1 to 9999. */
static struct date date_from_days(int64_t days) {
    days += EPOCH_DAYS;
    int64_t era = days / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* March is 0 */
    struct date date;
    date.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    date.month = (int)(month < 10 ? month + 3 : month - 9);
    date.year = (int)(year_of_era + era * 400 + (date.month <= 2 ? 1 : 0));
    return date;
}

void instant_print(int64_t unix_s, char out[INSTANT_BYTES]) {
    if (unix_s < INSTANT_MIN)
        unix_s = INSTANT_MIN;
    if (unix_s > INSTANT_MAX)
        unix_s = INSTANT_MAX;
    int64_t days = unix_s / DAY_S;
    int64_t second = unix_s % DAY_S;
    if (second < 0) {
        second += DAY_S;
        days--;
    }
    date_print(date_from_days(days), out);
    out[10] = 'T';
    print_digits((int)(second / 3600), 2, out + 11);
    out[13] = ':';
    print_digits((int)(second / 60 % 60), 2, out + 14);
    out[16] = ':';
    print_digits((int)(second % 60), 2, out + 17);
    out[19] = 'Z';
    out[20] = '\0';
}

void instant_print_mail(int64_t unix_s, char out[INSTANT_MAIL_BYTES]) {
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char iso[INSTANT_BYTES];
    instant_print(unix_s, iso);
    struct date date = {0, 0, 0};
    (void)date_parse_iso((struct span){iso, DATE_BYTES - 1}, &date);
    int64_t day = (days_from_date(date) - DAY_OF_A_SUNDAY) % 7;
    memcpy(out, "Sun, 03 Jun 2018 12:00:00 +0000", INSTANT_MAIL_BYTES);
    memcpy(out, days + 3 * (day < 0 ? day + 7 : day), 3);
    print_digits(date.day, 2, out + 5);
    memcpy(out + 8, months + 3 * (date.month - 1), 3);
    print_digits(date.year, 4, out + 12);
    memcpy(out + 17, iso + 11, 8);
}

static bool take_fraction(struct span *text) {
    if (!take_char(text, '.'))
        return true;
    int digit;
    if (!take_digits(text, 1, &digit))
        return false;
    while (take_digits(text, 1, &digit))
        continue;
    return true;
}

/* `Z`, `+02:00` or `-05:30`, as seconds east of Greenwich. */
static bool take_offset(struct span *text, int64_t *out) {
    if (take_char(text, 'Z') || take_char(text, 'z')) {
        *out = 0;
        return true;
    }
    bool is_west = take_char(text, '-');
    int hour, minute;
    if (!is_west && !take_char(text, '+'))
        return false;
    if (!take_digits(text, 2, &hour) || !take_char(text, ':') || !take_digits(text, 2, &minute) ||
        hour > 23 || minute > 59)
        return false;
    *out = (is_west ? -1 : 1) * (hour * 3600 + minute * 60);
    return true;
}

bool instant_parse(struct span text, int64_t *unix_s) {
    struct date date;
    int hour, minute, second;
    int64_t offset;
    if (!take_date(&text, &date) || (!take_char(&text, 'T') && !take_char(&text, 't')) ||
        !take_digits(&text, 2, &hour) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &minute) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &second) || !take_fraction(&text) || !take_offset(&text, &offset) ||
        text.bytes != 0)
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (second == 60) /* a leap second has no number of its own */
        second = 59;
    int64_t instant = days_from_date(date) * DAY_S + hour * 3600 + minute * 60 + second - offset;
    if (instant < INSTANT_MIN || instant > INSTANT_MAX)
        return false;
    *unix_s = instant;
    return true;
}
