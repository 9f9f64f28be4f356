package dev.fluxion.tensor;

import java.util.List;
import java.util.Locale;

/**
 * The memory that tensors take, in bytes, at one moment. {@link Tensors#memory()} tells it.
 *
 * @param live what elements take on the heap, of tensors that the collector has not freed yet
 * @param peak the greatest that {@code live} has been
 * @param nativeLive what native libraries are lent to work in, whether it is in use or kept for the
 *     next call
 * @param nativePeak the greatest that {@code nativeLive} has been
 * @param nativeLimit what {@code nativeLive} never exceeds
 * @param sites the places in the user's code where live tensors were made while {@link
 *     Tensors#traceAllocations} was on, those of most bytes first
 */
public record Memory(
    long live, long peak, long nativeLive, long nativePeak, long nativeLimit, List<Site> sites) {
  /** Memory at one moment. */
  public Memory {
    sites = List.copyOf(sites);
  }

  /**
   * A place in the user's code where tensors were made.
   *
   * @param where the class, method, file and line, as in a stack trace
   * @param bytes what their elements take
   * @param count how many of them there are
   */
  public record Site(String where, long bytes, long count) {
    @Override
    public String toString() {
      return text(bytes) + " in " + count + (count == 1 ? " tensor" : " tensors") + " at " + where;
    }
  }

  /** A line for the heap and one for native memory, then one for each place. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("tensors: ").append(text(live)).append(", at most ").append(text(peak));
    text.append("\nnative: ").append(text(nativeLive)).append(", at most ");
    text.append(text(nativePeak)).append(" of ").append(text(nativeLimit));
    sites.forEach(site -> text.append("\n  ").append(site));
    return text.toString();
  }

  static String text(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double number = bytes;
    int unit = 0;
    while (number >= 1024 && unit < units.length - 1) {
      number /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", number, units[unit]);
  }
}
