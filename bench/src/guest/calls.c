// Calls, returns and branches that depend on data.

#include "guest.h"

// ---- fib: nothing but calls ----

static NOINLINE u64 fibonacci(u64 n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

u64 fib(u64 n) { return fibonacci(n); }

// ---- sort: a quicksort that compares through a pointer, as the C library's does ----

typedef int (*Compare)(const void *, const void *);

static NOINLINE int ascending(const void *a, const void *b) {
  u32 x = *(const u32 *)a, y = *(const u32 *)b;
  return x < y ? -1 : x > y;
}

static NOINLINE int descending(const void *a, const void *b) { return ascending(b, a); }

static void swap(u32 *a, u32 *b) {
  u32 kept = *a;
  *a = *b;
  *b = kept;
}

static void quicksort(u32 *values, long low, long high, Compare compare) {
  while (high - low > 8) {
    u32 *middle = &values[low + (high - low) / 2];
    if (compare(&values[low], middle) > 0) swap(&values[low], middle);
    if (compare(middle, &values[high]) > 0) swap(middle, &values[high]);
    if (compare(&values[low], middle) > 0) swap(&values[low], middle);
    u32 pivot = *middle;
    long i = low, j = high;
    while (i <= j) {
      while (compare(&values[i], &pivot) < 0) i++;
      while (compare(&values[j], &pivot) > 0) j--;
      if (i <= j) swap(&values[i++], &values[j--]);
    }
    if (j - low < high - i) {
      quicksort(values, low, j, compare);
      low = i;
    } else {
      quicksort(values, i, high, compare);
      high = j;
    }
  }
  for (long i = low + 1; i <= high; i++)
    for (long j = i; j > low && compare(&values[j - 1], &values[j]) > 0; j--)
      swap(&values[j - 1], &values[j]);
}

u64 sort(u64 n) {
  enum { VALUES = 1 << 15 };
  u32 *values = (u32 *)room;
  u64 sum = 0;
  for (u64 round = 0; round < n; round++) {
    u64 seed = round + 1;
    for (int i = 0; i < VALUES; i++) values[i] = (u32)(next(&seed) >> 40);
    quicksort(values, 0, VALUES - 1, round & 1 ? descending : ascending);
    for (int i = 0; i < VALUES; i += 64) sum = fold(sum, values[i]);
  }
  return sum;
}

// ---- interpreter: a machine of bytes with registers, run by a switch ----

enum { LOAD, MOVE, ADD, SUBTRACT, MULTIPLY, AND, SHIFT, ODD, LESS, JUMP, IF, UNLESS, PUT, GET, FOLD, END };

typedef struct {
  u8 operation, to, a, b;
} Order;

static NOINLINE u64 run(const Order *program, u64 *registers, u64 *store) {
  u64 sum = 0;
  for (const Order *at = program;; at++) {
    u64 *to = &registers[at->to];
    u64 a = registers[at->a & 15], b = registers[at->b & 15];
    switch (at->operation) {
      case LOAD: *to = (u64)at->a << 8 | at->b; break;
      case MOVE: *to = a; break;
      case ADD: *to = a + b; break;
      case SUBTRACT: *to = a - b; break;
      case MULTIPLY: *to = a * b; break;
      case AND: *to = a & b; break;
      case SHIFT: *to = a >> (b & 63); break;
      case ODD: *to = a & 1; break;
      case LESS: *to = a < b; break;
      case JUMP: at = program + at->a - 1; break;
      case IF: if (*to) at = program + at->a - 1; break;
      case UNLESS: if (!*to) at = program + at->a - 1; break;
      case PUT: store[a & 255] = *to; break;
      case GET: *to = store[a & 255]; break;
      case FOLD: sum = fold(sum, a); break;
      case END: return sum;
    }
  }
}

// Lengths of the Collatz sequences from 1 to register 15, each kept in the store.
static const Order collatz[] = {
    {LOAD, 0, 0, 1},     // 0  x = 1
    {LOAD, 1, 0, 1},     // 1  one
    {LOAD, 2, 0, 3},     // 2  three
    {MOVE, 3, 0, 0},     // 3  y = x
    {LOAD, 4, 0, 0},     // 4  length = 0
    {LESS, 5, 1, 3},     // 5  while 1 < y
    {UNLESS, 5, 14, 0},  // 6
    {ODD, 6, 3, 0},      // 7  if y odd
    {IF, 6, 11, 0},      // 8
    {SHIFT, 3, 3, 1},    // 9  y /= 2
    {JUMP, 0, 20, 0},    // 10
    {MULTIPLY, 3, 3, 2}, // 11 y = 3 y + 1
    {ADD, 3, 3, 1},      // 12
    {JUMP, 0, 20, 0},    // 13
    {PUT, 4, 0, 0},      // 14 keep
    {GET, 7, 0, 0},      // 15
    {FOLD, 0, 7, 0},     // 16
    {ADD, 0, 0, 1},      // 17 x++
    {LESS, 5, 0, 15},    // 18
    {JUMP, 0, 22, 0},    // 19
    {ADD, 4, 4, 1},      // 20 length++
    {JUMP, 0, 5, 0},     // 21
    {IF, 5, 3, 0},       // 22
    {END, 0, 0, 0},      // 23
};

u64 interpreter(u64 n) {
  u64 registers[16] = {0}, store[256] = {0};
  u64 sum = 0;
  for (u64 round = 0; round < n; round++) {
    registers[15] = 2000 + (round & 15);
    sum = fold(sum, run(collatz, registers, store));
  }
  return sum;
}
