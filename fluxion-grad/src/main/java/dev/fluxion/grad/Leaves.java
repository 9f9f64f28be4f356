package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Contents;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.grad.runtime.Shadow;
import dev.fluxion.grad.runtime.Shadowing;
import dev.fluxion.grad.runtime.Shadows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The shadows with numbers of a value and of all that it leads to, each made if it was not yet. */
final class Leaves {
  /**
   * Something with adjoints: an array of numbers, an object, or a number or vector used as one.
   *
   * @param primal what it is
   * @param shadow its shadow
   */
  record Leaf(Object primal, Object shadow) {}

  private final Shadowing shadows;
  private final List<Leaf> found = new ArrayList<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Leaf> work = new ArrayDeque<>();

  private Leaves(Shadowing shadows) {
    this.shadows = shadows;
  }

  /** The shadows, in an order that only the structure of the value decides. */
  static List<Object> of(@Nullable Object primal, @Nullable Object shadow, Shadowing shadows) {
    List<Object> result = new ArrayList<>();
    for (Leaf leaf :
        of(Collections.singletonList(primal), Collections.singletonList(shadow), shadows)) {
      result.add(leaf.shadow);
    }
    return result;
  }

  /**
   * The leaves of several values, in an order that only their structure decides: a number or vector
   * is one in each place, anything else is one however often it is met.
   */
  static List<Leaf> of(
      List<? extends @Nullable Object> primals,
      List<? extends @Nullable Object> shadows,
      Shadowing known) {
    Leaves leaves = new Leaves(known);
    for (int i = 0; i < primals.size(); i++) {
      leaves.add(primals.get(i), shadows.get(i));
      while (!leaves.work.isEmpty()) {
        leaves.visit(leaves.work.pop());
      }
    }
    return leaves.found;
  }

  private void add(@Nullable Object primal, @Nullable Object shadow) {
    if (primal != null
        && shadow != null
        && (Carriers.isValue(primal.getClass()) || seen.add(primal))) {
      work.push(new Leaf(primal, shadow));
    }
  }

  private void visit(Leaf place) {
    Class<?> type = place.primal.getClass();
    if (place.primal instanceof Object[] array) {
      ofElements(array, (Object[]) place.shadow);
    } else if (type.isArray() || Carriers.isValue(type)) {
      found.add(place);
    } else if (Carriers.isPlatform(type)) {
      for (Object element : Contents.of(place.primal)) {
        add(element, shadows.shadowOf(element));
      }
    } else {
      ofFields(place);
    }
  }

  private void ofElements(Object[] array, @Nullable Object[] parts) {
    boolean isNumeric = Shadows.isNumeric(array.getClass());
    for (int i = 0; i < array.length; i++) {
      add(array[i], isNumeric ? parts[i] : shadows.shadowAt(parts, i, array[i]));
    }
  }

  private void ofFields(Leaf place) {
    found.add(place);
    Shadow shadow = (Shadow) place.shadow;
    for (Layout.Slot slot : Layout.of(place.primal.getClass()).slots()) {
      if (!slot.isNumber() && !Carriers.isValue(slot.field().type())) {
        Object part = TangentStructure.read(slot.field(), place.primal);
        add(part, shadows.shadowAt(shadow, slot.index(), part));
      }
    }
  }
}
