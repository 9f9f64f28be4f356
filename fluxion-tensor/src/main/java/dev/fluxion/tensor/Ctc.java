package dev.fluxion.tensor;

/**
 * The loss of connectionist temporal classification: of a sequence of labels, when it is not known
 * which steps they stand at (Graves et al., 2006).
 */
public final class Ctc {
  /** The logarithm of no probability, finite, so that nothing becomes NaN. */
  private static final double NONE = -1e30;

  private Ctc() {}

  /**
   * The negative logarithm of the probability that the steps, with blanks and repetitions taken
   * out, spell the target.
   *
   * @param logits (steps, classes), before the softmax
   * @param target labels, none of which is the blank
   * @param blank the class that stands for no label
   */
  public static Tensor loss(Tensor logits, int[] target, int blank) {
    int[] states = states(logits, target, blank);
    boolean[] skips = skips(states, blank);
    Tensor scores = logits.logSoftmax().gather(1, states);
    int size = states.length;
    Tensor none = scores.at(0).fill(NONE);
    Tensor first = mask(logits.dtype(), size, i -> i < 2);
    Tensor canSkip = mask(logits.dtype(), size, i -> skips[i]);
    Tensor forward = Tensor.where(first, scores.at(0), none);
    for (int step = 1; step < logits.size(0); step++) {
      Tensor moved = forward.pad(NONE, 0, 1, 0).slice(0, 0, size);
      Tensor skipped = forward.pad(NONE, 0, 2, 0).slice(0, 0, size);
      Tensor reached = forward.logAddExp(moved);
      reached = reached.logAddExp(Tensor.where(canSkip, skipped, none));
      forward = reached.plus(scores.at(step));
    }
    Tensor end = forward.slice(0, size - 1, size);
    if (size > 1) {
      end = end.logAddExp(forward.slice(0, size - 2, size - 1));
    }
    return end.neg().sum();
  }

  /** The labels with blanks around them. */
  private static int[] states(Tensor logits, int[] target, int blank) {
    if (logits.rank() != 2) {
      throw new ShapeException(
          "ctc of shape "
              + ShapeException.text(logits.dimensions())
              + ": (steps, classes) expected");
    }
    int needed = target.length;
    int[] states = new int[2 * target.length + 1];
    java.util.Arrays.fill(states, blank);
    for (int i = 0; i < target.length; i++) {
      if (target[i] == blank) {
        throw new ShapeException("ctc: label " + i + " of the target is the blank, " + blank);
      }
      needed += i > 0 && target[i] == target[i - 1] ? 1 : 0;
      states[2 * i + 1] = target[i];
    }
    if (needed > logits.size(0)) {
      throw new ShapeException(
          "ctc of " + logits.size(0) + " steps: a target of this kind takes " + needed);
    }
    return states;
  }

  /** Whether a state may follow the one before the last: no blank, and not the same label. */
  private static boolean[] skips(int[] states, int blank) {
    boolean[] skips = new boolean[states.length];
    for (int i = 2; i < states.length; i++) {
      skips[i] = states[i] != blank && states[i] != states[i - 2];
    }
    return skips;
  }

  private static Tensor mask(DType type, int size, java.util.function.IntPredicate chosen) {
    double[] mask = new double[size];
    for (int i = 0; i < size; i++) {
      mask[i] = chosen.test(i) ? 1 : 0;
    }
    return Tensor.of(mask, size).cast(type);
  }
}
