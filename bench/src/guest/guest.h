// What the programs of the set share. They use no library: the same source is built for the guest (a
// static riscv64 program that is its own init) and for the host that computes the expected sums.

#ifndef GUEST_H
#define GUEST_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

#define NOINLINE __attribute__((noinline, noclone))
#define UNUSED __attribute__((unused))

// Room that all programs share, as only one runs. Aligned so that page and line borders are the same
// in both builds.
#define ROOM (8UL << 20)
extern u8 room[ROOM];

// A program does its work `n` times and gives a sum of everything that it computed.
u64 mix(u64 n);
u64 sieve(u64 n);
u64 crc32(u64 n);
u64 sha256(u64 n);
u64 matrix(u64 n);
u64 fib(u64 n);
u64 sort(u64 n);
u64 interpreter(u64 n);
u64 copy(u64 n);
u64 triad(u64 n);
u64 chase(u64 n);
u64 nbody(u64 n);
u64 linpack(u64 n);
u64 mandelbrot(u64 n);
u64 getppid(u64 n);
u64 forks(u64 n);
u64 faults(u64 n);
u64 pipes(u64 n);
u64 cold(u64 n);
u64 modify(u64 n);

// The same numbers in both builds: xorshift64* after Vigna, "An experimental exploration of
// Marsaglia's xorshift generators, scrambled" (2016).
static inline u64 next(u64 *state) {
  u64 x = *state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return x * 0x2545f4914f6cdd1dUL;
}

static inline u64 fold(u64 sum, u64 value) {
  return (sum ^ value) * 0x100000001b3UL + 0x9e3779b97f4a7c15UL;
}

static inline u64 bits(double value) {
  union {
    double value;
    u64 bits;
  } both = {value};
  return both.bits;
}

#endif
