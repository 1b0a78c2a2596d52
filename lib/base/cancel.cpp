// SPDX-License-Identifier: MIT
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <utility>
#include <whest/base/cancel.hpp>

namespace whest::base {

namespace {

constexpr std::chrono::milliseconds k_look_again{20};

// Until one is raised. Where that cannot be waited for (no descriptor was left, or somebody's code closed it, or opened
// another file in its place), for a moment.
void wait_for(const Alarm& one, const Alarm& other) {
  std::array<pollfd, 2> both{{{one.descriptor(), POLLIN, 0}, {other.descriptor(), POLLIN, 0}}};
  const bool sound = one.descriptor() >= 0 && other.descriptor() >= 0;
  ::poll(both.data(), both.size(), sound ? -1 : static_cast<int>(k_look_again.count()));
}

}  // namespace

Alarm::Alarm() : m_descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Alarm::~Alarm() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}

void Alarm::raise() const {
  const int error = errno;
  const std::uint64_t one = 1;
  // Refused only where it was raised already.
  if (::write(m_descriptor, &one, sizeof one) < 0) errno = error;
}

std::jthread when_requested(const CancelToken& token, std::function<void()> act) {
  // Opened here and not by the thread, which may start late: while somebody's code has closed a standard descriptor, a
  // new one would get its number, and lose it again.
  auto ended = std::make_unique<Alarm>();
  return std::jthread([&token, act = std::move(act), ended = std::move(ended)](const std::stop_token& done) {
    const std::stop_callback on_end(done, [&ended] { ended->raise(); });
    const auto over = [&] { return done.stop_requested() || token.requested(); };
    while (!over()) {
      wait_for(token.alarm(), *ended);
      if (!over()) std::this_thread::sleep_for(k_look_again);  // woken for nothing: not in a loop
    }
    if (token.requested()) act();
  });
}

}  // namespace whest::base
