package brume.hypervisor.cli;

/// Sizes as people write them: a whole number with K, M or G, in powers of 1024.
final class MemorySize {
  private MemorySize() {}

  static long parse(String text) {
    if (!text.matches("[0-9]{1,9}[KMGkmg]([iI]?[bB])?")) {
      throw new IllegalArgumentException(
          "memory: '" + text + "'; must be a number with K, M or G, as 256M");
    }
    String digits = text.replaceAll("[^0-9].*", "");
    int shift =
        switch (Character.toUpperCase(text.charAt(digits.length()))) {
          case 'K' -> 10;
          case 'M' -> 20;
          default -> 30;
        };
    return Long.parseLong(digits) << shift;
  }
}
