// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <whest/base/suggest.hpp>
#include <whest/estimator/elf.hpp>
#include <whest/estimator/plugin.hpp>

namespace whest::estimator {

base::Expected<Plugin> Plugin::open(const std::string& path, const std::string& shown) {
  if (auto whole = check_shared_object(path, shown); !whole) return std::unexpected(whole.error());
  void* object = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (object == nullptr) {
    const char* reason = ::dlerror();
    return base::usage_error(fmt::format("'{}' cannot be loaded: {}", shown, reason != nullptr ? reason : "no reason"));
  }
  const auto entry = reinterpret_cast<whest_plugin_entry_fn>(::dlsym(object, WHEST_PLUGIN_ENTRY));
  if (entry == nullptr) {
    return base::usage_error(fmt::format(
        "No estimator classes found in {}: add WHEST_ESTIMATOR(YourClass), from <whest/estimator.hpp>.", shown));
  }
  const whest_plugin* table = entry();
  const auto refuse = [&](const char* what, unsigned theirs, unsigned ours) {
    return base::usage_error(
        fmt::format("'{}' was built for {} {}, this whest speaks {}: rebuild it with this version's SDK, or pass its "
                    ".cpp to --estimator.",
                    shown, what, theirs, ours));
  };
  if (table == nullptr) return base::usage_error(fmt::format("'{}' has no table of estimator classes.", shown));
  if (table->abi_version != WHEST_ABI_VERSION) return refuse("plugin ABI", table->abi_version, WHEST_ABI_VERSION);
  if (table->flopscope_abi_version != FLOPSCOPE_ABI_VERSION) {
    return refuse("flopscope ABI", table->flopscope_abi_version, FLOPSCOPE_ABI_VERSION);
  }
  return Plugin(table, shown);
}

std::vector<std::string> Plugin::class_names() const {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < m_table->class_count; ++i) names.emplace_back(m_table->classes[i].name);
  return names;
}

base::Expected<const whest_class*> Plugin::select(const std::string& name) const {
  const std::vector<std::string> names = class_names();
  const std::string& wanted = name.empty() && names.size() > 1 ? "Estimator" : name;
  if (names.empty()) {
    return base::usage_error(fmt::format("No estimator classes found in {}: add WHEST_ESTIMATOR(YourClass).", m_shown));
  }
  if (wanted.empty()) return &m_table->classes[0];
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found != names.end()) return &m_table->classes[found - names.begin()];
  if (name.empty()) {
    return base::usage_error(
        fmt::format("Ambiguous estimator classes in {}: {}. Pass --class to select one explicitly.", m_shown,
                    fmt::join(names, ", ")));
  }
  return base::usage_error(fmt::format("Estimator class '{}' was not found in {} (it has: {}).{}", name, m_shown,
                                       fmt::join(names, ", "), base::did_you_mean(name, names)));
}

}  // namespace whest::estimator
