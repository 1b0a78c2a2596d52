// SPDX-License-Identifier: MIT
// Replays golden/budget step by step, each scenario under each cost model in this program started anew. Where ours
// differs by rule from what a version did (faults that are not copied), the rule is named here and the step compared
// with what ours must do.
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <regex>
#include <set>

#include "budget_world.hpp"
#include "compare.hpp"
#include "format.hpp"

namespace flopscope::replay {
namespace {

// Whole scenarios about things that ours does not have or does otherwise, with the reason.
const std::map<std::string, std::string>& left_out() {
  static const std::map<std::string, std::string> k_reasons = {
      {"the_same_context_in_two_threads", "a context is open in one thread at a time"},
      {"nothing_active_in_another_thread", "a thread has the default context from the start, and its namespaces"},
      {"namespace_scope_objects", "scopes are C++ objects: opened and left in order"},
      {"namespace_of_another_context",
       "a scope is opened where it is made, never made in one context and opened in another"},
      {"decorator", "Python's decorators"},
      {"decorated_function_raises", "Python's decorators"},
      {"deduct_directly", "charges are made by operations alone"},
      {"flop_multiplier", "gone since 0.8"},
      {"properties_are_read_only", "getters in C++"},
      {"missing_and_extra_arguments", "checked by the compiler"},
      {"weights_switched_off", "the model fma1 and --unweighted queries"},
  };
  return k_reasons;
}

// A fault of that version (README of the calls): it failed where it must not, or as only Python does where another
// version answered.
bool is_fault(const Json& expected, const Json& all) {
  if (!expected.is_object() || !expected.contains("error")) return false;
  const std::string kind = expected.at("error").at("class").get<std::string>();
  if (kind == "RecursionError" || kind == "ZeroDivisionError") return true;
  if (expected.at("error").at("message").get<std::string>().find(" reached numpy.") != std::string::npos) return true;
  if (!is_pythons_own(kind)) return false;
  return std::ranges::any_of(all, [](const Json& other) { return other.is_object() && !other.contains("error"); });
}

// Times and shares masked as in the golden texts, versions too.
std::string masked(std::string text) {
  text = std::regex_replace(text, std::regex(R"(\b\d+\.\d{3}s\b)"), "<time>");
  text = std::regex_replace(text, std::regex(R"((<time>\s+\()[0-9.]+%\))"), "$1<percent>)");
  text = std::regex_replace(text, std::regex(R"(flopscope \d+\.\d+\.\d+)"), "flopscope <version>");
  // Which operations have a backend time differs by version (some kernels were not timed): up to there.
  if (const std::size_t at = text.find("\n\n  By operation (time):\n"); at != std::string::npos) {
    const bool newline = text.ends_with('\n');
    text.resize(at);
    if (newline) text += '\n';
  }
  return text;
}

std::string without_backend_note(std::string text) {
  const std::string note = " (numpy <version> backend)";
  if (const std::size_t at = text.find(note); at != std::string::npos) text.erase(at, note.size());
  return text;
}

class Scenario {
 public:
  Scenario(const Json& scenario, std::string model)
      : m_scenario(scenario), m_model(std::move(model)), m_late(m_model == "flopscope-0.12") {}

  std::vector<std::string> run() {
    if (m_scenario.contains("start") && m_scenario.at("start").value(m_model, Json::object()).contains("start_error")) {
      refuse_start();
      return m_mismatches;
    }
    int number = 0;
    for (const Json& s : m_scenario.at("steps")) {
      compare_step(s.at("do"), s.at("observe"), number++);
      if (m_stop) break;
    }
    return m_mismatches;
  }

 private:
  void fail(int number, const Json& what, const std::string& text) {
    m_mismatches.push_back(
        fmt::format("{}: step {} ({}): {}", m_model, number, what.at("act").get<std::string>(), text));
  }

  // A default budget that no library starts with: ours refuses it at its first use.
  void refuse_start() {
    try {
      default_context();
      m_mismatches.push_back(m_model + ": a default context where none could be made");
    } catch (const Error& e) {
      if (e.kind() != ErrorKind::value_error && e.kind() != ErrorKind::overflow)
        m_mismatches.push_back(fmt::format("{}: {}", m_model, e.what()));
    }
  }

  // Steps where a rule of ours stands against what the version did (specified faults that are not copied).
  bool follows_our_rule(const Json& what, const Observation& got, const Json& expected) {
    const std::string want = expected.contains("error") ? expected.at("error").at("class").get<std::string>() : "";
    // Leaving a context that is not active is refused, and the scenario goes on in another state.
    if (what.at("act") == "exit" && want.empty() && got.error_class == "RuntimeError") {
      m_stop = true;
      return true;
    }
    // A thread without a context has the default one from the start, not from its first operation on.
    if (what.at("act") == "namespace_open" && want == "NoBudgetContextError") return got.error_class.empty();
    // Generators are not spawned: golden/calls has it refused.
    if (what.value("method", "") == "spawn") return got.error_class == "UnsupportedFunctionError";
    // current_budget is there in every model; svd refuses k < 1 in every model.
    if (what.at("act") == "current_budget" && want == "AttributeError" && got.error_class.empty()) return true;
    return want.empty() && got.error_text.starts_with("k must satisfy 1 <= k");
  }

  // What shapes and arguments decide is refused before any charge, which some versions make first: from there on the
  // totals differ.
  bool refused_uncharged(const Json& expected, const std::map<std::string, std::size_t>& before) {
    if (!expected.contains("error") || !expected.contains("log_added") || log_lengths() != before) return false;
    m_uncharged = true;
    return true;
  }

  void compare_step(const Json& what, const Json& observed, int number) {
    const Json expected = observed.value(m_model, Json());
    const std::map<std::string, std::size_t> before = log_lengths();
    // A budget must be finite in every model: the rule is 0.12's.
    if (what.at("act") == "make" && expected.is_object() && !expected.contains("error") &&
        what.contains("flop_budget") && what.at("flop_budget").is_object() && what.at("flop_budget").contains("float"))
      return;
    // A refund is a fault: ours is 0, and so every sum after it differs.
    if (expected.is_object() && expected.contains("log_added") &&
        expected.at("log_added").dump().find("\"flop_cost\":-") != std::string::npos)
      m_stop = true;
    if (m_stop) return;
    // Budgets are doubles: an integer that does not fit one is Python's own.
    const std::string name = what.value("context", m_huge_open);
    const Json budget = what.value("flop_budget", Json());
    if ((budget.is_object() && budget.contains("int")) || (budget.is_number_float() && budget.get<double>() > 9e18))
      m_huge.insert(name);
    if (what.at("act") == "enter" && m_huge.contains(name)) m_huge_open = name;
    if (what.at("act") == "exit" && name == m_huge_open) m_huge_open.clear();
    if (m_huge.contains(name)) return;
    const Observation got = m_world.step(what);
    if (got.error_class.empty() && is_fault(expected, observed)) m_stop = true;  // from here on the totals differ
    if (m_stop) return;
    if (expected.is_null() || expected.contains("not_possible")) return;
    if (!got.supported) {
      m_stop = what.at("act") != "time_identity";  // later steps may build on it
      return;
    }
    if (got.left_out) {
      m_uncharged = m_uncharged || expected.contains("log_added");
      return;
    }
    if (follows_our_rule(what, got, expected)) return;
    m_stream_kept = m_stream_kept || got.error_class == "BudgetExhaustedError";
    compare_error(got, expected, number, what);
    if (got.error_class.empty()) compare_returned(got, expected, number, what);
    compare_inside(got, expected, number, what);
    if (!m_mismatches.empty() || m_uncharged) return;
    if (refused_uncharged(expected, before)) return;
    compare_state(expected, before, number, what);
  }

  std::map<std::string, std::size_t> log_lengths() const {
    std::map<std::string, std::size_t> out;
    for (const std::string& n : m_world.context_names())
      out[n] = m_world.properties(n).at("op_log_length").get<std::size_t>();
    return out;
  }

  // The steps of a scope or of another thread, which are done in order and observed one by one.
  void compare_inside(const Observation& got, const Json& expected, int number, const Json& what) {
    if (!expected.contains("inside") || !what.contains("steps")) return;
    const Json &inner = expected.at("inside"), &steps = what.at("steps");
    for (std::size_t i = 0; i < got.inside.size() && i < inner.size(); ++i) {
      const Observation& one = got.inside[i];
      const Json& do_it = steps.at(i).contains("do") ? steps.at(i).at("do") : steps.at(i);
      if (!one.supported) return;
      if (do_it.at("act") == "raise") continue;  // what passes through is the outer step's
      if (inner[i].is_null() || one.left_out || follows_our_rule(do_it, one, inner[i])) continue;
      compare_error(one, inner[i], number, do_it);
      if (one.error_class.empty()) compare_returned(one, inner[i], number, do_it);
      compare_inside(one, inner[i], number, do_it);
    }
  }

  void compare_error(const Observation& got, const Json& expected, int number, const Json& what) {
    const Json none = nullptr;
    const Json& error = expected.contains("error") ? expected.at("error") : none;
    const std::string want = error.is_null() ? "" : error.at("class").get<std::string>();
    if (is_pythons_own(want) && !got.error_class.empty()) return;
    if (got.error_class != want)
      return fail(number, what, fmt::format("error '{}' ({}) instead of '{}'", got.error_class, got.error_text, want));
    const bool own_text = want == "BudgetExhaustedError" || want == "TimeExhaustedError" || want == "RuntimeError";
    if (!own_text) return;
    const std::string got_text = masked(got.error_text),
                      want_text = masked(
                          std::regex_replace(error.at("message").get<std::string>(), std::regex("<time>s"), "<time>"));
    if (got_text != want_text) fail(number, what, fmt::format("message '{}' instead of '{}'", got_text, want_text));
  }

  void compare_returned(const Observation& got, const Json& expected, int number, const Json& what) {
    if (expected.contains("stderr")) {
      const std::string want = without_backend_note(expected.at("stderr").get<std::string>());
      if (masked(got.printed) != want)
        fail(number, what, fmt::format("printed '{}' instead of '{}'", masked(got.printed), want));
    }
    const std::string act = what.at("act").get<std::string>();
    const bool of_session = act.starts_with("budget_summary");
    if (act == "budget_summary" && m_scenario.value("rich", true)) return;  // the table form
    if (got.data && (expected.contains("result") || expected.contains("stdout"))) {
      const Json& want = expected.contains("result") ? expected.at("result") : expected.at("stdout");
      if (want.is_string()) {
        const std::string text = masked(got.data->get<std::string>());
        if (of_session && m_late) return;
        if (text != masked(want.get<std::string>()))
          fail(number, what, fmt::format("text\n{}\ninstead of\n{}", text, want.get<std::string>()));
      } else if (!of_session || !m_late) {
        compare_record(*got.data, want, number, what, "");
      }
    }
    if (got.value && expected.contains("result") && expected.at("result").is_object() &&
        expected.at("result").contains("shape"))
      if (const std::string d = compare_result(*got.value, expected.at("result"), {.ulps = 64, .scale = 64},
                                               !expected.at("result").contains("values") ||
                                                   what.value("function", "").starts_with("random") ||
                                                   (m_stream_kept && what.contains("method")));
          !d.empty() && d.find("symmetry") == std::string::npos)
        fail(number, what, d);
  }

  // Times: "<time>" is any number; null and 0 are compared only where the life of a context is that of 0.12 (ours).
  void compare_record(const Json& got, const Json& want, int number, const Json& what, const std::string& path) {
    if (path.ends_with("_time_s") || path.ends_with("_duration_s") || path.ends_with("_offset_s") ||
        path.ends_with("elapsed_s")) {
      if (want == "<time>" && !got.is_number()) fail(number, what, path + " is null");
      return;
    }
    if (want.is_object() && got.is_object()) {
      for (const auto& [key, value] : want.items()) {
        if (!got.contains(key))
          fail(number, what, fmt::format("{}.{} is missing", path, key));
        else
          compare_record(got.at(key), value, number, what, path + "." + key);
      }
      return;
    }
    if (want.is_array() && got.is_array() && want.size() == got.size()) {
      for (std::size_t i = 0; i < want.size(); ++i)
        compare_record(got[i], want.at(i), number, what, fmt::format("{}[{}]", path, i));
      return;
    }
    if (want.is_number() && got.is_number() ? want.get<double>() != got.get<double>() : got != want)
      fail(number, what, fmt::format("{} is {} instead of {}", path, got.dump(), want.dump()));
  }

  void compare_state(const Json& expected, const std::map<std::string, std::size_t>& before, int number,
                     const Json& what) {
    if (expected.contains("active") && expected.at("active") != m_world.active())
      fail(number, what, fmt::format("active is {} instead of {}", m_world.active(), expected.at("active").dump()));
    if (expected.contains("log_added"))
      for (const auto& [name, records] : expected.at("log_added").items())
        compare_record(m_world.records(name, before.contains(name) ? before.at(name) : 0), records, number, what,
                       "log of " + name);
    if (expected.contains("contexts"))
      for (const auto& [name, properties] : expected.at("contexts").items()) {
        Json want = properties;
        // Python's own forms of a number, and the times (their rule is compared in summaries and records).
        if (want.at("flop_budget").is_boolean() || want.at("flop_budget").is_object()) {
          want.erase("flop_budget");
          want.erase("flops_remaining");
        }
        if (const auto limit = want.find("wall_time_limit_s"); limit != want.end() && limit->is_object())
          want.erase(limit);
        for (const char* key : {"flop_multiplier", "wall_time_s", "elapsed_s", "flopscope_backend_time_s",
                                "flopscope_overhead_time_s", "residual_wall_time_s"})
          want.erase(key);
        compare_record(m_world.properties(name), want, number, what, name);
      }
  }

  const Json& m_scenario;
  std::string m_model;
  bool m_late;  // 0.12 adds the default context's 1e15 to nearly every session total: a fault, not compared
  bool m_stop = false;
  bool m_uncharged = false;
  bool m_stream_kept =
      false;  // a sampler that is refused leaves its stream where it was, by contrast with the packages
  std::set<std::string> m_huge;  // contexts left out
  std::string m_huge_open;
  BudgetWorld m_world;
  std::vector<std::string> m_mismatches;
};

// Where the program of one scenario writes its mismatches, each ended by a zero byte.
constexpr int k_answers = 3;

// The scenario as the standard input of this program, started anew: a fork alone would inherit the session, the default
// context and the random stream that lines of other formats have used.
[[noreturn]] void become_scenario(const Json& scenario, const std::string& model, int answers) {
  const Json environment = scenario.value("environment", Json::object());
  for (const auto& [key, value] : environment.items()) setenv(key.c_str(), value.get<std::string>().c_str(), 1);
  const std::string text = scenario.dump();
  const int input = memfd_create("scenario", 0);
  const bool written = write(input, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (written && lseek(input, 0, SEEK_SET) == 0 && dup2(input, STDIN_FILENO) >= 0 && dup2(answers, k_answers) >= 0)
    execl("/proc/self/exe", "flopscope_replay", k_scenario_option, model.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

std::vector<std::string> run_in_child(const Json& scenario, const std::string& model) {
  int ends[2];
  if (pipe(ends) != 0) return {"no pipe"};
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    become_scenario(scenario, model, ends[1]);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  std::vector<std::string> out;
  for (std::size_t b = 0; b < text.size();) {
    const std::size_t e = text.find('\0', b);
    out.push_back(text.substr(b, e - b));
    b = e + 1;
  }
  if (status != 0) out.push_back(fmt::format("{}: the scenario's process died with status {}", model, status));
  return out;
}

}  // namespace

int run_scenario_alone(const std::string& model) {
  std::string text;
  try {
    const Json scenario = Json::parse(stdin);
    set_active_cost_model(cost_model(model));
    for (const std::string& m : Scenario(scenario, model).run()) text += m + '\0';
  } catch (const std::exception& e) {
    text = model + ": " + e.what() + '\0';
  }
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = write(k_answers, text.data() + at, text.size() - at);
    if (n <= 0) return 1;
    at += static_cast<std::size_t>(n);
  }
  return 0;
}

LineResult replay_budget(const Json& scenario, const Settings& settings) {
  LineResult out;
  out.id = out.op = scenario.at("name").get<std::string>();
  out.group = "budget";
  if (const auto reason = left_out().find(out.id); reason != left_out().end()) {
    out.verdict = Verdict::skipped;
    out.reason = reason->second;
    return out;
  }
  for (const std::string& model : settings.models)
    for (std::string& m : run_in_child(scenario, model)) out.mismatches.push_back(std::move(m));
  if (!out.mismatches.empty()) out.verdict = Verdict::failed;
  return out;
}

}  // namespace flopscope::replay
