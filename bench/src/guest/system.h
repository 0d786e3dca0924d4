// System calls of Linux, for both builds, without a library.

#ifndef SYSTEM_H
#define SYSTEM_H

#include <asm/unistd.h>

static inline long call(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__riscv)
  register long a7 __asm__("a7") = number;
  register long a0 __asm__("a0") = a;
  register long a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  register long a3 __asm__("a3") = d;
  register long a4 __asm__("a4") = e;
  register long a5 __asm__("a5") = f;
  __asm__ volatile("ecall"
                   : "+r"(a0)
                   : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7)
                   : "memory");
  return a0;
#else
  long syscall(long, ...);
  return syscall(number, a, b, c, d, e, f);
#endif
}

static inline long call3(long number, long a, long b, long c) {
  return call(number, a, b, c, 0, 0, 0);
}

#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define MAP_PRIVATE 2
#define MAP_ANONYMOUS 32

static inline void *map(u64 bytes, int rights, int flags, int file) {
  return (void *)call(__NR_mmap, 0, bytes, rights, flags, file, 0);
}

static inline void unmap(void *from, u64 bytes) { call3(__NR_munmap, (long)from, bytes, 0); }

// The child gets 0.
static inline long fork_process(void) { return call(__NR_clone, 17 /* SIGCHLD */, 0, 0, 0, 0, 0); }

static inline void end_process(int status) {
  for (;;) call3(__NR_exit_group, status, 0, 0);
}

static inline void await_process(long process) { call(__NR_wait4, process, 0, 0, 0, 0, 0); }

void fail(const char *why);

#endif
