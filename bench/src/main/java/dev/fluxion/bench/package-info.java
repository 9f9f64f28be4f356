/**
 * Benchmarks: whole workloads, timed beside the same work in other systems, and micro-benchmarks.
 *
 * <p>A workload is a {@link Workload} in the package {@code rows}, named in {@link Rows}. {@link
 * Bench} starts a fresh JVM for each ({@link Measure}), so that none runs on another's profile, and
 * alternates with the peers, so that all see the same machine.
 */
@NullMarked
package dev.fluxion.bench;

import org.jspecify.annotations.NullMarked;
