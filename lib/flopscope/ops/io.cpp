// SPDX-License-Identifier: MIT
// load, save, savez, savez_compressed: arrays in .npy and .npz files.
#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <whest/base/file.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/npy.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/ops/detail/zip.hpp>

namespace flopscope {
namespace {

std::string path_of(const Value& v) {
  if (!v.is(ValueKind::string)) throw_type_error("the file must be given by its path");
  return std::string(v.as_string());
}

std::string bytes_of_file(const std::string& path) {
  auto bytes = whest::base::read_file(path, std::numeric_limits<std::int64_t>::max());
  if (!bytes) throw Error(ErrorKind::runtime_error, bytes.error().message);
  return *std::move(bytes);
}

void write(const std::string& path, std::string_view bytes) {
  if (const auto done = whest::base::write_file_atomically(path, bytes); !done)
    throw Error(ErrorKind::runtime_error, done.error().message);
}

std::string with_suffix(std::string path, std::string_view suffix) {
  if (!path.ends_with(suffix)) path += suffix;
  return path;
}

// The array of a .npy file; of an .npz file a pair: the list of names and the list of arrays. Free.
Result run_load(Call& call) {
  const std::string bytes = bytes_of_file(path_of(call.arg(0)));
  if (!bytes.starts_with("PK")) return detail::array_from_npy(bytes);
  std::vector<Result> names, arrays;
  for (const detail::ZipMember& m : detail::members_of_zip(bytes)) {
    names.push_back(Result::text(m.name.ends_with(".npy") ? m.name.substr(0, m.name.size() - 4) : m.name));
    arrays.emplace_back(detail::array_from_npy(m.bytes));
  }
  return Result::tuple({Result::list(std::move(names)), Result::list(std::move(arrays))});
}

// Everything that leaves: elements, eight bytes for each size of a shape, `extra` bytes of names.
struct Egress {
  double elements = 0, header = 0;
  std::optional<DType> dtype;
  void add(const Array& a) {
    elements += static_cast<double>(a.size);
    header += 8.0 * a.ndim;
    dtype = dtype ? promote(*dtype, a.type()) : a.type();
  }
};

Result run_save(Call& call) {
  const std::string path = with_suffix(path_of(call.arg(0)), ".npy");
  const ArrayRef a = to_array(call.arg(1));
  Egress out;
  out.add(*a);
  call.charge({.in = out.elements, .extra = out.header}, out.dtype);
  write(path, detail::npy_of(*a));
  return Result::none();
}

// Arrays are named arr_0, arr_1, ... unless `names` lists their names.
Result run_savez(Call& call) {
  const std::string path = with_suffix(path_of(call.arg(0)), ".npz");
  const auto given = call.arg(1).as_items();
  const Value& names = call.arg(2);
  if (!names.is_absent() && (!names.is_sequence() || names.count != given.size()))
    throw_value_error("as many names as arrays are needed");
  Egress out;
  std::vector<ArrayRef> arrays;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < given.size(); ++i) {
    arrays.push_back(to_array(given[i]));
    keys.push_back(names.is_absent() ? fmt::format("arr_{}", i) : std::string(names.as_items()[i].as_string()));
    for (std::size_t k = 0; k < i; ++k)
      if (keys[k] == keys[i]) throw_value_error(fmt::format("the name '{}' is given twice", keys[i]));
    out.add(*arrays.back());
    out.header += static_cast<double>(keys.back().size());
  }
  if (!keys.empty()) out.header += 8;
  call.charge({.in = out.elements, .extra = out.header}, out.dtype);
  std::vector<detail::ZipMember> members;
  for (std::size_t i = 0; i < arrays.size(); ++i) members.push_back({keys[i] + ".npy", detail::npy_of(*arrays[i])});
  write(path, detail::zip_of(members, call.op.variant == 1));
  return Result::none();
}

constexpr Operation k_operations[] = {
    {.name = "load", .signature = "file", .run = run_load, .formula = "zero"},
    {.name = "save", .signature = "file, arr", .run = run_save, .formula = "egress", .log_shapes = LogShapes::operands},
    {.name = "savez",
     .signature = "file, *args, names=None",
     .run = run_savez,
     .formula = "egress",
     .log_shapes = LogShapes::operands},
    {.name = "savez_compressed",
     .signature = "file, *args, names=None",
     .run = run_savez,
     .formula = "egress",
     .variant = 1,
     .log_shapes = LogShapes::operands},
};

}  // namespace

detail::Table detail::io_operations() { return k_operations; }

}  // namespace flopscope
