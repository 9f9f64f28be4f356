/** A library whose package is named like one of the platform's. */
package javax.geometry;
