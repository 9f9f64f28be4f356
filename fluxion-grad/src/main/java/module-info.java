/** Gradients of Java methods by transforming their bytecode. */
module dev.fluxion.grad {
  requires transitive static org.jspecify;
  requires transitive dev.fluxion.ir;
  requires jdk.unsupported;

  exports dev.fluxion.grad;
  exports dev.fluxion.grad.runtime;

  opens dev.fluxion.grad to
      dev.fluxion.ir;
  opens dev.fluxion.grad.runtime to
      dev.fluxion.ir;
}
