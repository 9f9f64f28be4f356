/**
 * A library's tests, run on the library as it is and as lifted and emitted again by Fluxion.
 *
 * <p>{@link dev.fluxion.roundtrip.RoundTripCommand} is the command {@code fluxion roundtrip};
 * {@link dev.fluxion.roundtrip.LibraryTrial} does its work.
 */
@NullMarked
package dev.fluxion.roundtrip;

import org.jspecify.annotations.NullMarked;
