// SPDX-License-Identifier: MIT
// The command line of flopscope_replay: what it refuses, what its last line and its exit status say.
#include <doctest/doctest.h>

#include <golden.hpp>

#include "program.hpp"

using whest::test::FreshDirectory;
using whest::test::Program;
using whest::test::Result;
using whest::test::Words;

namespace {

struct Replay {
  FreshDirectory directory;

  Result run(const Words& words) const { return Program(directory, words, {}, "flopscope_replay").wait(); }

  // The sentence of a refusal: exit 2, no result, the usage behind it.
  std::string refusal(const Words& words) const {
    const Result result = run(words);
    CHECK(result.exit_code == 2);
    CHECK(result.out.find("passed") == std::string::npos);
    const std::string prefix = "flopscope_replay: ";
    REQUIRE(result.err.starts_with(prefix));
    CHECK(result.err.find("\nusage: flopscope_replay ") != std::string::npos);
    return result.err.substr(prefix.size(), result.err.find('\n') - prefix.size());
  }
};

// The first call of golden/calls/unary, an `abs`.
nlohmann::ordered_json first_call() {
  const std::string text = whest::test::golden_text("calls/unary.jsonl");
  return nlohmann::ordered_json::parse(text.substr(0, text.find('\n')));
}

std::string last_line(const std::string& text) {
  REQUIRE(text.ends_with("\n"));
  const std::size_t before = text.rfind('\n', text.size() - 2);
  return text.substr(before == std::string::npos ? 0 : before + 1);
}

}  // namespace

TEST_CASE("replay: the last line counts, the exit status says whether all agreed") {
  const Replay replay;
  nlohmann::ordered_json call = first_call();
  replay.directory.write("good.jsonl", call.dump() + "\n\n" + call.dump());
  const Result good = replay.run({"good.jsonl"});
  CHECK(good.exit_code == 0);
  CHECK(good.out == "2 passed, 0 failed, 0 skipped\n");
  call["charge"]["flopscope-0.5"] = 21;
  replay.directory.write("wrong.jsonl", call.dump() + "\n");
  const Result wrong = replay.run({"good.jsonl", "wrong.jsonl"});
  CHECK(wrong.exit_code == 1);
  CHECK(wrong.out.starts_with(call["id"].get<std::string>() + ": "));
  CHECK(last_line(wrong.out) == "2 passed, 1 failed, 0 skipped\n");
  const Result summary = replay.run({"wrong.jsonl", "--summary"});
  CHECK(summary.exit_code == 1);
  CHECK(summary.out == "failed: abs:1\n0 passed, 1 failed, 0 skipped\n");
  CHECK(replay.run({"wrong.jsonl", "--cost-model", "flopscope-0.9"}).exit_code == 0);
  CHECK(replay.run({"wrong.jsonl", "--cost-model=flopscope-0.5"}).exit_code == 1);
  call["op"] = "no_such_operation";
  replay.directory.write("unknown.jsonl", call.dump() + "\n");
  CHECK(replay.run({"unknown.jsonl"}).out == "0 passed, 0 failed, 1 skipped\n");
  CHECK(replay.run({"good.jsonl", "--ops", "exp"}).out == "0 passed, 0 failed, 2 skipped\n");
  CHECK(replay.run({"good.jsonl", "--ops", "abs,exp"}).out == "2 passed, 0 failed, 0 skipped\n");
  CHECK(replay.run({"unknown.jsonl", "--ops", "no_such_operation"}).exit_code == 0);
}

TEST_CASE("replay: help, and what is refused") {
  const Replay replay;
  const Result help = replay.run({"--help"});
  CHECK(help.exit_code == 0);
  CHECK(help.err.empty());
  for (const char* option : {"--cost-model", "--ops", "--summary", "--help"})
    CHECK(help.out.find(option) != std::string::npos);
  replay.directory.write("good.jsonl", first_call().dump());
  replay.directory.write("empty.jsonl", "");
  replay.directory.write("blank.jsonl", "\n \n");
  replay.directory.write("list.json", "[]");
  replay.directory.write("other.json", "{\"name\": 1}\n");
  replay.directory.write("text.txt", "not JSON\n");
  replay.directory.write("broken.jsonl", first_call().dump() + "\n{\"op\": 3, \"args\": 1, \"charge\": {}}\n");
  CHECK(replay.refusal({}) == "no file given.");
  CHECK(replay.refusal({"nowhere.jsonl"}) == "cannot read 'nowhere.jsonl'.");
  CHECK(replay.refusal({"/"}) == "cannot read '/'.");
  CHECK(replay.refusal({"empty.jsonl"}) == "'empty.jsonl' is empty.");
  CHECK(replay.refusal({"blank.jsonl"}) == "'blank.jsonl' is empty.");
  CHECK(replay.refusal({"list.json"}) == "list.json:0: an empty list.");
  CHECK(replay.refusal({"other.json"}) == "other.json:1: not a line of a known golden format.");
  CHECK(replay.refusal({"text.txt"}) == "text.txt:1: not a line of a known golden format.");
  CHECK(replay.refusal({"broken.jsonl"}).starts_with("broken.jsonl:2: not as its format says: "));
  CHECK(replay.refusal({"good.jsonl", "--ops", "abss"}) == "--ops: there is no operation or query 'abss'.");
  CHECK(replay.refusal({"good.jsonl", "--ops", "abs,"}) == "--ops has an empty name in 'abs,'.");
  CHECK(replay.refusal({"good.jsonl", "--ops"}) == "--ops needs a value.");
  CHECK(replay.refusal({"good.jsonl", "--cost-model", "junk"}).starts_with("unknown cost model 'junk': use one of "));
  CHECK(replay.refusal({"good.jsonl", "--bogus"}) == "unknown option '--bogus'.");
}
