package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;
import dev.fluxion.nn.Parameters;
import dev.fluxion.tensor.Tensor;

/** A hundred steps of an LSTM (Hochreiter and Schmidhuber, 1997): the gradient in its weights. */
public final class Lstm implements Workload {
  private static final int IN = 32;
  private static final int HIDDEN = 64;
  private static final int STEPS = 100;

  /**
   * A cell.
   *
   * @param wi (in, 4 hidden): of the input, forget and output gate and the candidate
   * @param wh (hidden, 4 hidden)
   * @param b (4 hidden)
   */
  record Cell(Tensor wi, Tensor wh, Tensor b) {
    Tensor last(Tensor[] inputs) {
      Tensor h = Tensor.zeros(1, HIDDEN);
      Tensor c = Tensor.zeros(1, HIDDEN);
      for (int t = 0; t < inputs.length; t++) {
        Tensor gates = inputs[t].matmul(wi).plus(h.matmul(wh)).plus(b).reshape(4, HIDDEN);
        Tensor input = gates.gather(new int[] {0}).sigmoid();
        Tensor forget = gates.gather(new int[] {1}).sigmoid();
        Tensor output = gates.gather(new int[] {2}).sigmoid();
        Tensor candidate = gates.gather(new int[] {3}).tanh();
        c = forget.times(c).plus(input.times(candidate));
        h = output.times(c.tanh());
      }
      return h;
    }
  }

  private final Cell cell =
      new Cell(
          Inputs.weight(50, IN, IN, 4 * HIDDEN),
          Inputs.weight(51, HIDDEN, HIDDEN, 4 * HIDDEN),
          Tensor.zeros(4 * HIDDEN));
  private final Tensor[] inputs = new Tensor[STEPS];

  public Lstm() {
    Tensor all = Inputs.tensor(52, STEPS, IN);
    for (int t = 0; t < STEPS; t++) {
      inputs[t] = all.gather(new int[] {t});
    }
  }

  private Cell gradient() {
    return Grad.gradient(c -> c.last(inputs).sum(), cell);
  }

  @Override
  public double check() {
    return Norms.norm(Parameters.of(gradient()));
  }

  @Override
  public Object run() {
    return gradient();
  }
}
