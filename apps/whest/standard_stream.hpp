// SPDX-License-Identifier: MIT
// A stream of the program's own onto a standard descriptor: an estimator that runs in this process shares std::cout and
// std::cerr, and may leave them in any state.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace whest::app {

class DescriptorBuffer final : public std::streambuf {
 public:
  explicit DescriptorBuffer(int descriptor) : m_descriptor(descriptor) {}

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

 private:
  int m_descriptor;
  std::string m_held;  // until the next flush, or until it is long
};

class StandardStream final : public std::ostream {
 public:
  explicit StandardStream(int descriptor) : std::ostream(nullptr), m_buffer(descriptor) { rdbuf(&m_buffer); }

 private:
  DescriptorBuffer m_buffer;
};

}  // namespace whest::app
