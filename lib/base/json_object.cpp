// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <whest/base/json_object.hpp>
#include <whest/base/suggest.hpp>

namespace whest::base {

Expected<Json> parse_json(std::string_view text, std::string_view where) {
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  std::string twice;
  const auto note_keys = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    const bool is_new = event != Json::parse_event_t::key || keys.back().insert(parsed.get<std::string>()).second;
    if (!is_new && twice.empty()) twice = parsed.get<std::string>();
    return true;
  };
  try {
    Json json = Json::parse(text, note_keys);
    if (!twice.empty()) return usage_error(fmt::format("{} has the key '{}' twice.", where, twice));
    return json;
  } catch (const Json::parse_error& error) {
    return usage_error(fmt::format("{} is not valid JSON (at byte {}).", where, error.byte));
  } catch (const Json::out_of_range&) {
    return usage_error(fmt::format("{} has a number that is too large.", where));
  }
}

std::string json_text(const Json& value) { return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

JsonObject::JsonObject(const Json& json, std::string where) : m_json(json), m_where(std::move(where)) {
  if (!json.is_object()) fail(fmt::format("{} must be a JSON object.", m_where));
}

void JsonObject::fail(std::string message) {
  if (!m_error) m_error = Error{ErrorKind::usage, std::move(message)};
}

bool JsonObject::has(const std::string& key) { return m_json.is_object() && m_json.contains(key); }

void JsonObject::ignore(const std::string& key) { m_known.push_back(key); }

const Json* JsonObject::find(const std::string& key) {
  m_known.push_back(key);
  if (m_error) return nullptr;
  const auto found = m_json.find(key);
  if (found == m_json.end()) {
    fail(fmt::format("{} has no key '{}'.", m_where, key));
    return nullptr;
  }
  return &*found;
}

std::int64_t JsonObject::integer(const std::string& key, std::int64_t min, std::int64_t max) {
  const Json* value = find(key);
  if (value == nullptr) return min;
  const bool fits =
      value->is_number_integer() &&
      (!value->is_number_unsigned() ||
       value->get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  if (!fits) {
    fail(fmt::format("'{}' in {} must be an integer, got {}.", key, m_where, value->dump()));
    return min;
  }
  const auto checked = check_integer(fmt::format("'{}' in {}", key, m_where), value->get<std::int64_t>(), min, max);
  if (!checked) fail(checked.error().message);
  return checked.value_or(min);
}

double JsonObject::real(const std::string& key, Bound bound) {
  const Json* value = find(key);
  if (value == nullptr) return 0.0;
  if (!value->is_number()) {
    fail(fmt::format("'{}' in {} must be a number, got {}.", key, m_where, value->dump()));
    return 0.0;
  }
  const auto checked = check_real(fmt::format("'{}' in {}", key, m_where), value->get<double>(), bound);
  if (!checked) fail(checked.error().message);
  return checked.value_or(0.0);
}

std::optional<double> JsonObject::real_or_null(const std::string& key, Bound bound) {
  if (has(key) && m_json.at(key).is_null()) {
    ignore(key);
    return std::nullopt;
  }
  return real(key, bound);
}

std::string JsonObject::text(const std::string& key) {
  const Json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    fail(fmt::format("'{}' in {} must be a string, got {}.", key, m_where, value->dump()));
    return {};
  }
  return value->get<std::string>();
}

std::string JsonObject::choice(const std::string& key, const std::vector<std::string>& choices) {
  const std::string value = text(key);
  if (!m_error && std::find(choices.begin(), choices.end(), value) == choices.end()) {
    fail(fmt::format("'{}' in {} must be one of {}, got '{}'.{}", key, m_where, fmt::join(choices, ", "), value,
                     did_you_mean(value, choices)));
  }
  return value;
}

bool JsonObject::flag(const std::string& key) {
  const Json* value = find(key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) {
    fail(fmt::format("'{}' in {} must be true or false, got {}.", key, m_where, value->dump()));
    return false;
  }
  return value->get<bool>();
}

Expected<void> JsonObject::finish() const {
  if (m_error) return std::unexpected(*m_error);
  for (const auto& [key, value] : m_json.items()) {
    if (std::find(m_known.begin(), m_known.end(), key) == m_known.end()) {
      return usage_error(fmt::format("unknown key '{}' in {}.{}", key, m_where, did_you_mean(key, m_known)));
    }
  }
  return {};
}

}  // namespace whest::base
