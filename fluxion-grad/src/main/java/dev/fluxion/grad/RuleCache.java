package dev.fluxion.grad;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was made under the rules as they are; it is made anew, and the old forgotten, when a rule is
 * registered.
 */
final class RuleCache<K, V> {
  private record Made<K, V>(int version, Map<K, V> values) {}

  private volatile Made<K, V> made = new Made<>(Rules.version(), new ConcurrentHashMap<>());

  /**
   * The value of a key. Nothing is locked while it is made: that may ask for others, of this key
   * even. Several threads may make it; all get the same.
   */
  V get(K key, Supplier<V> maker) {
    Map<K, V> values = current();
    V known = values.get(key);
    if (known != null) {
      return known;
    }
    V value = maker.get();
    @Nullable V first = values.putIfAbsent(key, value);
    return first == null ? value : first;
  }

  private Map<K, V> current() {
    int version = Rules.version(); // before anything is made: a rule that comes now makes it old
    Made<K, V> now = made;
    if (now.version != version) {
      now = new Made<>(version, new ConcurrentHashMap<>());
      made = now;
    }
    return now.values;
  }
}
