/** What says whether Fluxion works on a machine. */
@NullMarked
package dev.fluxion;

import org.jspecify.annotations.NullMarked;
