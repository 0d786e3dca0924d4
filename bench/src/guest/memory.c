// Memory: long copies, streams, and loads that wait for each other. The arrays lie an odd number of
// pages apart, so that no table that is indexed by low bits of page numbers meets all of them in one
// place.

#include "guest.h"

enum { WORDS = (1 << 20) / 8, GAP = 3 * 4096 / 8 };

// ---- copy: 1 MiB at a time, by words and unrolled, as a C library does on this architecture ----

static NOINLINE void copy_words(u64 *to, const u64 *from, u64 words) {
  for (u64 i = 0; i < words; i += 8) {
    u64 a = from[i], b = from[i + 1], c = from[i + 2], d = from[i + 3];
    u64 e = from[i + 4], f = from[i + 5], g = from[i + 6], h = from[i + 7];
    to[i] = a, to[i + 1] = b, to[i + 2] = c, to[i + 3] = d;
    to[i + 4] = e, to[i + 5] = f, to[i + 6] = g, to[i + 7] = h;
  }
}

u64 copy(u64 n) {
  u64 *a = (u64 *)room, *b = a + WORDS + GAP;
  u64 seed = 5, sum = 0;
  for (u64 i = 0; i < WORDS; i++) a[i] = next(&seed);
  for (u64 round = 0; round < n; round++) {
    copy_words(b, a, WORDS);
    a[round % WORDS] = b[(round * 17) % WORDS] + round;
    sum = fold(sum, b[round % WORDS]);
  }
  return sum;
}

// ---- triad: a = b + s c over 3 MiB. Of whole numbers: floating point has a class of its own ----

static NOINLINE void triad_once(u64 *a, const u64 *b, const u64 *c, u64 s, u64 words) {
  for (u64 i = 0; i < words; i++) a[i] = b[i] + s * c[i];
}

u64 triad(u64 n) {
  u64 *a = (u64 *)room, *b = a + WORDS + GAP, *c = b + WORDS + 2 * GAP + 512;
  u64 seed = 6, sum = 0;
  for (u64 i = 0; i < WORDS; i++) b[i] = next(&seed), c[i] = next(&seed);
  for (u64 round = 0; round < n; round++) {
    triad_once(a, b, c, round + 3, WORDS);
    sum = fold(sum, a[round % WORDS]);
  }
  return sum;
}

// ---- chase: one random cycle through 2 MiB, a pointer in each line of 64 bytes ----

u64 chase(u64 n) {
  enum { LINES = (2 << 20) / 64, STEP = 1000 };
  u64 *lines = (u64 *)room;
  u64 seed = 9;
  for (u64 i = 0; i < LINES; i++) lines[i * 8] = i;
  // Sattolo: a permutation that is a single cycle.
  for (u64 i = LINES - 1; i > 0; i--) {
    u64 j = (next(&seed) >> 20) % i;
    u64 kept = lines[i * 8];
    lines[i * 8] = lines[j * 8];
    lines[j * 8] = kept;
  }
  for (u64 i = 0; i < LINES; i++) lines[i * 8] = (u64)&lines[lines[i * 8] * 8];
  u64 *at = lines, sum = 0;
  for (u64 round = 0; round < n; round++) {
    for (int i = 0; i < STEP; i++) at = (u64 *)*at;
    sum = fold(sum, (u64)(at - lines));
  }
  return sum;
}
