// What a program asks of its operating system.

#include "guest.h"
#include "system.h"

u64 getppid(u64 n) {
  u64 sum = 0;
  for (u64 i = 0; i < n; i++) sum = fold(sum, call3(__NR_getppid, 0, 0, 0) < 0);
  return sum;
}

// Each child changes memory that it shares with its parent, and the parent does not see it.
u64 forks(u64 n) {
  u64 sum = 0;
  for (u64 i = 0; i < 64; i++) room[i << 12] = 1;
  for (u64 i = 0; i < n; i++) {
    long child = fork_process();
    if (child < 0) fail("fork");
    if (child == 0) {
      room[(i & 63) << 12] = 2;
      end_process(0);
    }
    await_process(child);
    sum = fold(sum, room[(i & 63) << 12]);
  }
  return sum;
}

// First touches of 1,024 fresh pages, n times.
u64 faults(u64 n) {
  enum { PAGES = 1024 };
  u64 sum = 0;
  for (u64 round = 0; round < n; round++) {
    volatile u8 *fresh =
        map(PAGES << 12, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if ((long)fresh < 0 && (long)fresh > -4096) fail("mmap");
    for (u64 page = 0; page < PAGES; page++) fresh[page << 12] = (u8)(page + round);
    sum = fold(sum, fresh[(round & 1023) << 12] + fresh[5]);
    unmap((void *)fresh, PAGES << 12);
  }
  return sum;
}

static void transfer(long number, int file, u64 *value) {
  if (call3(number, file, (long)value, sizeof *value) != sizeof *value) fail("pipe");
}

// A number goes to another process and comes back changed, n times.
u64 pipes(u64 n) {
  int there[2], back[2];
  if (call3(__NR_pipe2, (long)there, 0, 0) < 0 || call3(__NR_pipe2, (long)back, 0, 0) < 0) fail("pipe2");
  u64 value = 1, sum = 0;
  long child = fork_process();
  if (child < 0) fail("fork");
  if (child == 0) {
    for (u64 i = 0; i < n; i++) {
      transfer(__NR_read, there[0], &value);
      value = value * 3 + i;
      transfer(__NR_write, back[1], &value);
    }
    end_process(0);
  }
  for (u64 i = 0; i < n; i++) {
    transfer(__NR_write, there[1], &value);
    transfer(__NR_read, back[0], &value);
    sum = fold(sum, value);
  }
  await_process(child);
  return sum;
}
