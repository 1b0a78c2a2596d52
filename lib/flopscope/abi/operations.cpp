// SPDX-License-Identifier: MIT
// The C functions that call operations and own their results.
#include <fmt/format.h>

#include <cstring>
#include <new>
#include <string_view>
#include <whest/flopscope/abi/error_boundary.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/waist.hpp>

using namespace flopscope;

namespace {

const Operation* internal(const flopscope_operation* op) { return reinterpret_cast<const Operation*>(op); }

char* copy_text(const std::string& s) {
  char* out = new char[s.size() + 1];
  std::memcpy(out, s.c_str(), s.size() + 1);
  return out;
}

flopscope_value export_value(const Result& result);

// Python's float where C++ has an array without axes: the step of linspace.
flopscope_value export_as_array(const Result& result) {
  const auto* number = std::get_if<double>(&result.variant());
  return number != nullptr ? export_value(Result(scalar_array(*number))) : export_value(result);
}

// What a call returned: any number of Python's is such an array then, a single draw or a count.
flopscope_value export_returned(const Result& result) {
  return std::visit(
      [&]<class T>(const T& x) {
        if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t> || std::is_same_v<T, Complex128>)
          return export_value(Result(scalar_array(x)));
        else
          return export_as_array(result);
      },
      result.variant());
}

flopscope_value export_sequence(std::uint8_t kind, const std::vector<Result>& items) {
  flopscope_value out{};
  auto* values = new flopscope_value[items.size()];
  for (std::size_t i = 0; i < items.size(); ++i)
    values[i] = kind == FLOPSCOPE_TUPLE ? export_as_array(items[i]) : export_value(items[i]);
  out.kind = kind;
  out.count = static_cast<std::uint32_t>(items.size());
  out.items = values;
  return out;
}

struct Exporter {
  flopscope_value operator()(std::monostate) const { return Value::none(); }
  flopscope_value operator()(const ArrayRef& a) const {
    a->retain();
    return Value(*a);
  }
  flopscope_value operator()(bool b) const { return Value::boolean(b); }
  flopscope_value operator()(std::int64_t i) const { return Value::integer(i); }
  flopscope_value operator()(double x) const { return Value::real(x); }
  flopscope_value operator()(const Complex128& x) const { return Value::complex(x); }
  flopscope_value operator()(const std::string& s) const {
    flopscope_value v = Value::string(s);
    v.s = copy_text(s);
    return v;
  }
  flopscope_value operator()(DType d) const { return Value::of_dtype(d); }
  flopscope_value operator()(const Result::Tuple& t) const { return export_sequence(FLOPSCOPE_TUPLE, t.items); }
  flopscope_value operator()(const Result::List& l) const { return export_sequence(FLOPSCOPE_LIST, l.items); }
  flopscope_value operator()(const TagRef& tag) const { return Value::of_group(*new TagRef(tag)); }
  flopscope_value operator()(const ObjectRef& object) const { return Value::of_object(*new ObjectRef(object)); }
};

flopscope_value export_value(const Result& result) { return std::visit(Exporter{}, result.variant()); }

// The position of a parameter in a signature without the default texts and stars; -1: there is none of that name.
int slot_of(std::string_view signature, std::string_view wanted) {
  int slot = 0;
  while (!signature.empty()) {
    const std::size_t comma = signature.find(',');
    std::string_view part = signature.substr(0, comma);
    signature = comma == std::string_view::npos ? std::string_view{} : signature.substr(comma + 1);
    part = part.substr(0, part.find('='));
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (part == "*") continue;
    if (part.starts_with('*')) part.remove_prefix(1);
    if (part == wanted) return slot;
    ++slot;
  }
  return -1;
}

// What a caller can have written into an argument: the price goes by the size, the work by the shape, and a dtype's
// number finds a table's entry.
void check_argument(const flopscope_value& v) {
  if (v.kind == FLOPSCOPE_ARRAY) {
    std::int64_t size = 1;
    for (int d = 0; d < v.array->ndim; ++d) size *= v.array->shape[d];
    if (size != v.array->size) throw Error(ErrorKind::runtime_error, "the head of an array has been written to");
    return;
  }
  if (v.element > k_dtype_count || (v.kind == FLOPSCOPE_DTYPE && (v.i < 0 || v.i >= k_dtype_count)))
    throw_type_error("no such dtype");
  if (v.kind == FLOPSCOPE_LIST || v.kind == FLOPSCOPE_TUPLE)
    for (std::uint32_t i = 0; i < v.count; ++i) check_argument(v.items[i]);
}

[[noreturn]] void refuse_arguments(const Operation& op, std::size_t count) {
  throw_type_error(fmt::format("{}() takes {} arguments but {} were given", op.name, op.arity, count));
}

}  // namespace

const flopscope_operation* flopscope_find_operation(const char* name) {
  const Operation* op = nullptr;
  const flopscope_status status = abi::guarded([&] { op = Catalogue::instance().find(name); });
  return status == FLOPSCOPE_OK ? reinterpret_cast<const flopscope_operation*>(op) : nullptr;
}

int32_t flopscope_parameter(const flopscope_operation* op, const char* parameter) {
  return slot_of(internal(op)->signature, parameter);
}

flopscope_status flopscope_invoke(const flopscope_operation* op, const flopscope_value* args, size_t count,
                                  flopscope_value* result) {
  return abi::guarded([&] {
    const Operation& operation = *internal(op);
    while (count > operation.arity && args[count - 1].kind == FLOPSCOPE_MISSING) --count;
    if (count > operation.arity) refuse_arguments(operation, count);
    for (size_t i = 0; i < count; ++i) check_argument(args[i]);
    Result returned = invoke(operation, {static_cast<const Value*>(args), count});
    // What nearly all operations return; its reference passes to the caller.
    if (returned.is_array())
      ::new (result) flopscope_value{
          .kind = FLOPSCOPE_ARRAY, .flags = 0, .element = 0, .count = 0, .array = returned.take_array().detach()};
    else
      *result = export_returned(returned);
  });
}

void flopscope_value_release(flopscope_value* value) {
  switch (value->kind) {
    case FLOPSCOPE_ARRAY:
      flopscope_array_release(value->array);
      break;
    case FLOPSCOPE_STRING:
      delete[] value->s;
      break;
    case FLOPSCOPE_OBJECT:
      flopscope_object_release(value->object);
      break;
    case FLOPSCOPE_GROUP:
      delete static_cast<const TagRef*>(value->group);
      break;
    case FLOPSCOPE_LIST:
    case FLOPSCOPE_TUPLE: {
      auto* items = const_cast<flopscope_value*>(value->items);
      for (std::uint32_t i = 0; i < value->count; ++i) flopscope_value_release(&items[i]);
      delete[] items;
      break;
    }
    default:
      break;
  }
  *value = {};
}

void flopscope_array_retain(const flopscope_array* array) { as_internal(array).retain(); }
void flopscope_array_release(const flopscope_array* array) { as_internal(array).release(); }

flopscope_object* flopscope_object_retain(flopscope_object* object) {
  return reinterpret_cast<flopscope_object*>(new ObjectRef(*reinterpret_cast<const ObjectRef*>(object)));
}
void flopscope_object_release(flopscope_object* object) { delete reinterpret_cast<ObjectRef*>(object); }
const char* flopscope_object_text(const flopscope_object* object) {
  thread_local std::string text;
  const flopscope_status status = abi::guarded([&] { text = (*reinterpret_cast<const ObjectRef*>(object))->text(); });
  return status == FLOPSCOPE_OK ? text.c_str() : "";
}
void* flopscope_group_retain(const void* group) { return new TagRef(*static_cast<const TagRef*>(group)); }
void flopscope_group_release(void* group) { delete static_cast<TagRef*>(group); }

flopscope_status flopscope_array_from(const void* data, uint8_t dtype, const int64_t* shape, int32_t ndim,
                                      flopscope_value* result) {
  return abi::guarded([&] {
    if (dtype >= k_dtype_count) throw_type_error("no such dtype");
    if (ndim < 0 || ndim > k_max_dims) throw_value_error(fmt::format("an array has 0 to {} axes", k_max_dims));
    const ArrayRef staged = Array::make(static_cast<DType>(dtype), {shape, static_cast<std::size_t>(ndim)});
    if (staged->size > 0)
      std::memcpy(staged->mutable_items<std::byte>(), data,
                  static_cast<std::size_t>(staged->size * staged->item_bytes()));
    const Value args[] = {Value(staged)};
    *result = export_value(invoke("array", args, {}));
  });
}
