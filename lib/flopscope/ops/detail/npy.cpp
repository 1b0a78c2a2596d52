// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/npy.hpp>

namespace flopscope::detail {
namespace {

constexpr std::string_view k_magic = "\x93NUMPY";
constexpr std::size_t k_alignment = 64;

[[noreturn]] void bad(std::string_view what) { throw_value_error(fmt::format("not a readable .npy file: {}", what)); }

// The Python literal behind "'key':" in the header's dictionary.
std::string_view value_of(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(fmt::format("'{}'", key));
  if (at == std::string_view::npos) bad(fmt::format("the header has no '{}'", key));
  std::string_view rest = header.substr(at + key.size() + 2);
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) bad("the header is no dictionary");
  rest.remove_prefix(colon + 1);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  return rest;
}

struct ElementType {
  DType dtype;
  bool swapped;
};

ElementType type_of(std::string_view literal) {
  if (literal.empty() || literal.front() != '\'') bad("arrays of records or objects are not supported");
  literal.remove_prefix(1);
  std::string_view code = literal.substr(0, literal.find('\''));
  const bool swapped = code.starts_with('>');
  if (!code.empty() && std::string_view("<>=|").find(code.front()) != std::string_view::npos) code.remove_prefix(1);
  const std::optional<DType> d = code.size() < 2 ? std::nullopt : dtype_from_name(code);
  if (!d) bad(fmt::format("elements of type '{}' are not supported (only numbers are)", code));
  return {*d, swapped && item_size(*d) > 1};
}

Dims shape_of(std::string_view literal) {
  if (!literal.starts_with('(')) bad("the shape is no tuple");
  literal.remove_prefix(1);
  Dims shape;
  for (;;) {
    while (!literal.empty() && (literal.front() == ' ' || literal.front() == ',')) literal.remove_prefix(1);
    if (literal.starts_with(')')) return shape;
    std::int64_t d = 0;
    const auto [end, error] = std::from_chars(literal.data(), literal.data() + literal.size(), d);
    if (error != std::errc() || d < 0) bad("the shape is no tuple of sizes");
    shape.push_back(d);
    literal.remove_prefix(static_cast<std::size_t>(end - literal.data()));
  }
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t x = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) x = x << 8 | static_cast<unsigned char>(bytes[i]);
  return x;
}

void swap_bytes(const Array& a) {
  const std::int64_t part = is_complex(a.type()) ? a.item_bytes() / 2 : a.item_bytes();
  std::byte* at = a.mutable_items<std::byte>();
  for (std::int64_t i = 0; i < a.size * a.item_bytes(); i += part) std::reverse(at + i, at + i + part);
}

}  // namespace

ArrayRef array_from_npy(std::string_view bytes) {
  if (bytes.size() < 10 || !bytes.starts_with(k_magic)) bad("the magic string is missing");
  const bool short_header = bytes[6] == 1;
  const std::size_t prefix = short_header ? 10 : 12;
  if (bytes.size() < prefix) bad("it is cut short");
  const std::size_t length = little_endian(bytes.substr(8, prefix - 8));
  if (bytes.size() - prefix < length) bad("its header is cut short");
  const std::string_view header = bytes.substr(prefix, length);
  const ElementType type = type_of(value_of(header, "descr"));
  const bool fortran = value_of(header, "fortran_order").starts_with("True");
  Dims shape = shape_of(value_of(header, "shape"));
  const std::string_view data = bytes.substr(prefix + length);
  const std::int64_t needed = element_count(shape) * item_size(type.dtype);
  if (element_count(shape) > INT64_MAX / 16 || static_cast<std::uint64_t>(needed) > data.size())
    bad(fmt::format("it holds {} bytes of elements where its shape {} needs more", data.size(), shape_text(shape)));
  if (fortran) std::reverse(shape.begin(), shape.end());
  ArrayRef a = Array::make(type.dtype, shape);
  std::memcpy(a->mutable_items<std::byte>(), data.data(), static_cast<std::size_t>(needed));
  if (type.swapped) swap_bytes(*a);
  if (type.dtype == DType::bool_)  // whatever a file holds, a bool is 0 or 1
    for (auto& byte : std::span(a->mutable_items<unsigned char>(), static_cast<std::size_t>(needed))) byte = byte != 0;
  return fortran ? copy_of(*reversed_axes(*a)) : a;
}

std::string npy_of(const Array& a) {
  static constexpr std::string_view k_codes[k_dtype_count] = {"|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2",
                                                              "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"};
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                   k_codes[static_cast<std::size_t>(a.type())], shape_text(a.dims()));
  const std::size_t unpadded = k_magic.size() + 4 + header.size() + 1;
  header.append((k_alignment - unpadded % k_alignment) % k_alignment, ' ');
  header += '\n';
  std::string out(k_magic);
  out += '\x01';
  out += '\0';
  out += static_cast<char>(header.size() & 0xff);
  out += static_cast<char>(header.size() >> 8);
  out += header;
  const ArrayRef c = contiguous_copy_if_needed(a);
  out.append(reinterpret_cast<const char*>(c->items<std::byte>()), static_cast<std::size_t>(c->size * c->item_bytes()));
  return out;
}

}  // namespace flopscope::detail
