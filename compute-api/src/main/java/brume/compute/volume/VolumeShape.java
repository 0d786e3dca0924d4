package brume.compute.volume;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The size and speed of a volume within what EC2 documents for its type.
public record VolumeShape(
    int sizeGib, String type, @Nullable Integer iops, @Nullable Integer throughput) {
  private static final int GP3_IOPS = 3_000;

  private record Limits(
      String type, int gibMin, int gibMax, int iopsMin, int iopsMax, boolean iopsRequired) {}

  private static final List<Limits> TYPES =
      List.of(
          new Limits("gp2", 1, 16_384, 0, 0, false),
          new Limits("gp3", 1, 65_536, 3_000, 80_000, false),
          new Limits("io1", 4, 16_384, 100, 64_000, true),
          new Limits("io2", 4, 65_536, 100, 256_000, true),
          new Limits("st1", 125, 16_384, 0, 0, false),
          new Limits("sc1", 125, 16_384, 0, 0, false),
          new Limits("standard", 1, 1_024, 0, 0, false));

  public static VolumeShape of(
      int sizeGib, @Nullable String type, @Nullable Integer iops, @Nullable Integer throughput) {
    String wanted = type == null ? "gp2" : type;
    Limits limits =
        TYPES.stream()
            .filter(known -> known.type().equals(wanted))
            .findFirst()
            .orElseThrow(() ->
                Refused.invalid(
                    "unknown_volume_type",
                    "VolumeType",
                    "Unsupported volume type '"
                        + Fields.shown(wanted)
                        + "' for volume creation: use one of "
                        + String.join(", ", TYPES.stream().map(Limits::type).toList())));
    if (sizeGib < limits.gibMin() || sizeGib > limits.gibMax()) {
      throw Refused.invalid(
          "Size",
          "Volume of "
              + sizeGib
              + "GiB is not in the range of "
              + limits.gibMin()
              + " to "
              + limits.gibMax()
              + "GiB of type "
              + wanted);
    }
    if (limits.iopsRequired() && iops == null) {
      throw Refused.invalid(
          "missing_field",
          "Iops",
          "The parameter iops must be specified for " + wanted + " volumes.");
    }
    if (iops != null
        && (iops < limits.iopsMin() || iops > limits.iopsMax() || limits.iopsMax() == 0)) {
      throw limits.iopsMax() == 0
          ? unsupported("iops", wanted)
          : Refused.invalid(
              "Iops",
              "Volume iops of "
                  + iops
                  + " is not possible for type "
                  + wanted
                  + ": use "
                  + limits.iopsMin()
                  + " to "
                  + limits.iopsMax());
    }
    if (throughput != null && !wanted.equals("gp3")) {
      throw unsupported("throughput", wanted);
    }
    if (throughput != null && (throughput < 125 || throughput > 2_000)) {
      throw Refused.invalid(
          "Throughput", "Throughput is for gp3 volumes, from 125 to 2000 MiB/s, not " + throughput);
    }
    boolean gp3 = wanted.equals("gp3");
    checkRatios(limits, sizeGib, iops, gp3 ? throughput : null);
    return new VolumeShape(
        sizeGib,
        wanted,
        iops != null ? iops : gp3 ? Integer.valueOf(GP3_IOPS) : usualIops(wanted, sizeGib),
        throughput != null ? throughput : gp3 ? Integer.valueOf(125) : null);
  }

  private static Refused unsupported(String parameter, String type) {
    return Refused.invalid(
        "invalid_parameter_combination",
        parameter,
        "The parameter " + parameter + " is not supported for " + type + " volumes.");
  }

  /// What EC2 documents for io1, io2 and gp3: so many IOPS for each GiB, and for each IOPS so many
  /// MiB/s; what is usual is allowed at any size.
  private static void checkRatios(
      Limits limits, int gib, @Nullable Integer iops, @Nullable Integer throughput) {
    int perGibMax = limits.type().equals("io1") ? 50 : limits.type().equals("io2") ? 1_000 : 500;
    if (iops != null && iops > Math.max(limits.iopsMin(), (long) gib * perGibMax)) {
      throw Refused.invalid(
          "Iops",
          "Iops to volume size ratio of "
              + String.format(Locale.ROOT, "%.6f", (double) iops / gib)
              + " is too high; maximum is "
              + perGibMax);
    }
    int speed = iops == null ? GP3_IOPS : iops;
    if (throughput != null && throughput > speed / 4) {
      throw Refused.invalid(
          "Throughput",
          "Throughput (MiBps) to iops ratio of "
              + String.format(Locale.ROOT, "%.6f", (double) throughput / speed)
              + " is too high; maximum is 0.250000 MiBps per iops");
    }
  }

  /// gp2 has 3 IOPS for each GiB, at least 100.
  private static @Nullable Integer usualIops(String type, int gib) {
    return type.equals("gp2") ? Integer.valueOf(Math.clamp(3L * gib, 100, 16_000)) : null;
  }
}
