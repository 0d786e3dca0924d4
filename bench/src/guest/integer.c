// Integer loops.

#include "guest.h"

// ---- mix: what small control programs do: a linked list, a small matrix, a scanner, a checksum ----

typedef struct Node {
  struct Node *next;
  u16 key;
  u16 value;
} Node;

enum { NODES = 100, SIDE = 12, TEXT = 400 };

typedef struct {
  Node nodes[NODES];
  short a[SIDE][SIDE], b[SIDE][SIDE];
  int c[SIDE][SIDE];
  u8 text[TEXT];
  u32 states[8];
} Mix;

static u16 crc16(u16 crc, u16 value) {
  crc ^= value;
  for (int bit = 0; bit < 16; bit++) crc = (u16)((crc >> 1) ^ (0xa001 & -(crc & 1)));
  return crc;
}

typedef int (*Order)(const Node *, const Node *);

static int by_key(const Node *a, const Node *b) { return (int)a->key - (int)b->key; }

static int by_value(const Node *a, const Node *b) { return (int)a->value - (int)b->value; }

static NOINLINE Node *merge(Node *a, Node *b, Order order) {
  Node head, *last = &head;
  while (a && b) {
    Node **from = order(a, b) <= 0 ? &a : &b;
    last->next = *from;
    last = *from;
    *from = last->next;
  }
  last->next = a ? a : b;
  return head.next;
}

static NOINLINE Node *sorted(Node *list, Order order) {
  if (!list || !list->next) return list;
  Node *slow = list;
  for (Node *fast = list->next; fast && fast->next; fast = fast->next->next) slow = slow->next;
  Node *half = slow->next;
  slow->next = 0;
  return merge(sorted(list, order), sorted(half, order), order);
}

static NOINLINE Node *reversed(Node *list) {
  Node *done = 0;
  while (list) {
    Node *rest = list->next;
    list->next = done;
    done = list;
    list = rest;
  }
  return done;
}

static NOINLINE u32 found(const Node *list, u16 key) {
  u32 steps = 0;
  for (; list && list->key != key; list = list->next) steps++;
  return list ? list->value + steps : steps;
}

static NOINLINE u16 matrix_work(Mix *m, short by, u16 crc) {
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) m->a[i][j] = (short)(m->a[i][j] + by);
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) {
      int sum = 0;
      for (int k = 0; k < SIDE; k++) sum += m->a[i][k] * m->b[k][j];
      m->c[i][j] = sum;
    }
  int clipped = 0;
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) {
      int part = ((m->c[i][j] >> 2) & 15) * ((m->c[i][j] >> 5) & 127);
      clipped = clipped + part > 5000 ? 0 : clipped + part;
      if ((j & 3) == 3) crc = crc16(crc, (u16)clipped);
    }
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) m->a[i][j] = (short)(m->a[i][j] - by);
  return crc;
}

enum { START, SIGN, WHOLE, POINT, FRACTION, EXPONENT, DIGITS, WRONG };

static int step(int state, u8 c) {
  int digit = c >= '0' && c <= '9';
  switch (state) {
    case START: return digit ? WHOLE : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : WRONG;
    case SIGN: return digit ? WHOLE : c == '.' ? POINT : WRONG;
    case WHOLE: return digit ? WHOLE : c == '.' ? FRACTION : c == 'e' ? EXPONENT : WRONG;
    case POINT: return digit ? FRACTION : WRONG;
    case FRACTION: return digit ? FRACTION : c == 'e' ? EXPONENT : WRONG;
    case EXPONENT: return digit || c == '-' ? DIGITS : WRONG;
    case DIGITS: return digit ? DIGITS : WRONG;
    default: return WRONG;
  }
}

// Numbers between commas: how many end in each state.
static NOINLINE void scan(Mix *m) {
  int state = START;
  for (int i = 0; i < TEXT; i++) {
    if (m->text[i] == ',') {
      m->states[state]++;
      state = START;
    } else {
      state = step(state, m->text[i]);
    }
  }
}

static Node *mix_start(Mix *m) {
  static const char alphabet[] = "0123456789012345.,,+-e,x";
  u64 seed = 42;
  for (int i = 0; i < NODES; i++) {
    m->nodes[i].next = i + 1 < NODES ? &m->nodes[i + 1] : 0;
    m->nodes[i].key = (u16)(next(&seed) >> 50);
    m->nodes[i].value = (u16)i;
  }
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) {
      m->a[i][j] = (short)(next(&seed) >> 56);
      m->b[i][j] = (short)(next(&seed) >> 56);
    }
  for (int i = 0; i < TEXT; i++) m->text[i] = (u8)alphabet[(next(&seed) >> 32) % 24];
  for (int i = 0; i < 8; i++) m->states[i] = 0;
  return m->nodes;
}

u64 mix(u64 n) {
  Mix *m = (Mix *)room;
  Node *list = mix_start(m);
  u64 sum = 0;
  for (u64 i = 0; i < n; i++) {
    u16 crc = (u16)i;
    for (u32 k = 0; k < 8; k++) {
      list = reversed(list);
      crc = crc16(crc, (u16)found(list, m->nodes[(i * 7 + k * 13) % NODES].key));
    }
    list = sorted(list, by_key);
    crc = crc16(crc, list->value);
    list = sorted(list, by_value);
    crc = matrix_work(m, (short)(i & 31), crc);
    u8 *changed = &m->text[i % TEXT];
    u8 kept = *changed;
    *changed ^= (u8)(i & 7);
    scan(m);
    *changed = kept;
    for (int s = 0; s < 8; s++) crc = crc16(crc, (u16)m->states[s]);
    sum = fold(sum, crc);
  }
  return sum;
}

// ---- sieve of Eratosthenes: bytes, far strides ----

u64 sieve(u64 n) {
  enum { LIMIT = 1 << 20 };
  u64 sum = 0;
  for (u64 round = 0; round < n; round++) {
    for (u64 i = 0; i < LIMIT; i++) room[i] = 0;
    u64 primes = 0;
    for (u64 i = 2; i < LIMIT; i++) {
      if (room[i]) continue;
      primes++;
      for (u64 j = i * i; j < LIMIT; j += i) room[j] = 1;
    }
    sum = fold(sum, primes + round);
  }
  return sum;
}

static void fill(u64 bytes, u64 seed) {
  for (u64 i = 0; i < bytes; i++) room[i] = (u8)(next(&seed) >> 56);
}

// ---- CRC-32 (IEEE 802.3, reflected), one byte and one table look-up at a time ----

u64 crc32(u64 n) {
  enum { BYTES = 1 << 16 };
  static u32 table[256];
  for (u32 i = 0; i < 256; i++) {
    u32 crc = i;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320u & -(crc & 1));
    table[i] = crc;
  }
  fill(BYTES, 7);
  u32 crc = 0xffffffffu;
  for (u64 round = 0; round < n; round++)
    for (u64 i = 0; i < BYTES; i++) crc = table[(crc ^ room[i]) & 255] ^ (crc >> 8);
  return ~crc;
}

// ---- SHA-256 (FIPS 180-4) ----

static u32 rotated(u32 x, int by) { return x >> by | x << (32 - by); }

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (§4.2.2), found
// by bisection in whole numbers, so that no table needs to be believed.
static void round_constants(u32 *k) {
  u32 prime = 2;
  for (int i = 0; i < 64; prime++) {
    int whole = 1;
    for (u32 d = 2; d * d <= prime; d++) whole &= prime % d != 0;
    if (!whole) continue;
    unsigned __int128 low = 0, high = (unsigned __int128)8 << 32;
    while (high - low > 1) {
      unsigned __int128 mid = (low + high) / 2;
      if (mid * mid * mid <= (unsigned __int128)prime << 96)
        low = mid;
      else
        high = mid;
    }
    k[i++] = (u32)low;
  }
}

static NOINLINE void sha256_block(u32 *h, const u8 *block, const u32 *k) {
  u32 w[64];
  for (int i = 0; i < 16; i++)
    w[i] = (u32)block[4 * i] << 24 | (u32)block[4 * i + 1] << 16 | (u32)block[4 * i + 2] << 8 |
           block[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    u32 s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
    u32 s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  u32 a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], l = h[7];
  for (int i = 0; i < 64; i++) {
    u32 t1 = l + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
    u32 t2 = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    l = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e, h[5] += f, h[6] += g, h[7] += l;
}

u64 sha256(u64 n) {
  enum { BYTES = 1 << 16 };
  static u32 k[64];
  static u32 h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  round_constants(k);
  fill(BYTES, 11);
  for (u64 round = 0; round < n; round++)
    for (u64 at = 0; at < BYTES; at += 64) sha256_block(h, room + at, k);
  return (u64)h[0] << 32 | h[7];
}

// ---- matrix: 32-bit products of 96 by 96 ----

u64 matrix(u64 n) {
  enum { WIDE = 96 };
  u32(*a)[WIDE] = (u32(*)[WIDE])room;
  u32(*b)[WIDE] = a + WIDE;
  u32(*c)[WIDE] = b + WIDE;
  u64 seed = 3;
  for (int i = 0; i < WIDE; i++)
    for (int j = 0; j < WIDE; j++) a[i][j] = (u32)next(&seed), b[i][j] = (u32)next(&seed);
  u64 sum = 0;
  for (u64 round = 0; round < n; round++) {
    for (int i = 0; i < WIDE; i++)
      for (int j = 0; j < WIDE; j++) {
        u32 dot = 0;
        for (int l = 0; l < WIDE; l++) dot += a[i][l] * b[l][j];
        c[i][j] = dot;
      }
    a[round % WIDE][round % 7] ^= c[round % WIDE][round % 11];
    sum = fold(sum, c[WIDE - 1][round % WIDE]);
  }
  return sum;
}
