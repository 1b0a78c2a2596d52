// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <whest/runner/descriptors.hpp>
#include <whest/runner/landlock.hpp>

namespace whest::runner {

namespace {

// The kernel's interface by its numbers: the headers of Debian 12 (Linux 6.1) lack the newer half.
constexpr long k_create_ruleset = 444, k_add_rule = 445, k_restrict_self = 446;
constexpr unsigned k_ask_version = 1;
constexpr int k_rule_path_beneath = 1;
constexpr int k_version_truncate = 3, k_version_scopes = 6;

constexpr std::uint64_t k_write_file = 1U << 1;
// Removing and making of every kind, bits 4 to 12; without bit 13 a rename or link never leaves its folder.
constexpr std::uint64_t k_remove_and_make = 0x1FF0;
constexpr std::uint64_t k_refer = 1U << 13;
constexpr std::uint64_t k_truncate = 1U << 14;
constexpr std::uint64_t k_scope_signal = 1U << 1;

struct RulesetAttributes {  // landlock_ruleset_attr
  std::uint64_t handled_access_fs;
  std::uint64_t handled_access_net;
  std::uint64_t scoped;
};

struct [[gnu::packed]] PathBeneath {  // landlock_path_beneath_attr
  std::uint64_t allowed_access;
  std::int32_t parent_fd;
};

// Of the kernel's interface; 0 or less: there is none.
long version() { return ::syscall(k_create_ruleset, nullptr, 0, k_ask_version); }

std::uint64_t changes(long version) {
  std::uint64_t access = k_write_file | k_remove_and_make;
  if (version >= 2) access |= k_refer;
  if (version >= k_version_truncate) access |= k_truncate;
  return access;
}

bool allow(const Fd& ruleset, const char* path, std::uint64_t access) {
  const Fd place(::open(path, O_PATH | O_CLOEXEC));
  const PathBeneath rule{access, place.get()};
  return place && ::syscall(k_add_rule, ruleset.get(), k_rule_path_beneath, &rule, 0) == 0;
}

}  // namespace

bool confine_changes_to(const std::string& folder) {
  const long known = version();
  if (known < 1) return false;
  const std::uint64_t access = changes(known);
  RulesetAttributes attributes{access, 0, 0};
  if (known >= k_version_scopes) attributes.scoped = k_scope_signal;
  const std::size_t size = known >= k_version_scopes ? sizeof attributes : sizeof attributes.handled_access_fs;
  const Fd ruleset(static_cast<int>(::syscall(k_create_ruleset, &attributes, size, 0)));
  return ruleset && allow(ruleset, folder.c_str(), access) &&
         allow(ruleset, "/dev/null", access & (k_write_file | k_truncate)) &&
         ::syscall(k_restrict_self, ruleset.get(), 0) == 0;
}

Confinement confinement_available() {
  const long known = version();
  if (known < 1) return Confinement::none;
  return known < k_version_truncate ? Confinement::all_but_cutting : Confinement::whole;
}

}  // namespace whest::runner
