// SPDX-License-Identifier: MIT
// The index of a golden line as Python writes it: "1, ::-1, None", "..., [0, -1]", "[[0], [1]]".
#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "decode.hpp"

namespace flopscope::replay {

// Reads one text from its first character on.
class Decoder::IndexReader {
 public:
  IndexReader(Decoder& decoder, std::string_view text) : m_decoder(decoder), m_text(text) {}

  // The whole: one part, or a tuple of those between commas.
  Value whole() {
    std::vector<Value> parts{part()};
    bool comma = false;
    while (takes(",")) {
      comma = true;
      if (!at_end()) parts.push_back(part());
    }
    if (!at_end()) refuse();
    return comma ? Value::tuple(m_decoder.hold(std::move(parts))) : parts.front();
  }

 private:
  Value part() {
    if (takes("...") || takes("Ellipsis")) return Value::ellipsis();
    if (takes("None") || takes("np.newaxis")) return Value::none();
    if (takes("True")) return Value::boolean(true);
    if (takes("False")) return Value::boolean(false);
    if (takes("[")) return list();
    const Value first = number();
    if (!takes(":")) {
      if (!first.is(ValueKind::integer)) refuse();
      return first;
    }
    std::vector<Value> three{first, number(), Value::none()};
    if (takes(":")) three[2] = number();
    return Value::slice(m_decoder.hold(std::move(three)).first<3>());
  }

  Value list() {
    std::vector<Value> items;
    while (!takes("]")) {
      items.push_back(part());
      if (!takes(",") && !(skip_blanks(), m_text.starts_with(']'))) refuse();
    }
    return Value::list(m_decoder.hold(std::move(items)));
  }

  // None where there is none.
  Value number() {
    skip_blanks();
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
    if (fault != std::errc()) return Value::none();
    m_text.remove_prefix(static_cast<std::size_t>(end - m_text.data()));
    return Value::integer(value);
  }

  void skip_blanks() {
    while (m_text.starts_with(' ')) m_text.remove_prefix(1);
  }
  bool at_end() {
    skip_blanks();
    return m_text.empty();
  }
  bool takes(std::string_view word) {
    skip_blanks();
    if (!m_text.starts_with(word)) return false;
    m_text.remove_prefix(word.size());
    return true;
  }
  [[noreturn]] void refuse() const {
    throw std::runtime_error(fmt::format("an index cannot be read from '{}' on", m_text));
  }

  Decoder& m_decoder;
  std::string_view m_text;
};

Value Decoder::index_text(std::string_view text) { return IndexReader(*this, text).whole(); }

}  // namespace flopscope::replay
