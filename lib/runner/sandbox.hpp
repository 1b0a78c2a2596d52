// SPDX-License-Identifier: MIT
// The walls around a participant's code: what the worker is started with, and what it and its children give up before
// they run that code. The theory of operation is at the head of sandbox.cpp.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/runner/descriptors.hpp>

namespace whest::runner {

inline constexpr int k_worker_socket = 3;  // the only descriptor a worker has beside 0, 1, 2

// ---- In the host ----

struct WorkerProcess {
  pid_t pid = -1;  // leader of a session and of a process group of its own
  Fd socket;       // the host's end
  Fd output;       // what the worker prints: a file of fixed size, see captured_output
};

// Starts `program` fresh: scrubbed environment, working folder `folder`, no descriptors but the socket, standard input
// empty, standard output and error into memory of fixed size.
base::Expected<WorkerProcess> spawn_worker(const std::string& program, const std::string& folder, int kernel_threads);

// What has been printed since the last call, cut to a few kilobytes.
std::string captured_output(const WorkerProcess& worker);

// Kills everything that the worker has started, and itself; then waits for it. Safe on a worker that has ended.
void kill_worker(WorkerProcess& worker);

// While one of these lives, no other process of the same user may look into the memory of this one.
class Undumpable {
 public:
  Undumpable();
  Undumpable(const Undumpable&) = delete;
  Undumpable& operator=(const Undumpable&) = delete;
  ~Undumpable();
};

// ---- In the worker ----

// Room above the memory limit for what is not the participant's: buffers of the libraries, the answer's making.
inline constexpr std::int64_t k_memory_slack_bytes = std::int64_t{64} << 20;

// What the worker gives up before it loads the plugin; an error where the kernel offers a wall and then refuses it.
struct WorkerWalls {
  std::int64_t memory_bytes = 0;  // limit for the participant: beyond what the worker uses already
  std::int64_t mapped_bytes = 0;  // input, answer and threads of the library, on top
  std::string scratch_dir;        // where files may be changed
};
base::Expected<void> raise_worker_walls(const WorkerWalls& walls);

// What the child of one network gives up besides: new processes and every signal to anybody else.
void raise_child_walls();

// Whether the address space can be limited in this build (not under the address sanitizer, whose shadow fills it).
bool memory_limit_available();

// What this kernel or this build cannot wall off, in words for people; empty: nothing.
std::string missing_walls();

}  // namespace whest::runner
