/** Runs the tests of libraries on the libraries as they are and as re-emitted. */
module dev.fluxion.roundtrip {
  requires transitive dev.fluxion.ir;
  requires org.junit.jupiter.api;
  requires org.junit.platform.engine;
  requires org.junit.platform.launcher;

  exports dev.fluxion.roundtrip;
}
