/** Layers, losses, optimisers and training: a thin library over tensors and gradients. */
module dev.fluxion.nn {
  requires transitive static org.jspecify;
  requires transitive dev.fluxion.tensor;
  requires me.tongfei.progressbar;

  exports dev.fluxion.nn;

  opens dev.fluxion.nn to
      dev.fluxion.grad,
      dev.fluxion.ir;
}
