package dev.fluxion.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The matrix product of OpenBLAS, called on heap arrays without copying.
 *
 * <p>Such a call holds off the garbage collector while it runs, so {@link MatrixProduct} cuts long
 * products into pieces of about a millisecond. OpenBLAS itself runs on the calling thread only:
 * pieces are shared out to threads on the Java side, where convolutions and batches are shared out
 * too, and the result does not depend on which thread does which piece.
 */
@SuppressWarnings("restricted") // the one class that calls native code
final class OpenBlas {
  private static final int ROW_MAJOR = 101;
  private static final int PLAIN = 111;
  private static final int TRANSPOSED = 112;

  private static final Linker LINKER = Linker.nativeLinker();

  private static final SymbolLookup SYMBOLS =
      SymbolLookup.libraryLookup(NativeMath.library().orElseThrow(), Arena.global());

  static {
    for (String name : List.of("cblas_sgemm", "cblas_dgemm", "cblas_sgemv", "cblas_dgemv")) {
      SYMBOLS.findOrThrow(name); // else the library is not one to use
    }
    try {
      LINKER
          .downcallHandle(
              SYMBOLS.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(JAVA_INT))
          .invokeExact(1);
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Static finals make the calls constants to C2. Each is in a class of its own, for making a
  // handle
  // takes milliseconds and few programs need all.

  private static final class FloatMatrices {
    static final MethodHandle SGEMM = product("cblas_sgemm", JAVA_FLOAT);
  }

  private static final class DoubleMatrices {
    static final MethodHandle DGEMM = product("cblas_dgemm", JAVA_DOUBLE);
  }

  private static final class FloatVectors {
    static final MethodHandle SGEMV = vectorProduct("cblas_sgemv", JAVA_FLOAT);
  }

  private static final class DoubleVectors {
    static final MethodHandle DGEMV = vectorProduct("cblas_dgemv", JAVA_DOUBLE);
  }

  private OpenBlas() {}

  /** Does nothing, but loads the library before, or throws. */
  static void load() {}

  /** What the library says of itself. */
  static String configuration() {
    try {
      MemorySegment text =
          (MemorySegment)
              LINKER
                  .downcallHandle(
                      SYMBOLS.findOrThrow("openblas_get_config"), FunctionDescriptor.of(ADDRESS))
                  .invokeExact();
      return text.reinterpret(1024).getString(0).strip();
    } catch (Throwable e) {
      throw new IllegalStateException("OpenBLAS does not tell its configuration", e);
    }
  }

  private static MethodHandle product(String name, ValueLayout number) {
    return LINKER.downcallHandle(
        SYMBOLS.findOrThrow(name),
        FunctionDescriptor.ofVoid(
            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, number, ADDRESS, JAVA_INT,
            ADDRESS, JAVA_INT, number, ADDRESS, JAVA_INT),
        Linker.Option.critical(true));
  }

  private static MethodHandle vectorProduct(String name, ValueLayout number) {
    return LINKER.downcallHandle(
        SYMBOLS.findOrThrow(name),
        FunctionDescriptor.ofVoid(
            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, number, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT,
            number, ADDRESS, JAVA_INT),
        Linker.Option.critical(true));
  }

  /** {@code c += op(a) op(b)} for the rows, columns and inner length of one block. */
  static void multiply(Block a, Block b, Block c, int rows, int columns, int inner) {
    a.requireInside(rows, inner);
    b.requireInside(inner, columns);
    c.requireInside(rows, columns);
    try {
      if (rows == 1) {
        // a row times a matrix: y = op(b)' x
        int height = b.transposed() ? columns : inner;
        int width = b.transposed() ? inner : columns;
        int step = a.transposed() ? a.stride() : 1;
        int form = b.transposed() ? PLAIN : TRANSPOSED;
        vector(form, height, width, b, a, step, c, 1);
      } else if (columns == 1) {
        int height = a.transposed() ? inner : rows;
        int width = a.transposed() ? rows : inner;
        int step = b.transposed() ? 1 : b.stride();
        int form = a.transposed() ? TRANSPOSED : PLAIN;
        vector(form, height, width, a, b, step, c, c.stride());
      } else {
        matrix(a, b, c, rows, columns, inner);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("the matrix product of OpenBLAS failed", e);
    }
  }

  private static void matrix(Block a, Block b, Block c, int rows, int columns, int inner)
      throws Throwable {
    int left = a.transposed() ? TRANSPOSED : PLAIN;
    int right = b.transposed() ? TRANSPOSED : PLAIN;
    MemorySegment x = a.memory();
    MemorySegment y = b.memory();
    MemorySegment z = c.memory();
    if (c.buffer().isFloat32()) {
      FloatMatrices.SGEMM.invokeExact(
          ROW_MAJOR,
          left,
          right,
          rows,
          columns,
          inner,
          1f,
          x,
          a.stride(),
          y,
          b.stride(),
          1f,
          z,
          c.stride());
    } else {
      DoubleMatrices.DGEMM.invokeExact(
          ROW_MAJOR,
          left,
          right,
          rows,
          columns,
          inner,
          1.0,
          x,
          a.stride(),
          y,
          b.stride(),
          1.0,
          z,
          c.stride());
    }
  }

  private static void vector(
      int form, int height, int width, Block m, Block x, int step, Block y, int stepOut)
      throws Throwable {
    MemorySegment matrix = m.memory();
    MemorySegment vector = x.memory();
    MemorySegment result = y.memory();
    if (y.buffer().isFloat32()) {
      FloatVectors.SGEMV.invokeExact(
          ROW_MAJOR,
          form,
          height,
          width,
          1f,
          matrix,
          m.stride(),
          vector,
          step,
          1f,
          result,
          stepOut);
    } else {
      DoubleVectors.DGEMV.invokeExact(
          ROW_MAJOR,
          form,
          height,
          width,
          1.0,
          matrix,
          m.stride(),
          vector,
          step,
          1.0,
          result,
          stepOut);
    }
  }
}
