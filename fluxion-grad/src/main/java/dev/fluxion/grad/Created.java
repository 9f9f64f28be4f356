package dev.fluxion.grad;

import dev.fluxion.ir.Op;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The classes of the objects that code makes. A call in the same code whose method the receiver's
 * class chooses may have such a receiver (rapid type analysis: Bacon and Sweeney, 1996).
 */
final class Created {
  /** With more, most of what would be looked into is never called. */
  private static final int MOST_RECEIVERS = 2;

  private final Set<Class<?>> classes = new LinkedHashSet<>();
  private final Map<Op, Choice> choices = new IdentityHashMap<>();

  /** What a call had to choose from: the first of all classes. */
  private record Choice(Class<?> owner, int known) {}

  void add(Class<?> type) {
    classes.add(type);
  }

  /** The classes, if few, that a call of a method of a type may choose by, as known by now. */
  List<Class<?>> receivers(Op call, Class<?> owner) {
    choices.put(call, new Choice(owner, classes.size()));
    List<Class<?>> all = new ArrayList<>();
    for (Class<?> type : classes) {
      if (owner.isAssignableFrom(type)) {
        all.add(type);
      }
    }
    return all.size() > MOST_RECEIVERS ? List.of() : all;
  }

  /** Whether no call would have more to choose from if it were asked again. */
  boolean isSettled() {
    List<Class<?>> all = new ArrayList<>(classes);
    return choices.values().stream()
        .noneMatch(
            choice ->
                all.subList(choice.known, all.size()).stream()
                    .anyMatch(choice.owner::isAssignableFrom));
  }

  /** What is known when the code is seen again. */
  Created again() {
    Created next = new Created();
    next.classes.addAll(classes);
    return next;
  }
}
