// SPDX-License-Identifier: MIT
// The optimize argument of einsum, and the object that einsum_path returns.
#pragma once

#include <whest/flopscope/core/value.hpp>
#include <whest/flopscope/symmetry/einsum_path_info.hpp>

namespace flopscope::contract {

class PathInfoObject final : public Object {
 public:
  explicit PathInfoObject(symmetry::PathInfo info) : m_info(std::move(info)) {}
  const symmetry::PathInfo& info() const { return m_info; }
  std::string text() const override { return m_info.table(); }

 private:
  symmetry::PathInfo m_info;
};

// Throws TypeError for a path that is not lists of integers.
symmetry::PathRequest to_path_request(const Value& optimize);

}  // namespace flopscope::contract
