// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <whest/base/parse.hpp>
#include <whest/ground_truth/options.hpp>
#include <whest/ground_truth/peer.hpp>

namespace whest::ground_truth {

namespace {

// No single quote inside: the text is quoted by them for the shell.
constexpr const char* k_script = R"py(
import sys, time
import numpy as np
width, depth, rows, seconds = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
weights = [(np.random.default_rng(i).standard_normal((width, width)) * (2 / width) ** 0.5).astype(np.float32)
           for i in range(depth)]
rng = np.random.default_rng(0)
sums = np.zeros((depth, width))
squares = np.zeros(width)
def chunk():
    x = rng.standard_normal((rows, width), dtype=np.float32)
    for layer, w in enumerate(weights):
        x = np.maximum(np.matmul(x, w), 0.0)
        wide = np.asarray(x, dtype=np.float64)
        sums[layer] += np.sum(wide, axis=0)
    squares[:] += np.sum(wide ** 2, axis=0)
chunk()
best = 0.0
end = time.perf_counter() + seconds
while best == 0.0 or time.perf_counter() < end:
    start = time.perf_counter()
    chunk()
    best = max(best, rows / (time.perf_counter() - start))
print(best)
)py";

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace

base::Expected<double> peer_samples_per_s(const std::string& python, std::int64_t width, std::int64_t depth,
                                          int threads, double seconds) {
  const std::string count = std::to_string(threads);
  const std::string command = "OPENBLAS_NUM_THREADS=" + count + " OMP_NUM_THREADS=" + count +
                              " MKL_NUM_THREADS=" + count + " " + shell_quoted(python) + " -c " +
                              shell_quoted(k_script) + " " + std::to_string(width) + " " + std::to_string(depth) + " " +
                              std::to_string(peer_chunk_rows(width)) + " " + std::to_string(seconds) + " 2>/dev/null";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return base::grader_error("cannot start a shell for '" + python + "'.");
  std::string output;
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) output += buffer.data();
  const int status = pclose(pipe);
  char* end = nullptr;
  const double rate = std::strtod(output.c_str(), &end);
  if (status != 0 || end == output.c_str() || !(rate > 0) || !std::isfinite(rate)) {
    return base::usage_error("'" + python + "' cannot time the peers' path: a Python with NumPy was expected.");
  }
  return rate;
}

}  // namespace whest::ground_truth
