// SPDX-License-Identifier: MIT
// Which files an estimator can change, and what it finds again in the next network.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <whest/runner/landlock.hpp>
#include <whest/runner/sandbox.hpp>

#include "support.hpp"

using namespace whest;
using namespace whest::test;
namespace fs = std::filesystem;

namespace {

// The folder that tests/runner/estimators/files.cpp knows, as new.
class Elsewhere {
 public:
  Elsewhere() {
    fs::remove_all(m_path);
    fs::create_directories(m_path / "hollow");
    std::ofstream(m_path / "kept") << "as it was";
  }
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;
  ~Elsewhere() { fs::remove_all(m_path); }

  bool untouched() const {
    struct stat kept {};
    if (::stat((m_path / "kept").c_str(), &kept) != 0) return false;
    std::string text;
    std::getline(std::ifstream(m_path / "kept"), text);
    const auto entries = std::distance(fs::directory_iterator(m_path), fs::directory_iterator());
    return text == "as it was" && entries == 2 && fs::is_empty(m_path / "hollow") && kept.st_mtime > 1'000'000'000;
  }

 private:
  fs::path m_path = fs::path(test_plugin("files")).parent_path() / "elsewhere";
};

std::string said(const std::string& class_name) {
  Running running("subprocess", "files", class_name);
  const auto p = running.predict();
  REQUIRE(p.failure.has_value());
  return p.failure->message;
}

}  // namespace

TEST_CASE("files can be changed in the scratch folder only, by predict, setup() and its threads") {
  const auto named = [](const char* wall) { return runner::missing_walls().find(wall) != std::string::npos; };
  for (const char* name : {"ChangesElsewhere", "SetupChangesElsewhere"}) {
    CAPTURE(std::string(name));
    const Elsewhere elsewhere;
    const std::string allowed = said(name);
    switch (runner::confinement_available()) {
      case runner::Confinement::whole:
        CHECK(allowed == ":");
        CHECK(elsewhere.untouched());
        break;
      case runner::Confinement::all_but_cutting:  // what such a kernel lets through is said
        CHECK(allowed == ": cut cut-on-open");
        CHECK(named("files can be cut outside the scratch folder"));
        break;
      case runner::Confinement::none:
        CHECK(allowed.find(" create") != std::string::npos);
        CHECK(named("files can be changed outside the scratch folder"));
        break;
    }
  }
}

TEST_CASE("in the scratch folder everything usual works") {
  const Elsewhere elsewhere;
  CHECK(said("UsesScratch") == ":");
}

TEST_CASE("TMPDIR may be given from the working folder") {
  const char* const before = std::getenv("TMPDIR");
  const std::string restored = before != nullptr ? before : "/tmp";
  ::setenv("TMPDIR", ".", 1);
  const Elsewhere elsewhere;
  CHECK(said("UsesScratch") == ":");
  ::setenv("TMPDIR", restored.c_str(), 1);
}

TEST_CASE("what a network leaves in its output is gone for the next") {
  Running running("subprocess", "files", "LeavesInOutput");
  for (const std::uint32_t seed : {1U, 2U, 3U}) CHECK(running.predict(seed).values.at(0) == 0.0F);
}

TEST_CASE("the scratch folder is what a network finds again, memory is not") {
  Running running("subprocess", "files", "CountsInScratch");
  CHECK(running.predict(1).values.at(0) == 11.0F);
  CHECK(running.predict(2).values.at(0) == 21.0F);
}
