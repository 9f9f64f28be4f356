"""Writes the table that ConformanceTest runs: operations on all types, shapes and special values.

Needs torch, numpy and scipy:
  python make_conformance.py ../resources/dev/fluxion/tensor/conformance.txt.gz
  python make_conformance.py --show TEXT    prints the lines that contain a text, with all elements

A line is: call | arguments a; b; … | tolerance | result. The call is Java's. An argument is a type, a
shape, a letter that says which elements, and calls that rearrange them: `float32(4,3)u7.transpose()`
is 12 numbers of the splitmix64 stream with seed 7, transposed. Both sides make the arguments, so only
results are stored: type, shape, and elements, of which there may be but some, or a hash of all.

Tolerances are `=`, equal in all bits (but a NaN is a NaN); `=0`, the same but for the sign of zeros, which
PyTorch and NumPy leave open there; a number of units in the last place; or `N@M`, N units in the last place
of M where the result is smaller, as after cancellation. Elementary functions and reductions are computed
in float64 for the narrower types, so that PyTorch's own errors do not count. Where PyTorch and NumPy
differ, the table has PyTorch's value, but for the sign of NaN, which is NaN as in NumPy.
"""

import sys

import conformance
import conformance_axes  # noqa: F401, adds its cases
import conformance_elements  # noqa: F401, adds its cases
import conformance_networks  # noqa: F401, adds its cases
import conformance_shapes  # noqa: F401, adds its cases

if conformance.SHOWN is None:
    conformance.write(sys.argv[1])
