// SPDX-License-Identifier: MIT
//
// Theory of operation
// ===================
// Three processes, one inside the other's reach:
//
//   host     whest itself. Has the truth and the score. Starts the worker, sends it one network at a time, waits with a
//            deadline, checks every byte that comes back, judges.
//   worker   apps/worker, one per runner. Started by fork and exec: none of the host's memory, an environment of its
//            own, descriptors 0 (empty), 1 and 2 (memory of fixed size that the host reads), 3 (the socket). It raises
//            the first walls, loads the plugin, runs setup(), and is from then on a template: it forks.
//   child    one for each network. Inherits the state behind setup(), raises the second walls, closes the socket, maps
//            the weights (sealed, read-only) and the answer's region, predicts once under the meter, writes the answer,
//            marks it complete as its last store, and ends with _exit(0).
//
// What goes between them: messages over one socket pair (protocol.hpp), two files without a name (memfd) per network.
// The child has no descriptor to the host; all it can do is write into the answer's region and into its own output.
//
// Success is stated, never assumed: the answer is read only if the child ended by itself with status 0 *and* the region
// is marked complete for this network's number. A participant's exit(0) is therefore no success, whatever it wrote.
//
// Who kills whom:
//   - The worker waits for its child and for the socket at once. Past the deadline it kills the child. If the host is
//     gone the socket closes: the worker kills the child and ends. The child dies with the worker (PR_SET_PDEATHSIG).
//   - The host waits a little longer than the worker should. If no word comes (setup() may have taken the worker over)
//     it kills the worker's whole process group. Nobody leaves that group: setsid and setpgid are filtered.
//   - Processes that setup() started end with setup(), before the first network (leftovers.cpp); where it left threads,
//     which may start others, with each predict too, their CPU time counted.
//   - A worker that has died or has been killed is started afresh, setup() included, for the next network.
//   - setup() has a timer of the worker's own besides, so that a host that dies leaves nothing behind.
//
// The walls (Linux): RLIMIT_AS bounds memory, so that operator new throws and what fails is told from a crash;
// RLIMIT_CORE 0; all capabilities dropped, no_new_privs; not dumpable, so that neither a child nor its siblings can be
// read or written through /proc. Landlock lets the worker change files below its scratch folder only (EACCES), so that
// nothing else is hurt and nothing else carries what a network's child knows to the next; it keeps signals inside too.
// A seccomp filter refuses (EPERM) in the worker: ptrace, reading and writing other processes' memory, signals to the
// host or to groups, leaving the process group, sockets, System V and POSIX message objects (which outlive a process),
// modes, owners, times and attributes of files (which Landlock does not know), mounts, namespaces, BPF, io_uring, keys.
// In the child it also refuses signal handlers, new processes (threads are allowed; their CPU time is residual time)
// and signals to anybody but itself. Where a kernel has no seccomp the child gets a process group of its own, which is
// killed whole when it has ended. What a kernel cannot do is said by missing_walls(); what it can do and then refuses
// stops the worker.
//
// What these walls do not do: the meter lives in the participant's process and trusts its memory; files of the same
// user can be read. Both are for later rooms (the isolated meter, namespaces).
//
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <whest/runner/kernel_threads.hpp>
#include <whest/runner/landlock.hpp>
#include <whest/runner/sandbox.hpp>
#include <whest/runner/seccomp.hpp>
#include <whest/runner/shared_memory.hpp>

namespace whest::runner {

namespace {

constexpr std::int64_t k_output_bytes = 64 * 1024;  // of what a participant prints per network
constexpr std::size_t k_shown_output = 4096;

std::vector<std::string> worker_environment(const std::string& folder, int kernel_threads) {
  std::vector<std::string> environment{
      "PATH=/usr/local/bin:/usr/bin:/bin",
      "LANG=C.UTF-8",
      "HOME=" + folder,
      "TMPDIR=" + folder,
      fmt::format("OPENBLAS_NUM_THREADS={}", kernel_threads),
      fmt::format("OMP_NUM_THREADS={}", kernel_threads),
      fmt::format("{}={}", k_idle_timeout_variable, k_idle_timeout),
  };
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) environment.push_back(fmt::format("{}={}", name, value));
  }
  return environment;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// Between fork and exec: only calls that are safe in a forked copy of a program with threads.
[[noreturn]] void become_worker(const char* program, char* const* environment, const char* folder, int socket,
                                int output) {
  ::setsid();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  const int empty = ::open("/dev/null", O_RDONLY);
  // To numbers above every target first: a descriptor may stand where another is to go.
  const int high_socket = ::fcntl(socket, F_DUPFD, 10), high_output = ::fcntl(output, F_DUPFD, 10);
  const bool placed = ::dup2(empty, STDIN_FILENO) >= 0 && ::dup2(high_output, STDOUT_FILENO) >= 0 &&
                      ::dup2(high_output, STDERR_FILENO) >= 0 && ::dup2(high_socket, k_worker_socket) >= 0;
  ::syscall(SYS_close_range, k_worker_socket + 1, ~0U, 0U);
  if (placed && ::chdir(folder) == 0) {
    char* arguments[] = {const_cast<char*>(program), nullptr};
    ::execve(program, arguments, environment);
  }
  ::_exit(127);
}

void limit(__rlimit_resource resource, std::int64_t value) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return;
  now.rlim_cur = now.rlim_max = std::min<rlim_t>(static_cast<rlim_t>(value), now.rlim_max);
  ::setrlimit(resource, &now);
}

std::int64_t address_space_in_use() {
  std::int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * ::sysconf(_SC_PAGESIZE);
}

void drop_capabilities() {
  for (int capability = 0; capability <= 63; ++capability) ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2]{};
  ::syscall(SYS_capset, &header, none);
}

std::atomic<int> g_undumpable{0};

}  // namespace

base::Expected<WorkerProcess> spawn_worker(const std::string& program, const std::string& folder, int kernel_threads) {
  if (::access(program.c_str(), X_OK) != 0) {
    return base::grader_error(fmt::format("the worker '{}' cannot be started: {}", program, std::strerror(errno)));
  }
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return base::grader_error(fmt::format("no socket for the worker: {}", std::strerror(errno)));
  }
  WorkerProcess worker;
  worker.socket = Fd(ends[0]);
  const Fd theirs(ends[1]);
  auto output = fixed_size_memory(k_output_bytes, "whest-output");
  if (!output) return std::unexpected(output.error());
  worker.output = std::move(*output);
  std::vector<std::string> texts = worker_environment(folder, kernel_threads);
  const std::vector<char*> environment = pointers(texts);
  worker.pid = ::_Fork();  // without the handlers of libraries: other threads may be at work in them
  if (worker.pid < 0) return base::grader_error(fmt::format("cannot fork the worker: {}", std::strerror(errno)));
  if (worker.pid == 0) {
    become_worker(program.c_str(), environment.data(), folder.c_str(), theirs.get(), worker.output.get());
  }
  return worker;
}

std::string captured_output(const WorkerProcess& worker) {
  const off_t end = std::clamp<off_t>(::lseek(worker.output.get(), 0, SEEK_CUR), 0, k_output_bytes);
  ::lseek(worker.output.get(), 0, SEEK_SET);
  const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(k_shown_output));
  std::string text(static_cast<std::size_t>(end - begin), '\0');
  const ssize_t n = ::pread(worker.output.get(), text.data(), text.size(), begin);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  // All of it, also what was written through a mapping: the next network finds nothing.
  static constexpr std::array<char, k_output_bytes> k_blank{};
  const ssize_t blanked = ::pwrite(worker.output.get(), k_blank.data(), k_blank.size(), 0);
  static_cast<void>(blanked);  // memory, and there already: it cannot fail
  return text;
}

void kill_worker(WorkerProcess& worker) {
  if (worker.pid <= 0) return;
  // The group before it is waited for: until then its number cannot become another's. The session is the worker's
  // from its first moment on; should setsid not have happened yet, the process itself is there to be killed.
  ::kill(-worker.pid, SIGKILL);
  ::kill(worker.pid, SIGKILL);
  while (::waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  worker.pid = -1;
  worker.socket = Fd();
}

Undumpable::Undumpable() {
  if (g_undumpable++ == 0) ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

Undumpable::~Undumpable() {
  if (--g_undumpable == 0) ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

bool memory_limit_available() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#else
  return true;
#endif
}

std::string missing_walls() {
  std::string missing;
  const auto lacks = [&](bool wall_missing, const char* words) {
    if (wall_missing) missing += (missing.empty() ? "" : ", ") + std::string(words);
  };
  const Confinement files = confinement_available();
  lacks(!system_call_filter_available(), "no filter of system calls");
  lacks(!memory_limit_available(), "no limit on memory");
  lacks(files == Confinement::none, "files can be changed outside the scratch folder");
  lacks(files == Confinement::all_but_cutting, "files can be cut outside the scratch folder");
  return missing;
}

base::Expected<void> raise_worker_walls(const WorkerWalls& walls) {
  limit(RLIMIT_CORE, 0);
  if (memory_limit_available() && walls.memory_bytes > 0) {
    std::int64_t bytes = 0;
    const std::int64_t own = address_space_in_use() + walls.mapped_bytes + k_memory_slack_bytes;
    if (__builtin_add_overflow(walls.memory_bytes, own, &bytes)) bytes = INT64_MAX;
    limit(RLIMIT_AS, bytes);
  }
  drop_capabilities();
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (confinement_available() != Confinement::none && !confine_changes_to(walls.scratch_dir)) {
    return base::grader_error(
        fmt::format("cannot confine the worker to '{}': {}", walls.scratch_dir, std::strerror(errno)));
  }
  if (system_call_filter_available() && !filter_worker_calls(::getppid())) {
    return base::grader_error(fmt::format("cannot filter the worker's system calls: {}", std::strerror(errno)));
  }
  return {};
}

void raise_child_walls() {
  // A handler would run inside operations, whose time is not the participant's: none that setup() left, and none new.
  for (int number = 1; number < NSIG; ++number)
    if (number != SIGPIPE) ::signal(number, SIG_DFL);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (!filter_child_calls(::getpid())) ::setpgid(0, 0);
}

}  // namespace whest::runner
