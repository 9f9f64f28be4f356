package dev.fluxion.tensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The native and vector instructions that tensors found on this machine.
 *
 * <p>Convolutions and larger matrix products of float32 are computed by oneDNN when its jar is
 * there, other products by OpenBLAS, else in plain Java, convolutions then as products; functions
 * such as the exponential by vector instructions when the module {@code jdk.incubator.vector} is
 * there, else by {@link Math}. {@code -Dfluxion.native=off} and {@code -Dfluxion.vector=off} choose
 * plain Java. What is missing is logged once.
 */
public final class NativeMath {
  private static final System.Logger LOG = System.getLogger("dev.fluxion.tensor");
  private static final Found FOUND =
      find(
          "OpenBLAS",
          "openblas",
          "0.3.31-1.5.13",
          "libopenblas.so.0",
          "libgfortran.so.5",
          "libquadmath.so.0",
          "libgcc_s.so.1");
  private static final String REASON =
      load("OpenBLAS", FOUND, OpenBlas::load, "matrix products run in plain Java");
  private static final boolean BLAS = REASON.isEmpty();

  private NativeMath() {}

  /** Why no library at all is loaded, or nothing. */
  private static String refusal() {
    if (isOff("fluxion.native")) {
      return "switched off by -Dfluxion.native=off";
    }
    return platform().startsWith("linux") ? "" : "no library is loaded on " + platform();
  }

  /**
   * A library's file, unpacked.
   *
   * @param reason why there is none, or nothing
   */
  private record Found(Optional<Path> file, String reason) {}

  /** The library whose file is the first of some in the jar of an artifact. */
  private static Found find(String name, String artifact, String version, String... files) {
    String refusal = refusal();
    if (!refusal.isEmpty()) {
      return new Found(Optional.empty(), refusal);
    }
    String platform = platform();
    try {
      Optional<Path> file =
          NativeLibrary.unpack(
                  artifact + "-" + version + "-" + platform,
                  "org/bytedeco/" + artifact + "/" + platform,
                  files)
              .map(directory -> directory.resolve(files[0]));
      String missing =
          "the jar org.bytedeco:"
              + artifact
              + ":"
              + version
              + " with the classifier "
              + platform
              + " is neither on the class path nor on the module path";
      return new Found(file, file.isPresent() ? "" : missing);
    } catch (IOException e) {
      return new Found(Optional.empty(), name + " could not be unpacked: " + e);
    }
  }

  /** Loads a library by its first use, and says and logs why it cannot be used, if so. */
  private static String load(String name, Found found, Runnable use, String otherwise) {
    String reason = found.reason;
    if (found.file.isPresent()) {
      try {
        use.run();
      } catch (LinkageError | IllegalCallerException e) {
        reason = name + " could not be loaded: " + (e.getCause() == null ? e : e.getCause());
      }
    }
    if (!reason.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, otherwise + ": " + reason);
    }
    return reason;
  }

  /** The larger library, which is loaded when the first operation is worth it. */
  private static final class Larger {
    static final Found FOUND =
        find("oneDNN", "dnnl", OneDnn.VERSION, "libdnnl.so.3", "libgomp.so.1");
    static final String REASON =
        load(
            "oneDNN",
            FOUND,
            OneDnn::load,
            "convolutions are matrix products, and these OpenBLAS's");

    private Larger() {}
  }

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
    return FOUND.file;
  }

  static Optional<Path> oneDnnLibrary() {
    return Larger.FOUND.file;
  }

  /** Whether OpenBLAS computes matrix products. */
  static boolean hasBlas() {
    return BLAS;
  }

  /** Whether oneDNN computes convolutions and larger products of float32. */
  static boolean hasOneDnn() {
    return Larger.REASON.isEmpty();
  }

  /** What computes matrix products, convolutions and functions here, a line each, and why. */
  public static String description() {
    String products =
        BLAS
            ? "native math: " + OpenBlas.configuration() + ", " + Parallel.CORES + " threads"
            : "native math: none, plain Java on " + Parallel.CORES + " threads (" + REASON + ")";
    String functions =
        Vectors.ARE_THERE
            ? "vector instructions: " + Vectors.width() + " bits"
            : "vector instructions: none (--add-modules jdk.incubator.vector)";
    String convolutions =
        hasOneDnn()
            ? "convolutions and large products of float32: oneDNN " + OneDnn.VERSION
            : "convolutions: matrix products (" + Larger.REASON + ")";
    return String.join(System.lineSeparator(), products, convolutions, functions);
  }

  /** Prints the {@link #description}. */
  public static void main(String[] arguments) {
    System.out.println(description());
  }
}
