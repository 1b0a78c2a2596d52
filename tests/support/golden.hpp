// SPDX-License-Identifier: MIT
// Golden files under tests/golden, plain or gzip-compressed, as text, JSON or JSON lines.
#pragma once

#include <zlib.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace whest::test {

// The text of tests/golden/<name> or of <name>.gz; throws when neither exists, so that a test without its data fails.
inline std::string golden_text(const std::string& name) {
  for (const std::string& path :
       {std::string(WHEST_TEST_DATA) + "/" + name, std::string(WHEST_TEST_DATA) + "/" + name + ".gz"}) {
    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr) continue;
    std::string text;
    char buffer[1 << 16];
    int n = 0;
    while ((n = gzread(file, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<std::size_t>(n));
    gzclose(file);
    if (n < 0) throw std::runtime_error("cannot read golden file " + path);
    return text;
  }
  throw std::runtime_error("no golden file " + name + " under " WHEST_TEST_DATA);
}

inline nlohmann::ordered_json golden_json(const std::string& name) {
  return nlohmann::ordered_json::parse(golden_text(name));
}

inline std::vector<nlohmann::ordered_json> golden_lines(const std::string& name) {
  std::vector<nlohmann::ordered_json> lines;
  const std::string text = golden_text(name);
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) end = text.size();
    if (end > begin)
      lines.push_back(nlohmann::ordered_json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                                    text.begin() + static_cast<std::ptrdiff_t>(end)));
    begin = end + 1;
  }
  return lines;
}

// A C99 hex float string ("0x1.8p+1"), "inf", "-inf" or "nan".
inline double hex_float(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

}  // namespace whest::test
