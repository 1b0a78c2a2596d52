// SPDX-License-Identifier: MIT
// Estimators that change files: in the folder "elsewhere" beside the plugin (the test fills it with "kept", a file, and
// "hollow", an empty folder) and in the scratch folder. What they did is in the message of what they throw.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <whest/estimator.hpp>

namespace fs = std::filesystem;
namespace fnp = flopscope::numpy;
using fnp::ndarray;
using whest::Estimator;
using whest::Mlp;
using whest::SetupContext;

namespace {

bool opens(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags, 0644);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

bool shares_memory(const char* name) {
  const int fd = ::shm_open(name, O_CREAT | O_RDWR, 0600);
  if (fd >= 0) ::shm_unlink(name);
  return fd >= 0;
}

bool keeps_memory() {
  const int id = ::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  if (id >= 0) ::shmctl(id, IPC_RMID, nullptr);
  return id >= 0;
}

bool keeps_messages() {
  const int id = ::msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  if (id >= 0) ::msgctl(id, IPC_RMID, nullptr);
  return id >= 0;
}

// Its flags: that it is not dumped (chattr +d).
bool sets_flags(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY);
  int flags = FS_NODUMP_FL;
  const bool set = ::ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0;
  ::close(fd);
  return set;
}

// Every way to change something outside the scratch folder that was allowed, by name.
std::string changes_elsewhere(const SetupContext& context) {
  const std::string elsewhere = context.submission_dir + "/elsewhere/", kept = elsewhere + "kept";
  const std::string own = context.scratch_dir + "/own";
  std::ofstream(own) << "mine";
  const timespec long_ago[2] = {};
  std::string allowed;
  const auto tried = [&](const char* what, bool worked) {
    if (worked) allowed += std::string(" ") + what;
  };
  tried("write", opens(kept, O_WRONLY));
  tried("append", opens(kept, O_WRONLY | O_APPEND));
  tried("read-write", opens(kept, O_RDWR));
  tried("create", opens(elsewhere + "new", O_WRONLY | O_CREAT));
  tried("unnamed", opens(elsewhere, O_WRONLY | O_TMPFILE));
  tried("cut", ::truncate(kept.c_str(), 1) == 0);
  tried("cut-on-open", opens(kept, O_RDONLY | O_TRUNC));
  tried("rename", ::rename(kept.c_str(), (elsewhere + "renamed").c_str()) == 0);
  tried("take", ::rename(kept.c_str(), (own + "-taken").c_str()) == 0);
  tried("put", ::rename(own.c_str(), (elsewhere + "own").c_str()) == 0);
  tried("link", ::link(own.c_str(), (elsewhere + "linked").c_str()) == 0);
  tried("link-in", ::link(kept.c_str(), (own + "-linked").c_str()) == 0);
  tried("symlink", ::symlink("kept", (elsewhere + "pointer").c_str()) == 0);
  tried("mkdir", ::mkdir((elsewhere + "folder").c_str(), 0755) == 0);
  tried("mkfifo", ::mkfifo((elsewhere + "pipe").c_str(), 0600) == 0);
  tried("rmdir", ::rmdir((elsewhere + "hollow").c_str()) == 0);
  tried("unlink", ::unlink(kept.c_str()) == 0);
  tried("chmod", ::chmod(kept.c_str(), 0600) == 0);
  tried("times", ::utimensat(AT_FDCWD, kept.c_str(), long_ago, 0) == 0);
  tried("flags", sets_flags(kept));
  tried("attribute", ::setxattr(kept.c_str(), "user.note", "1", 1, 0) == 0);
  tried("shm_open", shares_memory("/whest-test-files"));
  tried("shmget", keeps_memory());
  tried("msgget", keeps_messages());
  return allowed;
}

// Every ordinary thing inside the scratch folder that was refused, by name.
std::string refusals_inside(const SetupContext& context) {
  const fs::path scratch = context.scratch_dir;
  std::string refused;
  const auto tried = [&](const char* what, bool worked) {
    if (!worked) refused += std::string(" ") + what;
  };
  tried("write", static_cast<bool>(std::ofstream(scratch / "a") << "text"));
  tried("cut", ::truncate((scratch / "a").c_str(), 1) == 0);
  std::error_code error;
  tried("mkdir", fs::create_directory(scratch / "folder", error));
  tried("rename", (fs::rename(scratch / "a", scratch / "folder" / "b", error), !error));
  tried("copy", fs::copy_file(scratch / "folder" / "b", scratch / "c", fs::copy_options::overwrite_existing, error));
  tried("read-the-copy", static_cast<bool>(std::ifstream(scratch / "c")));
  tried("copy-in", fs::copy_file(context.submission_dir + "/elsewhere/kept", scratch / "d", error));
  tried("remove", fs::remove(scratch / "d", error));
  tried("remove-all", fs::remove_all(scratch / "folder", error) == 2);
  std::string temporary = std::string(std::getenv("TMPDIR")) + "/XXXXXX";
  tried("mkstemp", ::mkstemp(temporary.data()) >= 0);
  tried("null", opens("/dev/null", O_RDWR | O_TRUNC));
  return refused;
}

}  // namespace

struct ChangesElsewhere : Estimator {
  SetupContext context;
  void setup(const SetupContext& c) override { context = c; }
  ndarray predict(const Mlp&, std::int64_t) override { throw std::runtime_error(":" + changes_elsewhere(context)); }
};
WHEST_ESTIMATOR(ChangesElsewhere)

struct SetupChangesElsewhere : Estimator {
  std::string allowed;
  void setup(const SetupContext& context) override {
    std::thread([&] { allowed = changes_elsewhere(context); }).join();
  }
  ndarray predict(const Mlp&, std::int64_t) override { throw std::runtime_error(":" + allowed); }
};
WHEST_ESTIMATOR(SetupChangesElsewhere)

struct UsesScratch : Estimator {
  SetupContext context;
  void setup(const SetupContext& c) override { context = c; }
  ndarray predict(const Mlp&, std::int64_t) override { throw std::runtime_error(":" + refusals_inside(context)); }
};
WHEST_ESTIMATOR(UsesScratch)

struct LeavesInOutput
    : Estimator {  // answers what it finds in the file behind standard output, and leaves a mark there
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    constexpr std::size_t k_bytes = 65536;
    auto* output =
        static_cast<unsigned char*>(::mmap(nullptr, k_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, STDOUT_FILENO, 0));
    if (output == MAP_FAILED) throw std::runtime_error("standard output cannot be mapped");
    const double found = output[k_bytes - 1];
    output[k_bytes - 1] = 7;
    return fnp::full({mlp.depth(), mlp.width()}, found, fnp::float32);
  }
};
WHEST_ESTIMATOR(LeavesInOutput)

struct CountsInScratch
    : Estimator {  // answers how many predictions its files and its memory know of: 10 * files + memory
  std::string counter;
  double in_memory = 0;
  void setup(const SetupContext& context) override { counter = context.scratch_dir + "/calls"; }
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    double in_files = 0;
    std::ifstream(counter) >> in_files;
    std::ofstream(counter) << ++in_files;
    return fnp::full({mlp.depth(), mlp.width()}, 10 * in_files + ++in_memory, fnp::float32);
  }
};
WHEST_ESTIMATOR(CountsInScratch)
