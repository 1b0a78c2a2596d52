/* SPDX-License-Identifier: MIT
 * The C boundary of flopscope: what a plugin and the metering library exchange. No exception and no C++ type crosses
 * it. An array is a handle with a read-only head; nothing on the plugin's side touches its storage or the counters. */
#ifndef FLOPSCOPE_ABI_H
#define FLOPSCOPE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FLOPSCOPE_ABI_VERSION 4
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
  uint8_t flags;    /* bit 0 on FLOPSCOPE_INT: `i` is an unsigned 64-bit number; bit 1: given by position */
  uint16_t element; /* of a number in a sequence, or of a sequence: 1 + the dtype that it has in C++; 0: as in Python */
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

/* Status of a call: 0, or 1 + the class of the error (flopscope::ErrorKind); details in flopscope_last_error(). */
typedef int32_t flopscope_status;
enum { FLOPSCOPE_OK = 0, FLOPSCOPE_BUDGET_EXHAUSTED = 14, FLOPSCOPE_TIME_EXHAUSTED = 15, FLOPSCOPE_MEMORY_ERROR = 17 };

typedef struct flopscope_error {
  flopscope_status status;
  const char* class_name; /* "ValueError", "BudgetExhaustedError", ... */
  const char* message;
  const char* op_name;       /* of the exhaustion errors; else "" */
  int64_t flop_cost;         /* BudgetExhaustedError: what the operation would have cost ... */
  double flops_remaining;    /* ... and what remained */
  double elapsed_s, limit_s; /* TimeExhaustedError */
} flopscope_error;

/* The calling thread's last error; valid until its next failing call. */
FLOPSCOPE_API const flopscope_error* flopscope_last_error(void);

/* ---- Operations ---- */
typedef struct flopscope_operation flopscope_operation;

/* The operation of that name, or NULL. */
FLOPSCOPE_API const flopscope_operation* flopscope_find_operation(const char* name);
/* The position of a parameter in the operation's argument list; -1: it has none of that name. */
FLOPSCOPE_API int32_t flopscope_parameter(const flopscope_operation* op, const char* parameter);
/* Calls it: priced, charged, run, logged. `args` are in the order of its parameters (one that collects any number of
 * arguments takes them as a tuple); trailing ones may be left out. On success the result is the caller's:
 * flopscope_value_release. */
FLOPSCOPE_API flopscope_status flopscope_invoke(const flopscope_operation* op, const flopscope_value* args,
                                                size_t count, flopscope_value* result);
FLOPSCOPE_API void flopscope_value_release(flopscope_value* value);

FLOPSCOPE_API void flopscope_array_retain(const flopscope_array* array);
FLOPSCOPE_API void flopscope_array_release(const flopscope_array* array);
FLOPSCOPE_API flopscope_object* flopscope_object_retain(flopscope_object* object);
FLOPSCOPE_API void flopscope_object_release(flopscope_object* object);
/* What the object says of itself (the table of an einsum path); valid until the thread's next call of it. */
FLOPSCOPE_API const char* flopscope_object_text(const flopscope_object* object);
/* What einsum_path's object tells beside the path: costs before rates and factors. Texts and steps live as long as the
 * object. */
typedef struct flopscope_path_step {
  const char* subscripts;
  const char* source; /* which bound decided: "per-input", "joint-burnside", "output-burnside", "dense" */
  double cost, dense_cost;
} flopscope_path_step;
typedef struct flopscope_path_info {
  double naive_cost, optimized_cost, largest_intermediate, speedup;
  const char* optimizer;
  size_t step_count;
} flopscope_path_info;
/* Writes as many steps as `capacity` holds. */
FLOPSCOPE_API flopscope_status flopscope_path_info_read(const flopscope_object* object, flopscope_path_info* info,
                                                        flopscope_path_step* steps, size_t capacity);
FLOPSCOPE_API void* flopscope_group_retain(const void* group);
FLOPSCOPE_API void flopscope_group_release(void* group);

/* A counted array from a buffer in C order: the operation `array`, charged as such. */
FLOPSCOPE_API flopscope_status flopscope_array_from(const void* data, uint8_t dtype, const int64_t* shape, int32_t ndim,
                                                    flopscope_value* result);

/* ---- Symmetry groups (kind: "symmetric", "cyclic", "dihedral") on array axes ---- */
FLOPSCOPE_API flopscope_status flopscope_group_make(const char* kind, const int32_t* axes, int32_t count, void** group);
FLOPSCOPE_API flopscope_status flopscope_group_product(const void* const* groups, int32_t count, void** group);
FLOPSCOPE_API flopscope_status flopscope_group_generated(const int32_t* generators, int32_t generator_count,
                                                         const int32_t* axes, int32_t count, void** group);
/* The symmetry that an array declares, to be released; NULL: none. */
FLOPSCOPE_API void* flopscope_array_symmetry(const flopscope_array* array);
typedef struct flopscope_group_facts {
  double order; /* saturates at 2^63 */
  int32_t degree, generator_count;
  int32_t is_symmetric, is_abelian, is_transitive;
} flopscope_group_facts;
FLOPSCOPE_API flopscope_status flopscope_group_read(const void* group, flopscope_group_facts* facts);
/* The axes, ascending, `degree` numbers: position p of the group is axes[p]. Permutations hold the image of each
 * position. */
FLOPSCOPE_API flopscope_status flopscope_group_axes(const void* group, int32_t* axes);
/* generator_count * degree numbers. */
FLOPSCOPE_API flopscope_status flopscope_group_generators(const void* group, int32_t* images);
/* order * degree numbers, in ascending order; RuntimeError for a group of more than 50,000 elements. */
FLOPSCOPE_API flopscope_status flopscope_group_elements(const void* group, int32_t* images);
FLOPSCOPE_API flopscope_status flopscope_group_contains(const void* group, const int32_t* image, int32_t degree,
                                                        int32_t* contains);
FLOPSCOPE_API flopscope_status flopscope_group_equal(const void* a, const void* b, int32_t* equal);
/* The orbits of the indices of an array of this shape along the group's axes. ValueError where the sizes differ within
 * an orbit, IndexError where an axis is missing, RuntimeError above 50,000 elements. */
FLOPSCOPE_API flopscope_status flopscope_group_unique_count(const void* group, const int64_t* shape, int32_t ndim,
                                                            double* count);

/* ---- Cost queries: what an operation would cost, from sizes alone; nothing runs, nothing is charged ---- */
/* keywords[i]: the name of args[i], NULL where it goes by position. */
FLOPSCOPE_API flopscope_status flopscope_query(const char* name, const flopscope_value* args,
                                               const char* const* keywords, size_t count, double* cost);

/* ---- Budgets ---- */
/* The number of a budget; 0: none. A budget belongs to whoever made it: only budgets of flopscope_budget_new can be
 * entered, left and freed, and the grader's can only be read, on the thread that predicts. A number that is no such
 * budget's is an error, or nothing to be read: 0, NULL. */
typedef uint64_t flopscope_budget;
typedef struct flopscope_budget_reading {
  double flop_budget;
  int64_t flops_used;
  double flops_remaining;
  double wall_time_s, flopscope_backend_time_s, flopscope_overhead_time_s, residual_wall_time_s;
} flopscope_budget_reading;

/* `name_space` may be NULL; `wall_time_limit_s` < 0: none. */
FLOPSCOPE_API flopscope_status flopscope_budget_new(double flop_budget, int32_t quiet, const char* name_space,
                                                    double wall_time_limit_s, flopscope_budget* budget);
/* An error where another thread has it open: it stays. */
FLOPSCOPE_API flopscope_status flopscope_budget_free(flopscope_budget budget);
FLOPSCOPE_API flopscope_status flopscope_budget_enter(flopscope_budget budget);
FLOPSCOPE_API flopscope_status flopscope_budget_exit(flopscope_budget budget);
/* The one that operations of this thread are charged to. An error on other threads while predict runs. */
FLOPSCOPE_API flopscope_status flopscope_current_budget(flopscope_budget* budget);
FLOPSCOPE_API flopscope_status flopscope_budget_read(flopscope_budget budget, flopscope_budget_reading* reading);
/* The text of summary(); valid until the thread's next call of it. */
FLOPSCOPE_API const char* flopscope_budget_summary(flopscope_budget budget, int32_t by_namespace);
/* One entry of the op log. Texts are not terminated and live as long as the budget. */
typedef struct flopscope_op_record {
  const char *op_name, *name_space, *subscripts; /* the latter two NULL: none */
  uint32_t op_name_size, name_space_size, subscripts_size;
  uint32_t shapes;        /* for flopscope_budget_log_shapes */
  int32_t resolved_dtype; /* -1: neutral */
  int64_t flop_cost, cumulative;
  double start_offset_s, backend_s, overhead_s; /* the former two NaN: none */
} flopscope_op_record;
FLOPSCOPE_API size_t flopscope_budget_log_size(flopscope_budget budget);
/* The records from `first` on, `count` of them at most; returns how many were written. */
FLOPSCOPE_API size_t flopscope_budget_log_copy(flopscope_budget budget, size_t first, size_t count,
                                               flopscope_op_record* records);
/* The operands' shapes of a record: for each its number of axes, then its extents. Returns how many numbers there are,
   and writes as many of them as `capacity` holds. */
FLOPSCOPE_API size_t flopscope_budget_log_shapes(flopscope_budget budget, const flopscope_op_record* record,
                                                 int64_t* numbers, size_t capacity);
/* The namespace that is open, NULL: none; valid until the thread's next call of it. */
FLOPSCOPE_API const char* flopscope_budget_namespace(flopscope_budget budget);
/* A log summed: what operations of one name have cost together in one namespace, by namespace in the order of first
 * appearance, and so within each. Texts are not terminated. */
typedef struct flopscope_totals {
  const char *name_space, *op_name; /* the former NULL: outside every namespace */
  uint32_t name_space_size, op_name_size;
  int64_t flop_cost, calls;
  double backend_s, overhead_s;
} flopscope_totals;
/* The summary of a budget, 0: of the session. Returns its number of rows through `count` and writes as many of them as
 * `capacity` holds; texts are valid until the thread's next call of it. */
FLOPSCOPE_API flopscope_status flopscope_summary_read(flopscope_budget budget, flopscope_budget_reading* reading,
                                                      flopscope_totals* rows, size_t capacity, size_t* count);
/* Session-wide: budget_summary() as text, budget_reset(). */
FLOPSCOPE_API const char* flopscope_session_summary(void);
FLOPSCOPE_API void flopscope_session_reset(void);

FLOPSCOPE_API flopscope_status flopscope_namespace_open(const char* segment);
FLOPSCOPE_API flopscope_status flopscope_namespace_close(void);

#ifdef __cplusplus
}
#endif
#endif
