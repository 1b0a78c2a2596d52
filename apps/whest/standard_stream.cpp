// SPDX-License-Identifier: MIT
#include "standard_stream.hpp"

#include <string_view>
#include <whest/base/file.hpp>

namespace whest::app {

namespace {
constexpr std::size_t k_held_bytes = std::size_t{1} << 16;
}

std::streambuf::int_type DescriptorBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char one = traits_type::to_char_type(c);
  return xsputn(&one, 1) == 1 ? c : traits_type::eof();
}

std::streamsize DescriptorBuffer::xsputn(const char* text, std::streamsize size) {
  m_held.append(text, static_cast<std::size_t>(size));
  return m_held.size() < k_held_bytes || sync() == 0 ? size : 0;
}

int DescriptorBuffer::sync() {
  const bool written = base::write_all(m_descriptor, m_held);
  m_held.clear();
  return written ? 0 : -1;
}

}  // namespace whest::app
