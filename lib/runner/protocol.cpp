// SPDX-License-Identifier: MIT
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <whest/base/clock.hpp>
#include <whest/runner/protocol.hpp>

namespace whest::runner {

namespace {

constexpr std::size_t k_max_descriptors = 4;
constexpr std::size_t k_max_path = 8192;
constexpr std::size_t k_max_name = 1024;

// Waits for the socket; false when the time is over.
bool wait_readable(int socket, double timeout_s) {
  const double end_s = base::system_clock().monotonic_s() + timeout_s;
  for (;;) {
    const double left_s = timeout_s < 0 ? -1 : std::max(0.0, end_s - base::system_clock().monotonic_s());
    pollfd waiting{socket, POLLIN, 0};
    const int n = ::poll(&waiting, 1, timeout_s < 0 ? -1 : static_cast<int>(std::min(1e9, std::ceil(left_s * 1e3))));
    if (n > 0) return true;
    if (n == 0 || errno != EINTR) return false;
  }
}

std::vector<Fd> received_descriptors(msghdr& header) {
  std::vector<Fd> descriptors;
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
      descriptors.emplace_back(fd);
    }
  }
  return descriptors;
}

}  // namespace

bool send_message(int socket, MessageKind kind, std::span<const std::byte> body, std::span<const int> descriptors) {
  MessageHead head;
  head.kind = kind;
  head.size = static_cast<std::uint32_t>(body.size());
  std::array<iovec, 2> parts{iovec{&head, sizeof head}, iovec{const_cast<std::byte*>(body.data()), body.size()}};
  msghdr header{};
  header.msg_iov = parts.data();
  header.msg_iovlen = parts.size();
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * k_max_descriptors)> control{};
  if (!descriptors.empty() && descriptors.size() <= k_max_descriptors) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(c), descriptors.data(), descriptors.size_bytes());
  }
  ssize_t n = 0;
  do n = ::sendmsg(socket, &header, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n == static_cast<ssize_t>(sizeof head + body.size());
}

Received receive_message(int socket, double timeout_s, Message& message) {
  if (!wait_readable(socket, timeout_s)) return Received::timeout;
  std::vector<std::byte> buffer(sizeof(MessageHead) + k_max_message);
  iovec part{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * k_max_descriptors)> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  ssize_t n = 0;
  do n = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  message.descriptors = received_descriptors(header);
  if (n <= 0) return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Received::timeout : Received::closed;
  MessageHead head;
  if (static_cast<std::size_t>(n) < sizeof head || (header.msg_flags & MSG_TRUNC) != 0) return Received::invalid;
  std::memcpy(&head, buffer.data(), sizeof head);
  if (head.magic != MessageHead{}.magic || head.version != k_protocol_version ||
      head.size != static_cast<std::size_t>(n) - sizeof head) {
    return Received::invalid;
  }
  message.kind = head.kind;
  message.body.assign(buffer.begin() + sizeof head, buffer.begin() + n);
  return Received::message;
}

bool is_closed(int socket) {
  pollfd waiting{socket, POLLIN, 0};
  return ::poll(&waiting, 1, 0) > 0 && (waiting.revents & (POLLHUP | POLLERR)) != 0;
}

std::vector<std::byte> encode(const LoadRequest& request) {
  ByteWriter out;
  const SessionOptions& s = request.session;
  for (const std::string* text : {&s.plugin_path, &s.shown_path, &s.class_name, &s.cost_model, &s.audit_cost_model,
                                  &s.scratch_dir, &s.submission_dir}) {
    out.put_text(*text);
  }
  out.put(s.width);
  out.put(s.depth);
  out.put(s.seed);
  out.put(s.flop_budget);
  out.put(s.wall_time_s);
  out.put(s.kernel_threads);
  out.put(request.memory_bytes);
  out.put(request.setup_time_s);
  return out.bytes();
}

std::optional<LoadRequest> decode_load(std::span<const std::byte> body) {
  ByteReader in(body);
  LoadRequest request;
  SessionOptions& s = request.session;
  for (std::string* text : {&s.plugin_path, &s.shown_path, &s.class_name, &s.cost_model, &s.audit_cost_model,
                            &s.scratch_dir, &s.submission_dir}) {
    *text = in.get_text(k_max_path);
  }
  s.width = in.get<std::int64_t>();
  s.depth = in.get<std::int64_t>();
  s.seed = in.get<std::uint64_t>();
  s.flop_budget = in.get<std::int64_t>();
  s.wall_time_s = in.get<double>();
  s.kernel_threads = in.get<int>();
  request.memory_bytes = in.get<std::int64_t>();
  request.setup_time_s = in.get<double>();
  if (!in.at_end()) return std::nullopt;
  return request;
}

std::vector<std::byte> encode(const PredictRequest& request) {
  ByteWriter out;
  out.put(request.sequence);
  out.put(request.width);
  out.put(request.depth);
  out.put(request.seed);
  out.put(request.deadline_s);
  out.put_text(request.name);
  return out.bytes();
}

std::optional<PredictRequest> decode_predict(std::span<const std::byte> body) {
  ByteReader in(body);
  PredictRequest request;
  request.sequence = in.get<std::uint64_t>();
  request.width = in.get<std::int64_t>();
  request.depth = in.get<std::int64_t>();
  request.seed = in.get<std::uint64_t>();
  request.deadline_s = in.get<double>();
  request.name = in.get_text(k_max_name);
  if (!in.at_end()) return std::nullopt;
  return request;
}

std::vector<std::byte> encode(const Raised& raised) {
  ByteWriter out;
  out.put(raised.kind);
  out.put_text(raised.type_name);
  out.put_text(raised.message);
  out.put_text(raised.details);
  return out.bytes();
}

std::optional<Raised> decode_raised(std::span<const std::byte> body) {
  ByteReader in(body);
  Raised raised;
  raised.kind = in.get<std::int32_t>();
  raised.type_name = in.get_text(sizeof(whest_error::type_name));
  raised.message = in.get_text(sizeof(whest_error::message));
  raised.details = in.get_text(sizeof(whest_error::details));
  if (!in.at_end() || raised.kind <= WHEST_OK || raised.kind > WHEST_ERROR_NO_RESULT) return std::nullopt;
  return raised;
}

}  // namespace whest::runner
