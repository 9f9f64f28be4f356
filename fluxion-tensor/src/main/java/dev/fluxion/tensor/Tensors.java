package dev.fluxion.tensor;

/** What concerns all tensors. */
public final class Tensors {
  private Tensors() {}

  /**
   * The memory that tensors take now.
   *
   * <p>Elements are in arrays on the heap, and an array is live until the collector has freed it.
   * Arrays of at least 16 KiB are counted, which costs them next to nothing; smaller ones are
   * counted only while {@link #traceAllocations} is on. What several tensors share, as a tensor and
   * its reshaped form do, is counted once; mapped files are not counted.
   *
   * <p>The memory in which native libraries work is counted to the byte. It stays below a limit,
   * the system property {@code fluxion.memory.native} in bytes (by default as much as the heap may
   * grow to): beyond it, what is kept for later calls is given back to the system, and calls wait
   * for each other. What libraries allocate for themselves is not seen.
   *
   * {@snippet file="dev/fluxion/tensor/MemoryTest.java" region="memory"}
   */
  public static Memory memory() {
    return Allocations.memory();
  }

  /**
   * Whether tensors that are made from now on remember where, for {@link Memory#sites()}. It costs
   * some microseconds for each, and is off at first.
   */
  public static void traceAllocations(boolean isTraced) {
    Allocations.trace(isTraced);
  }
}
