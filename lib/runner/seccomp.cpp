// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>
#include <whest/runner/seccomp.hpp>

namespace whest::runner {

namespace {

// Calls newer than the headers of Debian 12.
constexpr int k_sys_fchmodat2 = 452, k_sys_setxattrat = 463, k_sys_removexattrat = 466;

// A filter that lets everything through but what is named: a list of tests, each with its own refusal, so that no jump
// is longer than one test.
class Filter {
 public:
  Filter() {
    load(offsetof(seccomp_data, arch));
    jump_if_equal(AUDIT_ARCH_X86_64, 1, 0);
    give(SECCOMP_RET_KILL_PROCESS);  // another system call table: nothing here would mean what it says
    load(offsetof(seccomp_data, nr));
    // The x32 numbers are the same calls under other names.
    m_code.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000U, 0, 1));
    give(refusal(ENOSYS));
  }

  void refuse(std::initializer_list<int> numbers, int error = EPERM) {
    for (int number : numbers) {
      jump_if_equal(static_cast<std::uint32_t>(number), 0, 1);
      give(refusal(error));
    }
  }

  // Refuses `number` unless its argument, as 32 bits, is `allowed`.
  void refuse_unless_argument_is(int number, int argument, std::uint32_t allowed) {
    refuse_by_argument(number, argument, BPF_JEQ, allowed, Test::lets_through);
  }

  // Refuses `number` unless its argument has a bit of `bits`.
  void refuse_unless_argument_has(int number, int argument, std::uint32_t bits) {
    refuse_by_argument(number, argument, BPF_JSET, bits, Test::lets_through);
  }

  // Refuses `number` when its argument, as 32 bits, is `refused`.
  void refuse_argument(int number, int argument, std::uint32_t refused) {
    refuse_by_argument(number, argument, BPF_JEQ, refused, Test::refuses);
  }

  // Refuses `number` when its argument, as 32 bits, is negative.
  void refuse_negative_argument(int number, int argument) {
    refuse_by_argument(number, argument, BPF_JGE, 0x80000000U, Test::refuses);
  }

  bool install() {
    give(SECCOMP_RET_ALLOW);
    sock_fprog program{static_cast<unsigned short>(m_code.size()), m_code.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
  }

 private:
  // What it means that an argument passes its test.
  enum class Test { lets_through, refuses };

  // The argument's lower 32 bits are compared: the kernel takes no more of those that are asked about here.
  void refuse_by_argument(int number, int argument, int comparison, std::uint32_t value, Test test) {
    const bool refuses = test == Test::refuses;
    jump_if_equal(static_cast<std::uint32_t>(number), 0, 4);
    load_argument(argument);
    m_code.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K), value,
                              static_cast<std::uint8_t>(refuses ? 0 : 1), static_cast<std::uint8_t>(refuses ? 1 : 0)));
    give(refusal(EPERM));
    load(offsetof(seccomp_data, nr));
  }

  static std::uint32_t refusal(int error) {
    return SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(error) & SECCOMP_RET_DATA);
  }
  void load(std::size_t offset) {
    m_code.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  void load_argument(int argument) {
    load(offsetof(seccomp_data, args) + static_cast<std::size_t>(argument) * sizeof(std::uint64_t));
  }
  void jump_if_equal(std::uint32_t value, std::uint8_t if_equal, std::uint8_t otherwise) {
    m_code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, if_equal, otherwise));
  }
  void give(std::uint32_t verdict) { m_code.push_back(BPF_STMT(BPF_RET | BPF_K, verdict)); }

  std::vector<sock_filter> m_code;
};

}  // namespace

bool filter_worker_calls(pid_t host) {
  Filter filter;
  filter.refuse({SYS_ptrace,
                 SYS_process_vm_readv,
                 SYS_process_vm_writev,
                 SYS_setsid,
                 SYS_setpgid,
                 SYS_socket,
                 SYS_connect,
                 SYS_shmget,
                 SYS_semget,
                 SYS_msgget,
                 SYS_mq_open,
                 SYS_tkill,
                 SYS_rt_sigqueueinfo,
                 SYS_rt_tgsigqueueinfo,
                 SYS_pidfd_getfd,
                 SYS_mount,
                 SYS_umount2,
                 SYS_pivot_root,
                 SYS_unshare,
                 SYS_setns,
                 SYS_bpf,
                 SYS_io_uring_setup,
                 SYS_userfaultfd,
                 SYS_perf_event_open,
                 SYS_keyctl,
                 SYS_add_key,
                 SYS_request_key,
                 SYS_kexec_load,
                 SYS_init_module,
                 SYS_finit_module,
                 SYS_reboot,
                 SYS_swapon,
                 SYS_setpriority,
                 SYS_sched_setscheduler,
                 SYS_sched_setparam,
                 SYS_sched_setattr,
                 SYS_sched_setaffinity,
                 SYS_ioprio_set,
                 SYS_pidfd_send_signal});
  for (const std::uint32_t owner : {F_SETOWN, F_SETOWN_EX})
    filter.refuse_argument(SYS_fcntl, 1, owner);  // a signal to it
  // What Landlock does not hold of files. fchmod stays: copying a file into the scratch folder needs it.
  filter.refuse({SYS_chmod, SYS_fchmodat, SYS_chown, SYS_lchown, SYS_fchown, SYS_fchownat, SYS_utime, SYS_utimes,
                 SYS_futimesat, SYS_utimensat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr,
                 SYS_lremovexattr, SYS_fremovexattr, k_sys_setxattrat, k_sys_removexattrat, k_sys_fchmodat2});
  for (const std::uint32_t flags : {std::uint32_t{FS_IOC_SETFLAGS}, std::uint32_t{FS_IOC_FSSETXATTR}})
    filter.refuse_argument(SYS_ioctl, 1, flags);
  filter.refuse_unless_argument_is(SYS_prlimit64, 0, 0);  // its own limits only
  for (int number : {SYS_kill, SYS_tgkill, SYS_pidfd_open}) {
    filter.refuse_argument(number, 0, static_cast<std::uint32_t>(host));
    filter.refuse_negative_argument(number, 0);
  }
  return filter.install();
}

bool filter_child_calls(pid_t self) {
  Filter filter;
  filter.refuse({SYS_fork, SYS_vfork, SYS_pidfd_open, SYS_execve, SYS_execveat, SYS_rt_sigaction});
  // Its flags lie in memory, where a filter cannot see them; the C library then falls back to clone.
  filter.refuse({SYS_clone3}, ENOSYS);
  filter.refuse_unless_argument_has(SYS_clone, 0, CLONE_THREAD);
  for (int number : {SYS_kill, SYS_tgkill}) {
    filter.refuse_unless_argument_is(number, 0, static_cast<std::uint32_t>(self));
  }
  return filter.install();
}

bool system_call_filter_available() {
  // A filter at address 0 is a fault (EFAULT) where filters exist, an invalid request (EINVAL) where they do not.
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, nullptr, 0, 0) == -1 && errno == EFAULT;
}

}  // namespace whest::runner
