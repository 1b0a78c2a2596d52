// SPDX-License-Identifier: MIT
// whest-worker: started by the subprocess runner with a socket as descriptor 3; serves it until told to stop.
#include <sys/socket.h>

#include <cstdio>
#include <exception>
#include <whest/runner/sandbox.hpp>
#include <whest/runner/worker.hpp>

int main() {
  int type = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(whest::runner::k_worker_socket, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_SEQPACKET) {
    std::fputs("whest-worker is started by whest, not by hand.\n", stderr);
    return 2;
  }
  try {
    return whest::runner::serve(whest::runner::k_worker_socket);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "whest-worker: %s\n", error.what());
    return 3;
  }
}
