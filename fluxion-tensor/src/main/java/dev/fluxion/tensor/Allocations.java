package dev.fluxion.tensor;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts the arrays that hold elements of tensors, until the collector has freed them. */
final class Allocations {
  /** Smaller arrays are not worth what it costs to count them. */
  private static final long WORTH_COUNTING = 1 << 14;

  private static final ReferenceQueue<Object> FREED = new ReferenceQueue<>();
  private static final Set<Counted> LIVE = ConcurrentHashMap.newKeySet();
  private static final AtomicLong BYTES = new AtomicLong();
  private static final AtomicLong PEAK = new AtomicLong();

  private static volatile long from = WORTH_COUNTING;

  /** An array that is live. */
  private static final class Counted extends PhantomReference<Object> {
    private final long bytes;
    private final @Nullable String site;

    Counted(Object allocation, long bytes, @Nullable String site) {
      super(allocation, FREED);
      this.bytes = bytes;
      this.site = site;
    }
  }

  private Allocations() {}

  /**
   * Counts an array that a tensor is about to hold. What this returns is to be held as long as the
   * array; null is for small ones. The count ends with it rather than with the array, which a
   * collector would keep for as long as it keeps the reference, if that is older.
   */
  static @Nullable Object count(long bytes) {
    if (bytes < from) {
      return null;
    }
    forget();
    boolean isTraced = from < WORTH_COUNTING;
    Object allocation = new Object();
    LIVE.add(new Counted(allocation, bytes, isTraced ? ShapeException.userSite() : null));
    long now = BYTES.addAndGet(bytes);
    if (now > PEAK.get()) {
      PEAK.accumulateAndGet(now, Math::max);
    }
    return allocation;
  }

  /** Takes off what the collector has freed. */
  private static void forget() {
    Reference<?> freed = FREED.poll();
    while (freed != null) {
      if (freed instanceof Counted counted && LIVE.remove(counted)) {
        BYTES.addAndGet(-counted.bytes);
      }
      freed = FREED.poll();
    }
  }

  /** Whether it is remembered where arrays were made. */
  static boolean isTraced() {
    return from < WORTH_COUNTING;
  }

  static void trace(boolean isTraced) {
    from = isTraced ? 1 : WORTH_COUNTING;
  }

  static Memory memory() {
    forget();
    return new Memory(
        BYTES.get(), PEAK.get(), Scratch.live(), Scratch.peak(), Scratch.limit(), sites());
  }

  private static List<Memory.Site> sites() {
    Map<String, Memory.Site> sites = new HashMap<>();
    for (Counted counted : LIVE) {
      if (counted.site != null) {
        sites.merge(
            counted.site,
            new Memory.Site(counted.site, counted.bytes, 1),
            (a, b) -> new Memory.Site(a.where(), a.bytes() + b.bytes(), a.count() + b.count()));
      }
    }
    return sites.values().stream()
        .sorted(
            Comparator.comparingLong(Memory.Site::bytes)
                .reversed()
                .thenComparing(Memory.Site::where))
        .toList();
  }
}
