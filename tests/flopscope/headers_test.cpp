// SPDX-License-Identifier: MIT
// The text of the participant's headers against the catalogue: every operation can be called.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <whest/flopscope/core/catalogue.hpp>

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

// Where C++ has another form: a conversion, a member, a loop.
TEST_CASE("the headers have a function for every operation") {
  const std::set<std::string_view> other_form = {
      "method.item",        "method.tolist",   "method.__float__", "method.__int__",  "method.__index__",
      "method.__complex__", "method.__bool__", "method.__len__",   "method.__iter__", "method.shape",
      "method.size",        "method.ndim",     "SymmetricTensor"};
  std::string headers;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(WHEST_SOURCE_DIR) + "/include/flopscope"))
    if (entry.is_regular_file()) headers += text_of(entry.path());
  for (const flopscope::Operation& op : flopscope::Catalogue::instance().all()) {
    const std::string name(op.name);
    const bool there = headers.find("\"" + name + "\"") != std::string::npos ||
                       headers.find("FLOPSCOPE_AT_LEAST(" + name + ")") != std::string::npos;
    CHECK_MESSAGE(there != other_form.contains(op.name), name);
  }
}
