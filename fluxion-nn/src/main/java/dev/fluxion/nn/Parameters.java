package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a model, in order: those that its record components, arrays and lists lead to,
 * however deep. What else there is, such as an activation, a number or a tensor of whole numbers,
 * is no parameter.
 *
 * <p>A model and its gradient are built alike, so one walk reads both. A tensor that is met again
 * is the same parameter, whose derivative is the sum over the places where it stands: to tie
 * weights, use a tensor, or a layer, twice.
 */
public final class Parameters {
  private static final ClassValue<Method[]> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
          Method[] accessors =
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getAccessor)
                  .toArray(Method[]::new);
          for (Method accessor : accessors) {
            accessor.setAccessible(true);
          }
          return accessors;
        }
      };

  private static final @Nullable Object[] NOTHING = new Object[0];

  private final BiConsumer<Tensor, Tensor> visitor;
  private final Map<Object, List<@Nullable Object[]>> met = new IdentityHashMap<>();

  private Parameters(BiConsumer<Tensor, Tensor> visitor) {
    this.visitor = visitor;
  }

  /** The tensors that a model leads to, each once. */
  public static List<Tensor> of(Object model) {
    Map<Tensor, Tensor> known = new IdentityHashMap<>();
    List<Tensor> tensors = new ArrayList<>();
    walk(
        model,
        model,
        (x, dx) -> {
          if (known.put(x, x) == null) {
            tensors.add(x);
          }
        });
    return tensors;
  }

  /**
   * Visits each tensor of a model once, with its derivative.
   *
   * @throws IllegalArgumentException if the gradient is not built as the model is
   */
  public static <M> void forEach(M model, M gradient, BiConsumer<Tensor, Tensor> visitor) {
    Map<Tensor, Tensor> sums = new IdentityHashMap<>();
    List<Tensor> order = new ArrayList<>();
    walk(
        model,
        gradient,
        (x, dx) -> {
          if (sums.merge(x, dx, Tensor::plus) == dx) {
            order.add(x);
          }
        });
    for (Tensor x : order) {
      visitor.accept(x, sums.get(x));
    }
  }

  private static void walk(Object model, Object gradient, BiConsumer<Tensor, Tensor> visitor) {
    new Parameters(visitor).visit(model, gradient);
  }

  /**
   * Visits what a part leads to. A component of type tensor has a derivative of its own; that of
   * anything else belongs to the object and is found, or a zero, wherever the object stands. So of
   * a part that is met again only what differs counts.
   */
  private void visit(Object part, @Nullable Object gradient) {
    @Nullable Object[] components = components(part);
    if (components.length == 0) {
      return;
    }
    @Nullable Object[] derivatives = gradient == null ? NOTHING : components(gradient);
    if (derivatives.length != components.length) {
      throw mismatch(part, gradient);
    }
    List<@Nullable Object[]> earlier = met.computeIfAbsent(part, _ -> new ArrayList<>());
    for (int i = 0; i < components.length; i++) {
      Object derivative = derivatives[i];
      if (components[i] instanceof Tensor x && !x.dtype().isFloatingPoint()) {
        continue;
      }
      if (components[i] instanceof Tensor x && isOfTypeTensor(part, i)) {
        if (!(derivative instanceof Tensor dx)) {
          throw mismatch(x, derivative);
        }
        if (!isKnown(earlier, i, dx)) {
          visitor.accept(x, dx);
        }
      } else if (components[i] != null) {
        visit(components[i], derivative);
      }
    }
    earlier.add(derivatives);
  }

  private static boolean isKnown(List<@Nullable Object[]> earlier, int slot, Tensor dx) {
    for (@Nullable Object[] one : earlier) {
      if (one[slot] == dx) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Object[] components(Object part) {
    return switch (part) {
      case Tensor tensor -> new Object[] {tensor};
      case Object[] array -> array;
      case List<?> list -> list.toArray();
      case Record structure -> components(structure);
      default -> NOTHING;
    };
  }

  private static @Nullable Object[] components(Record structure) {
    Method[] accessors = ACCESSORS.get(structure.getClass());
    @Nullable Object[] components = new Object[accessors.length];
    try {
      for (int i = 0; i < accessors.length; i++) {
        components[i] = accessors[i].invoke(structure);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot read the components of " + structure, e);
    }
    return components;
  }

  private static boolean isOfTypeTensor(Object part, int slot) {
    return switch (part) {
      case Tensor tensor -> true;
      case Object[] array -> array.getClass().getComponentType() == Tensor.class;
      case Record structure ->
          ACCESSORS.get(structure.getClass())[slot].getReturnType() == Tensor.class;
      default -> false;
    };
  }

  private static IllegalArgumentException mismatch(Object part, @Nullable Object gradient) {
    return new IllegalArgumentException(
        "the gradient is not built as the model is: it has "
            + (gradient == null ? "nothing" : "a " + gradient.getClass().getTypeName())
            + " where the model has a "
            + part.getClass().getTypeName()
            + (gradient != null && gradient.getClass() == part.getClass()
                ? " of another length"
                : ""));
  }
}
