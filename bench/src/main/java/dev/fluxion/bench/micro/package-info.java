/**
 * Micro-benchmarks with JMH: of the compiler and of the tensors' kernels; {@code fluxion jmh REGEX}
 * runs them.
 */
@NullMarked
package dev.fluxion.bench.micro;

import org.jspecify.annotations.NullMarked;
