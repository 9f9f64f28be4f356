/** The round trip proved on libraries and on the JDK. */
@NullMarked
package dev.fluxion.roundtrip;

import org.jspecify.annotations.NullMarked;
