package dev.fluxion.tensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The native and vector instructions that tensors found on this machine.
 *
 * <p>Matrix products are computed by OpenBLAS when its jar is there, else in plain Java, and
 * convolutions of float32 by oneDNN, else as matrix products; functions such as the exponential by
 * vector instructions when the module {@code jdk.incubator.vector} is there, else by {@link Math}.
 * {@code -Dfluxion.native=off} and {@code -Dfluxion.vector=off} choose plain Java. What is missing
 * is logged once.
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
    String refusal = refusal();
    if (!refusal.isEmpty()) {
      reason = refusal;
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
          reason = missing("openblas:0.3.31-1.5.13");
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

  /** Why no library at all is loaded, or nothing. */
  private static String refusal() {
    if (isOff("fluxion.native")) {
      return "switched off by -Dfluxion.native=off";
    }
    return platform().startsWith("linux") ? "" : "no library is loaded on " + platform();
  }

  private static String missing(String artifact) {
    return "the jar org.bytedeco:"
        + artifact
        + " with the classifier "
        + platform()
        + " is neither on the class path nor on the module path";
  }

  static Optional<Path> convolutionLibrary() throws IOException {
    return NativeLibrary.unpack(
            "dnnl-" + OneDnn.VERSION + "-" + platform(),
            "org/bytedeco/dnnl/" + platform(),
            "libdnnl.so.3",
            "libgomp.so.1")
        .map(directory -> directory.resolve("libdnnl.so.3"));
  }

  /** The library of convolutions, which is loaded when the first of them is worth it. */
  private static final class Convolutions {
    static final String REASON = reason();

    private static String reason() {
      String reason = refusal();
      if (reason.isEmpty()) {
        try {
          if (convolutionLibrary().isPresent()) {
            OneDnn.load();
          } else {
            reason = missing("dnnl:" + OneDnn.VERSION);
          }
        } catch (IOException e) {
          reason = "oneDNN could not be unpacked: " + e;
        } catch (LinkageError | IllegalCallerException e) {
          reason = "oneDNN could not be loaded: " + (e.getCause() == null ? e : e.getCause());
        }
      }
      if (!reason.isEmpty()) {
        LOG.log(System.Logger.Level.INFO, "convolutions are matrix products: " + reason);
      }
      return reason;
    }
  }

  private static boolean isOff(String property) {
    return System.getProperty(property, "on").equals("off");
  }

  static String platform() {
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

  /** Whether oneDNN computes convolutions. */
  static boolean hasConvolutions() {
    return Convolutions.REASON.isEmpty();
  }

  /** What computes matrix products, convolutions and functions here, a line each, and why. */
  public static String description() {
    String products =
        BLAS
            ? "native math: " + OpenBlas.CONFIGURATION + ", " + Parallel.CORES + " threads"
            : "native math: none, plain Java on " + Parallel.CORES + " threads (" + REASON + ")";
    String functions =
        Vectors.ARE_THERE
            ? "vector instructions: " + VectorFunctions.WIDTH + " bits"
            : "vector instructions: none (--add-modules jdk.incubator.vector)";
    String convolutions =
        hasConvolutions()
            ? "convolutions: oneDNN " + OneDnn.VERSION
            : "convolutions: matrix products (" + Convolutions.REASON + ")";
    return String.join(System.lineSeparator(), products, convolutions, functions);
  }

  /** Prints the {@link #description}. */
  public static void main(String[] arguments) {
    System.out.println(description());
  }
}
