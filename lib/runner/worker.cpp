// SPDX-License-Identifier: MIT
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <new>
#include <whest/base/clock.hpp>
#include <whest/runner/cpu_window.hpp>
#include <whest/runner/kernel_threads.hpp>
#include <whest/runner/leftovers.hpp>
#include <whest/runner/protocol.hpp>
#include <whest/runner/sandbox.hpp>
#include <whest/runner/shared_memory.hpp>
#include <whest/runner/worker.hpp>

namespace whest::runner {

namespace {

constexpr double k_setup_grace_s = 5.0;  // beyond the limit, when the host no longer watches
constexpr double k_teardown_grace_s = 1.0;
constexpr double k_poll_without_pidfd_s = 2e-4;
constexpr int k_exit_host_gone = 3;
constexpr int k_exit_bad_message = 4;

std::span<const std::byte> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

// Processes that the kernel has killed for want of memory since it started; 0 where it does not say.
std::int64_t kernel_oom_kills() {
  std::ifstream file("/proc/vmstat");
  std::string name;
  for (std::int64_t value = 0; file >> name >> value;) {
    if (name == "oom_kill") return value;
  }
  return 0;
}

// Ends this process, setup() or teardown() and all, when the time is over: nobody may be left to do it.
class EndTimer {
 public:
  explicit EndTimer(double seconds) {
    if (!(seconds > 0)) return;
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGKILL;
    m_armed = ::timer_create(CLOCK_MONOTONIC, &event, &m_timer) == 0;
    itimerspec at{};
    at.it_value.tv_sec = static_cast<time_t>(std::ceil(seconds));
    if (m_armed) ::timer_settime(m_timer, 0, &at, nullptr);
  }
  EndTimer(const EndTimer&) = delete;
  EndTimer& operator=(const EndTimer&) = delete;
  ~EndTimer() {
    if (m_armed) ::timer_delete(m_timer);
  }

 private:
  timer_t m_timer{};
  bool m_armed = false;
};

// ---- The child ----

AnswerHead* g_answer = nullptr;  // null: no child

// operator new found no memory: noted whatever becomes of the exception.
void refuse_new() {
  note_refused_allocation();
  throw std::bad_alloc();
}

NetworkView network_view(const PredictRequest& request, const Mapping& input) {
  NetworkView view{request.width, request.depth, {}, {}, request.name, request.seed};
  const std::int64_t stride =
      (request.width * request.width * 4 + k_part_alignment - 1) / k_part_alignment * k_part_alignment;
  for (std::int64_t l = 0; l < request.depth; ++l) {
    view.layers.push_back(reinterpret_cast<const float*>(input.data() + l * stride));
  }
  return view;
}

[[noreturn]] void run_child(Session& session, const PredictRequest& request, Fd input_fd, Fd output_fd, int socket,
                            pid_t parent) {
  ::close(socket);
  const Mapping input(input_fd.get(), size_of(input_fd.get()), Access::read);
  const Mapping output(output_fd.get(), size_of(output_fd.get()), Access::read_write);
  if (!input || !output || output.size() != answer_bytes(request.width, request.depth)) ::_exit(k_exit_bad_message);
  input_fd = Fd();
  output_fd = Fd();
  g_answer = reinterpret_cast<AnswerHead*>(output.data());
  std::set_new_handler(refuse_new);
  raise_child_walls();
  if (::getppid() != parent) ::_exit(k_exit_host_gone);  // the worker ended before the child was tied to it
  const Attempt attempt = session.predict(network_view(request, input), &g_answer->counters);
  write_answer({output.data(), static_cast<std::size_t>(output.size())}, request.sequence, attempt);
  ::_exit(0);
}

// ---- The worker ----

class Worker {
 public:
  explicit Worker(int socket) : m_socket(socket) {}

  int run() {
    Message message;
    if (receive_message(m_socket, -1, message) != Received::message || message.kind != MessageKind::load) {
      return k_exit_bad_message;
    }
    const auto request = decode_load(message.body);
    if (!request) return k_exit_bad_message;
    if (!load(*request)) return 0;
    for (;;) {
      const Received received = receive_message(m_socket, -1, message);
      if (received == Received::closed) return k_exit_host_gone;
      if (received != Received::message) return k_exit_bad_message;
      if (message.kind == MessageKind::stop) break;
      const auto network = decode_predict(message.body);
      if (message.kind != MessageKind::predict || !network || message.descriptors.size() != 2) {
        return k_exit_bad_message;
      }
      if (!predict(*network, message.descriptors)) return k_exit_host_gone;
    }
    const EndTimer timer(Limits::k_teardown_s + k_teardown_grace_s);
    m_session->stop();
    return 0;
  }

 private:
  // Walls, plugin, setup(); tells the host how it went.
  bool load(const LoadRequest& request) {
    const SessionOptions& s = request.session;
    const std::int64_t data_bytes = s.depth * s.width * s.width * 4 + answer_bytes(s.width, s.depth);
    const auto walled =
        raise_worker_walls({request.memory_bytes, data_bytes + reserve_kernel_memory(s.kernel_threads), s.scratch_dir});
    if (!walled) {
      std::fputs(walled.error().message.c_str(), stderr);  // the host shows it with "did not start"
      return false;
    }
    send_message(m_socket, MessageKind::loading, {});
    const EndTimer timer(request.setup_time_s > 0 ? request.setup_time_s + k_setup_grace_s : 0);
    auto session = Session::open(s);
    if (!session) {
      send_message(m_socket, MessageKind::refused, bytes_of(session.error().message));
      return false;
    }
    m_session.emplace(std::move(*session));
    adopt_orphans();
    if (const auto raised = m_session->start()) {
      send_message(m_socket, MessageKind::raised, encode(*raised));
      return false;
    }
    end_other_processes();
    return send_message(m_socket, MessageKind::ready, bytes_of(m_session->class_name()));
  }

  // One network in a child of its own. False when the host is gone.
  bool predict(const PredictRequest& request, std::vector<Fd>& descriptors) {
    // setup() may have changed what every child must find as it was.
    ::signal(SIGCHLD, SIG_DFL);
    const std::int64_t oom_kills = kernel_oom_kills();
    const bool watched = has_other_threads();  // left by setup(): they may start processes at any time
    if (watched) end_other_processes();
    const double ended_cpu_s = ended_processes_cpu_s();
    const pid_t self = ::getpid();
    const pid_t child = ::fork();
    if (child == 0) {
      run_child(*m_session, request, std::move(descriptors[0]), std::move(descriptors[1]), m_socket, self);
    }
    descriptors.clear();
    const CpuWindow waiting;  // the others are threads that setup() left
    ChildEnd end;
    end.sequence = request.sequence;
    if (child < 0) {
      end.exit_status = k_exit_bad_message;
    } else if (!wait_for(child, request.deadline_s, end)) {
      return false;
    }
    end.worker_cpu_s = waiting.used().others_s;
    if (watched) {
      end_other_processes();
      end.worker_cpu_s += std::max(0.0, ended_processes_cpu_s() - ended_cpu_s - m_child_cpu_s);
    }
    if (end.signal == SIGKILL) end.kernel_oom_kills = static_cast<std::uint32_t>(kernel_oom_kills() - oom_kills);
    ByteWriter out;
    out.put(end);
    return send_message(m_socket, MessageKind::ended, out.bytes());
  }

  // Waits for the child's end, the deadline, or the host's end. False on the last, with the child gone in any case.
  bool wait_for(pid_t child, double deadline_s, ChildEnd& end) {
    const Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    const double begin_s = base::system_clock().monotonic_s();
    bool host_there = true;
    for (;;) {
      const double left_s = deadline_s > 0 ? begin_s + deadline_s - base::system_clock().monotonic_s() : 1e6;
      if (left_s <= 0 || !host_there) {
        end.deadline_killed = host_there ? 1 : 0;
        ::kill(-child, SIGKILL);  // its group, where it has one
        ::kill(child, SIGKILL);
        reap(child, end, 0);
        return host_there;
      }
      pollfd waiting[] = {{m_socket, 0, 0}, {handle.get(), POLLIN, 0}};  // a closed socket is always reported
      const double wait_s = handle ? std::min(left_s, 1e6) : k_poll_without_pidfd_s;
      timespec timeout{};
      timeout.tv_sec = static_cast<time_t>(wait_s);
      timeout.tv_nsec = static_cast<long>((wait_s - std::floor(wait_s)) * 1e9);
      ::ppoll(waiting, handle ? 2 : 1, &timeout, nullptr);
      host_there = (waiting[0].revents & (POLLHUP | POLLERR)) == 0;
      if (reap(child, end, WNOHANG)) {
        ::kill(-child, SIGKILL);
        return host_there;
      }
    }
  }

  bool reap(pid_t child, ChildEnd& end, int options) {
    int status = 0;
    pid_t reaped = 0;
    const double before_s = ended_processes_cpu_s();
    do reaped = ::waitpid(child, &status, options);
    while (reaped < 0 && errno == EINTR);
    if (reaped == 0) return false;
    m_child_cpu_s = ended_processes_cpu_s() - before_s;
    if (reaped == child && WIFEXITED(status)) end.exit_status = WEXITSTATUS(status);
    if (reaped == child && WIFSIGNALED(status)) end.signal = WTERMSIG(status);
    return true;
  }

  int m_socket;
  double m_child_cpu_s = 0.0;  // of the last child
  std::optional<Session> m_session;
};

}  // namespace

void note_refused_allocation() noexcept {
  if (g_answer != nullptr) std::atomic_ref(g_answer->allocation_refused).store(1, std::memory_order_relaxed);
}

int serve(int socket) {
  // A line at a time, so that what a crash leaves in a buffer is little and a child repeats none of it.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  ::signal(SIGPIPE, SIG_IGN);
  // A crash ends the process by its signal, whatever handlers the program was built with.
  for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::signal(number, SIG_DFL);
  const int status = Worker(socket).run();
  ::_exit(status);  // no destructor of the participant's statics: the host has all it wants
}

}  // namespace whest::runner
