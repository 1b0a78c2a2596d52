// SPDX-License-Identifier: MIT
// The n-dimensional array: a reference-counted handle body (shape, dtype, strides, tag) over reference-counted storage.
// Views share storage. Identity of an array is the identity of its body, as in Python.
#pragma once

#include <flopscope/abi.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <whest/flopscope/core/dims.hpp>
#include <whest/flopscope/core/dtype.hpp>

namespace flopscope {

namespace symmetry {
class Tag;  // axes and a permutation group on them (lib/flopscope/symmetry/tag.hpp)
}
using TagRef = std::shared_ptr<const symmetry::Tag>;  // null: no symmetry

// An intrusive reference; T has retain() and release().
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  explicit Ref(T* p) : m_p(p) {
    if (m_p) m_p->retain();
  }
  static Ref adopt(T* p) {
    Ref r;
    r.m_p = p;
    return r;
  }
  Ref(const Ref& o) : m_p(o.m_p) {
    if (m_p) m_p->retain();
  }
  Ref(Ref&& o) noexcept : m_p(std::exchange(o.m_p, nullptr)) {}
  Ref& operator=(Ref o) noexcept {
    std::swap(m_p, o.m_p);
    return *this;
  }
  ~Ref() {
    if (m_p) m_p->release();
  }
  T* get() const { return m_p; }
  T* operator->() const { return m_p; }
  T& operator*() const { return *m_p; }
  explicit operator bool() const { return m_p != nullptr; }
  T* detach() { return std::exchange(m_p, nullptr); }
  friend bool operator==(const Ref& a, const Ref& b) { return a.m_p == b.m_p; }

 private:
  T* m_p = nullptr;
};

// Gives a reference back; true when it was the last. Whoever holds the only one shares it with nobody, so that the
// count need not be written then: most arrays end so, and a locked write costs as much as a small operation.
inline bool is_last_reference(std::atomic<std::uint32_t>& count) {
  return count.load(std::memory_order_acquire) == 1 || count.fetch_sub(1, std::memory_order_acq_rel) == 1;
}

// The buffer behind arrays. Its bytes follow the header in the same allocation, aligned to 64.
class alignas(64) Storage {
 public:
  static Ref<Storage> make(std::int64_t bytes);  // not initialised
  // Memory owned by `keep`, which no operation may write to.
  static Ref<Storage> wrap(const void* external, std::int64_t bytes, std::shared_ptr<void> keep);
  void retain() { m_refs.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (is_last_reference(m_refs)) destroy();
  }
  std::byte* data() const { return m_data; }
  std::int64_t bytes() const { return m_bytes; }
  bool is_read_only() const { return m_read_only; }

  // A write into the buffer (fill_diagonal, copyto, out=...). Where the cost model says that writes void tags, every
  // tag put on a view of this buffer before the write is gone.
  void void_tags() { m_epoch.fetch_add(1, std::memory_order_relaxed); }
  std::uint32_t epoch() const { return m_epoch.load(std::memory_order_relaxed); }
  // Writes so far, whatever they void: a second price goes by them (budget/audit.hpp).
  void count_write() { m_writes.fetch_add(1, std::memory_order_relaxed); }
  std::uint32_t writes() const { return m_writes.load(std::memory_order_relaxed); }

 private:
  Storage(std::byte* data, std::int64_t bytes) : m_data(data), m_bytes(bytes) {}
  void destroy();
  std::atomic<std::uint32_t> m_refs{1};
  std::atomic<std::uint32_t> m_epoch{0};
  std::atomic<std::uint32_t> m_writes{0};
  std::byte* m_data;
  std::int64_t m_bytes;
  bool m_read_only = false;
  std::shared_ptr<void> m_keep;
};

class Array;
using ArrayRef = Ref<Array>;

class Array : public flopscope_array {
 public:
  // A new C-contiguous array, elements not initialised.
  static ArrayRef make(DType dtype, std::span<const std::int64_t> shape);
  // The same, with the shape of a contiguous array: nothing about it is left to check.
  static ArrayRef make_like(const Array& model, DType dtype);
  // A view: `data` points into `storage`; strides in bytes.
  static ArrayRef view(Ref<Storage> storage, const std::byte* data, DType dtype, std::span<const std::int64_t> shape,
                       std::span<const std::int64_t> strides);

  void retain() const { m_refs.fetch_add(1, std::memory_order_relaxed); }
  void release() const {
    if (is_last_reference(m_refs)) destroy();
  }

  DType type() const { return static_cast<DType>(dtype); }
  std::span<const std::int64_t> dims() const { return {shape, static_cast<std::size_t>(ndim)}; }
  std::span<const std::int64_t> byte_strides() const { return {strides, static_cast<std::size_t>(ndim)}; }
  bool is_contiguous() const { return contiguous != 0; }
  std::int64_t item_bytes() const { return item_size(type()); }
  const Ref<Storage>& storage() const { return m_storage; }

  template <class T>
  const T* items() const {
    return static_cast<const T*>(data);
  }
  // For kernels that fill a fresh array or write into an out= buffer; nobody else.
  template <class T>
  T* mutable_items() const {
    return static_cast<T*>(const_cast<void*>(data));
  }

  // Asked of whatever a caller wants written to, before anything is charged. ValueError where its memory is not the
  // caller's to change, as that of the weights.
  void require_writable() const;

  // The tag, or null where there is none or a write has voided it.
  const TagRef& tag() const { return m_tag && m_tag_epoch == m_storage->epoch() ? m_tag : k_no_tag; }
  void set_tag(TagRef tag);  // on a fresh result, before it is handed out; see symmetry for writes that void it

  // For a second price only (budget/audit.hpp): the tag that another model's rule for writes would leave, and whether
  // the audit knows another tag of this array, which it forgets when the array goes.
  const TagRef& tag_if(bool writes_void_tags) const {
    return !writes_void_tags || m_tag_writes == m_storage->writes() ? m_tag : k_no_tag;
  }
  bool is_known_to_audit() const { return m_known_to_audit; }
  void set_known_to_audit(bool known) const { m_known_to_audit = known; }

 private:
  Array() = default;
  ~Array() = default;
  static Array* allocate(int ndim);
  static Array* with_storage(DType dtype, std::int64_t size, std::int64_t bytes, int ndim);
  void set_contiguous_extents(const std::int64_t* extents);
  void destroy() const;
  static const TagRef k_no_tag;

  mutable std::atomic<std::uint32_t> m_refs{1};
  std::uint32_t m_tag_epoch = 0, m_tag_writes = 0;
  mutable bool m_known_to_audit = false;
  Ref<Storage> m_storage;
  TagRef m_tag;
};

void forget_in_audit(const Array& a);

inline const Array& as_internal(const flopscope_array* a) { return *static_cast<const Array*>(a); }
inline ArrayRef ref_of(const Array& a) { return ArrayRef(const_cast<Array*>(&a)); }

// The array itself if C-contiguous, else a contiguous copy (an internal step; charges nothing).
ArrayRef contiguous_copy_if_needed(const Array& a);
ArrayRef copy_of(const Array& a);  // always a fresh contiguous copy
// A fresh contiguous array of another dtype, converted as NumPy's astype (unsafe casting).
ArrayRef cast(const Array& a, DType to);
// `a` itself if it has that dtype and is contiguous, else cast.
ArrayRef contiguous_as(const Array& a, DType to);
// A read-only view with stretched axes (stride 0); shape must be compatible.
ArrayRef broadcast_view(const Array& a, std::span<const std::int64_t> shape);
// The same for what is assigned to a place of that shape, where leading axes of length one may be too many.
ArrayRef assigned_view(const Array& a, std::span<const std::int64_t> shape);
// Copies elements of src (broadcast) into dst (same dtype after conversion), any strides, overlap allowed.
void copy_into(const Array& dst, const Array& src);
// Zero-filled contiguous array.
ArrayRef zeros(DType dtype, std::span<const std::int64_t> shape);
// 0-d arrays and small vectors.
template <class T>
ArrayRef scalar_array(T value) {
  ArrayRef a = Array::make(dtype_of<T>, {});
  *a->mutable_items<T>() = value;
  return a;
}
template <class T>
ArrayRef vector_array(std::span<const T> values) {
  const std::int64_t n = static_cast<std::int64_t>(values.size());
  ArrayRef a = Array::make(dtype_of<T>, {&n, 1});
  std::copy(values.begin(), values.end(), a->mutable_items<T>());
  return a;
}

// Element at a byte offset, as a number of another type (complex -> real takes the real part).
double read_double(const Array& a, const std::byte* at);
Complex128 read_complex(const Array& a, const std::byte* at);
std::int64_t read_int64(const Array& a, const std::byte* at);
// The only element of an array of size 1.
double item_double(const Array& a);
std::int64_t item_int64(const Array& a);

// Calls f(byte pointer of dst element run start, ...) is left to kernels; this walks all elements in C order.
template <class F>
void for_each_element(const Array& a, F&& f) {
  const int nd = a.ndim;
  const std::byte* p = static_cast<const std::byte*>(a.data);
  if (a.size == 0) return;
  if (nd == 0) {
    f(p);
    return;
  }
  std::int64_t index[k_max_dims] = {};
  const std::int64_t inner = a.shape[nd - 1], step = a.strides[nd - 1];
  for (;;) {
    const std::byte* q = p;
    for (std::int64_t i = 0; i < inner; ++i, q += step) f(q);
    int d = nd - 2;
    for (; d >= 0; --d) {
      p += a.strides[d];
      if (++index[d] < a.shape[d]) break;
      p -= a.strides[d] * a.shape[d];
      index[d] = 0;
    }
    if (d < 0) return;
  }
}

}  // namespace flopscope
