package dev.fluxion.tensor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of entries lie in a zip file, which the platform's classes do not tell: those of
 * an entry that is not compressed can be used in their place.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the format</a>, 4.3
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int LARGE_LOCATOR = 0x07064b50;
  private static final int LARGE_LOCATOR_SIZE = 20;
  private static final int LARGE_END = 0x06064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_SIZE = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_SIZE = 30;
  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final long ELSEWHERE = 0xFFFFFFFFL; // in a field of 64 bits

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final MemorySegment file;
  private final Map<String, Long> starts = new HashMap<>();

  /**
   * Reads where entries are.
   *
   * @param name what errors call the file
   */
  ZipDirectory(String name, MemorySegment file) throws IOException {
    this.name = name;
    this.file = file;
    try {
      readEntries();
    } catch (IndexOutOfBoundsException e) {
      throw broken("its directory leads out of it", e);
    }
  }

  /** So many bytes of an entry that is not compressed. */
  MemorySegment bytes(String entry, long size) throws IOException {
    Long start = starts.get(entry);
    if (start == null) {
      throw broken("its directory has no entry " + entry, null);
    }
    try {
      require(start, LOCAL, "an entry");
      long data = start + LOCAL_SIZE + unsigned(start + 26) + unsigned(start + 28);
      return file.asSlice(data, size);
    } catch (IndexOutOfBoundsException e) {
      throw broken("the entry " + entry + " leads out of it", e);
    }
  }

  private void readEntries() throws IOException {
    long end = end();
    long count = unsigned(end + 10);
    long at = file.get(INT, end + 16) & ELSEWHERE;
    long locator = end - LARGE_LOCATOR_SIZE;
    if (locator >= 0 && file.get(INT, locator) == LARGE_LOCATOR) {
      long large = file.get(LONG, locator + 8);
      require(large, LARGE_END, "a directory");
      count = file.get(LONG, large + 32);
      at = file.get(LONG, large + 48);
    }
    for (long i = 0; i < count; i++) {
      require(at, ENTRY, "a directory");
      long extra = at + ENTRY_SIZE + unsigned(at + 28);
      long comment = extra + unsigned(at + 30);
      byte[] entry =
          file.asSlice(at + ENTRY_SIZE, extra - at - ENTRY_SIZE).toArray(ValueLayout.JAVA_BYTE);
      starts.put(new String(entry, StandardCharsets.UTF_8), start(at, extra, comment));
      at = comment + unsigned(at + 32);
    }
  }

  /** Where the last record begins, which only a comment follows. */
  private long end() throws IOException {
    long last = file.byteSize() - END_SIZE;
    for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
      if (file.get(INT, at) == END && at + END_SIZE + unsigned(at + 20) == file.byteSize()) {
        return at;
      }
    }
    throw broken("its directory is missing", null);
  }

  /** Where an entry begins, by its record in the directory. */
  private long start(long at, long extra, long end) throws IOException {
    long start = file.get(INT, at + 42) & ELSEWHERE;
    if (start != ELSEWHERE) {
      return start;
    }
    int before = 0; // fields of 64 bits: the sizes
    for (int field : new int[] {20, 24}) {
      before += (file.get(INT, at + field) & ELSEWHERE) == ELSEWHERE ? Long.BYTES : 0;
    }
    for (long i = extra; i + 4 <= end; i += 4 + unsigned(i + 2)) {
      if (unsigned(i) == 1) {
        return file.get(LONG, i + 4 + before);
      }
    }
    throw broken("an entry does not tell where it begins", null);
  }

  private int unsigned(long at) {
    return Short.toUnsignedInt(file.get(SHORT, at));
  }

  private void require(long at, int signature, String what) throws IOException {
    if (file.get(INT, at) != signature) {
      throw broken(what + " is expected at byte " + at, null);
    }
  }

  private IOException broken(String why, @Nullable Exception cause) {
    return new IOException(name + " is no zip file: " + why, cause);
  }
}
