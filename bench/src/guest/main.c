// `init PROGRAM N` runs one program n times, says its sum, and switches the machine off. Without a
// library: the guest's part starts at _start, as the first process of the system.
//
//   bench: up
//   bench: PROGRAM N SUM NANOSECONDS

#include "guest.h"
#include "system.h"

__attribute__((aligned(1 << 16))) u8 room[ROOM];

typedef struct {
  const char *name;
  u64 (*run)(u64);
} Program;

static u64 nothing(u64 n UNUSED) { return 0; }

static u64 idle(u64 n UNUSED) {
  while (call(__NR_ppoll, 0, 0, 0, 0, 0, 0)) continue;
  return 0;
}

static const Program programs[] = {
    {"boot", nothing},       {"idle", idle},       {"mix", mix},         {"sieve", sieve},
    {"crc32", crc32},        {"sha256", sha256},   {"matrix", matrix},   {"fib", fib},
    {"sort", sort},          {"interpreter", interpreter},
    {"copy", copy},          {"triad", triad},     {"chase", chase},     {"nbody", nbody},
    {"linpack", linpack},    {"mandelbrot", mandelbrot},
    {"getppid", getppid},    {"fork", forks},      {"fault", faults},    {"pipe", pipes},
    {"cold", cold},          {"modify", modify},
};


static int same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static char line[256];
static u64 used;

static void say(const char *text) {
  for (; *text && used < sizeof line; text++) line[used++] = *text;
}

static void say_number(u64 value, u64 base) {
  char digits[24];
  int n = 0;
  do {
    digits[n++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value);
  while (n > 0 && used < sizeof line) line[used++] = digits[--n];
}

static void end_line(void) {
  say("\n");
  call3(__NR_write, 1, (long)line, used);
  used = 0;
}

static void end(int status) {
#if defined(__riscv)
  call(__NR_reboot, 0xfee1dead, 0x28121969, 0x4321fedc /* power off */, 0, 0, 0);
#endif
  end_process(status);
}

void fail(const char *why) {
  used = 0;
  say("bench: failed: ");
  say(why);
  end_line();
  end(1);
}

static u64 now(void) {
  long time[2];
  call3(__NR_clock_gettime, 1 /* monotonic */, (long)time, 0);
  return (u64)time[0] * 1000000000UL + (u64)time[1];
}

static u64 number(const char *text) {
  u64 value = 0;
  for (; *text >= '0' && *text <= '9'; text++) value = value * 10 + (u64)(*text - '0');
  return value;
}

int main(int count, char **words) {
  const char *name = count > 1 ? words[1] : "boot";
  u64 n = count > 2 ? number(words[2]) : 1;
  say("bench: up");
  end_line();
  for (u64 i = 0; i < sizeof programs / sizeof *programs; i++) {
    if (!same(programs[i].name, name)) continue;
    u64 began = now();
    u64 sum = programs[i].run(n);
    u64 took = now() - began;
    say("bench: ");
    say(name);
    say(" ");
    say_number(n, 10);
    say(" ");
    say_number(sum, 16);
    say(" ");
    say_number(took, 10);
    end_line();
    end(0);
  }
  fail("no such program");
  return 1;
}

#if defined(__riscv)

// The compiler may ask for these whatever the options.
void *memcpy(void *to, const void *from, u64 bytes) {
  for (u64 i = 0; i < bytes; i++) ((u8 *)to)[i] = ((const u8 *)from)[i];
  return to;
}

void *memset(void *to, int value, u64 bytes) {
  for (u64 i = 0; i < bytes; i++) ((u8 *)to)[i] = (u8)value;
  return to;
}

// The first word on the stack is the count of arguments, then come the arguments.
__attribute__((naked, used)) void _start(void) {
  __asm__ volatile(
      ".option push\n .option norelax\n la gp, __global_pointer$\n .option pop\n"
      "ld a0, 0(sp)\n addi a1, sp, 8\n andi sp, sp, -16\n call main\n 1: j 1b");
}

#endif
