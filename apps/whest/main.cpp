// SPDX-License-Identifier: MIT
// The program: parses the command line, calls the command, prints what went wrong, returns the exit status.
#include <fmt/format.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <whest/base/suggest.hpp>
#include <whest/base/version.hpp>
#include <whest/runner/kernel_threads.hpp>

#include "command.hpp"
#include "standard_stream.hpp"
#include "words.hpp"

namespace whest::app {

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  for (const auto make : {make_run, make_validate, make_smoke_test, make_init, make_inspect, make_flops, make_bench,
                          make_doctor, make_version}) {
    commands.push_back(make());
  }
  return commands;
}

namespace {

base::Expected<void> refuse_unknown_command(const std::vector<std::string>& arguments,
                                            const std::vector<std::unique_ptr<Command>>& commands) {
  std::vector<std::string> names;
  for (const auto& command : commands) names.emplace_back(command->name());
  if (arguments.size() < 2)
    return base::usage_error(fmt::format("no command given: use one of {}.", fmt::join(names, ", ")));
  const std::string& word = arguments[1];
  if (word.starts_with("-"))
    return base::usage_error(fmt::format("unknown option '{}'; 'whest --help' lists the commands.", word));
  return base::usage_error(fmt::format("unknown command '{}'; use one of {}.{}", word, fmt::join(names, ", "),
                                       base::did_you_mean(word, names)));
}

struct Outcome {
  std::string stage;  // the command's name
  base::Expected<Exit> exit;
};

Outcome dispatch(const Environment& env) {
  CLI::App app("whest: runs and grades estimators of random ReLU networks", "whest");
  app.set_version_flag("--version", std::string(base::version()), "show the version and exit");
  app.set_help_flag("-h,--help", "show this help and exit");
  app.require_subcommand(0, 1);
  app.allow_extras();
  const auto commands = all_commands();
  std::vector<CLI::App*> subcommands;
  for (const auto& command : commands) {
    CLI::App* sub = app.add_subcommand(command->name(), command->help());
    command->declare(*sub);
    subcommands.push_back(sub);
  }
  const std::string word = env.arguments.size() > 1 ? env.arguments[1] : "";
  std::vector<std::string> words = {word};
  const auto sub = std::find_if(subcommands.begin(), subcommands.end(),
                                [&](const CLI::App* one) { return one->get_name() == word; });
  if (sub != subcommands.end()) {
    const auto tidy = tidy_words(**sub, std::span(env.arguments).subspan(2));
    if (!tidy) return {word, std::unexpected(tidy.error())};
    words.insert(words.end(), tidy->begin(), tidy->end());
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::Success& shown) {  // --help, --version
    app.exit(shown, env.out, env.err);
    return {"", Exit::ok};
  } catch (const CLI::ParseError& error) {
    return {word, base::usage_error(fmt::format("{}.", error.what()))};
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (subcommands[i]->parsed()) return {commands[i]->name(), commands[i]->execute(env)};
  }
  const auto refused = refuse_unknown_command(env.arguments, commands);
  return {"usage", std::unexpected(refused.error())};
}

int run(const Environment& env) {
  const Outcome outcome = dispatch(env);
  if (outcome.exit) return static_cast<int>(*outcome.exit);
  const bool usage = outcome.exit.error().kind == base::ErrorKind::usage;
  const char* code = usage ? "SCORING_VALIDATION_ERROR" : "SCORING_RUNTIME_ERROR";
  show_error({outcome.stage, code, outcome.exit.error().message, {}, {}}, wants_json(env.arguments), env.out, env.err);
  return static_cast<int>(usage ? Exit::usage : Exit::grader);
}

// Without destructors and exit handlers: an estimator that ran in this process may have left some of its own, which
// would choose the status, or a thread that an interrupt left behind, which needs what they destroy.
[[noreturn]] void leave(int status) {
#ifdef __SANITIZE_ADDRESS__
  if (status != static_cast<int>(Exit::interrupted)) __lsan_do_leak_check();  // a leak ends it here, with its report
#endif
  std::_Exit(status);
}

}  // namespace
}  // namespace whest::app

int main(int argc, char** argv) {
  using namespace whest;
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is a write that fails
  ::setenv(runner::k_idle_timeout_variable, runner::k_idle_timeout, 0);  // here, where no thread reads the environment
  app::StandardStream out(STDOUT_FILENO), err(STDERR_FILENO);
  err << std::unitbuf;
  const app::Environment env{{argv, argv + argc}, out, err, base::system_clock()};
  try {
    const int status = app::run(env);
    // A result that nobody can read (a full disk behind a redirection) is no success.
    if (!out.flush()) {
      err << "whest: the result could not be written to standard output.\n";
      return static_cast<int>(app::Exit::grader);
    }
    app::leave(status);
  } catch (const std::exception& fault) {
    app::show_error({"whest", "SCORING_RUNTIME_ERROR", fmt::format("internal fault: {}", fault.what()), {}, {}},
                    app::wants_json(env.arguments), env.out, env.err);
    out.flush();
    return static_cast<int>(app::Exit::grader);
  }
}
