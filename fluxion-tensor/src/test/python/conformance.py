"""What the table of make_conformance.py is made with: arguments, calls of operations, results as text."""

import gzip
import math
import re
import sys
import warnings

import numpy as np
import torch

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


SHOWN = sys.argv[2] if len(sys.argv) > 2 else None
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


def write(path):
    text = "\n".join(dict.fromkeys(LINES)) + "\n"
    with gzip.GzipFile(path, "wb", 9, mtime=0) as out:
        out.write(text.encode())
    print(len(LINES), "cases,", len(text), "characters")
