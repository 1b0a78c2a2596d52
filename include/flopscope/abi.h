/* SPDX-License-Identifier: MIT
 * The C boundary of flopscope: what a plugin and the metering library exchange. No exception and no C++ type crosses it.
 * An array is a handle with a read-only head; nothing on the plugin's side touches its storage or the counters. */
#ifndef FLOPSCOPE_ABI_H
#define FLOPSCOPE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FLOPSCOPE_ABI_VERSION 1
#define FLOPSCOPE_API __attribute__((visibility("default")))

/* The readable head of an array. `strides` are in bytes; `shape` and `strides` have `ndim` entries; `dtype` counts
 * bool, int8..int64, uint8..uint64, float16, float32, float64, complex64, complex128 from 0. */
typedef struct flopscope_array {
  const void* data;
  const int64_t* shape;
  const int64_t* strides;
  int64_t size; /* number of elements */
  uint8_t dtype;
  uint8_t ndim;
  uint8_t contiguous; /* 1: C order without gaps */
} flopscope_array;

/* Kinds of a value, the argument of an operation. */
enum {
  FLOPSCOPE_MISSING, /* not given: the operation's default */
  FLOPSCOPE_NONE,    /* Python's None; a new axis in an index */
  FLOPSCOPE_BOOL,    /* weak scalars: bool, int, float, complex */
  FLOPSCOPE_INT,
  FLOPSCOPE_FLOAT,
  FLOPSCOPE_COMPLEX,
  FLOPSCOPE_STRING, /* `count` bytes at `s` */
  FLOPSCOPE_DTYPE,  /* `i` */
  FLOPSCOPE_ARRAY,
  FLOPSCOPE_LIST,  /* `count` values at `items` */
  FLOPSCOPE_TUPLE, /* the same */
  FLOPSCOPE_SLICE, /* three values at `items`: start, stop, step */
  FLOPSCOPE_ELLIPSIS,
  FLOPSCOPE_GROUP, /* a symmetry tag (axes and a group on them) */
  FLOPSCOPE_OBJECT /* a library object, e.g. a random generator */
};

typedef struct flopscope_object flopscope_object; /* opaque, reference counted by the library */

typedef struct flopscope_value {
  uint8_t kind;
  uint8_t flags; /* bit 0 on FLOPSCOPE_INT: `i` holds an unsigned 64-bit number */
  uint16_t reserved;
  uint32_t count;
  union {
    int64_t i;
    double f;
    double c[2];
    const char* s;
    const flopscope_array* array;
    const struct flopscope_value* items;
    flopscope_object* object;
    const void* group;
  };
} flopscope_value;

/* Status of a call: 0, or 1 + the class of the error (flopscope::ErrorKind); the text is in flopscope_last_error(). */
typedef int32_t flopscope_status;

#ifdef __cplusplus
}
#endif
#endif
