// Code that is new to the machine that runs it.

#include "guest.h"
#include "system.h"

#if defined(__riscv)

enum { NEW_CODE_BYTES = 4096 };

static void *code_room(u64 bytes, int file) {
  void *code = map(bytes, PROT_READ | PROT_WRITE | PROT_EXEC,
                   MAP_PRIVATE | (file < 0 ? MAP_ANONYMOUS : 0), file);
  if ((long)code < 0 && (long)code > -4096) fail("mmap of code");
  return code;
}

// The file /cold (brume.bench.ColdCode writes it): a count, offsets, functions. The first n are
// called once each; a function takes and gives a sum and may use 64 words at its second argument.
u64 cold(u64 n) {
  long file = call(__NR_openat, -100, (long)"/cold", 0, 0, 0, 0);
  if (file < 0) fail("/cold");
  u32 head[2];
  if (call3(__NR_read, file, (long)head, sizeof head) != sizeof head) fail("/cold is short");
  u8 *code = code_room(head[1], (int)file);
  u32 *offsets = (u32 *)code + 2;
  if (n > head[0]) fail("/cold has fewer functions");
  u64 sum = 1;
  for (u64 i = 0; i < 64; i++) ((u64 *)room)[i] = i;
  for (u64 i = 0; i < n; i++) {
    u64 (*function)(u64, u64 *) = (u64(*)(u64, u64 *))(code + offsets[i]);
    sum = function(sum, (u64 *)room);
  }
  return sum;
}

// One instruction of a function is changed before each call: a0 = a0 + i.
u64 modify(u64 n) {
  volatile u32 *code = code_room(NEW_CODE_BYTES, -1);
  u64 (*function)(u64) = (u64(*)(u64))code;
  u64 sum = 0;
  code[0] = 0x00151513;  // slli a0, a0, 1
  code[2] = 0x00008067;  // ret
  for (u64 i = 0; i < n; i++) {
    code[1] = (u32)(i & 2047) << 20 | 0x00050513;  // addi a0, a0, i
    __asm__ volatile("fence.i" ::: "memory");
    sum = function(sum);
  }
  return sum;
}

#else

// On the host only the sums are wanted; that of cold is computed where its code is made.
u64 cold(u64 n) { return n; }

u64 modify(u64 n) {
  u64 sum = 0;
  for (u64 i = 0; i < n; i++) sum = (sum << 1) + (i & 2047);
  return sum;
}

#endif
