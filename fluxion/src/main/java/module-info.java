/** All of Fluxion, for {@code import module fluxion;}. */
module fluxion {
  requires transitive dev.fluxion.nn;
  requires transitive dev.fluxion.tensor;
  requires transitive dev.fluxion.grad;
}
