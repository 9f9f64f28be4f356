package dev.fluxion.bench;

import dev.fluxion.bench.rows.Chain100;
import dev.fluxion.bench.rows.Fused;
import dev.fluxion.bench.rows.GaussianMixture;
import dev.fluxion.bench.rows.GaussianMixtureByHand;
import dev.fluxion.bench.rows.GaussianMixtureTensors;
import dev.fluxion.bench.rows.Gpt;
import dev.fluxion.bench.rows.Hessian;
import dev.fluxion.bench.rows.HessianByHand;
import dev.fluxion.bench.rows.LeNet;
import dev.fluxion.bench.rows.Lorenz;
import dev.fluxion.bench.rows.LorenzByHand;
import dev.fluxion.bench.rows.Lstm;
import dev.fluxion.bench.rows.LstmCell;
import dev.fluxion.bench.rows.LstmCellByHand;
import dev.fluxion.bench.rows.MatrixProduct;
import dev.fluxion.bench.rows.MultilayerPerceptron;
import dev.fluxion.bench.rows.Newton;
import dev.fluxion.bench.rows.NewtonByHand;
import dev.fluxion.bench.rows.NewtonGradient;
import dev.fluxion.bench.rows.Overhead;
import dev.fluxion.bench.rows.Power;
import dev.fluxion.bench.rows.PowerByHand;
import dev.fluxion.bench.rows.ResNet20;
import dev.fluxion.bench.rows.TreeLstm;
import dev.fluxion.bench.rows.Vgg19;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The workloads by name: a new one is a class in {@code rows} and a line here. */
final class Rows {
  /** How far results may differ in float64. */
  private static final double DOUBLE = 1e-9;

  /** How far results may differ in float32. */
  private static final double FLOAT = 1e-3;

  /** The same of deep networks, where rounding grows. */
  private static final double DEEP = 3e-3;

  /**
   * A workload.
   *
   * @param tolerance how far, relatively, its check value may be from a peer's
   * @param fluxion makes the work in Fluxion
   * @param hand makes the same work with an adjoint written by hand: the ceiling for a compiler
   */
  record Row(double tolerance, Supplier<Workload> fluxion, @Nullable Supplier<Workload> hand) {}

  /** The row that is not a {@link Workload} but a process of its own. */
  static final String START = "start";

  /** The row that is several processes, each of which says how long a first gradient took. */
  static final String FIRST = "first";

  private static final String LSTM_CELL = "lstm_cell";

  private static final String OVERHEAD = "overhead";

  private static final String GMM_TENSORS = "gmm_tensors";

  static final Map<String, Row> ALL = new LinkedHashMap<>();

  static {
    add("pow", DOUBLE, Power::new, PowerByHand::new);
    add("lorenz", DOUBLE, Lorenz::new, LorenzByHand::new);
    add("gmm", DOUBLE, GaussianMixture::new, GaussianMixtureByHand::new);
    add(GMM_TENSORS, DOUBLE, GaussianMixtureTensors::new, null);
    add("newton", DOUBLE, Newton::new, null);
    add("newton_grad", DOUBLE, NewtonGradient::new, NewtonByHand::new);
    add("hessian", DOUBLE, Hessian::new, HessianByHand::new);
    add(LSTM_CELL, FLOAT, LstmCell::new, LstmCellByHand::new);
    add(OVERHEAD, FLOAT, Overhead::new, null);
    add("chain100", FLOAT, Chain100::new, null);
    add("lstm1", FLOAT, Lstm::new, null);
    add("treelstm", FLOAT, TreeLstm::new, null);
    add("fused", FLOAT, Fused::new, null);
    add("matmul", FLOAT, MatrixProduct::new, null);
    add("mlp", FLOAT, MultilayerPerceptron::new, null);
    add("lenet", FLOAT, LeNet::new, null);
    add("resnet20", DEEP, ResNet20::new, null);
    add("gpt", FLOAT, Gpt::new, null);
    add("vgg19", DEEP, Vgg19::new, null);
  }

  private Rows() {}

  /** Whether the peers are timed on the same work: they have no program for all of it. */
  static boolean hasPeers(String name) {
    return !StartUp.has(name) && !name.equals(LSTM_CELL) && !name.equals(OVERHEAD);
  }

  /** What the peers call the work, of which we have two programs. */
  static String peersName(String name) {
    return name.equals(GMM_TENSORS) ? "gmm" : name;
  }

  /** The names of all rows. */
  static List<String> names() {
    return Stream.concat(ALL.keySet().stream(), Stream.of(START, FIRST)).toList();
  }

  private static void add(
      String name,
      double tolerance,
      Supplier<Workload> fluxion,
      @Nullable Supplier<Workload> hand) {
    ALL.put(name, new Row(tolerance, fluxion, hand));
  }
}
