"""Writes the values that TypesTest compares with: operations on all types, as PyTorch computes them.

Needs torch and numpy:  python make_types.py > ../resources/dev/fluxion/tensor/types.txt
A line is: operation, types of the arguments, type of the result, elements. Inputs are whole numbers
that wrap around in narrow types, on both sides.
"""

import warnings

import torch

warnings.filterwarnings("ignore")
A = [0, 1, 2, 3, 7, -1, -128, 127, 200, -300]
B = [1, 1, -2, 0, 3, 2, 127, -1, 100, 300]
REAL = [0, 0.4, 1, 2.5, 3.5, 100.6, 126]
TYPES = "float32 float64 bfloat16 float16 int8 int16 int32 int64 uint8 bool".split()


def of(numbers, name):
    return torch.tensor(numbers).to(getattr(torch, name))


def show(name, types, value):
    numbers = value.reshape(-1).tolist()
    text = " ".join(str(float(v)) if value.is_floating_point() else str(int(v)) for v in numbers)
    print(f"{name}|{types}|{str(value.dtype).removeprefix('torch.')}|{text}")


BINARY = {
    "plus": torch.add, "minus": torch.sub, "times": torch.mul, "div": torch.div,
    "maximum": torch.maximum, "minimum": torch.minimum, "greater": torch.gt, "lessOrEqual": torch.le,
    "equalTo": torch.eq, "concat": lambda a, b: torch.cat([a, b]),
    "where": lambda a, b: torch.where(a > b, a, b),
}  # fmt: skip
UNARY = {
    "neg": torch.neg, "abs": torch.abs, "sign": torch.sign, "square": torch.square, "floor": torch.floor,
    "sum": torch.sum, "max": torch.max, "min": torch.min, "cumsum": lambda a: torch.cumsum(a, 0),
    "sort": lambda a: torch.sort(a).values, "unique": torch.unique, "argmax": lambda a: torch.argmax(a.to(torch.uint8) if a.dtype == torch.bool else a),
    "any": lambda a: torch.any(a != 0), "all": lambda a: torch.all(a != 0), "isNaN": torch.isnan, "not": torch.logical_not,
    "flip": lambda a: torch.flip(a, [0]), "rows": lambda a: a.reshape(2, 5).sum(0),
    "columns": lambda a: a.reshape(2, 5).T, "gather": lambda a: a[[9, 0, 3, 3]],
    "pad": lambda a: torch.nn.functional.pad(a, (1, 2)), "greater number": lambda a: a > 1.5,
}  # fmt: skip
WHOLE = {
    "prod": torch.prod, "cumprod": lambda a: torch.cumprod(a, 0), "plus number": lambda a: a + 100,
    "times number": lambda a: a * -3 if a.dtype != torch.uint8 else a * 3, "div number": lambda a: a / 4,
    "remainder": lambda a: torch.remainder(a, torch.full_like(a, 7)),
}  # fmt: skip

for a in TYPES:
    x = of(A, a)
    for b in TYPES:
        y = of(B, b)
        show("cast", f"{a},{b}", of(A, a).to(y.dtype) if not x.is_floating_point() else torch.tensor(REAL, dtype=torch.float64).to(x.dtype).to(y.dtype))
        floats = [t for t in (a, b) if "float" in t]
        if len(set(floats)) > 1 and "float64" in floats:
            continue  # refused here
        for name, f in BINARY.items():
            if a == b == "bool" and name == "minus":
                continue  # refused here
            if {a, b} == {"bool"} and name in ("maximum", "minimum"):
                f = torch.logical_or if name == "maximum" else torch.logical_and
            if name == "minus" and "bool" in (a, b):  # refused there
                show(name, f"{a},{b}", f(x.to(y.dtype) if a == "bool" else x, y.to(x.dtype) if b == "bool" else y))
                continue
            show(name, f"{a},{b}", f(x, y))
    for name, f in UNARY.items():
        if a == "bool" and name in ("neg", "sign", "floor", "abs", "square"):
            continue
        show(name, a, f(x))
    if "float" not in a and a != "bool":
        for name, f in WHOLE.items():
            show(name, a, f(x))
