// SPDX-License-Identifier: MIT
#include <whest/report/text.hpp>

namespace whest::report {

namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

// Bytes of the first `width` code points.
std::size_t bytes_of(std::string_view text, std::size_t width) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (!continues(text[i])) {
      if (width == 0) break;
      --width;
    }
    ++i;
  }
  return i;
}

// Length of a well-formed UTF-8 sequence at the start of the text, 0 when it is broken.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : (lead >> 5) == 6 ? 2 : (lead >> 4) == 14 ? 3 : (lead >> 3) == 30 ? 4 : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(text[i])) return 0;
  }
  const bool c1_control = lead == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
  return c1_control ? 0 : length;
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += continues(byte) ? 0 : 1;
  return count;
}

std::string repeated(std::string_view unit, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += unit;
  return text;
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return std::string(used < width ? width - used : 0, ' ') + std::string(text);
}

std::string centered(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  if (used >= width) return std::string(text);
  return pad_right(std::string((width - used) / 2, ' ') + std::string(text), width);
}

std::string cut(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width == 0) return {};
  return std::string(text.substr(0, bytes_of(text, width - 1))) + "…";
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    while (columns(line) > width) {
      const std::size_t limit = bytes_of(line, width);
      std::size_t at = line.rfind(' ', limit);
      if (at == std::string_view::npos || line.find_first_not_of(' ') > at) at = limit;
      lines.emplace_back(line.substr(0, at));
      line.remove_prefix(at < line.size() && line[at] == ' ' ? at + 1 : at);
    }
    lines.emplace_back(line);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string printable(std::string_view text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text.substr(i));
    const auto byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '\n') {
      safe += '\n';
    } else if (text[i] == '\t') {
      safe += "    ";
    } else if (length == 0 || byte < 0x20 || byte == 0x7F) {
      safe += '?';
    } else {
      safe += text.substr(i, length);
    }
    i += length == 0 ? 1 : length;
  }
  return safe;
}

}  // namespace whest::report
