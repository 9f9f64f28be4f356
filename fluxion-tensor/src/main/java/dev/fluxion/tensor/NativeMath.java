package dev.fluxion.tensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The native and vector instructions that tensors found on this machine.
 *
 * <p>Matrix products are computed by OpenBLAS when its jar is there, else in plain Java; functions
 * such as the exponential by vector instructions when the module {@code jdk.incubator.vector} is
 * there, else by {@link Math}. {@code -Dfluxion.native=off} and {@code -Dfluxion.vector=off} choose
 * plain Java. What is missing is logged once.
 */
public final class NativeMath {
  private static final String VERSION = "openblas-0.3.31-1.5.13";
  private static final System.Logger LOG = System.getLogger("dev.fluxion.tensor");
  private static final Optional<Path> LIBRARY;
  private static final String REASON;
  private static final boolean BLAS;

  static {
    Optional<Path> library = Optional.empty();
    String reason = "";
    String platform = platform();
    if (isOff("fluxion.native")) {
      reason = "switched off by -Dfluxion.native=off";
    } else if (!platform.startsWith("linux")) {
      reason = "no library is loaded on " + platform;
    } else {
      try {
        library =
            NativeLibrary.unpack(
                    VERSION + "-" + platform,
                    "org/bytedeco/openblas/" + platform,
                    "libopenblas.so.0",
                    "libgfortran.so.5",
                    "libquadmath.so.0",
                    "libgcc_s.so.1")
                .map(directory -> directory.resolve("libopenblas.so.0"));
        if (library.isEmpty()) {
          reason =
              "the jar org.bytedeco:openblas:0.3.31-1.5.13 with the classifier "
                  + platform
                  + " is neither on the class path nor on the module path";
        }
      } catch (IOException e) {
        reason = "OpenBLAS could not be unpacked: " + e;
      }
    }
    LIBRARY = library;
    boolean works = false;
    if (library.isPresent()) {
      try {
        works = !OpenBlas.CONFIGURATION.isEmpty();
      } catch (LinkageError | IllegalCallerException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        reason = "OpenBLAS could not be loaded: " + cause;
      }
    }
    BLAS = works;
    REASON = reason;
    if (!works) {
      LOG.log(System.Logger.Level.INFO, "matrix products run in plain Java: " + reason);
    }
  }

  private NativeMath() {}

  private static boolean isOff(String property) {
    return System.getProperty(property, "on").equals("off");
  }

  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch");
    String name =
        system.startsWith("mac") ? "macosx" : system.startsWith("windows") ? "windows" : "linux";
    return name
        + "-"
        + switch (machine) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64" -> "arm64";
          default -> machine;
        };
  }

  static Optional<Path> library() {
    return LIBRARY;
  }

  /** Whether OpenBLAS computes matrix products. */
  static boolean hasBlas() {
    return BLAS;
  }

  /** What computes matrix products and functions here, in two lines, and why. */
  public static String description() {
    String products =
        BLAS
            ? "native math: " + OpenBlas.CONFIGURATION + ", " + Parallel.CORES + " threads"
            : "native math: none, plain Java on " + Parallel.CORES + " threads (" + REASON + ")";
    String functions =
        Vectors.ARE_THERE
            ? "vector instructions: " + VectorFunctions.WIDTH + " bits"
            : "vector instructions: none (--add-modules jdk.incubator.vector)";
    return products + System.lineSeparator() + functions;
  }

  /** Prints the {@link #description}. */
  public static void main(String[] arguments) {
    System.out.println(description());
  }
}
