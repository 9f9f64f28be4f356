/**
 * Java programs as text for tests that generate them: pieces of source, a compiler in memory, and a
 * search for the smallest program that still fails.
 */
@NullMarked
package dev.fluxion.testing;

import org.jspecify.annotations.NullMarked;
