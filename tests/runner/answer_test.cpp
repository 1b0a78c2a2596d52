// SPDX-License-Identifier: MIT
// The answer's region as the host reads it: a true answer comes through, a forged or damaged one never does.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <whest/runner/protocol.hpp>
#include <whest/runner/shared_memory.hpp>

using namespace whest::runner;

namespace {

constexpr std::int64_t k_width = 3, k_depth = 2, k_budget = 1000;
constexpr std::uint64_t k_sequence = 41;

Attempt true_attempt() {
  Attempt a;
  a.shape = {k_depth, k_width};
  a.values = {0.0F, 1.0F, -2.5F, 3.0F, 4.0F, 5.0F};
  a.meter.flop_budget = k_budget;
  a.meter.flops_used = 30;
  a.meter.wall_s = 0.5;
  a.meter.backend_s = 0.2;
  a.meter.overhead_s = 0.1;
  a.meter.residual_s = 0.2;
  a.meter.residual_cpu_s = 0.25;
  a.meter.by_namespace = {{"", 10, 1, 0.1, 0.05, {{"add", 10, 1, 0.1, 0.05}}},
                          {"outer", 20, 3, 0.1, 0.05, {{"exp", 16, 1, 0.1, 0.05}, {"add", 4, 2, 0.0, 0.0}}}};
  return a;
}

std::vector<std::byte> region_of(const Attempt& attempt) {
  const auto fd = fixed_size_memory(answer_bytes(k_width, k_depth), "test");
  REQUIRE(fd);
  {
    const Mapping mapping(fd->get(), size_of(fd->get()), Access::read_write);
    REQUIRE(mapping);
    write_answer({mapping.data(), static_cast<std::size_t>(mapping.size())}, k_sequence, attempt);
  }
  return fetch_answer(fd->get(), k_width, k_depth);
}

std::optional<Attempt> read(const std::vector<std::byte>& region, double elapsed_s = 1.0) {
  return read_answer(region, k_sequence, k_width, k_depth, k_budget, elapsed_s);
}

std::optional<Attempt> read_changed(const std::function<void(Attempt&)>& change, double elapsed_s = 1.0) {
  Attempt a = true_attempt();
  change(a);
  return read(region_of(a), elapsed_s);
}

}  // namespace

TEST_CASE("a true answer comes through whole") {
  const auto a = read(region_of(true_attempt()));
  REQUIRE(a);
  const Attempt expected = true_attempt();
  CHECK(a->shape == expected.shape);
  CHECK(a->values == expected.values);
  CHECK(a->raised.kind == WHEST_OK);
  CHECK(a->meter.flop_budget == k_budget);
  CHECK(a->meter.flops_used == 30);
  CHECK(a->meter.wall_s == 0.5);
  CHECK(a->meter.residual_cpu_s == 0.25);
  REQUIRE(a->meter.by_namespace.size() == 2);
  CHECK(a->meter.by_namespace[1].name == "outer");
  REQUIRE(a->meter.by_namespace[1].operations.size() == 2);
  CHECK(a->meter.by_namespace[1].operations[0].name == "exp");
  CHECK(a->meter.by_namespace[1].operations[1].calls == 2);
}

TEST_CASE("an audit comes through whole, and an impossible one is refused") {
  const auto with_audit = [](Attempt& a) {
    a.meter.audit.emplace();
    a.meter.audit->cost_model = "other";
    a.meter.audit->flops_used = k_budget + 70;  // no limit of the run is the audit's
    a.meter.audit->by_namespace.emplace_back();
    a.meter.audit->by_namespace[0].flops_used = k_budget + 70;
    a.meter.audit->by_namespace[0].operations.emplace_back();
    a.meter.audit->by_namespace[0].operations[0].flop_cost = k_budget + 70;
    a.meter.audit->refused.emplace_back();
    a.meter.audit->refused[0].name = "save";
    a.meter.audit->refused[0].calls = 3;
  };
  Attempt attempt = true_attempt();
  with_audit(attempt);
  const auto a = read(region_of(attempt));
  REQUIRE(a);
  REQUIRE(a->meter.audit);
  CHECK(a->meter.audit->cost_model == "other");
  CHECK(a->meter.audit->flops_used == k_budget + 70);
  REQUIRE(a->meter.audit->by_namespace.size() == 1);
  CHECK(a->meter.audit->by_namespace[0].operations.size() == 1);
  REQUIRE(a->meter.audit->refused.size() == 1);
  CHECK(a->meter.audit->refused[0].calls == 3);
  CHECK_FALSE(read(region_of(true_attempt()))->meter.audit);
  const auto changed = [&](const std::function<void(AuditReading&)>& change) {
    return read_changed([&](Attempt& hostile) {
      with_audit(hostile);
      change(*hostile.meter.audit);
    });
  };
  CHECK_FALSE(changed([](AuditReading& audit) { audit.flops_used = -1; }));
  CHECK_FALSE(changed([](AuditReading& audit) { audit.flops_used -= 1; }));  // the breakdown says more
  CHECK_FALSE(changed([](AuditReading& audit) { audit.by_namespace[0].operations[0].flop_cost = 1; }));
  CHECK_FALSE(changed([](AuditReading& audit) { audit.refused[0].calls = -3; }));
  CHECK_FALSE(changed([](AuditReading& audit) { audit.cost_model.assign(100'000, 'x'); }));
}

TEST_CASE("impossible readings are refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(read_changed([](Attempt& a) { a.meter.flops_used = -1; }));
  CHECK_FALSE(read_changed([](Attempt& a) {
    a.meter.flops_used = k_budget + 1;
    a.meter.by_namespace.clear();
  }));
  CHECK_FALSE(read_changed([](Attempt& a) { a.meter.flops_used = 29; }));  // the breakdown says 30
  CHECK_FALSE(read_changed([](Attempt& a) { a.meter.by_namespace[0].flops_used = 9; }));
  CHECK_FALSE(read_changed([](Attempt& a) { a.meter.by_namespace[1].operations[0].calls = -1; }));
  CHECK_FALSE(read_changed([&](Attempt& a) { a.meter.by_namespace[0].backend_s = nan; }));
  CHECK_FALSE(read_changed([&](Attempt& a) { a.meter.wall_s = nan; }));
  CHECK_FALSE(read_changed([](Attempt& a) { a.meter.residual_s = -0.2; }));
  CHECK_FALSE(read_changed([](Attempt& a) { a.meter.residual_s = 0.1; }));  // the times do not add up
  CHECK_FALSE(read_changed([](Attempt&) {}, 0.1));                          // longer than the host waited
  CHECK_FALSE(read_changed([](Attempt& a) { a.raised.kind = 99; }));
  CHECK_FALSE(read_changed([](Attempt& a) { a.raised.message.assign(100'000, 'x'); }));
  CHECK_FALSE(read_changed([](Attempt& a) { a.values.pop_back(); }));
  CHECK_FALSE(read_changed([](Attempt& a) { a.shape.assign(1000, 1); }));
  // The shape itself is the participant's business: a wrong one is an outcome, not a broken answer.
  CHECK(read_changed([](Attempt& a) {
    a.shape = {k_width, k_depth};
    a.values.clear();
  }));
}

TEST_CASE("an incomplete, old or damaged region is refused") {
  const std::vector<std::byte> whole = region_of(true_attempt());
  REQUIRE(read(whole));
  const auto with_head = [&](const std::function<void(AnswerHead&)>& change) {
    std::vector<std::byte> region = whole;
    AnswerHead head = answer_head(region);
    change(head);
    std::memcpy(region.data(), &head, sizeof head);
    return read(region).has_value();
  };
  CHECK(with_head([](AnswerHead&) {}));
  CHECK_FALSE(with_head([](AnswerHead& h) { h.state = k_answer_running; }));
  CHECK_FALSE(with_head([](AnswerHead& h) { h.sequence = k_sequence - 1; }));
  CHECK_FALSE(with_head([](AnswerHead& h) { h.magic ^= 1; }));
  CHECK_FALSE(with_head([](AnswerHead& h) { h.payload_size -= 1; }));
  CHECK_FALSE(with_head([](AnswerHead& h) { h.payload_size = ~std::uint64_t{0}; }));
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    CHECK_FALSE(read(std::vector<std::byte>(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
  }
}

TEST_CASE("random damage is read without fault, and never gives an impossible reading") {
  const std::vector<std::byte> whole = region_of(true_attempt());
  std::minstd_rand random(1);
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::byte> region = whole;
    for (int i = 0; i < 3; ++i) {
      const std::size_t payload = region.size() - static_cast<std::size_t>(k_answer_head_bytes);
      region[static_cast<std::size_t>(k_answer_head_bytes) + random() % payload] = static_cast<std::byte>(random());
    }
    const auto a = read(region);
    if (!a) continue;
    ++accepted;
    const bool possible = a->meter.flops_used >= 0 && a->meter.flops_used <= k_budget && a->meter.wall_s <= 1.01 &&
                          std::isfinite(a->meter.residual_s) && (a->values.empty() || a->values.size() == 6);
    REQUIRE(possible);
  }
  CHECK(accepted > 0);  // damage to the values alone is for judge() to find
}

TEST_CASE("a breakdown too large for the region is left out, the totals stay") {
  Attempt a = true_attempt();
  a.meter.flops_used = 0;
  a.meter.by_namespace.clear();
  for (int i = 0; i < 20'000; ++i) {
    a.meter.by_namespace.push_back({"segment" + std::to_string(i), 0, 1, 0.0, 0.0, {{"add", 0, 1, 0.0, 0.0}}});
  }
  const auto got = read(region_of(a));
  REQUIRE(got);
  CHECK(got->meter.by_namespace.empty());
  CHECK(got->values == true_attempt().values);
}

TEST_CASE("sealed memory cannot be changed, fixed memory cannot change its size") {
  const std::vector<float> weights{1.0F, 2.0F};
  const std::span<const std::byte> part = std::as_bytes(std::span(weights));
  const auto input = sealed_input({&part, 1});
  REQUIRE(input);
  CHECK(size_of(input->get()) == k_part_alignment);
  CHECK(::pwrite(input->get(), "x", 1, 0) < 0);
  CHECK(::ftruncate(input->get(), 0) != 0);
  CHECK_FALSE(Mapping(input->get(), k_part_alignment, Access::read_write));
  const Mapping mapping(input->get(), k_part_alignment, Access::read);
  REQUIRE(mapping);
  CHECK(std::memcmp(mapping.data(), weights.data(), 8) == 0);
  const auto fixed = fixed_size_memory(4096, "test");
  REQUIRE(fixed);
  CHECK(::ftruncate(fixed->get(), 0) != 0);
  CHECK(::pwrite(fixed->get(), "x", 1, 4096) < 0);
  CHECK(::pwrite(fixed->get(), "x", 1, 0) == 1);
}

TEST_CASE("messages: requests come back, cut ones do not") {
  LoadRequest load;
  load.session.plugin_path = "/a/b.so";
  load.session.class_name = "One";
  load.session.cost_model = "flopscope-0.5";
  load.session.width = 256;
  load.session.seed = 1ULL << 63;
  load.memory_bytes = 1 << 30;
  load.setup_time_s = 5;
  const auto bytes = encode(load);
  const auto back = decode_load(bytes);
  REQUIRE(back);
  CHECK(back->session.plugin_path == "/a/b.so");
  CHECK(back->session.seed == 1ULL << 63);
  CHECK(back->setup_time_s == 5);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_load({bytes.data(), size}));
  CHECK_FALSE(decode_raised(encode(Raised{WHEST_OK, "", ""})));
  CHECK_FALSE(decode_raised(encode(Raised{77, "", ""})));
  CHECK(decode_raised(encode(Raised{WHEST_ERROR, "T", "m"})));
}

TEST_CASE("text of a participant is made fit for a report") {
  CHECK(clean_text("plain\n\ttext") == "plain\n\ttext");
  CHECK(clean_text("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80") == "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(clean_text("\x1b[31mred") == "?[31mred");
  CHECK(clean_text("\xff\xc3(\xc0\xaf\xed\xa0\x80\xe2\x82") ==
        "?"
        "?(" +
            std::string(7, '?'));
  CHECK(clean_text(std::string_view("a\0b", 3)) == "a?b");
}
