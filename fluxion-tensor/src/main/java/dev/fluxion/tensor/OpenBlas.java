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
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

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

  /** Present when the library could be loaded; static finals make the calls constants to C2. */
  private static final MethodHandle SGEMM;

  private static final MethodHandle DGEMM;
  private static final MethodHandle SGEMV;
  private static final MethodHandle DGEMV;

  static final String CONFIGURATION;

  static {
    Path library = NativeMath.library().orElseThrow();
    Linker linker = Linker.nativeLinker();
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    SGEMM = product(linker, symbols, "cblas_sgemm", JAVA_FLOAT);
    DGEMM = product(linker, symbols, "cblas_dgemm", JAVA_DOUBLE);
    SGEMV = vectorProduct(linker, symbols, "cblas_sgemv", JAVA_FLOAT);
    DGEMV = vectorProduct(linker, symbols, "cblas_dgemv", JAVA_DOUBLE);
    try {
      linker
          .downcallHandle(
              symbols.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(JAVA_INT))
          .invokeExact(1);
      MemorySegment text =
          (MemorySegment)
              linker
                  .downcallHandle(
                      symbols.findOrThrow("openblas_get_config"), FunctionDescriptor.of(ADDRESS))
                  .invokeExact();
      CONFIGURATION = text.reinterpret(1024).getString(0).strip();
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private OpenBlas() {}

  /** Does nothing, but loads the library before, or throws. */
  static void load() {}

  private static MethodHandle product(
      Linker linker, SymbolLookup symbols, String name, java.lang.foreign.ValueLayout number) {
    return linker.downcallHandle(
        symbols.findOrThrow(name),
        FunctionDescriptor.ofVoid(
            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, number, ADDRESS, JAVA_INT,
            ADDRESS, JAVA_INT, number, ADDRESS, JAVA_INT),
        Linker.Option.critical(true));
  }

  private static MethodHandle vectorProduct(
      Linker linker, SymbolLookup symbols, String name, java.lang.foreign.ValueLayout number) {
    return linker.downcallHandle(
        symbols.findOrThrow(name),
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
      SGEMM.invokeExact(
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
      DGEMM.invokeExact(
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
      SGEMV.invokeExact(
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
      DGEMV.invokeExact(
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
