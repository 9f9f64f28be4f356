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
  private record Place(Object primal, Object shadow) {}

  private final Shadowing shadows;
  private final List<Object> found = new ArrayList<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Place> work = new ArrayDeque<>();

  private Leaves(Shadowing shadows) {
    this.shadows = shadows;
  }

  /** The shadows, in an order that only the structure of the value decides. */
  static List<Object> of(@Nullable Object primal, @Nullable Object shadow, Shadowing shadows) {
    Leaves leaves = new Leaves(shadows);
    leaves.add(primal, shadow);
    while (!leaves.work.isEmpty()) {
      leaves.visit(leaves.work.pop());
    }
    return leaves.found;
  }

  private void add(@Nullable Object primal, @Nullable Object shadow) {
    if (primal != null && shadow != null && seen.add(shadow)) {
      work.push(new Place(primal, shadow));
    }
  }

  private void visit(Place place) {
    Class<?> type = place.primal.getClass();
    if (place.primal instanceof Object[] array) {
      ofElements(array, (Object[]) place.shadow);
    } else if (type.isArray() || Carriers.isValue(type)) {
      found.add(place.shadow);
    } else if (Carriers.isPlatform(type)) {
      for (Object element : Contents.of(place.primal)) {
        add(element, shadows.shadowOf(element));
      }
    } else {
      ofFields(place.primal, (Shadow) place.shadow);
    }
  }

  private void ofElements(Object[] array, @Nullable Object[] parts) {
    boolean isNumeric = Shadows.isNumeric(array.getClass());
    for (int i = 0; i < array.length; i++) {
      add(array[i], isNumeric ? parts[i] : shadows.shadowAt(parts, i, array[i]));
    }
  }

  private void ofFields(Object object, Shadow shadow) {
    found.add(shadow);
    for (Layout.Slot slot : Layout.of(object.getClass()).slots()) {
      if (!slot.isNumber() && !Carriers.isValue(slot.field().getType())) {
        Object part = TangentStructure.read(slot.field(), object);
        add(part, shadows.shadowAt(shadow, slot.index(), part));
      }
    }
  }
}
