// SPDX-License-Identifier: MIT
// A strict reader of one JSON object: every key must be known, every value of its type and within its bounds; the first
// fault is kept as one sentence that names key and file.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/base/parse.hpp>

namespace whest::base {

using Json = nlohmann::ordered_json;

// Parses a whole text; a usage error that names `where` and the position otherwise.
Expected<Json> parse_json(std::string_view text, std::string_view where);

// The text of a value, indented by two, non-finite numbers as null, with a line end behind it.
std::string json_text(const Json& value);

// Reads keys one after another and is asked once, at the end, whether all went well:
//   JsonObject object(json, "round 'warmup'");
//   round.width = object.integer("width", 1, 1 << 20);
//   if (auto ok = object.finish(); !ok) return std::unexpected(ok.error());
// After the first fault every further read gives a default value.
class JsonObject {
 public:
  JsonObject(const Json& json, std::string where);

  bool has(const std::string& key);
  std::int64_t integer(const std::string& key, std::int64_t min, std::int64_t max);
  double real(const std::string& key, Bound bound);
  std::optional<double> real_or_null(const std::string& key, Bound bound);
  std::string text(const std::string& key);
  std::string choice(const std::string& key, const std::vector<std::string>& choices);
  bool flag(const std::string& key);
  void ignore(const std::string& key);  // known, but of no interest to this reader

  // An error when a read failed or when the object has a key that nobody asked for.
  Expected<void> finish() const;

 private:
  const Json* find(const std::string& key);
  void fail(std::string message);

  const Json& m_json;
  std::string m_where;
  std::vector<std::string> m_known;
  std::optional<Error> m_error;
};

}  // namespace whest::base
