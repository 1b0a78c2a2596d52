/* SPDX-License-Identifier: MIT
 * The C boundary between whest and an estimator plugin. No exception and no C++ type crosses it. A plugin exports one
 * function, WHEST_PLUGIN_ENTRY, which returns its table; participants never write this by hand: <whest/estimator.hpp>.
 */
#ifndef WHEST_ABI_H
#define WHEST_ABI_H

#include <flopscope/abi.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised by every change of a record below or of what a function promises. */
#define WHEST_ABI_VERSION 2
#define WHEST_PLUGIN_ENTRY "whest_plugin_entry"

/* How a call of the plugin ended. */
enum {
  WHEST_OK = 0,
  WHEST_ERROR = 1,          /* an exception derived from std::exception */
  WHEST_ERROR_BUDGET = 2,   /* BudgetExhaustedError came out of the call */
  WHEST_ERROR_TIME = 3,     /* TimeExhaustedError came out of the call */
  WHEST_ERROR_MEMORY = 4,   /* std::bad_alloc */
  WHEST_ERROR_UNKNOWN = 5,  /* something thrown that is no std::exception */
  WHEST_ERROR_NO_RESULT = 6 /* predict returned an empty array handle */
};

/* What was thrown; texts end with NUL and are cut to fit. */
typedef struct whest_error {
  int32_t kind;        /* the call's return value again */
  char type_name[256]; /* of the exception, as it is written in the source: "std::invalid_argument" */
  char message[2812];  /* what(); may be empty */
  char details[1024];  /* a JSON object for the report; empty: none, or one that does not fit */
} whest_error;

/* What setup() is told. Texts may be NULL where there is none; they live until the call returns. */
typedef struct whest_setup_context {
  int64_t width;
  int64_t depth;
  int64_t flop_budget;
  const char* api_version;
  const char* scratch_dir;
  const char* submission_dir;
  uint64_t seed;
} whest_setup_context;

/* A network: `depth` arrays of (width, width) float32, read-only, owned by the caller of predict. */
typedef struct whest_mlp {
  int64_t width;
  int64_t depth;
  const flopscope_array* const* weights;
  const char* name;
  uint64_t seed;
} whest_mlp;

/* One estimator class. Every function but destroy returns a kind and fills the record when it is not WHEST_OK. */
typedef struct whest_class {
  const char* name;
  int32_t (*create)(void** instance, whest_error* error);
  void (*destroy)(void* instance);
  int32_t (*setup)(void* instance, const whest_setup_context* context, whest_error* error);
  /* `predictions` receives a handle that the caller releases (flopscope_array_release). */
  int32_t (*predict)(void* instance, const whest_mlp* mlp, int64_t flop_budget, const flopscope_array** predictions,
                     whest_error* error);
  int32_t (*teardown)(void* instance, whest_error* error);
} whest_class;

/* The first two members keep their place in every version, so that any whest can read any plugin's version. */
typedef struct whest_plugin {
  uint32_t abi_version;
  uint32_t flopscope_abi_version;
  uint32_t class_count;
  uint32_t reserved;
  const whest_class* classes;
} whest_plugin;

typedef const whest_plugin* (*whest_plugin_entry_fn)(void);

#ifdef __cplusplus
}
#endif
#endif
