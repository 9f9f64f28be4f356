"""Operations on the elements of one, two or three tensors, and casts."""

import math

import mpmath
import numpy as np
import scipy.special
import torch
import torch.nn.functional as F
from conformance import FLOATS, INF, NAN, TYPES, WHOLES, by_scipy, case, high, make, refused, specials, units

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


def precise(name, f, exactly=None):
    """A function to the last place, where its argument is finite and its value is neither limit nor jump."""
    g = exactly or PRECISE.get(name) or getattr(mpmath, name)

    def apply(a):
        near = f(a)
        values = near.reshape(-1).tolist()
        with mpmath.workprec(300):
            for i, x in enumerate(a.reshape(-1).tolist()):
                if math.isfinite(values[i]) and math.isfinite(x) and x != 0:
                    try:
                        exact = float(g(mpmath.mpf(x)))
                    except (OverflowError, ValueError, ZeroDivisionError):  # mpmath's, at huge arguments and poles
                        continue
                    values[i] = math.copysign(exact, values[i]) if exact == 0 else exact
        return torch.tensor(values, dtype=torch.float64).reshape(near.shape)

    return high(apply)


LETTERS = {"log": "pb", "log1p": "ps", "log2": "pb", "log10": "pb", "rsqrt": "pb", "asin": "s", "acos": "s", "atanh": "s", "acosh": "b"}
OWN = {  # named by their class
    "logGamma": lambda a: torch.lgamma(torch.tensor(a)).numpy(), "digamma": lambda a: torch.digamma(torch.tensor(a)).numpy(), "erfc": scipy.special.erfc, "erfcx": scipy.special.erfcx,
    "erfinv": scipy.special.erfinv, "logit": scipy.special.logit, "entropy": scipy.special.entr,
    "normalCdf": scipy.special.ndtr, "logNormalCdf": scipy.special.log_ndtr, "normalQuantile": scipy.special.ndtri, "sinc": np.sinc,
}  # fmt: skip
for name, f in SMOOTH.items():
    for kind in FLOATS:
        g, near = precise(name, f), units(kind, 4, 4)
        if name == "gelu" and kind.startswith("float"):
            near = "8@0.1" if kind == "float64" else near + "@1e-36"
        for letter in LETTERS.get(name, "uv"):
            case(f"a.{name}()", f"{kind}(71){letter}5", g, near)
            case(f"a.{name}()", f"{kind}(3,5){letter}6.transpose()", g, near)
        for shape in ("()", "(1)", "(0,2)"):
            case(f"a.{name}()", f"{kind}{shape}{LETTERS.get(name, 'u')[0]}7", g, near)
        case(f"a.{name}()", f"{kind}(39)x", g, near)
        case(f"a.{name}()", f"{kind}(78)x", g, near)
    for kind in ("int32", "bool"):
        refused(f"a.{name}()", f"{kind}(3)u1", f"{name} of (3) of {kind.upper()}: cast")

OWN_LETTERS = {"logGamma": "ub", "digamma": "ub", "erfinv": "s", "logit": "s", "entropy": "p", "normalQuantile": "s"}
for name, f in OWN.items():
    g = precise(name, by_scipy(f))
    for kind in FLOATS:
        near = units(kind, 8, 16) + "@1"
        for letter in OWN_LETTERS.get(name, "uv"):
            case(f"SpecialFunctions.{name}(a)", f"{kind}(71){letter}5", g, near)
        for shape in ("()", "(0,2)"):
            case(f"SpecialFunctions.{name}(a)", f"{kind}{shape}{OWN_LETTERS.get(name, 'u')[0]}7", g, near)
        if name != "sinc":  # π times the greatest number is infinite
            x = "(34)x5" if name == "normalQuantile" else "(39)x"  # SciPy's is infinite at tiny numbers
            case(f"SpecialFunctions.{name}(a)", f"{kind}{x}", g, near)
    refused(f"SpecialFunctions.{name}(a)", "int32(3)u1", f"{name} of (3) of INT32: cast")


def polygamma(order):
    """PyTorch's where it is a limit, else mpmath's."""

    def exactly(x):
        if not 1e-6 < abs(x) < 1e4:
            raise OverflowError  # mpmath would take too long
        return mpmath.polygamma(order, x)

    return precise("polygamma", by_scipy(lambda a: scipy.special.polygamma(order, a)), exactly)


for kind in FLOATS:
    for order in (0, 1, 2, 3):
        g = high(by_scipy(lambda a: scipy.special.polygamma(order, a)))
        case(f"SpecialFunctions.polygamma({order},a)", f"{kind}(16)x1", polygamma(order), units(kind, 8, 16) + "@1")
        case(f"SpecialFunctions.polygamma({order},a)", f"{kind}(71)u5", polygamma(order), units(kind, 8, 16) + "@8")
        case(f"SpecialFunctions.polygamma({order},a)", f"{kind}(71)b5", g, units(kind, 8, 16) + "@1")
    g = high(by_scipy(scipy.special.betaln))
    case("SpecialFunctions.logBeta(a,b)", [f"{kind}(9,1)b5", f"{kind}(7)p6"], g, units(kind, 8, 16) + "@8")

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
