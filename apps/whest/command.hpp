// SPDX-License-Identifier: MIT
// What the subcommands share: their streams, their way out, and the list of them.
#pragma once

#include <CLI/CLI.hpp>
#include <ostream>
#include <string>
#include <vector>
#include <whest/base/clock.hpp>
#include <whest/base/error.hpp>
#include <whest/report/error_object.hpp>

#include "output.hpp"

namespace whest::app {

// Exit statuses (README): scored; the participant's fault; the user's; the program's; stopped by a signal.
enum class Exit { ok = 0, participant = 1, usage = 2, grader = 3, interrupted = 130 };

struct Environment {
  std::vector<std::string> arguments;  // the whole command line
  std::ostream& out;
  std::ostream& err;
  const base::Clock& clock;
};

class Command {
 public:
  virtual ~Command() = default;
  virtual const char* name() const = 0;
  virtual const char* help() const = 0;
  // Declares its options on `app`.
  virtual void declare(CLI::App& app) = 0;
  // Runs with the options parsed. Prints its result on env.out; an Error is printed by the caller.
  virtual base::Expected<Exit> execute(const Environment& env) = 0;
};

// Every subcommand, in the order of the help. Making one costs nothing: all work is in execute().
std::vector<std::unique_ptr<Command>> all_commands();

std::unique_ptr<Command> make_bench();
std::unique_ptr<Command> make_doctor();
std::unique_ptr<Command> make_flops();
std::unique_ptr<Command> make_init();
std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_run();
std::unique_ptr<Command> make_smoke_test();
std::unique_ptr<Command> make_validate();
std::unique_ptr<Command> make_version();

}  // namespace whest::app
