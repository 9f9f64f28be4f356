/** What the tests of other modules share: Java programs as text, compiled, and shrunk. */
module dev.fluxion.testing {
  requires transitive java.compiler;
  requires transitive static org.jspecify;

  exports dev.fluxion.testing;
}
