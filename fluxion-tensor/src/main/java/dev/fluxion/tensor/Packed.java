package dev.fluxion.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Elements as they are stored, in an array of bytes or in a file that is mapped into memory, for as
 * long as no operation needs them.
 *
 * @param allocation what counts them while this is there; null where nothing does
 */
record Packed(DType type, int size, MemorySegment bytes, @Nullable Object allocation)
    implements Storage {
  /** Elements that are not counted, as of a file. */
  Packed(DType type, int size, MemorySegment bytes) {
    this(type, size, bytes, null);
  }

  static Packed of(Buffer buffer) {
    int size = buffer.size();
    byte[] bytes = new byte[Math.toIntExact((long) size * buffer.type().bytes())];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    Stored.write(buffer, segment, ByteOrder.nativeOrder());
    return new Packed(buffer.type(), size, segment, Allocations.count(bytes.length));
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
