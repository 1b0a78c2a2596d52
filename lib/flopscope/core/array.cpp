// SPDX-License-Identifier: MIT
#include <cstring>
#include <new>
#include <whest/flopscope/core/array.hpp>
#include <whest/flopscope/core/block_pool.hpp>

namespace flopscope {
namespace {

// Bodies of up to this many dimensions are of one size, so that one list of free blocks serves them all.
constexpr int k_small_ndim = 4;

std::size_t body_bytes(int ndim) {
  return sizeof(Array) +
         2 * sizeof(std::int64_t) * static_cast<std::size_t>(ndim <= k_small_ndim ? k_small_ndim : ndim);
}

bool strides_are_contiguous(const Array& a) {
  std::int64_t expected = a.item_bytes();
  for (int d = a.ndim - 1; d >= 0; --d) {
    if (a.shape[d] != 1 && a.strides[d] != expected) return a.size == 0;
    expected *= a.shape[d];
  }
  return true;
}

}  // namespace

Ref<Storage> Storage::make(std::int64_t bytes) {
  void* block = memory::allocate(sizeof(Storage) + static_cast<std::size_t>(bytes));
  if (block == nullptr)
    throw Error(ErrorKind::memory_error, "Unable to allocate " + std::to_string(bytes) + " bytes for an array");
  return Ref<Storage>::adopt(new (block) Storage(static_cast<std::byte*>(block) + sizeof(Storage), bytes));
}

Ref<Storage> Storage::wrap(const void* external, std::int64_t bytes, std::shared_ptr<void> keep) {
  void* block = memory::allocate(sizeof(Storage));
  if (block == nullptr) throw Error(ErrorKind::memory_error, "Unable to allocate an array header");
  auto* storage = new (block) Storage(static_cast<std::byte*>(const_cast<void*>(external)), bytes);
  storage->m_read_only = true;
  storage->m_keep = std::move(keep);
  return Ref<Storage>::adopt(storage);
}

void Storage::destroy() {
  const bool external = m_data != reinterpret_cast<std::byte*>(this + 1);
  const std::size_t block_bytes = sizeof(Storage) + (external ? 0 : static_cast<std::size_t>(m_bytes));
  this->~Storage();
  memory::release(this, block_bytes);
}

void Array::require_writable() const {
  if (m_storage->is_read_only()) throw_value_error("assignment destination is read-only");
}

Array* Array::allocate(int ndim) {
  void* block = memory::allocate(body_bytes(ndim));
  if (block == nullptr) throw Error(ErrorKind::memory_error, "Unable to allocate an array header");
  auto* a = new (block) Array;
  auto* extents = reinterpret_cast<std::int64_t*>(a + 1);
  a->shape = extents;
  a->strides = extents + ndim;
  a->ndim = static_cast<std::uint8_t>(ndim);
  return a;
}

void Array::destroy() const {
  Array* self = const_cast<Array*>(this);
  if (m_known_to_audit) [[unlikely]]
    forget_in_audit(*this);
  const std::size_t block_bytes = body_bytes(ndim);
  self->~Array();
  memory::release(self, block_bytes);
}

// A C-contiguous array, but for its extents and steps.
Array* Array::with_storage(DType dtype, std::int64_t size, std::int64_t bytes, int ndim) {
  Ref<Storage> storage = Storage::make(bytes);
  Array* a = allocate(ndim);
  a->data = storage->data();
  a->size = size;
  a->dtype = static_cast<std::uint8_t>(dtype);
  a->contiguous = 1;
  a->m_storage = std::move(storage);
  return a;
}

void Array::set_contiguous_extents(const std::int64_t* extents) {
  auto* const dims = const_cast<std::int64_t*>(shape);
  auto* const steps = const_cast<std::int64_t*>(strides);
  std::int64_t step = item_bytes();
  for (int d = ndim - 1; d >= 0; --d) {
    dims[d] = extents[d];
    steps[d] = step;
    step *= std::max<std::int64_t>(extents[d], 1);
  }
}

ArrayRef Array::make(DType dtype, std::span<const std::int64_t> shape) {
  // The last net under every operation: a shape computed from arguments must never become a buffer of another size.
  // One of no elements must fit too with its empty extents taken for 1 (so NumPy), as its strides are.
  std::int64_t n = 1, bytes = static_cast<std::int64_t>(item_size(dtype));
  bool empty = false, too_big = false;
  for (const std::int64_t extent : shape) {
    if (extent < 0) throw_value_error("negative dimensions are not allowed");
    empty |= extent == 0;
    const std::int64_t factor = std::max<std::int64_t>(extent, 1);
    too_big |= __builtin_mul_overflow(bytes, factor, &bytes);
    too_big |= __builtin_mul_overflow(n, factor, &n);
  }
  if (too_big) throw_value_error("array is too big");
  if (empty) n = bytes = 0;
  Array* a = with_storage(dtype, n, bytes, static_cast<int>(shape.size()));
  a->set_contiguous_extents(shape.data());
  return ArrayRef::adopt(a);
}

ArrayRef Array::make_like(const Array& model, DType dtype) {
  if (item_size(dtype) > model.item_bytes()) [[unlikely]]
    return make(dtype, model.dims());  // may be too big
  Array* a = with_storage(dtype, model.size, model.size * static_cast<std::int64_t>(item_size(dtype)), model.ndim);
  a->set_contiguous_extents(model.shape);
  return ArrayRef::adopt(a);
}

ArrayRef Array::view(Ref<Storage> storage, const std::byte* data, DType dtype, std::span<const std::int64_t> shape,
                     std::span<const std::int64_t> strides) {
  const std::int64_t size = element_count(shape);  // may throw: before anything is made
  Array* a = allocate(static_cast<int>(shape.size()));
  a->data = data;
  a->dtype = static_cast<std::uint8_t>(dtype);
  std::copy(shape.begin(), shape.end(), const_cast<std::int64_t*>(a->shape));
  std::copy(strides.begin(), strides.end(), const_cast<std::int64_t*>(a->strides));
  a->size = size;
  a->contiguous = strides_are_contiguous(*a) ? 1 : 0;
  a->m_storage = std::move(storage);
  return ArrayRef::adopt(a);
}

constinit const TagRef Array::k_no_tag;

void Array::set_tag(TagRef tag) {
  m_tag = std::move(tag);
  m_tag_epoch = m_storage->epoch();
  m_tag_writes = m_storage->writes();
}

ArrayRef zeros(DType dtype, std::span<const std::int64_t> shape) {
  ArrayRef a = Array::make(dtype, shape);
  std::memset(a->mutable_items<std::byte>(), 0, static_cast<std::size_t>(a->size * a->item_bytes()));
  return a;
}

ArrayRef broadcast_view(const Array& a, std::span<const std::int64_t> shape) {
  const int nd = static_cast<int>(shape.size());
  if (nd < a.ndim) throw_value_error("input operand has more dimensions than allowed by the axis remapping");
  Dims strides(nd, 0);
  for (int d = 0; d < a.ndim; ++d) {
    const int to = nd - a.ndim + d;
    if (a.shape[d] == shape[static_cast<std::size_t>(to)])
      strides[to] = a.strides[d];
    else if (a.shape[d] != 1)
      throw_value_error("operands could not be broadcast together with remapped shapes [original->remapped]: " +
                        shape_text(a.dims()) + "  and requested shape " + shape_text(shape));
  }
  return Array::view(a.storage(), static_cast<const std::byte*>(a.data), a.type(), shape, strides);
}

ArrayRef assigned_view(const Array& a, std::span<const std::int64_t> shape) {
  std::size_t extra = 0;
  while (a.dims().size() > shape.size() + extra && a.shape[extra] == 1) ++extra;
  if (extra == 0) return broadcast_view(a, shape);
  const ArrayRef rest = Array::view(a.storage(), static_cast<const std::byte*>(a.data), a.type(),
                                    a.dims().subspan(extra), a.byte_strides().subspan(extra));
  return broadcast_view(*rest, shape);
}

}  // namespace flopscope
