package dev.fluxion.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions of oneDNN's C interface, version 3, that {@link NativeConvolution} is made of, and
 * its product of matrices; an object of this class owns what it makes.
 *
 * <p>Convolutions run on the library's own threads, one a core, which fall asleep soon when they
 * have nothing to do, so that they do not take the cores from ours; products run on the thread that
 * asks.
 */
@SuppressWarnings("restricted") // a class that calls native code
final class OneDnn {
  private static final int FORWARD_TRAINING = 64;
  private static final int CONVOLUTION_DIRECT = 1;
  private static final int FLOAT32 = 3;
  private static final int ANY_FORMAT = 1;
  private static final int CPU = 1;
  private static final int IN_ORDER = 1;
  private static final int DIMENSIONS = 12;
  private static final String[][] SETTINGS = {
    {"OMP_WAIT_POLICY", "PASSIVE"}, {"GOMP_SPINCOUNT", "2000"}
  };
  static final String VERSION = "3.13-1.5.14";

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS;

  static {
    try {
      Path library = NativeMath.oneDnnLibrary().orElseThrow();
      MethodHandle setenv =
          LINKER.downcallHandle(
              LINKER.defaultLookup().findOrThrow("setenv"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
      try (Arena arena = Arena.ofConfined()) {
        // read by the threads' library when it is loaded; what the user has set stays
        for (String[] setting : SETTINGS) {
          int _ =
              (int)
                  setenv.invokeExact(
                      arena.allocateFrom(setting[0]), arena.allocateFrom(setting[1]), 0);
        }
      }
      SYMBOLS = SymbolLookup.libraryLookup(library, Arena.global());
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final MethodHandle STRIDED =
      function("dnnl_memory_desc_create_with_strides", "pipip");
  private static final MethodHandle TAGGED = function("dnnl_memory_desc_create_with_tag", "pipii");
  private static final MethodHandle FORWARD =
      function("dnnl_convolution_forward_primitive_desc_create", "ppii" + "p".repeat(9));
  private static final MethodHandle IN_IMAGES =
      function("dnnl_convolution_backward_data_primitive_desc_create", "ppi" + "p".repeat(9));
  private static final MethodHandle IN_KERNEL =
      function("dnnl_convolution_backward_weights_primitive_desc_create", "ppi" + "p".repeat(10));
  private static final MethodHandle REORDER =
      function("dnnl_reorder_primitive_desc_create", "pppppp");
  private static final MethodHandle PRIMITIVE = function("dnnl_primitive_create", "pp");
  private static final MethodHandle MEMORY = function("dnnl_memory_create", "pppp");
  private static final MethodHandle SET_DATA = function("dnnl_memory_set_data_handle", "pp");
  private static final MethodHandle EQUAL = function("dnnl_memory_desc_equal", "pp");
  private static final MethodHandle EXECUTE = function("dnnl_primitive_execute", "ppip");
  private static final MethodHandle WAIT = function("dnnl_stream_wait", "p");
  private static final MethodHandle ENGINE_CREATE = function("dnnl_engine_create", "pil");
  private static final MethodHandle STREAM_CREATE = function("dnnl_stream_create", "ppi");
  private static final MethodHandle LAYOUT_DESTROY = function("dnnl_memory_desc_destroy", "p");
  private static final MethodHandle DESCRIPTION_DESTROY =
      function("dnnl_primitive_desc_destroy", "p");
  private static final MethodHandle PRIMITIVE_DESTROY = function("dnnl_primitive_destroy", "p");
  private static final MethodHandle MEMORY_DESTROY = function("dnnl_memory_destroy", "p");
  private static final MethodHandle STREAM_DESTROY = function("dnnl_stream_destroy", "p");
  private static final MethodHandle SIZE =
      LINKER.downcallHandle(
          SYMBOLS.findOrThrow("dnnl_memory_desc_get_size"),
          FunctionDescriptor.of(JAVA_LONG, ADDRESS));
  private static final MethodHandle QUERY =
      LINKER.downcallHandle(
          SYMBOLS.findOrThrow("dnnl_primitive_desc_query_md"),
          FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));

  /** Stands before the heap arrays of a product, which the collector leaves in their place. */
  private static final MethodHandle SGEMM =
      LINKER.downcallHandle(
          SYMBOLS.findOrThrow("dnnl_sgemm"),
          FunctionDescriptor.of(
              JAVA_INT,
              JAVA_BYTE,
              JAVA_BYTE,
              JAVA_LONG,
              JAVA_LONG,
              JAVA_LONG,
              JAVA_FLOAT,
              ADDRESS,
              JAVA_LONG,
              ADDRESS,
              JAVA_LONG,
              JAVA_FLOAT,
              ADDRESS,
              JAVA_LONG),
          Linker.Option.critical(true));

  private static final MethodHandle SET_THREADS =
      LINKER.downcallHandle(
          SYMBOLS.findOrThrow("omp_set_num_threads"),
          FunctionDescriptor.ofVoid(JAVA_INT),
          Linker.Option.critical(false));
  private static final int THREADS;

  static {
    try {
      THREADS =
          (int)
              LINKER
                  .downcallHandle(
                      SYMBOLS.findOrThrow("omp_get_max_threads"), FunctionDescriptor.of(JAVA_INT))
                  .invokeExact();
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final MemorySegment ENGINE =
      create(at -> (int) ENGINE_CREATE.invokeExact(at, CPU, 0L));

  private final List<MethodHandle> destroy = new ArrayList<>();
  private final List<MemorySegment> objects = new ArrayList<>();

  /** Does nothing, but loads the library before, or throws. */
  static void load() {}

  /** A function that returns a status; its parameters are pointers, ints and longs. */
  private static MethodHandle function(String name, String parameters) {
    MemoryLayout[] layouts =
        parameters
            .chars()
            .mapToObj(c -> c == 'p' ? ADDRESS : c == 'i' ? JAVA_INT : JAVA_LONG)
            .toArray(MemoryLayout[]::new);
    return LINKER.downcallHandle(
        SYMBOLS.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, layouts));
  }

  /** A call that gives a status. */
  private interface Call {
    int run(MemorySegment result) throws Throwable;
  }

  /** An object that a function writes the address of. */
  private static MemorySegment create(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ADDRESS);
      check(call, result);
      return result.get(ADDRESS, 0);
    }
  }

  /** An object that lives as long as this. */
  private MemorySegment make(MethodHandle destroyed, Call call) {
    MemorySegment made = create(call);
    destroy.add(destroyed);
    objects.add(made);
    return made;
  }

  /** Destroys what was made, the last first. */
  void close() {
    for (int i = objects.size() - 1; i >= 0; i--) {
      MethodHandle destroyed = destroy.get(i);
      MemorySegment object = objects.get(i);
      check(_ -> (int) destroyed.invokeExact(object), MemorySegment.NULL);
    }
    objects.clear();
  }

  private static void check(Call call, MemorySegment result) {
    try {
      int status = call.run(result);
      if (status != 0) {
        throw new UnsupportedOperationException("oneDNN gave the status " + status);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of oneDNN failed", e);
    }
  }

  /** Of what this thread makes and runs next all of the library's threads do their part. */
  static void onAllThreads() {
    setThreads(THREADS);
  }

  private static void setThreads(int count) {
    try {
      SET_THREADS.invokeExact(count);
    } catch (Throwable e) {
      throw new IllegalStateException("a call of oneDNN failed", e);
    }
  }

  /** {@code c += op(a) op(b)}, or {@code c = op(a) op(b)}, in float32 on this thread. */
  static void multiply(Block a, Block b, Block c, int rows, int columns, int inner, boolean adds) {
    a.requireInside(rows, inner);
    b.requireInside(inner, columns);
    c.requireInside(rows, columns);
    setThreads(1);
    float kept = adds ? 1f : 0f;
    int status;
    try {
      status =
          (int)
              SGEMM.invokeExact(
                  form(a),
                  form(b),
                  (long) rows,
                  (long) columns,
                  (long) inner,
                  1f,
                  a.memory(),
                  (long) a.stride(),
                  b.memory(),
                  (long) b.stride(),
                  kept,
                  c.memory(),
                  (long) c.stride());
    } catch (Throwable e) {
      throw new IllegalStateException("the matrix product of oneDNN failed", e);
    }
    if (status != 0) {
      throw new IllegalStateException("the matrix product of oneDNN failed with " + status);
    }
  }

  private static byte form(Block block) {
    return (byte) (block.transposed() ? 'T' : 'N');
  }

  MemorySegment stream() {
    return make(STREAM_DESTROY, at -> (int) STREAM_CREATE.invokeExact(at, ENGINE, IN_ORDER));
  }

  /** The layout of float32 elements of images with their channels last, or in row-major order. */
  MemorySegment order(long[] shape, boolean isLast) {
    return isLast ? channelsLast(shape) : rowMajor(shape);
  }

  /** The layout of float32 elements of (batch, channels, height, width), channels last. */
  MemorySegment channelsLast(long... shape) {
    long row = shape[3] * shape[1];
    return strided(shape, new long[] {shape[2] * row, 1, row, shape[1]});
  }

  /** The layout of float32 elements in row-major order. */
  MemorySegment rowMajor(long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strided(shape, strides);
  }

  private MemorySegment strided(long[] shape, long[] strides) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sizes = sizes(arena, shape);
      MemorySegment steps = sizes(arena, strides);
      return make(
          LAYOUT_DESTROY, at -> (int) STRIDED.invokeExact(at, shape.length, sizes, FLOAT32, steps));
    }
  }

  /** The layout of float32 elements that a function chooses. */
  MemorySegment anyOrder(long... shape) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sizes = sizes(arena, shape);
      return make(
          LAYOUT_DESTROY,
          at -> (int) TAGGED.invokeExact(at, shape.length, sizes, FLOAT32, ANY_FORMAT));
    }
  }

  private static MemorySegment sizes(Arena arena, long... sizes) {
    MemorySegment all = arena.allocate(JAVA_LONG, DIMENSIONS);
    MemorySegment.copy(sizes, 0, all, JAVA_LONG, 0, sizes.length);
    return all;
  }

  /** The layouts of a convolution's images, kernels and results. */
  record Layouts(MemorySegment images, MemorySegment kernel, MemorySegment results) {}

  MemorySegment forward(Layouts of, Window window) {
    return convolution(
        window,
        (at, strides, dilates, padding) ->
            (int)
                FORWARD.invokeExact(
                    at,
                    ENGINE,
                    FORWARD_TRAINING,
                    CONVOLUTION_DIRECT,
                    of.images,
                    of.kernel,
                    MemorySegment.NULL,
                    of.results,
                    strides,
                    dilates,
                    padding,
                    padding,
                    MemorySegment.NULL));
  }

  MemorySegment inImages(Layouts of, Window window, MemorySegment forward) {
    return convolution(
        window,
        (at, strides, dilates, padding) ->
            (int)
                IN_IMAGES.invokeExact(
                    at,
                    ENGINE,
                    CONVOLUTION_DIRECT,
                    of.images,
                    of.kernel,
                    of.results,
                    strides,
                    dilates,
                    padding,
                    padding,
                    forward,
                    MemorySegment.NULL));
  }

  MemorySegment inKernel(Layouts of, Window window, MemorySegment forward) {
    return convolution(
        window,
        (at, strides, dilates, padding) ->
            (int)
                IN_KERNEL.invokeExact(
                    at,
                    ENGINE,
                    CONVOLUTION_DIRECT,
                    of.images,
                    of.kernel,
                    MemorySegment.NULL,
                    of.results,
                    strides,
                    dilates,
                    padding,
                    padding,
                    forward,
                    MemorySegment.NULL));
  }

  /** A call that describes a convolution. */
  private interface Description {
    int run(MemorySegment at, MemorySegment strides, MemorySegment dilates, MemorySegment padding)
        throws Throwable;
  }

  private MemorySegment convolution(Window window, Description description) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment strides = sizes(arena, window.stride(), window.stride());
      MemorySegment dilates = sizes(arena, window.dilation() - 1, window.dilation() - 1);
      MemorySegment padding = sizes(arena, window.padding(), window.padding());
      return make(DESCRIPTION_DESTROY, at -> description.run(at, strides, dilates, padding));
    }
  }

  /** What copies elements from one layout to another. */
  MemorySegment reorder(MemorySegment from, MemorySegment to) {
    return make(
        DESCRIPTION_DESTROY,
        at -> (int) REORDER.invokeExact(at, from, ENGINE, to, ENGINE, MemorySegment.NULL));
  }

  MemorySegment primitive(MemorySegment description) {
    return make(PRIMITIVE_DESTROY, at -> (int) PRIMITIVE.invokeExact(at, description));
  }

  /** A place for elements, which has no memory yet. */
  MemorySegment memory(MemorySegment layout) {
    return make(
        MEMORY_DESTROY, at -> (int) MEMORY.invokeExact(at, layout, ENGINE, MemorySegment.NULL));
  }

  static void place(MemorySegment memory, MemorySegment data) {
    check(_ -> (int) SET_DATA.invokeExact(memory, data), MemorySegment.NULL);
  }

  static boolean isSame(MemorySegment layout, MemorySegment other) {
    try {
      return (int) EQUAL.invokeExact(layout, other) != 0;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of oneDNN failed", e);
    }
  }

  static long bytes(MemorySegment layout) {
    try {
      return (long) SIZE.invokeExact(layout);
    } catch (Throwable e) {
      throw new IllegalStateException("a call of oneDNN failed", e);
    }
  }

  /** The layout that a description has chosen for an argument. */
  static MemorySegment layout(MemorySegment description, int query) {
    try {
      return (MemorySegment) QUERY.invokeExact(description, query, 0);
    } catch (Throwable e) {
      throw new IllegalStateException("a call of oneDNN failed", e);
    }
  }

  static void execute(
      MemorySegment primitive, MemorySegment stream, int count, MemorySegment arguments) {
    check(_ -> (int) EXECUTE.invokeExact(primitive, stream, count, arguments), MemorySegment.NULL);
  }

  static void await(MemorySegment stream) {
    check(_ -> (int) WAIT.invokeExact(stream), MemorySegment.NULL);
  }
}
