// SPDX-License-Identifier: MIT
// whest init: writes a starter estimator.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <whest/base/embedded.hpp>
#include <whest/base/file.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/version.hpp>

#include "command.hpp"

namespace whest::base {
extern const std::span<const EmbeddedFile> k_starter_files;  // apps/whest/starter, by whest_embed
}

namespace whest::app {

namespace {

namespace fs = std::filesystem;

class Init final : public Command {
 public:
  const char* name() const override { return "init"; }
  const char* help() const override { return "Write a starter estimator"; }

  void declare(CLI::App& app) override {
    app.add_option("path", m_path, "folder to write to, made when missing (default: .)")->type_name("PATH");
    m_output.declare(app);
  }

  base::Expected<Exit> execute(const Environment& env) override {
    const auto format = m_output.resolve();
    if (!format) return std::unexpected(format.error());
    const auto written = write();
    if (!written) return std::unexpected(written.error());
    if (*format == Format::json) {
      env.out << base::json_text({{"ok", true}, {"created", *written}, {"whest_version", base::version()}});
      return Exit::ok;
    }
    for (const std::string& path : *written) env.out << "created " << path << "\n";
    if (written->empty()) env.out << "nothing to do: the files are there.\n";
    std::string source = (fs::path(m_path) / "estimator.cpp").lexically_normal().string();
    if (source.find_first_of(" \t\"$`\\&;()<>|*?!#'") != std::string::npos) source = quoted(source);
    env.out << fmt::format("next: whest validate --estimator {0}; whest run --estimator {0}\n", source);
    return Exit::ok;
  }

 private:
  // For a shell.
  static std::string quoted(const std::string& word) {
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
  }

  // Files that are there already are left alone.
  base::Expected<std::vector<std::string>> write() const {
    std::error_code error, ignored;
    fs::create_directories(m_path, error);
    if (!fs::is_directory(m_path, ignored)) {
      const std::string why = fs::exists(m_path, ignored) ? "it is a file" : error.message();
      return base::usage_error(fmt::format("cannot make the folder '{}': {}.", m_path, why));
    }
    std::vector<std::string> written;
    for (const base::EmbeddedFile& file : base::k_starter_files) {
      const fs::path target = (fs::path(m_path) / fs::path(file.name).filename()).lexically_normal();
      if (fs::exists(target, error)) continue;
      if (auto ok = base::write_file_atomically(target.string(), file.text); !ok) return std::unexpected(ok.error());
      written.push_back(target.string());
    }
    return written;
  }

  std::string m_path = ".";
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_init() { return std::make_unique<Init>(); }

}  // namespace whest::app
