// SPDX-License-Identifier: MIT
// whest flops: what an operation would cost, without running it.
#include "command.hpp"

namespace whest::app {

namespace {

class Flops final : public Command {
 public:
  const char* name() const override { return "flops"; }
  const char* help() const override { return "Show what an operation costs"; }

  void declare(CLI::App& app) override {
    app.add_option("query", m_query,
                   "einsum SUBSCRIPTS SHAPE..., svd M N [--k K], pointwise OP SHAPE, reduction OP SHAPE");
    m_output.declare(app);
  }

  base::Expected<Exit> execute(const Environment&) override {
    return base::usage_error("cost queries are not built yet.");
  }

 private:
  std::vector<std::string> m_query;
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_flops() { return std::make_unique<Flops>(); }

}  // namespace whest::app
