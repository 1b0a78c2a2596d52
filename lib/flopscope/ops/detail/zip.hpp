// SPDX-License-Identifier: MIT
// As much of the ZIP format as .npz files need: stored and deflated members, ZIP64 sizes on reading.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flopscope::detail {

struct ZipMember {
  std::string name;
  std::string bytes;  // unpacked
};

// Throws ValueError for anything that is not a whole archive with matching checksums.
std::vector<ZipMember> members_of_zip(std::string_view archive);

// `deflate` false: members are stored. Members and archive below 4 GiB; throws ValueError above.
std::string zip_of(const std::vector<ZipMember>& members, bool deflate);

}  // namespace flopscope::detail
