/** N-dimensional arrays and their primitives, each with its gradient rule. */
module dev.fluxion.tensor {
  requires static jdk.incubator.vector;
  requires transitive static org.jspecify;
  requires transitive dev.fluxion.grad;
  requires static java.desktop; // not transitive: its List would be beside java.util's for users
  requires com.google.gson;
  requires ejml.core;
  requires ejml.ddense;
  requires org.apache.commons.numbers.gamma;

  exports dev.fluxion.tensor;

  opens dev.fluxion.tensor to
      dev.fluxion.grad,
      dev.fluxion.ir;
}
