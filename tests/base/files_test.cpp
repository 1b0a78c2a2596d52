// SPDX-License-Identifier: MIT
// Atomic writes, UTC stamps, host probes, suggestions, strict JSON objects.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <whest/base/clock.hpp>
#include <whest/base/file.hpp>
#include <whest/base/host.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/numbers.hpp>
#include <whest/base/suggest.hpp>

using namespace whest::base;
namespace fs = std::filesystem;

namespace {
// A directory of its own for a test, removed behind it.
struct FreshDirectory {
  fs::path path;
  FreshDirectory() {
    std::string name = (fs::temp_directory_path() / "whest-base-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~FreshDirectory() { fs::remove_all(path); }
};
}  // namespace

TEST_CASE("a written file is read back, replaced whole, and leaves no temporary") {
  const FreshDirectory directory;
  const std::string path = directory.path / "report.json";
  REQUIRE(write_file_atomically(path, "first").has_value());
  REQUIRE(write_file_atomically(path, "second").has_value());
  CHECK(read_file(path).value() == "second");
  CHECK(std::distance(fs::directory_iterator(directory.path), fs::directory_iterator()) == 1);
}

TEST_CASE("a failed write says which file and leaves nothing behind") {
  const FreshDirectory directory;
  const std::string path = directory.path / "missing" / "report.json";
  const auto result = write_file_atomically(path, "x");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().message.find(path) != std::string::npos);
  CHECK(fs::is_empty(directory.path));
  CHECK_FALSE(write_file_atomically(directory.path, "x").has_value());
}

TEST_CASE("a link is followed: the file behind it is replaced") {
  const FreshDirectory directory;
  const fs::path target = directory.path / "real.json", link = directory.path / "link.json";
  REQUIRE(write_file_atomically(target, "old").has_value());
  fs::create_symlink(target, link);
  REQUIRE(write_file_atomically(link, "new").has_value());
  CHECK(fs::is_symlink(link));
  CHECK(read_file(target).value() == "new");
}

TEST_CASE("reading a missing file or a directory is a usage error") {
  CHECK(read_file("/nonexistent/file").error().kind == ErrorKind::usage);
  CHECK_FALSE(read_file("/").has_value());
}

TEST_CASE("what is no regular file, or too large, is refused before it is read") {
  const FreshDirectory directory;
  CHECK(read_file("/dev/zero").error().message == "cannot read '/dev/zero': it is a device.");
  const std::string pipe = directory.path / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(read_file(pipe).value() == "");  // nobody writes it
  CHECK(irregular_kind(pipe) == "a pipe");
  CHECK(irregular_kind("/") == "a directory");
  CHECK(irregular_kind("/nonexistent/file").empty());
  const std::string path = directory.path / "five";
  REQUIRE(write_file_atomically(path, "12345").has_value());
  CHECK(irregular_kind(path).empty());
  CHECK(read_file(path, 5).value() == "12345");
  CHECK(read_file(path, 4).error().message == "cannot read '" + path + "': it is larger than 4 B.");
  CHECK(read_file("/proc/self/status").value().size() > 4);
  CHECK_FALSE(read_file("/proc/self/status", 4).has_value());  // says that it has no bytes
}

TEST_CASE("whole numbers with all their digits") {
  CHECK(grouped_whole(0.0) == "0");
  CHECK(grouped_whole(1234567.5) == "1,234,568");
  CHECK(grouped_whole(-1000.0) == "-1,000");
  CHECK(grouped_whole(0x1p63) == "9,223,372,036,854,775,808");
  CHECK(grouped_whole(1e22) == "10,000,000,000,000,000,000,000");
  CHECK(grouped_whole(std::numeric_limits<double>::infinity()) == "inf");
}

TEST_CASE("UTC stamps carry microseconds and the zone") {
  const UtcTime time = UtcTime() + std::chrono::seconds(1'764'000'000) + std::chrono::microseconds(42);
  CHECK(utc_iso(time) == "2025-11-24T16:00:00.000042+00:00");
}

TEST_CASE("the host's probes respect the switch that turns them off") {
  unsetenv("WHEST_SKIP_HARDWARE_FALLBACK_PROBES");
  const Host probed = probe_host();
  CHECK(probed.os == "Linux");
  CHECK(probed.cpu_count_logical >= 1);
  CHECK(probed.ram_total_bytes.value_or(0) > 0);
  setenv("WHEST_SKIP_HARDWARE_FALLBACK_PROBES", "1", 1);
  const Host skipped = probe_host();
  CHECK_FALSE(skipped.ram_total_bytes.has_value());
  CHECK(skipped.cpu_brand == "unknown");
  setenv("WHEST_SKIP_HARDWARE_FALLBACK_PROBES", "No", 1);
  CHECK(probe_host().ram_total_bytes.has_value());
  unsetenv("WHEST_SKIP_HARDWARE_FALLBACK_PROBES");
}

TEST_CASE("suggestions come for slips only") {
  const std::vector<std::string> commands = {"run", "validate", "doctor", "init"};
  CHECK(nearest("rnu", commands) == "run");
  CHECK(nearest("validat", commands) == "validate");
  CHECK(nearest("dcotro", commands) == "doctor");
  CHECK_FALSE(nearest("bananas", commands).has_value());
  CHECK_FALSE(nearest("x", commands).has_value());
}

TEST_CASE("a strict object refuses unknown keys, wrong types and numbers out of bounds") {
  const auto fault = [](const char* text) {
    const Json json = Json::parse(text);
    JsonObject object(json, "round.json");
    object.integer("width", 1, 4096);
    object.real_or_null("limit_s", Bound::positive);
    const auto result = object.finish();
    return result ? std::string() : result.error().message;
  };
  CHECK(fault(R"({"width": 8, "limit_s": null})").empty());
  CHECK(fault(R"({"width": 8, "limit_s": 0.5})").empty());
  CHECK(fault(R"({"width": 8, "limit_s": 1, "widht": 3})") ==
        "unknown key 'widht' in round.json. Did you mean 'width'?");
  CHECK(fault(R"({"limit_s": 1})") == "round.json has no key 'width'.");
  CHECK(fault(R"({"width": 8.5, "limit_s": 1})") == "'width' in round.json must be an integer, got 8.5.");
  CHECK(fault(R"({"width": 0, "limit_s": 1})") == "'width' in round.json must be positive, got 0.");
  CHECK(fault(R"({"width": 8, "limit_s": -1})") == "'limit_s' in round.json must be positive, got -1.");
  CHECK(fault(R"({"width": 18446744073709551615, "limit_s": 1})") != "");
  CHECK(fault("[]") == "round.json must be a JSON object.");
}

TEST_CASE("JSON text: non-finite numbers become null, broken JSON is one sentence") {
  CHECK(json_text(Json{{"x", std::numeric_limits<double>::quiet_NaN()}}) == "{\n  \"x\": null\n}\n");
  CHECK(parse_json("{", "file.json").error().message == "file.json is not valid JSON (at byte 2).");
}
