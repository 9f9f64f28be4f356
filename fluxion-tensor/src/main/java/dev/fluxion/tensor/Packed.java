package dev.fluxion.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Elements as they are stored, in an array of bytes or in a file that is mapped into memory, for as
 * long as no operation needs them.
 */
record Packed(DType type, int size, MemorySegment bytes) implements Storage {
  static Packed of(Buffer buffer) {
    int size = buffer.size();
    byte[] bytes =
        Allocations.counted(new byte[Math.toIntExact((long) size * buffer.type().bytes())]);
    MemorySegment segment = MemorySegment.ofArray(bytes);
    Stored.write(buffer, segment, ByteOrder.nativeOrder());
    return new Packed(buffer.type(), size, segment);
  }

  @Override
  public Buffer buffer() {
    return Stored.of(type).read(bytes, size, ByteOrder.nativeOrder());
  }

  @Override
  public Packed packed() {
    return this;
  }

  /** Bytes are not lent. */
  @Override
  public void keep() {}
}
