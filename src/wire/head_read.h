/* head_read.h: from the library's head to ours, and the proof that its memory is laid out as the
 * audit's layout check expects. */
#ifndef PILCROW_WIRE_HEAD_READ_H
#define PILCROW_WIRE_HEAD_READ_H

#include <microhttpd.h>

#include "head.h"

/* Adds every field in order. */
void head_read_fields(struct MHD_Connection *library, struct head *head);

/* Sends a few good and bad heads through a daemon of its own, over socket pairs, and says whether
 * head_layout_is_plain() told them apart. False on a library that audits heads by itself (1.0 and
 * later), and (with a line in the log) on an older one with another layout. */
bool head_read_layout_is_known(void);

#endif
