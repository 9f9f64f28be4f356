package dev.fluxion.bench.rows;

import static dev.fluxion.bench.rows.LstmCell.HIDDEN;
import static dev.fluxion.bench.rows.LstmCell.IN;
import static dev.fluxion.bench.rows.LstmCell.sigmoid;

import dev.fluxion.bench.Workload;
import dev.fluxion.bench.rows.LstmCell.Step;
import dev.fluxion.bench.rows.LstmCell.Weights;

/** What a careful person would write for {@link LstmCell}. */
public final class LstmCellByHand implements Workload {
  private final Weights weights = LstmCell.weights();
  private final Step step = LstmCell.step();

  @Override
  public double check() {
    return LstmCell.norm(gradient(weights, step));
  }

  @Override
  public Object run() {
    return gradient(weights, step);
  }

  private static Weights gradient(Weights w, Step step) {
    float[] input = w.input();
    float[] hidden = w.hidden();
    float[] x = step.x();
    float[] h = step.h();
    float[] c = step.c();
    float[] gates = w.bias().clone();
    for (int k = 0; k < 4 * HIDDEN; k++) {
      float sum = gates[k];
      for (int i = 0; i < IN; i++) {
        sum += input[k * IN + i] * x[i];
      }
      for (int i = 0; i < HIDDEN; i++) {
        sum += hidden[k * HIDDEN + i] * h[i];
      }
      gates[k] = sum;
    }
    float[] dGates = new float[4 * HIDDEN];
    for (int k = 0; k < HIDDEN; k++) {
      float in = sigmoid(gates[k]);
      float forget = sigmoid(gates[HIDDEN + k]);
      float out = sigmoid(gates[2 * HIDDEN + k]);
      float candidate = (float) Math.tanh(gates[3 * HIDDEN + k]);
      float state = (float) Math.tanh(forget * c[k] + in * candidate);
      float dOutput = out * state;
      float dState = dOutput * out * (1 - state * state);
      dGates[k] = dState * candidate * in * (1 - in);
      dGates[HIDDEN + k] = dState * c[k] * forget * (1 - forget);
      dGates[2 * HIDDEN + k] = dOutput * state * out * (1 - out);
      dGates[3 * HIDDEN + k] = dState * in * (1 - candidate * candidate);
    }
    float[] dInput = new float[4 * HIDDEN * IN];
    float[] dHidden = new float[4 * HIDDEN * HIDDEN];
    for (int k = 0; k < 4 * HIDDEN; k++) {
      for (int i = 0; i < IN; i++) {
        dInput[k * IN + i] = dGates[k] * x[i];
      }
      for (int i = 0; i < HIDDEN; i++) {
        dHidden[k * HIDDEN + i] = dGates[k] * h[i];
      }
    }
    return new Weights(dInput, dHidden, dGates);
  }
}
