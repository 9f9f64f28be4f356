/** The workloads, each written as a user would write it. */
@NullMarked
package dev.fluxion.bench.rows;

import org.jspecify.annotations.NullMarked;
