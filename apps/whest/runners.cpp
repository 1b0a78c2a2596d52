// SPDX-License-Identifier: MIT
#include "runners.hpp"

#include <whest/estimator/locate.hpp>

namespace whest::app {

namespace {

// Stands in for runners that are not built into this program.
class MissingRunner final : public runner::Runner {
 public:
  explicit MissingRunner(std::string name) : m_name(std::move(name)) {}
  base::Expected<std::optional<runner::Failure>> start(const runner::Submission&, const runner::Limits&) override {
    return base::grader_error("the runner '" + m_name + "' is not built into this program.");
  }
  runner::Prediction predict(const network::Mlp&, std::int64_t) override { return {}; }
  void stop() override {}

 private:
  std::string m_name;
};

}  // namespace

base::Expected<LocatedEstimator> locate_estimator(const std::string& estimator) {
  auto located = estimator::locate(estimator);
  if (!located) return std::unexpected(located.error());
  return LocatedEstimator{located->path, located->sha256};
}

std::unique_ptr<runner::Runner> make_runner(const std::string& name, std::shared_ptr<std::string> class_name) {
  static_cast<void>(class_name);
  return std::make_unique<MissingRunner>(name);
}

}  // namespace whest::app
