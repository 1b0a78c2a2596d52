// SPDX-License-Identifier: MIT
#include "request_checks.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <whest/contest/data.hpp>

#include "cost_models.hpp"

namespace whest::app {

namespace {

namespace fs = std::filesystem;

// A file can be made beside it, as the report will be: tried, since permissions alone do not tell.
base::Expected<void> check_output(const std::string& path) {
  if (path.empty()) return {};
  std::error_code error;
  if (fs::is_directory(path, error)) return base::usage_error(fmt::format("--output: '{}' is a directory.", path));
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) return {};  // a pipe or a device
  const fs::path target = fs::weakly_canonical(path, error);
  const fs::path parent = (error ? fs::absolute(path) : fs::absolute(target)).parent_path();
  if (!fs::is_directory(parent, error))
    return base::usage_error(fmt::format("--output: there is no directory '{}'.", parent.string()));
  std::string probe = (parent / ".whest.XXXXXX").string();
  const int file = ::mkostemp(probe.data(), O_CLOEXEC);
  if (file < 0) return base::usage_error(fmt::format("--output: cannot write '{}': {}.", path, std::strerror(errno)));
  ::close(file);
  ::unlink(probe.c_str());
  return {};
}

base::Expected<void> check_range(const std::string& text, std::int64_t n_mlps) {
  if (text.empty()) return {};
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const std::string_view all = text;
  const bool formed = digits(all.substr(0, dash)) && (dash == all.size() || digits(all.substr(dash + 1)));
  if (!formed) {
    return base::usage_error(
        fmt::format("--range must be A-B, the first and the last network of 0-{}, got '{}'.", n_mlps - 1, text));
  }
  const auto range = contest::parse_range(text, n_mlps);
  if (!range) return std::unexpected(range.error());
  return {};
}

}  // namespace

base::Expected<void> check_request(const RunRequest& request) {
  if (request.estimator.empty())
    return base::usage_error("--estimator is required: a .cpp, a .so, or the name of a bundled estimator.");
  if (request.round.jobs > 1 && request.round.runner == "local") {
    return base::usage_error("--jobs above 1 needs --runner subprocess: one process has one meter.");
  }
  if (auto output = check_output(request.output); !output) return output;
  std::error_code error;
  if (!request.output.empty() && fs::equivalent(request.output, request.estimator, error))
    return base::usage_error(
        fmt::format("--output: '{}' is the estimator, which the report would replace.", request.output));
  if (auto range = check_range(request.range, request.round.n_mlps); !range) return range;
  if (!request.audit_cost_model.empty()) {
    if (auto known = check_cost_model(request.audit_cost_model); !known) {
      return base::usage_error("--audit-cost-model: " + known.error().message);
    }
  }
  return check_cost_model(request.round.cost_model);
}

}  // namespace whest::app
