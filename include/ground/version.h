/* version.h: the version, in the one place that program, manual page and packages read. */
#ifndef PILCROW_GROUND_VERSION_H
#define PILCROW_GROUND_VERSION_H

#define PILCROW_VERSION "0.1.0"

#endif
