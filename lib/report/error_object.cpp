// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/version.hpp>
#include <whest/report/error_object.hpp>

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

}  // namespace whest::report
