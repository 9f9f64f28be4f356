package dev.fluxion.tensor;

import dev.fluxion.tensor.Schedule.Step;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Operations on the elements of one shape, so few that what they cost is to begin: no more than a
 * piece has. One loop does all of them once it is fast, and until then {@link Pieces} do. The
 * inputs have as many elements, or one.
 */
final class OnePiece implements Step {
  private final int[] shape;
  private final int size;
  private final DType type;
  private final int[] inputs;
  private final int[] outputs;
  private final int[] starts;
  private final GradualLoop loop;
  private final GradualLoop.Trial trial;
  private final Pieces meanwhile;

  /**
   * Operations.
   *
   * @param inputs the values that are read
   * @param outputs the values that are set
   * @param meanwhile what does the same
   */
  OnePiece(int[] shape, int[] inputs, int[] outputs, FusedLoops.Recipe recipe, Pieces meanwhile) {
    this.shape = shape;
    this.size = Shapes.count(shape);
    this.type = recipe.type();
    this.inputs = inputs;
    this.outputs = outputs;
    this.starts = new int[inputs.length];
    this.loop = recipe.loop();
    this.trial = FusedLoops.trial(recipe);
    this.meanwhile = meanwhile;
  }

  @Override
  public void run(@Nullable Object[] values) {
    MethodHandle fast = loop.get(size, trial);
    if (fast == null) {
      meanwhile.run(values);
      return;
    }
    Object[] read = new Object[inputs.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = Pieces.buffer(values[inputs[i]], type).array();
    }
    Object[] written = new Object[outputs.length];
    for (int i = 0; i < written.length; i++) {
      Buffer to = Buffer.unset(type, size);
      values[outputs[i]] = new Tensor(shape, to);
      written[i] = to.array();
    }
    VectorFunctions.run(fast, read, starts, written, 0, size);
  }
}
