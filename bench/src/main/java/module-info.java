/** The reference workloads and micro-benchmarks; they run on the class path, as JMH does. */
module dev.fluxion.bench {
  requires transitive static org.jspecify;
  requires fluxion;
  requires java.management;
  requires static jdk.incubator.vector;
  requires jmh.core;
}
