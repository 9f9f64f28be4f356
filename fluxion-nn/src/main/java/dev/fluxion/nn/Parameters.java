package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tensors of a model: those of its record components, in order, and of arrays of such. */
public final class Parameters {
  private Parameters() {}

  /** The tensors that a model leads to. */
  public static List<Tensor> of(Object model) {
    List<Tensor> tensors = new ArrayList<>();
    collect(model, tensors);
    return tensors;
  }

  private static void collect(@Nullable Object part, List<Tensor> tensors) {
    if (part instanceof Tensor tensor) {
      tensors.add(tensor);
    } else if (part instanceof Object[] array) {
      for (Object element : array) {
        collect(element, tensors);
      }
    } else if (part instanceof Record) {
      for (RecordComponent component : part.getClass().getRecordComponents()) {
        try {
          component.getAccessor().setAccessible(true);
          collect(component.getAccessor().invoke(part), tensors);
        } catch (ReflectiveOperationException e) {
          throw new IllegalArgumentException("cannot read " + component, e);
        }
      }
    }
  }
}
