/* SPDX-License-Identifier: MIT
 * The C functions of the live display; live.hpp is what participants use. */
#ifndef FLOPSCOPE_LIVE_H
#define FLOPSCOPE_LIVE_H

#include <flopscope/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flopscope_live flopscope_live;

/* Opens this thread's display on stderr; an error when it has one. Closing it prints the session's summary. */
FLOPSCOPE_API flopscope_status flopscope_live_open(flopscope_live** live);
FLOPSCOPE_API void flopscope_live_close(flopscope_live* live);

#ifdef __cplusplus
}
#endif

#endif
