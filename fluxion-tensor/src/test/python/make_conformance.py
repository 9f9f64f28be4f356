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

import gzip
import itertools
import math
import re
import sys
import warnings

import mpmath
import numpy as np
import scipy.special
import torch
import torch.nn.functional as F

warnings.filterwarnings("ignore")
NAN, INF = math.nan, math.inf
FLOATS = ["float32", "float64", "bfloat16", "float16"]
WHOLES = ["int8", "int16", "int32", "int64", "uint8"]
TYPES = [*FLOATS, *WHOLES, "bool"]
LIMITS = {  # least positive, least normal, greatest, unit of the last place of 1
    "float32": (2.0**-149, 2.0**-126, float(np.finfo(np.float32).max), 2.0**-23),
    "float64": (2.0**-1074, 2.0**-1022, float(np.finfo(np.float64).max), 2.0**-52),
    "bfloat16": (2.0**-133, 2.0**-126, (2 - 2.0**-7) * 2.0**127, 2.0**-7),
    "float16": (2.0**-24, 2.0**-14, 65504.0, 2.0**-10),
}


# The arguments, which Arguments.java makes too.


def stream(seed, n):
    """n numbers in [-1, 1) from a splitmix64 stream."""
    z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53 * 2 - 1


def specials(kind):
    if kind == "bool":
        return [0, 1, 1]
    if kind in WHOLES:
        least, greatest = (1, 255) if kind == "uint8" else (-(2 ** (BITS[kind] - 1)), 2 ** (BITS[kind] - 1) - 1)
        return [0, 1, -1, 2, -2, 3, 7, -7, 10, -10, 100, least, greatest, least + 1, greatest - 1, greatest // 2]
    tiny, normal, greatest, unit = LIMITS[kind]
    positive = [0.0, tiny, normal - tiny, normal, unit, 1e-3, 0.5, 0.7, 1, 1 + unit, 1.5, 2.5, 3, 20, 100, 1000, 1 / unit, greatest, INF]
    return [NAN, *positive, *[-x for x in positive]]


BITS = {"int8": 8, "int16": 16, "int32": 32, "int64": 64, "uint8": 8}


def elements(kind, letter, seed, n):
    if letter == "x":
        values = specials(kind)
        return [values[(i + seed) % len(values)] for i in range(n)]
    u = stream(seed, n)
    if kind == "bool":
        return u > 0
    if kind in WHOLES:
        scale = 2.0 ** (BITS[kind] - 1) if letter == "f" else 10.0
        return np.floor(u * scale).astype(np.int64)
    scale, shift = {"u": (2, 0), "v": (20, 0), "p": (0.9, 1), "s": (0.9, 0), "b": (3, 4.5), "w": (4, 0)}[letter]
    values = u * scale + shift
    return np.floor(values) if letter == "w" else values


VIEWS = {
    "transpose": lambda t, *axes: t.transpose(*axes) if axes else t.T,
    "permute": lambda t, order: t.permute(order),
    "flip": lambda t, axes: t.flip(axes),
    "slice": lambda t, axis, start, end, step=1: t.movedim(axis, 0)[start:end:step].movedim(0, axis),
    "broadcastTo": lambda t, shape: t.expand(shape),
    "reshape": lambda t, shape: t.reshape(shape),
}
CACHE = {}


def make(text):
    if text in CACHE:
        return CACHE[text]
    kind, sizes, letter, seed, calls = re.fullmatch(r"(\w+)\(([\d,]*)\)([a-z])(\d*)(.*)", text).groups()
    shape = [int(n) for n in sizes.split(",") if n]
    values = elements(kind, letter, int(seed or 0), math.prod(shape))
    if kind in FLOATS:
        t = torch.tensor(np.asarray(values, dtype=np.float64))
        t = t if kind == "float64" else t.float().to(getattr(torch, kind))
    elif kind == "bool":
        t = torch.tensor(np.asarray(values, dtype=bool))
    else:
        t = torch.tensor(np.asarray(values, dtype=np.int64)).to(getattr(torch, kind))
    t = t.reshape(shape)
    for name, arguments in re.findall(r"\.(\w+)\(([^)]*)\)", calls):
        t = VIEWS[name](t, *eval(f"[{arguments}]"))
    CACHE[text] = t
    return t


# The results.


def number(value, kind):
    if kind == "bool" or kind in WHOLES:
        return str(int(value))
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    text = repr(value) if kind == "float64" else str(np.float32(value))
    return text.removesuffix(".0")


def hashed(values, kind, signed):
    """FNV-1a over the bits of the elements as float64, or as int64."""
    if kind in FLOATS:
        values = values.astype(np.float64)
        values = np.where(np.isnan(values), np.nan, values if signed else values + 0.0)
        bits = values.view(np.uint64)
    else:
        bits = values.astype(np.int64).view(np.uint64)
    h = 0xCBF29CE484222325
    for b in bits.tolist():
        h = ((h ^ b) * 0x100000001B3) & (2**64 - 1)
        h ^= h >> 32
    return f"{h:x}"


def show(value, tolerance, whole=False):
    """A result as text: all elements if they are few, else a hash, or some where they may differ a little."""
    kind = str(value.dtype).removeprefix("torch.")
    values = (value.double() if kind in FLOATS else value).contiguous().numpy().ravel()
    shape = ",".join(map(str, value.shape))
    if whole or len(values) <= 8:
        text = " ".join(number(v, kind) for v in values.tolist())
    elif tolerance.startswith("="):
        text = "#" + hashed(values, kind, tolerance == "=")
    else:
        step = 1 if len(values) <= 80 else -(-len(values) // 40)
        text = " ".join(number(v, kind) for v in values[::step].tolist())
    return f"{kind}({shape}) {text}".strip()


SHOWN = sys.argv[2] if len(sys.argv) > 2 and sys.argv[1] == "--show" else None
LINES = []


def case(call, arguments, f, tolerance="="):
    arguments = [arguments] if isinstance(arguments, str) else arguments
    value = f(*[make(a) for a in arguments])
    values = value if isinstance(value, (list, tuple)) else [value]
    line = f"{call}|{'; '.join(arguments)}|{tolerance}|"
    if SHOWN is None:
        LINES.append(line + "; ".join(show(v, tolerance) for v in values))
    elif SHOWN in line:
        print(line + "; ".join(show(v, tolerance, True) for v in values))


def refused(call, arguments, message):
    arguments = [arguments] if isinstance(arguments, str) else arguments
    LINES.append(f"{call}|{'; '.join(arguments)}|!|{message}")


def high(f):
    """A function in float64, rounded to the first argument's type."""

    def narrow(*tensors):
        value = f(*[t.double() if t.is_floating_point() else t for t in tensors])
        return value if tensors[0].dtype == torch.float64 else value.float().to(tensors[0].dtype)

    return narrow


def by_scipy(f):
    return lambda *tensors: torch.tensor(np.asarray(f(*[t.numpy() for t in tensors])))


def units(kind, narrow=2, wide=4):
    return {"float32": str(narrow), "float64": str(wide)}.get(kind, "1")


def lifted(f):
    """A function of floating-point numbers applied to 16-bit ones in float32, as PyTorch does."""
    return lambda *tensors: f(*[t.float() for t in tensors]).to(tensors[0].dtype)


# Arithmetic, comparison and logic of two tensors.

PAIRS = [  # shapes that stretch, some of them rearranged, empty or longer than a vector
    ("()", "()", "", ""), ("()", "(3)", "", ""), ("(1)", "()", "", ""), ("(1)", "(7)", "", ""),
    ("(0)", "(0)", "", ""), ("(0)", "(1)", "", ""), ("(0)", "()", "", ""), ("(0,3)", "(3)", "", ""),
    ("(2,0,3)", "(1,3)", "", ""), ("(2,1,0)", "(5,1)", "", ""), ("(7)", "(7)", "", ""), ("(67)", "(67)", "", ""),
    ("(67)", "()", "", ""), ("(1)", "(129)", "", ""), ("(3,4)", "(4)", "", ""), ("(3,1)", "(1,4)", "", ""),
    ("(3,1)", "(3,70)", "", ""), ("(70,1)", "(3)", "", ""), ("(2,3,4)", "(3,1)", "", ""),
    ("(2,3,4,5)", "(3,1,5)", "", ""), ("(2,1,3,1,2)", "(4,1,5,1)", "", ""), ("(1,1,1)", "(5,13)", "", ""),
    ("(4,3)", "(3,4)", ".transpose()", ""), ("(9,17)", "(9,1)", "", ".flip([0])"),
    ("(3,4,5)", "(4,1)", ".permute([2,0,1])", ".transpose(0,1).reshape([4])"),
    ("(3,20)", "(3,9)", ".slice(1,2,20,2)", ""), ("(40,6)", "(5)", ".slice(0,39,40).reshape([6]).slice(0,0,5)", ""),
    ("(8,1000)", "(8)", ".transpose()", ".broadcastTo([1000,8])"),
]  # fmt: skip
FEW = [PAIRS[i] for i in (0, 4, 7, 10, 11, 15, 18, 22, 23)]


def logical(f, of_truths):
    return lambda a, b: of_truths(a, b) if a.dtype == torch.bool else f(a, b)


def remainder(a, b):
    """As PyTorch's, whose vector form is not a number where the quotient is huge."""
    if not a.is_floating_point():
        return torch.remainder(a, b)
    narrow = a.dtype in (torch.bfloat16, torch.float16)
    x, y = [(t.float() if narrow else t).numpy() for t in (a, b)]
    rest = np.fmod(x, y)
    return torch.tensor(np.where((rest != 0) & ((rest < 0) != (y < 0)), rest + y, rest)).to(a.dtype)


ARITHMETIC = {
    "plus": logical(torch.add, torch.logical_or), "minus": torch.sub, "times": logical(torch.mul, torch.logical_and),
    "div": torch.div, "maximum": torch.maximum, "minimum": torch.minimum,
    "greater": torch.gt, "greaterOrEqual": torch.ge, "less": torch.lt, "lessOrEqual": torch.le,
    "equalTo": torch.eq, "notEqualTo": torch.ne, "and": torch.logical_and, "or": torch.logical_or, "xor": torch.logical_xor,
    "remainder": remainder,
}  # fmt: skip
UNSIGNED_ZERO = {"maximum", "minimum"}

for name, f in ARITHMETIC.items():
    for kind in TYPES:
        if kind == "bool" and name in ("minus", "remainder"):
            refused(f"a.{name}(b)", ["bool(3)u1", "bool(3)u2"], f"{name} of (3) of BOOL")
            continue
        tolerance = "=0" if name in UNSIGNED_ZERO else "="
        isWhole = kind in WHOLES
        for p, q, v, w in PAIRS if name in ("plus", "div", "greater", "maximum") else FEW:
            letter = "f" if isWhole and name not in ("div", "remainder") else "u"
            b = f"{kind}{q}{letter}2{w}"
            if isWhole and name == "remainder":
                if (make(b) == 0).any():
                    continue
            case(f"a.{name}(b)", [f"{kind}{p}{letter}1{v}", b], f, tolerance)
        n = len(specials(kind))
        column, row = f"{kind}({n},1)x", f"{kind}(1,{n})x"
        if isWhole and name == "remainder":
            row = f"{kind}(1,{n - 1})x1"
        case(f"a.{name}(b)", [column, row], f, tolerance)
        case(f"a.{name}(b)", [row, column], f, tolerance) if name not in ("remainder",) or not isWhole else None
        full = f".broadcastTo([{n},{make(row).shape[1]}])"
        case(f"a.{name}(b)", [column + full, row + full], f, tolerance)

NUMBERS = {
    "plus": torch.add, "minus": torch.sub, "times": torch.mul, "div": torch.div, "greater": torch.gt,
    "greaterOrEqual": torch.ge, "less": torch.lt, "lessOrEqual": torch.le, "equalTo": torch.eq, "notEqualTo": torch.ne,
}  # fmt: skip
for name, f in NUMBERS.items():
    for kind in FLOATS + WHOLES:
        n = len(specials(kind))
        for value in (0, 2, 1.5, -0.25) if kind in FLOATS else (0, 3, 100) if name in ("plus", "minus", "times") else (2, 1.5):
            for shape in ("()", "(0)", f"({n})", f"(2,{n})"):
                case(f"a.{name}({value})", f"{kind}{shape}x", lambda a: f(a, value))

for kind in FLOATS:
    case("a.clamp(-0.5,1.25)", f"{kind}(120)x", lambda a: a.clamp(-0.5, 1.25), "=0")
    case("a.clamp(2,1)", f"{kind}(39)x", lambda a: a.clamp(2, 1), "=0")
    case("a.orElse(2.5)", f"{kind}(39)x", lambda a: torch.where(a.isnan(), torch.tensor(2.5, dtype=a.dtype), a))
    case("a.fill(0.5)", f"{kind}(2,0)x", lambda a: torch.full_like(a, 0.5))
    case("a.zero()", f"{kind}(3,2)x", torch.zeros_like)
    case("a.pow(b)", [f"{kind}(39,1)x", f"{kind}(1,39)x"], high(torch.pow), units(kind))
    case("a.pow(b)", [f"{kind}(39,1)x.broadcastTo([39,39])", f"{kind}(1,39)x.broadcastTo([39,39])"], high(torch.pow), units(kind))
    case("a.pow(b)", [f"{kind}(9,13)p1", f"{kind}(13)u2"], high(torch.pow), units(kind))
    for p in (0, 1, 2, 3, -1, -2, 0.5, -0.5, 2.5):
        case(f"a.pow({p})", f"{kind}(120)x", high(lambda a: a.pow(p)), units(kind))
    for name, f in [("atan2", torch.atan2), ("hypot", torch.hypot), ("logAddExp", torch.logaddexp), ("xlogy", torch.xlogy)]:
        case(f"a.{name}(b)", [f"{kind}(39,1)x", f"{kind}(1,39)x"], high(f), units(kind))
        case(f"a.{name}(b)", [f"{kind}(13,9)u1.transpose()", f"{kind}(13)p2"], high(f), units(kind, 4, 8) if name == "logAddExp" else units(kind))
        case(f"a.{name}(b)", [f"{kind}(0,9)u1", f"{kind}(1,1)u2"], high(f))
    for w in (0, 0.25, 0.75, 1):
        case(f"a.lerp(b,{w})", [f"{kind}(3,4)u1", f"{kind}(4)u2"], high(lambda a, b: torch.lerp(a, b.expand(3, 4), w)), "4@4")

for kind in TYPES:
    n = len(specials(kind))
    for mask in (f"{kind}({n})x", f"bool({n})u3"):
        case("where(a,b,c)", [mask, f"{kind}({n})x1", f"{kind}(2,{n})x2"], lambda m, a, b: torch.where(m != 0, a, b))
    case("where(a,b,c)", ["bool(3,1)u3", f"{kind}()u1", f"{kind}(1,70)u2"], torch.where)
    case("where(a,b,c)", ["bool(3,1)u3", f"{kind}(2,3,5)u1", f"{kind}(5)u2"], torch.where)
    case("where(a,b,c)", ["bool(0,1)u3", f"{kind}(1,4)u1", f"{kind}()u2"], torch.where)

# Functions of one number.

EXACT = {
    "neg": torch.neg, "abs": torch.abs, "floor": torch.floor, "ceil": torch.ceil, "round": torch.round,
    "trunc": torch.trunc, "sign": lambda a: torch.where(a.isnan(), a, torch.sign(a)), "square": torch.square, "relu": torch.relu, "isNaN": torch.isnan,
    "isFinite": torch.isfinite, "not": torch.logical_not, "reciprocal": torch.reciprocal,
    "sqrt": lambda a: torch.tensor(np.sqrt((a.float() if a.dtype in (torch.bfloat16, torch.float16) else a).numpy())).to(a.dtype),
}  # fmt: skip
SHAPES = ["()", "(1)", "(0)", "(2,0)", "(7)", "(67)", "(3,5)", "(2,3,4,5)"]
for name, f in EXACT.items():
    for kind in TYPES:
        if kind not in FLOATS and name in ("reciprocal", "sqrt"):
            refused(f"a.{name}()", f"{kind}(3)u1", f"{name} of (3) of {kind.upper()}: cast")
            continue
        if kind == "bool" and name == "neg":
            refused("a.neg()", "bool(3)u1", "neg of (3) of BOOL: cast")
            continue
        g = f
        if kind == "bool" and name in ("abs", "floor", "ceil", "round", "trunc", "sign", "square", "relu"):
            g = lambda a: a
        tolerance = "=0" if name in ("relu", "sign") else "="
        for shape in SHAPES:
            case(f"a.{name}()", f"{kind}{shape}{'v' if kind in FLOATS else 'f'}1", g, tolerance)
        case(f"a.{name}()", f"{kind}(5,13)u1.transpose()", g, tolerance)
        case(f"a.{name}()", f"{kind}(6,9)u1.slice(1,1,9,3).flip([0])", g, tolerance)
        case(f"a.{name}()", f"{kind}(45)x", g, tolerance)
        case(f"a.{name}()", f"{kind}(160)x", g, tolerance)

SMOOTH = {  # letters of the arguments, and whether the values are far from their limits at special ones
    "exp": torch.exp, "expm1": torch.expm1, "exp2": torch.exp2, "log": torch.log, "log1p": torch.log1p, "log2": torch.log2,
    "log10": torch.log10, "rsqrt": torch.rsqrt, "sin": torch.sin, "cos": torch.cos, "tan": torch.tan, "asin": torch.asin,
    "acos": torch.acos, "atan": torch.atan, "sinh": torch.sinh, "cosh": torch.cosh, "tanh": torch.tanh, "asinh": torch.asinh,
    "acosh": torch.acosh, "atanh": torch.atanh, "sigmoid": torch.sigmoid,
    "softplus": lambda a: torch.logaddexp(a, torch.zeros_like(a)), "erf": torch.erf, "gelu": F.gelu,
}  # fmt: skip
half = mpmath.mpf(0.5)
PRECISE = {  # the same by mpmath, where it is exact
    "exp2": lambda x: mpmath.power(2, x), "log2": lambda x: mpmath.log(x, 2), "rsqrt": lambda x: 1 / mpmath.sqrt(x),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "gelu": lambda x: x * mpmath.erfc(-x * mpmath.sqrt(half)) / 2, "logGamma": lambda x: mpmath.log(abs(mpmath.gamma(x))),
    "erfcx": lambda x: mpmath.exp(x * x) * mpmath.erfc(x), "logit": lambda x: mpmath.log(x / (1 - x)),
    "entropy": lambda x: -x * mpmath.log(x), "normalCdf": lambda x: mpmath.erfc(-x * mpmath.sqrt(half)) / 2,
    "logNormalCdf": lambda x: mpmath.log(mpmath.erfc(-x * mpmath.sqrt(half)) / 2),
    "normalQuantile": lambda x: mpmath.sqrt(2) * mpmath.erfinv(2 * x - 1), "sinc": mpmath.sincpi,
}  # fmt: skip


def precise(name, f):
    """A function to the last place, where its argument is finite and its value is neither limit nor jump."""
    g = PRECISE.get(name) or getattr(mpmath, name)

    def apply(a):
        near = f(a)
        values = near.reshape(-1).tolist()
        with mpmath.workprec(300):
            for i, x in enumerate(a.reshape(-1).tolist()):
                if math.isfinite(values[i]) and math.isfinite(x) and x != 0:
                    try:
                        exact = float(g(mpmath.mpf(x)))
                    except OverflowError:  # mpmath's, of a huge argument
                        continue
                    values[i] = math.copysign(exact, values[i]) if exact == 0 else exact
        return torch.tensor(values, dtype=torch.float64).reshape(near.shape)

    return high(apply)


LETTERS = {"log": "pb", "log1p": "ps", "log2": "pb", "log10": "pb", "rsqrt": "pb", "asin": "s", "acos": "s", "atanh": "s", "acosh": "b"}
OWN = {  # named by their class
    "logGamma": scipy.special.gammaln, "digamma": scipy.special.psi, "erfc": scipy.special.erfc, "erfcx": scipy.special.erfcx,
    "erfinv": scipy.special.erfinv, "logit": scipy.special.logit, "entropy": scipy.special.entr,
    "normalCdf": scipy.special.ndtr, "logNormalCdf": scipy.special.log_ndtr, "normalQuantile": scipy.special.ndtri, "sinc": np.sinc,
}  # fmt: skip
for name, f in SMOOTH.items():
    for kind in FLOATS:
        g, near = precise(name, f), units(kind, 4, 4)
        if name in ("gelu", "sigmoid") and kind != "float64":
            near += {"gelu": "@1", "sigmoid": "@1e-36"}[name]
        if name == "gelu" and kind == "float64":
            near = "8@0.1"
        for letter in LETTERS.get(name, "uv"):
            case(f"a.{name}()", f"{kind}(71){letter}5", g, near)
            case(f"a.{name}()", f"{kind}(3,5){letter}6.transpose()", g, near)
        for shape in ("()", "(1)", "(0,2)"):
            case(f"a.{name}()", f"{kind}{shape}{LETTERS.get(name, 'u')[0]}7", g, near)
        case(f"a.{name}()", f"{kind}(39)x", g, near)
        if name != "gelu" or kind == "float64":
            case(f"a.{name}()", f"{kind}(78)x", g, near)
    for kind in ("int32", "bool"):
        refused(f"a.{name}()", f"{kind}(3)u1", f"{name} of (3) of {kind.upper()}: cast")

for kind in TYPES:
    for shape in ("()", "(0)", "(3,70)", "(2,3,4)"):
        for to in TYPES:
            if kind in FLOATS and to in WHOLES:
                case(f"a.cast({to.upper()})", f"{kind}{shape}{'b' if to == 'uint8' else 'v'}1", lambda a: a.to(getattr(torch, to)))
            else:
                case(f"a.cast({to.upper()})", f"{kind}{shape}{'v' if kind in FLOATS else 'f'}1", lambda a: a.to(getattr(torch, to)))
    for to in FLOATS + ["bool"] if kind in FLOATS else TYPES:
        case(f"a.cast({to.upper()})", f"{kind}(90)x", lambda a: a.to(getattr(torch, to)))
for kind in FLOATS:
    for to in WHOLES:
        for element in (0, 19, 20, 38):
            refused(f"a.cast({to.upper()})", f"{kind}(1)x{element}", f"cast to {to.upper()} of element 0") if element in (0, 19, 38) else None


def write():
    text = "\n".join(LINES) + "\n"
    with gzip.GzipFile(sys.argv[1], "wb", 9, mtime=0) as out:
        out.write(text.encode())
    print(len(LINES), "cases,", len(text), "characters")


if SHOWN is None:
    write()
