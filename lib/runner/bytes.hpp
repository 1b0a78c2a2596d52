// SPDX-License-Identifier: MIT
// Plain bytes for messages between processes of one machine: written field by field, read with every length checked.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace whest::runner {

class ByteWriter {
 public:
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void put(const T& value) {
    const auto* at = reinterpret_cast<const std::byte*>(&value);
    m_bytes.insert(m_bytes.end(), at, at + sizeof value);
  }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    const auto* at = reinterpret_cast<const std::byte*>(text.data());
    m_bytes.insert(m_bytes.end(), at, at + text.size());
  }
  const std::vector<std::byte>& bytes() const { return m_bytes; }

 private:
  std::vector<std::byte> m_bytes;
};

// After the first read beyond the end every read gives a default value, and ok() is false.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

  template <class T>
  requires std::is_trivially_copyable_v<T> T get() {
    T value{};
    if (take(sizeof value)) std::memcpy(&value, m_bytes.data() + m_at - sizeof value, sizeof value);
    return value;
  }
  std::string get_text(std::size_t max_size) {
    const auto size = get<std::uint32_t>();
    if (size > max_size) m_ok = false;
    if (!take(size)) return {};
    return {reinterpret_cast<const char*>(m_bytes.data() + m_at - size), size};
  }
  void fail() { m_ok = false; }
  bool ok() const { return m_ok; }
  bool at_end() const { return m_ok && m_at == m_bytes.size(); }

 private:
  bool take(std::size_t size) {
    if (!m_ok || size > m_bytes.size() - m_at) m_ok = false;
    if (m_ok) m_at += size;
    return m_ok;
  }
  std::span<const std::byte> m_bytes;
  std::size_t m_at = 0;
  bool m_ok = true;
};

}  // namespace whest::runner
