// Floating point. Built without contraction, so that products and sums are rounded one by one on every
// machine; linpack asks for fused operations itself.

#include "guest.h"

// ---- nbody: the sun and four planets that attract each other, symplectic Euler ----

typedef struct {
  double x, y, z, vx, vy, vz, mass;
} Body;

enum { BODIES = 5 };

// Rough orbits in astronomical units, years and solar masses: circles at the planets' distances and
// speeds, lifted out of the plane a little.
static void bodies_start(Body *bodies) {
  static const double distance[BODIES] = {0, 5.2, 9.58, 19.2, 30.05};
  static const double mass[BODIES] = {1, 9.55e-4, 2.86e-4, 4.37e-5, 5.15e-5};
  double pi = 3.141592653589793, momentum = 0;
  for (int i = 1; i < BODIES; i++) {
    double speed = 2 * pi / __builtin_sqrt(distance[i]);
    bodies[i] = (Body){distance[i], 0, distance[i] / 64, 0, speed, 0, mass[i]};
    momentum += speed * mass[i];
  }
  bodies[0] = (Body){0, 0, 0, 0, -momentum, 0, 1};
}

static NOINLINE void advance(Body *bodies, double dt) {
  double g = 4 * 3.141592653589793 * 3.141592653589793;
  for (int i = 0; i < BODIES; i++) {
    Body *a = &bodies[i];
    for (int j = i + 1; j < BODIES; j++) {
      Body *b = &bodies[j];
      double x = a->x - b->x, y = a->y - b->y, z = a->z - b->z;
      double square = x * x + y * y + z * z;
      double pull = g * dt / (square * __builtin_sqrt(square));
      a->vx -= x * b->mass * pull, a->vy -= y * b->mass * pull, a->vz -= z * b->mass * pull;
      b->vx += x * a->mass * pull, b->vy += y * a->mass * pull, b->vz += z * a->mass * pull;
    }
  }
  for (int i = 0; i < BODIES; i++) {
    Body *a = &bodies[i];
    a->x += dt * a->vx, a->y += dt * a->vy, a->z += dt * a->vz;
  }
}

u64 nbody(u64 n) {
  static Body bodies[BODIES];
  bodies_start(bodies);
  u64 sum = 0;
  for (u64 round = 0; round < n; round++) {
    for (int i = 0; i < 100; i++) advance(bodies, 0.01);
    sum = fold(sum, bits(bodies[round % BODIES].x));
  }
  return sum;
}

// ---- linpack: LU with partial pivoting of a 100 by 100 system, and its solution ----

enum { ORDER = 100 };

static NOINLINE void add_scaled(double *to, const double *from, double by, int count) {
  for (int i = 0; i < count; i++) to[i] = __builtin_fma(by, from[i], to[i]);
}

// Column by column, as a[column][row], so that the inner loop runs over neighbours.
static NOINLINE void solve(double (*a)[ORDER], double *b) {
  for (int k = 0; k < ORDER; k++) {
    int pivot = k;
    for (int i = k + 1; i < ORDER; i++)
      if (__builtin_fabs(a[k][i]) > __builtin_fabs(a[k][pivot])) pivot = i;
    for (int j = k; j < ORDER; j++) {
      double kept = a[j][k];
      a[j][k] = a[j][pivot];
      a[j][pivot] = kept;
    }
    double kept = b[k];
    b[k] = b[pivot];
    b[pivot] = kept;
    double factor = -1 / a[k][k];
    for (int i = k + 1; i < ORDER; i++) a[k][i] *= factor;
    for (int j = k + 1; j < ORDER; j++)
      add_scaled(&a[j][k + 1], &a[k][k + 1], a[j][k], ORDER - k - 1);
    add_scaled(&b[k + 1], &a[k][k + 1], b[k], ORDER - k - 1);
  }
  for (int k = ORDER - 1; k >= 0; k--) {
    b[k] /= a[k][k];
    add_scaled(b, a[k], -b[k], k);
  }
}

u64 linpack(u64 n) {
  double(*a)[ORDER] = (double(*)[ORDER])room;
  double *b = a[ORDER];
  u64 seed = 8, sum = 0;
  for (u64 round = 0; round < n; round++) {
    for (int i = 0; i < ORDER; i++) {
      for (int j = 0; j < ORDER; j++) a[i][j] = (double)(next(&seed) >> 40) / 16777216.0 - 0.5;
      b[i] = i;
    }
    solve(a, b);
    sum = fold(sum, bits(b[round % ORDER]));
  }
  return sum;
}

// ---- mandelbrot: 128 by 128 points, at most 200 steps ----

static NOINLINE u32 escape(double x, double y) {
  double a = 0, b = 0;
  u32 steps = 0;
  while (steps < 200 && a * a + b * b <= 4) {
    double next = a * a - b * b + x;
    b = 2 * a * b + y;
    a = next;
    steps++;
  }
  return steps;
}

u64 mandelbrot(u64 n) {
  enum { SIDE = 128 };
  u64 sum = 0;
  for (u64 round = 0; round < n; round++)
    for (int i = 0; i < SIDE; i++)
      for (int j = 0; j < SIDE; j++)
        sum = fold(sum, escape(-2 + 3.0 * i / SIDE, -1.5 + 3.0 * j / SIDE + (double)round / 1024));
  return sum;
}
