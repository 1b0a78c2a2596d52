// SPDX-License-Identifier: MIT
// whest version: which program this is.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/version.hpp>

#include "command.hpp"

namespace whest::app {

namespace {

class Version final : public Command {
 public:
  const char* name() const override { return "version"; }
  const char* help() const override { return "Show the version"; }
  void declare(CLI::App& app) override { m_output.declare(app); }

  base::Expected<Exit> execute(const Environment& env) override {
    const auto format = m_output.resolve();
    if (!format) return std::unexpected(format.error());
    if (*format == Format::json) {
      env.out << base::json_text({{"ok", true},
                                  {"command", "version"},
                                  {"name", "whest"},
                                  {"version", base::version()},
                                  {"git_version", base::git_description()},
                                  {"compiler", base::compiler()},
                                  {"build_type", base::build_type()},
                                  {"whest_version", base::version()}});
    } else {
      env.out << fmt::format("whest {}\n", base::version());
    }
    return Exit::ok;
  }

 private:
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_version() { return std::make_unique<Version>(); }

}  // namespace whest::app
