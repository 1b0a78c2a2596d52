// SPDX-License-Identifier: MIT
#include <algorithm>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <vector>
#include <whest/flopscope/budget/audit.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

// The tags that differ, by array. Process-wide, because arrays outlive contexts; an array leaves when it goes.
class KnownTags {
 public:
  static KnownTags& instance() {
    static auto* s_tags = new KnownTags;  // arrays may outlive static destruction
    return *s_tags;
  }

  // The tag of `a` under `model`.
  TagRef tag_under(const CostModel& model, const Array& a) const {
    if (a.is_known_to_audit()) {
      const std::scoped_lock lock(m_mutex);
      const auto at = m_tags.find(&a);
      if (at != m_tags.end() && at->second.model == &model) {
        const bool holds = !model.writes_void_tags() || at->second.writes == a.storage()->writes();
        return holds ? at->second.tag : TagRef();
      }
    }
    return a.tag_if(model.writes_void_tags());
  }

  void set(const CostModel& model, const Array& a, const TagRef& tag) {
    if (symmetry::same_symmetry(tag, a.tag_if(model.writes_void_tags()))) return forget(a);
    const std::scoped_lock lock(m_mutex);
    m_tags[&a] = {&model, tag, a.storage()->writes()};
    a.set_known_to_audit(true);
  }

  void forget(const Array& a) {
    if (!a.is_known_to_audit()) return;
    const std::scoped_lock lock(m_mutex);
    m_tags.erase(&a);
    a.set_known_to_audit(false);
  }

 private:
  struct Known {
    const CostModel* model;
    TagRef tag;
    std::uint32_t writes;
  };
  mutable std::mutex m_mutex;
  std::unordered_map<const Array*, Known> m_tags;
};

// Copies of arguments with the other model's tags: one copy of each array, so that identity by object is kept.
class Copies {
 public:
  explicit Copies(const CostModel& model) : m_model(model) {}

  std::span<const Value> of(std::span<const Value> values) {
    std::vector<Value>& copies = m_lists.emplace_back();
    copies.reserve(values.size());
    for (const Value& v : values) copies.push_back(of(v));
    return copies;
  }

 private:
  Value of(const Value& v) {
    if (v.is_array()) return Value(*of(v.as_array()));
    if (!v.is_sequence()) return v;
    const std::span<const Value> items = of(v.as_items());
    return v.is(ValueKind::list) ? Value::list(items) : Value::tuple(items);
  }
  const ArrayRef& of(const Array& a) {
    ArrayRef& copy = m_arrays[&a];
    if (!copy) {
      copy = copy_of(a);
      if (TagRef tag = KnownTags::instance().tag_under(m_model, a)) copy->set_tag(std::move(tag));
    }
    return copy;
  }

  const CostModel& m_model;
  std::unordered_map<const Array*, ArrayRef> m_arrays;
  std::deque<std::vector<Value>> m_lists;
};

bool holds_object(const Value& v) {
  return v.is(ValueKind::object) || (v.is_sequence() && std::ranges::any_of(v.as_items(), holds_object));
}

}  // namespace

void forget_in_audit(const Array& a) { KnownTags::instance().forget(a); }

Audit::Audit(const CostModel& model, const CostModel& running)
    : m_model(model),
      m_tags_can_differ(model.writes_void_tags() != running.writes_void_tags()),
      m_books(BudgetContext::Books{}, model) {}

void Audit::set_namespace(std::string_view name) {
  m_books.m_namespace = name.data() == nullptr ? 0 : m_books.m_log.text_number(name);
}

void Audit::begin(Call& call) {
  m_call = &call;
  m_priced = false;
  m_other_result.reset();
}

void Audit::end() {
  m_call = nullptr;
  m_other_result.reset();
}

bool Audit::tags_differ(std::span<const Value> args) const {
  return std::ranges::any_of(args, [&](const Value& v) {
    if (v.is_sequence()) return tags_differ(v.as_items());
    return v.is_array() &&
           !symmetry::same_symmetry(KnownTags::instance().tag_under(m_model, v.as_array()), v.as_array().tag());
  });
}

Call* Audit::price() {
  if (m_call == nullptr || m_priced) return m_call;
  m_priced = true;
  const Call& call = *m_call;
  const std::size_t records = m_books.op_log().size();
  try {
    if (!m_model.price_of(call.op.index).supported) {
      ++m_refused[std::string(call.op.name)];
    } else if (m_tags_can_differ && tags_differ(call.args)) {
      Copies copies(m_model);
      // A generator has no copy: such a call is priced, and the tags of its result are taken to agree.
      run_again(copies.of(call.args), std::ranges::none_of(call.args, holds_object));
    } else {
      run_again(call.args, false);
    }
  } catch (const Error&) {
    if (m_books.op_log().size() == records) ++m_refused[std::string(call.op.name)];
  }
  return m_call;
}

void Audit::run_again(std::span<const Value> args, bool to_the_end) {
  Call call(m_call->op, args, m_model, m_books);
  m_books.m_ends_calls = !to_the_end;
  m_books.m_more_charges = false;
  try {
    Result result = call.op.run(call);
    if (to_the_end) m_other_result = std::move(result);
  } catch (const Charged&) {
  }
}

void Audit::take_tags(const Result& result) {
  if (m_other_result) take_tags(result, *m_other_result);
}

void Audit::take_tags(const Result& result, const Result& of_other) {
  if (result.is_array() && of_other.is_array()) {
    KnownTags::instance().set(m_model, *result.array(), of_other.array()->tag());
  } else if (result.items() != nullptr && of_other.items() != nullptr) {
    const std::size_t count = std::min(result.items()->size(), of_other.items()->size());
    for (std::size_t i = 0; i < count; ++i) take_tags((*result.items())[i], (*of_other.items())[i]);
  }
}

}  // namespace flopscope
