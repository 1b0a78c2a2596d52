// SPDX-License-Identifier: MIT
#include <algorithm>
#include <nlohmann/json.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/version.hpp>
#include <whest/report/error_object.hpp>
#include <whest/report/text.hpp>

namespace whest::report {

std::string error_object(const CommandError& error) {
  using base::Json;
  Json inner{{"stage", error.stage}, {"code", error.code}, {"message", error.message}};
  if (!error.details_json.empty()) {
    Json details = Json::parse(error.details_json, nullptr, false);
    inner["details"] = details.is_discarded() ? Json(error.details_json) : std::move(details);
  }
  if (!error.traceback.empty()) inner["traceback"] = error.traceback;
  return base::json_text(Json{{"ok", false}, {"error", std::move(inner)}, {"whest_version", base::version()}});
}

std::vector<std::string> hints_of(const std::string& details_json) {
  const base::Json details = base::Json::parse(details_json, nullptr, false);
  std::vector<std::string> hints;
  const auto add = [&](const base::Json& hint) {
    if (!hint.is_string()) return;
    const auto text = hint.get<std::string>();
    if (std::find(hints.begin(), hints.end(), text) == hints.end()) hints.push_back(text);
  };
  if (!details.is_object()) return hints;
  if (details.contains("cause_hints")) std::for_each(details["cause_hints"].begin(), details["cause_hints"].end(), add);
  if (details.contains("hint")) add(details["hint"]);
  return hints;
}

std::string error_text(const CommandError& error) {
  std::string text = "whest: error: ";
  if (!error.subject.empty()) text += printable(error.subject) + ": ";
  text += printable(error.message);
  if (!error.subject.empty()) text += " [" + error.code + "]";
  text += "\n";
  for (const std::string& hint : hints_of(error.details_json)) text += "hint: " + printable(hint) + "\n";
  if (!error.traceback.empty()) text += printable(error.traceback) + "\n";
  if (error.more_with_debug) text += "Use --debug to see where it came from.\n";
  return text;
}

}  // namespace whest::report
