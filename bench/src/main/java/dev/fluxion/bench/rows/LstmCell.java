package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;

/**
 * One cell of an LSTM (Hochreiter and Schmidhuber, 1997) in plain Java loops over {@code float[]}:
 * the gradient of half the squares of its output in its weights.
 */
public final class LstmCell implements Workload {
  static final int IN = 32;
  static final int HIDDEN = 64;

  /**
   * The weights of the input, forget and output gate and the candidate, a row each.
   *
   * @param input (4 hidden, in)
   * @param hidden (4 hidden, hidden)
   * @param bias (4 hidden)
   */
  record Weights(float[] input, float[] hidden, float[] bias) {}

  /** What comes into the cell: an input, and the output and the state of the step before. */
  record Step(float[] x, float[] h, float[] c) {}

  private final Weights weights = weights();
  private final Step step = step();

  static Weights weights() {
    return new Weights(
        floats(71, 4 * HIDDEN * IN, 0.2f),
        floats(72, 4 * HIDDEN * HIDDEN, 0.2f),
        floats(73, 4 * HIDDEN, 1));
  }

  static Step step() {
    return new Step(floats(74, IN, 1), floats(75, HIDDEN, 1), floats(76, HIDDEN, 1));
  }

  private static float[] floats(long seed, int n, float scale) {
    double[] stream = Inputs.u(seed, n);
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      floats[i] = (float) stream[i] * scale;
    }
    return floats;
  }

  static float sigmoid(float x) {
    return 1 / (1 + (float) Math.exp(-x));
  }

  static float loss(Weights w, Step step) {
    float[] gates = new float[4 * HIDDEN];
    for (int k = 0; k < 4 * HIDDEN; k++) {
      float sum = w.bias[k];
      for (int i = 0; i < IN; i++) {
        sum += w.input[k * IN + i] * step.x[i];
      }
      for (int i = 0; i < HIDDEN; i++) {
        sum += w.hidden[k * HIDDEN + i] * step.h[i];
      }
      gates[k] = sum;
    }
    float loss = 0;
    for (int k = 0; k < HIDDEN; k++) {
      float in = sigmoid(gates[k]);
      float forget = sigmoid(gates[HIDDEN + k]);
      float out = sigmoid(gates[2 * HIDDEN + k]);
      float candidate = (float) Math.tanh(gates[3 * HIDDEN + k]);
      float state = forget * step.c[k] + in * candidate;
      float output = out * (float) Math.tanh(state);
      loss += 0.5f * output * output;
    }
    return loss;
  }

  private Weights gradient() {
    return Grad.gradient(w -> loss(w, step), weights);
  }

  static double norm(Weights g) {
    double squares = 0;
    for (float[] part : new float[][] {g.input, g.hidden, g.bias}) {
      for (float x : part) {
        squares += (double) x * x;
      }
    }
    return Math.sqrt(squares);
  }

  @Override
  public double check() {
    return norm(gradient());
  }

  @Override
  public Object run() {
    return gradient();
  }
}
