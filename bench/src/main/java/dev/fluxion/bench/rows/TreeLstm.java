package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;
import dev.fluxion.nn.Parameters;
import dev.fluxion.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The N-ary Tree-LSTM of Tai, Socher and Manning (2015) on twenty random binary trees. */
public final class TreeLstm implements Workload {
  private static final int HIDDEN = 64;
  private static final int LEAVES = 32;
  private static final int TREES = 20;

  /** A binary tree over words. */
  sealed interface Tree {}

  record Leaf(Tensor word) implements Tree {}

  record Branch(Tree left, Tree right) implements Tree {}

  /** What a node passes up: its hidden state and its memory. */
  record State(Tensor h, Tensor c) {}

  /**
   * A cell.
   *
   * @param word (hidden, 3 hidden): of a leaf's input and output gate and candidate
   * @param left (hidden, 5 hidden): of the input, two forget and output gates and the candidate
   * @param right (hidden, 5 hidden)
   * @param b (5 hidden)
   */
  record Cell(Tensor word, Tensor left, Tensor right, Tensor b) {
    State state(Tree tree) {
      return switch (tree) {
        case Leaf leaf -> {
          Tensor gates = leaf.word.matmul(word).reshape(3, HIDDEN);
          Tensor c = gate(gates, 0).sigmoid().times(gate(gates, 2).tanh());
          yield new State(gate(gates, 1).sigmoid().times(c.tanh()), c);
        }
        case Branch branch -> {
          State l = state(branch.left);
          State r = state(branch.right);
          Tensor gates = l.h.matmul(left).plus(r.h.matmul(right)).plus(b).reshape(5, HIDDEN);
          Tensor c =
              gate(gates, 0)
                  .sigmoid()
                  .times(gate(gates, 4).tanh())
                  .plus(gate(gates, 1).sigmoid().times(l.c))
                  .plus(gate(gates, 2).sigmoid().times(r.c));
          yield new State(gate(gates, 3).sigmoid().times(c.tanh()), c);
        }
      };
    }

    private static Tensor gate(Tensor gates, int index) {
      return gates.gather(new int[] {index});
    }

    Tensor loss(Tree[] trees) {
      Tensor sum = state(trees[0]).h.sum();
      for (int i = 1; i < trees.length; i++) {
        sum = sum.plus(state(trees[i]).h.sum());
      }
      return sum;
    }
  }

  private final Cell cell =
      new Cell(
          Inputs.weight(60, HIDDEN, HIDDEN, 3 * HIDDEN),
          Inputs.weight(61, HIDDEN, HIDDEN, 5 * HIDDEN),
          Inputs.weight(62, HIDDEN, HIDDEN, 5 * HIDDEN),
          Tensor.zeros(5 * HIDDEN));
  private final Tree[] trees = new Tree[TREES];

  public TreeLstm() {
    Tensor words = Inputs.tensor(63, LEAVES, HIDDEN);
    for (int i = 0; i < TREES; i++) {
      trees[i] = tree(70 + i, words);
    }
  }

  /** Merges two neighbours, picked by the stream, until one tree is left. */
  private static Tree tree(long seed, Tensor words) {
    double[] stream = Inputs.u(seed, LEAVES);
    List<Tree> nodes = new ArrayList<>();
    for (int i = 0; i < LEAVES; i++) {
      nodes.add(new Leaf(words.gather(new int[] {i})));
    }
    for (int k = 0; nodes.size() > 1; k++) {
      int j = (int) ((stream[k] + 1) / 2 * (nodes.size() - 1));
      nodes.set(j, new Branch(nodes.get(j), nodes.remove(j + 1)));
    }
    return nodes.getFirst();
  }

  private Cell gradient() {
    return Grad.gradient(c -> c.loss(trees), cell);
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
