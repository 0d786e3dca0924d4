#!/bin/sh
# Builds the guest programs (../main/resources/brume/bench/guests/guest.elf, which is committed: whoever
# measures needs no compiler), and `./build.sh PROGRAM N…` only prints the sums that programs must
# give, computed by the host. Needs gcc, and gcc-riscv64-linux-gnu with linux-libc-dev-riscv64-cross.
set -eu
cd "$(dirname "$0")"
sources='main.c integer.c calls.c memory.c floating.c operating.c code.c'
common='-O2 -std=gnu17 -Wall -Wextra -Werror -ffp-contract=off -fno-math-errno -fno-builtin
  -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables'
if [ $# -gt 0 ]; then
  host=$(mktemp)
  trap 'rm -f "$host"' EXIT
  gcc $common -fno-strict-aliasing -o "$host" $sources -lm
  while [ $# -gt 1 ]; do
    "$host" "$1" "$2"
    shift 2
  done
  exit
fi
riscv64-linux-gnu-gcc $common -fno-strict-aliasing -march=rv64gc -mabi=lp64d -ffreestanding -nostdlib \
  -static -fno-pic -fno-pie -no-pie -fno-stack-protector -Wl,--build-id=none -Wl,-z,noseparate-code \
  -Wl,-z,max-page-size=4096 -Wl,-s -o ../main/resources/brume/bench/guests/guest.elf $sources
# A test holds this against the source, as not everyone has the compiler.
cat build.sh calls.c code.c floating.c guest.h integer.c main.c memory.c operating.c system.h |
  sha256sum | cut -d ' ' -f 1 >../main/resources/brume/bench/guests/guest.elf.source
