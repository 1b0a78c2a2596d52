// SPDX-License-Identifier: MIT
// From what is handed in to a plugin: names, files, compilation and its cache, classes, ABI versions.
#include <doctest/doctest.h>
#include <elf.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <whest/base/file.hpp>
#include <whest/base/sha256.hpp>
#include <whest/estimator/compile.hpp>
#include <whest/estimator/elf.hpp>
#include <whest/estimator/locate.hpp>
#include <whest/estimator/plugin.hpp>
#include <whest/estimator/spawn.hpp>
#include <whest/estimator/tree.hpp>

using namespace whest;
namespace fs = std::filesystem;

namespace {

// A fresh folder with a cache of its own, gone at the end.
class Workplace {
 public:
  Workplace() {
    std::string path = (fs::temp_directory_path() / "whest-test-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    m_path = path;
    ::setenv("XDG_CACHE_HOME", (m_path / "cache").c_str(), 1);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace() { fs::remove_all(m_path); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(m_path / name) << text;
    return (m_path / name).string();
  }
  // How many plugins the cache holds.
  std::size_t cached() const {
    std::size_t n = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(m_path / "cache/whest/estimators", error)) {
      n += entry.path().extension() == ".so" ? 1 : 0;
      CHECK(entry.path().string().find(".tmp") == std::string::npos);  // nothing half done is left
    }
    return n;
  }
  const fs::path& path() const { return m_path; }

 private:
  fs::path m_path;
};

std::string estimator_source(const std::string& classes) {
  std::string text = "#include <whest/estimator.hpp>\n";
  for (const char c : classes) {
    const std::string name(1, c);
    text += "struct " + name +
            " : whest::Estimator {\n  flopscope::numpy::ndarray predict(const whest::Mlp& mlp, std::int64_t) override "
            "{\n    return flopscope::numpy::zeros({mlp.depth(), mlp.width()});\n  }\n};\nWHEST_ESTIMATOR(" +
            name + ")\n";
  }
  return text;
}

std::string refusal(const std::string& estimator) {
  const auto located = estimator::locate(estimator);
  REQUIRE_FALSE(located);
  CHECK(located.error().kind == base::ErrorKind::usage);
  return located.error().message;
}

}  // namespace

TEST_CASE("bundled names") {
  const auto names = estimator::bundled_names();
  CHECK(names == std::vector<std::string>{"combined", "covariance_propagation", "mean_propagation", "monte_carlo",
                                          "random", "zeros"});
  const auto located = estimator::locate("zeros");
  REQUIRE(located);
  CHECK(located->origin == estimator::Origin::bundled);
  CHECK(located->plugin_path == estimator::tree().bundled_dir() + "/zeros.so");
  CHECK(located->sha256 == base::sha256_hex(*base::read_file(located->plugin_path)));
  CHECK(refusal("zeroes").find("Did you mean 'zeros'?") != std::string::npos);
}

TEST_CASE("files that are no estimator") {
  const Workplace place;
  CHECK(refusal("/no/such/file.cpp") == "Estimator file not found: /no/such/file.cpp");
  CHECK(refusal(place.write("estimator.py", "x = 1\n")).find("is no estimator") != std::string::npos);
  CHECK(refusal(place.path().string()).find("is no estimator") != std::string::npos);
  const auto plugin = estimator::Plugin::open(place.write("text.so", "not a library"), "text.so");
  REQUIRE_FALSE(plugin);
  CHECK(plugin.error().message.starts_with("'text.so' cannot be loaded:"));
}

TEST_CASE("a shared object is loaded only when all of it is there") {
  const Workplace place;
  const std::string plugin = estimator::locate("zeros")->plugin_path;
  const std::string whole = *base::read_file(plugin);
  CHECK(estimator::check_shared_object(plugin, "zeros"));
  const auto refused = [&](const std::string& bytes) {
    const std::string path = place.write("part.so", bytes);
    const auto opened = estimator::Plugin::open(path, "part.so");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == base::ErrorKind::usage);
    return opened.error().message;
  };
  for (const std::size_t size : {16u, 63u, 64u, 200u, 5000u}) {
    CAPTURE(size);
    CHECK(refused(whole.substr(0, size))
              .starts_with("'part.so' cannot be loaded: the file is cut off, it has " + std::to_string(size) + " "));
  }
  CHECK(refused("") == "'part.so' cannot be loaded: it is no 64-bit ELF shared object.");
  const auto with = [&](std::size_t at, const std::string& bytes) {
    std::string text = whole;
    return text.replace(at, bytes.size(), bytes);
  };
  CHECK(refused(with(1, "X")) == "'part.so' cannot be loaded: it is no 64-bit ELF shared object.");
  const std::string most(8, '\xff');
  CHECK(refused(with(offsetof(Elf64_Ehdr, e_phoff), most)).find("cut off") != std::string::npos);
  CHECK(refused(with(64 + offsetof(Elf64_Phdr, p_filesz), most)).find("cut off") != std::string::npos);
  CHECK(refused(with(offsetof(Elf64_Ehdr, e_phentsize), "\x01")).find("damaged") != std::string::npos);
}

TEST_CASE("a source is compiled once for each content, its own headers included") {
  const Workplace place;
  place.write("helper.hpp", "#pragma once\n");
  const std::string source = place.write("one.cpp", "#include \"helper.hpp\"\n" + estimator_source("A"));
  const auto first = estimator::locate(source);
  if (!first) FAIL(first.error().message);
  CHECK(first->origin == estimator::Origin::source);
  CHECK(first->path == fs::canonical(source).string());
  CHECK(first->sha256 != base::sha256_hex(*base::read_file(source)));  // its header is part of it
  CHECK(first->submission_dir == fs::canonical(place.path()).string());
  CHECK(place.cached() == 1);

  const auto built = fs::last_write_time(first->plugin_path);
  CHECK(estimator::locate(source)->plugin_path == first->plugin_path);
  CHECK(fs::last_write_time(first->plugin_path) == built);  // from the cache

  place.write("helper.hpp", "#pragma once\n// changed\n");
  const auto changed = estimator::locate(source);
  CHECK(changed->plugin_path == first->plugin_path);
  CHECK(fs::last_write_time(first->plugin_path) != built);  // built again in its place
  CHECK(changed->sha256 != first->sha256);

  const auto plugin = estimator::Plugin::open(first->plugin_path, "one.cpp");
  if (!plugin) FAIL(plugin.error().message);
  CHECK(plugin->class_names() == std::vector<std::string>{"A"});
}

TEST_CASE("a single file is known by its own hash, and by what it finds when it looks for files") {
  const Workplace place;
  const std::string source = place.write(
      "one.cpp", "#if __has_include(\"more.hpp\")\n#include \"more.hpp\"\n#endif\n" + estimator_source("A"));
  const auto alone = estimator::locate(source);
  if (!alone) FAIL(alone.error().message);
  CHECK(alone->sha256 == base::sha256_hex(*base::read_file(source)));
  place.write("more.hpp", "#pragma once\n");
  CHECK(estimator::locate(source)->sha256 != alone->sha256);
}

TEST_CASE("a compiled plugin that was damaged is compiled anew") {
  const Workplace place;
  const std::string source = place.write("whole.cpp", estimator_source("A"));
  const auto first = estimator::locate(source);
  if (!first) FAIL(first.error().message);
  const auto size = fs::file_size(first->plugin_path);
  fs::resize_file(first->plugin_path, 0);
  REQUIRE(estimator::locate(source));
  CHECK(fs::file_size(first->plugin_path) == size);
}

TEST_CASE("the first error is shown, however many warnings come before it") {
  const Workplace place;
  std::string text = "#include <whest/estimator.hpp>\n";
  for (int i = 0; i < 20; ++i) text += "#warning \"one of many\"\n";
  CHECK(refusal(place.write("warned.cpp", text + "int main( { }\n")).find("warned.cpp:22:") != std::string::npos);
}

TEST_CASE("a source that does not compile is refused with the compiler's first lines") {
  const Workplace place;
  const std::string source = place.write("broken.cpp", "#include <whest/estimator.hpp>\nint main( { }\n");
  const std::string message = refusal(source);
  CHECK(message.starts_with("'" + fs::canonical(source).string() + "' does not compile:\n"));
  CHECK(message.find("broken.cpp:2:") != std::string::npos);
  CHECK(place.cached() == 0);
  // Undefined symbols are found now, not when the plugin is loaded.
  CHECK(refusal(place.write("undefined.cpp", "void missing();\nvoid f() { missing(); }\n")).find("missing") !=
        std::string::npos);
  ::setenv("WHEST_CXX", "/no/such/compiler", 1);
  CHECK(refusal(source).find("cannot run '/no/such/compiler'") != std::string::npos);
  CHECK(refusal(source).find("WHEST_CXX") != std::string::npos);
  ::unsetenv("WHEST_CXX");
}

TEST_CASE("the class: the only one, the one named, never a guess") {
  const Workplace place;
  const auto two = estimator::locate(place.write("two.cpp", estimator_source("PQ")));
  if (!two) FAIL(two.error().message);
  const auto plugin = estimator::Plugin::open(two->plugin_path, "two.cpp");
  REQUIRE(plugin);
  CHECK((*plugin->select("Q"))->name == std::string("Q"));
  CHECK(plugin->select("").error().message ==
        "Ambiguous estimator classes in two.cpp: P, Q. Pass --class to select one explicitly.");
  CHECK(
      plugin->select("R").error().message.starts_with("Estimator class 'R' was not found in two.cpp (it has: P, Q)."));

  const auto none = estimator::locate(place.write("none.cpp", "#include <whest/estimator.hpp>\n"));
  REQUIRE(none);
  CHECK(estimator::Plugin::open(none->plugin_path, "none.cpp")
            ->select("")
            .error()
            .message.starts_with("No estimator classes found in none.cpp"));
  const auto bare = estimator::locate(place.write("bare.cpp", "int x = 1;\n"));
  REQUIRE(bare);
  CHECK(estimator::Plugin::open(bare->plugin_path, "bare.cpp")
            .error()
            .message.starts_with("No estimator classes found in bare.cpp"));
}

TEST_CASE("a plugin of another ABI version is refused with what to do") {
  const Workplace place;
  const std::string source =
      "#include <whest/abi.h>\n"
      "extern \"C\" __attribute__((visibility(\"default\"))) const whest_plugin* whest_plugin_entry() {\n"
      "  static const whest_plugin table{VERSIONS, 0, 0, nullptr};\n  return &table;\n}\n";
  const auto opened = [&](const std::string& name, const std::string& versions) {
    std::string text = source;
    text.replace(text.find("VERSIONS"), 8, versions);
    const auto located = estimator::locate(place.write(name, text));
    if (!located) FAIL(located.error().message);
    return estimator::Plugin::open(located->plugin_path, "old.so");
  };
  const auto old = opened("old.cpp", "0, FLOPSCOPE_ABI_VERSION");
  REQUIRE_FALSE(old);
  CHECK(old.error().kind == base::ErrorKind::usage);
  const std::string speaks = "this whest speaks " + std::to_string(WHEST_ABI_VERSION) + ": rebuild it";
  CHECK(old.error().message.starts_with("'old.so' was built for plugin ABI 0, " + speaks));
  const auto other = opened("other.cpp", "WHEST_ABI_VERSION, FLOPSCOPE_ABI_VERSION + 1");
  REQUIRE_FALSE(other);
  CHECK(other.error().message.starts_with("'old.so' was built for flopscope ABI " +
                                          std::to_string(FLOPSCOPE_ABI_VERSION + 1) + ", this whest speaks "));
  CHECK(opened("same.cpp", "WHEST_ABI_VERSION, FLOPSCOPE_ABI_VERSION"));
}

TEST_CASE("a command's status and words come back") {
  const auto run = estimator::run_command({"sh", "-c", "echo out; echo error >&2; exit 3"});
  REQUIRE(run);
  CHECK(run->exit_status == 3);
  CHECK(run->output == "out\nerror\n");
  CHECK_FALSE(estimator::run_command({"no-such-program-here"}));
}
