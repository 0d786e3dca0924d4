// Integer work for measuring: CRC-32 by bits, a sieve, and a sort, over and over; then the machine is
// switched off through the SBI. Position independent, no library, no data of its own.
//
//   riscv64-linux-gnu-gcc -O2 -march=rv64gc -mabi=lp64d -ffreestanding -nostdlib -static -fno-pic \
//     -mcmodel=medany -Wl,--build-id=none -Wl,-N -Wl,-e,_start -Wl,--no-relax -T integer.ld integer.c -o integer.elf
//   riscv64-linux-gnu-objcopy -O binary integer.elf integer.bin

typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned char u8;

int main(void);

__attribute__((naked, section(".text.start"))) void _start(void) {
  // 16 MiB above the program is stack and work space: both lie in RAM that nobody else uses.
  __asm__ volatile("lla sp, _start\n li t0, 0x1000000\n add sp, sp, t0\n call main\n"
                   "li a7, 0x53525354\n li a6, 0\n li a0, 0\n li a1, 0\n ecall\n 1: j 1b");
}

static u32 crc32(const u8 *data, u64 length, u32 crc) {
  for (u64 i = 0; i < length; i++) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320u & -(crc & 1));
  }
  return crc;
}

static u32 sieve(u8 *composite, u64 limit) {
  for (u64 i = 0; i < limit; i++) composite[i] = 0;
  u32 primes = 0;
  for (u64 i = 2; i < limit; i++) {
    if (composite[i]) continue;
    primes++;
    for (u64 j = i * i; j < limit; j += i) composite[j] = 1;
  }
  return primes;
}

static void sort(u32 *values, long low, long high) {
  while (low < high) {
    u32 pivot = values[(low + high) / 2];
    long i = low, j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        u32 t = values[i];
        values[i++] = values[j];
        values[j--] = t;
      }
    }
    sort(values, low, j);
    low = i;
  }
}

int main(void) {
  u64 base;
  __asm__ volatile("lla %0, _start\n" : "=r"(base));
  u8 *space = (u8 *)((base + 0x100000) & ~0xfffUL);
  u32 *values = (u32 *)(space + 0x100000);
  u32 crc = ~0u, seed = 1;
  for (int round = 0; round < 40; round++) {
    crc ^= sieve(space, 200000);
    crc = crc32(space, 100000, crc);
    for (int i = 0; i < 50000; i++) {
      seed = seed * 1664525u + 1013904223u;
      values[i] = seed;
    }
    sort(values, 0, 49999);
    crc ^= values[25000];
  }
  return (int)crc;
}
