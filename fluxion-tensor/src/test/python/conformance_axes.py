"""Operations along axes: reductions, running totals, sorting and softmax."""

import math

import numpy as np
import torch
from conformance import FLOATS, INF, NAN, TYPES, case, high, make, refused, units

SHAPES = {  # arguments but for their type, and which axes are reduced
    "(1){}": [[0]], "(5){}": [[0], [-1]], "(67){}": [[0]], "(300){}": [[0]], "(0){}": [[0]],
    "(3,4){}": [[0], [1], [0, 1], [-1, -2]], "(70,3){}": [[0], [1]], "(3,130){}": [[0], [1]],
    "(2,0,3){}": [[0], [1], [2], [0, 1], [1, 2]], "(2,3,4){}": [[0], [1], [2], [0, 2], [1, 2]],
    "(4,3,2){}.permute([2,0,1])": [[0], [1], [2]], "(4,6){}.flip([1])": [[0], [1]], "(3,20){}.slice(1,2,20,3)": [[0], [1]],
    "(2,3,4,5){}": [[1], [0, 2], [1, 3], [0, 1, 2, 3]], "(2,1,3,2,2){}": [[1], [0, 4], [2, 3], [0, 1, 2, 3, 4]],
    "(300,1000){}.transpose().slice(0,999,1000)": [[1]],
}  # fmt: skip


FEW = ["(5){}", "(0){}", "(2,0,3){}", "(3,4){}", "(4,3,2){}.permute([2,0,1])"]


def numbers(kind):
    """Arguments of a type with their axes: ordinary elements, and special ones."""
    for shape, axes in SHAPES.items():
        if kind not in ("float32", "float64", "int32") and shape not in FEW:
            continue
        letter = "u" if kind in FLOATS or kind == "bool" else "f"
        yield kind + shape.format(letter + "3"), axes
    n = 13 if kind in FLOATS else 16
    for seed in range(0, 39, 13) if kind in FLOATS else (0,):
        yield f"{kind}(3,{n})x{seed}", [[0], [1]]
    if kind in FLOATS:
        yield f"{kind}(39,39)x", [[1]]


def lists(axes, *more):
    return ",".join(["[" + ",".join(map(str, axes)) + "]", *more])


def bound(a, axes):
    """The greatest sum of sizes along axes, which errors of sums are measured by."""
    sizes = a.double().abs()
    sizes = torch.where(sizes.isfinite(), sizes, torch.zeros(()))
    return f"@{float(sizes.sum(axes).max()) if a.numel() else 0:.3g}"


def floating(f):
    """Reductions of whole numbers that are floating-point: float32, computed in float64."""
    return lambda a: high(f)(a) if a.is_floating_point() else f(a.double()).float()


def extreme(f):
    return lambda a: f(a.to(torch.uint8)).bool() if a.dtype == torch.bool else f(a)


def quantile(a, share, axis):
    """As PyTorch's, but for -inf at a whole place, where it multiplies infinity by 0."""
    s = a.sort(axis).values
    place = share * (a.shape[axis] - 1)
    below, above = s.select(axis, int(place)), s.select(axis, math.ceil(place))
    value = below if place == int(place) else torch.lerp(below, above, place - int(place))
    return torch.where(a.isnan().any(axis), torch.tensor(NAN, dtype=a.dtype), value)


for kind in TYPES:
    for a, sets in numbers(kind):
        x = make(a)
        special = ")x" in a
        every = list(range(x.dim()))
        for axes in [None, *sets]:
            over = every if axes is None else axes
            size = units(kind, 1, 4) + bound(x, over) if kind in FLOATS else "="
            half = f"4{bound(x, over)}" if kind in FLOATS else "4"
            for keep in (False, True) if axes and axes == sets[0] else (False,):
                text = "" if axes is None else lists(axes, str(keep).lower())
                isEmpty = any(x.shape[axis] == 0 for axis in over)
                case(f"a.sum({text})", a, high(lambda v: v.sum(over, keepdim=keep)) if kind in FLOATS else lambda v: v.sum(over, keepdim=keep), size)
                case(f"a.mean({text})", a, floating(lambda v: v.mean(over, keepdim=keep)), half)
                for name, f in (("max", torch.amax), ("min", torch.amin)):
                    if isEmpty:
                        refused(f"a.{name}({text})", a, f"{name} of shape")
                    else:
                        case(f"a.{name}({text})", a, extreme(lambda v: f(v, over, keepdim=keep)), "=0")
                if axes:
                    case(f"a.any({text})", a, lambda v: torch.any(v != 0, over, keepdim=keep))
                    case(f"a.all({text})", a, lambda v: torch.all(v != 0, over, keepdim=keep))
                if axes and len(axes) == 1 and not (special and kind in FLOATS):
                    case(f"a.prod({axes[0]},{str(keep).lower()})", a, lambda v: v.prod(axes[0], keepdim=keep) if kind not in FLOATS else high(lambda d: d.prod(axes[0], keepdim=keep))(v), "64" if kind in FLOATS else "=")
                if axes and kind in FLOATS and not special:
                    squares = units(kind, 8, 16) + f"@{float(x.double().square().sum(over).max()) if x.numel() else 0:.3g}"
                    case(f"a.variance({text})", a, high(lambda v: v.var(over, correction=0, keepdim=keep)), squares)
                    for correction in (1, 2):
                        case(f"a.variance({text},{correction})", a, high(lambda v: v.var(over, correction=correction, keepdim=keep)), squares)
                    case(f"a.standardDeviation({text},1)", a, high(lambda v: v.std(over, correction=1, keepdim=keep)), squares)
                if axes and kind in FLOATS:
                    case(f"a.logSumExp({text})", a, high(lambda v: v.logsumexp(over, keepdim=keep)), units(kind, 4, 8) + "@30")
                    for p in (0, 1, 2, 3, "inf", "-inf"):
                        if axes not in (sets[0], sets[-1]) or isEmpty and str(p).endswith("inf") or special and p in (2, 3) or p == 3 and keep:
                            continue
                        power = float(p)
                        case(f"a.norm({p},{text})", a, high(lambda v: torch.linalg.vector_norm(v, power, over, keepdim=keep)), units(kind, 8, 16))
        if kind in FLOATS and not special:
            case("a.norm()", a, high(torch.linalg.vector_norm), units(kind, 4, 8))
        if not special or kind not in FLOATS:
            case("a.prod()", a, (lambda v: high(torch.prod)(v)) if kind in FLOATS else torch.prod, "64" if kind in FLOATS else "=")
        if every and x.shape[-1]:
            v = (x.float() if kind == "bfloat16" else x).numpy()
            case("a.argmax()", a, lambda _: torch.tensor(np.argmax(v, -1).astype(np.int32).ravel()))
        for axis in every:
            size = units(kind, 1, 4) + bound(x, [axis]) if kind in FLOATS else "="
            if "(39,39)" not in a:  # whose sums of sizes are infinite
                case(f"a.sum({axis})", a, (lambda v: high(lambda d: d.sum(axis, keepdim=True))(v)) if kind in FLOATS else lambda v: v.sum(axis, keepdim=True), size)
            if kind != "bool" and not special and "w" not in a:  # of equal ones PyTorch names any
                count = x.shape[axis] // 2
                if len(torch.unique(x)) == x.numel():
                    case(f"a.argTopK({count},{axis})", a, lambda v: v.topk(count, axis).indices.int().reshape(-1))
            if x.shape[axis] == 0:
                refused(f"a.argmax({axis})", a, f"argmax of shape")
                refused(f"a.argmin({axis})", a, f"argmin of shape")
            else:
                for name, f in (("argmax", np.argmax), ("argmin", np.argmin)):
                    v = (x.float() if kind == "bfloat16" else x).numpy()
                    case(f"a.{name}({axis})", a, lambda _: torch.tensor(f(v, axis).astype(np.int32).ravel()))
            size = units(kind, 1, 4) + bound(x, [axis]) if kind in FLOATS else "="
            case(f"a.cumsum({axis})", a, high(lambda v: v.cumsum(axis)) if kind in FLOATS else lambda v: v.cumsum(axis), size)
            if not special or kind not in FLOATS:
                case(f"a.cumprod({axis})", a, high(lambda v: v.cumprod(axis)) if kind in FLOATS else lambda v: v.cumprod(axis), "64" if kind in FLOATS else "=")
            case(f"a.cummax({axis})", a, lambda v: v.cummax(axis).values, "=0")
            case(f"a.cummin({axis})", a, lambda v: v.cummin(axis).values, "=0")
            case(f"a.sort({axis})", a, lambda v: torch.sort(v, dim=axis, stable=True).values, "=")
            case(f"a.argsort({axis})", a, lambda v: torch.sort(v, dim=axis, stable=True).indices.int().reshape(-1))
            for count in sorted({0, x.shape[axis] // 2, x.shape[axis]} if axis == 0 else {x.shape[axis] // 2}):
                if kind != "bool":
                    case(f"a.topK({count},{axis})", a, lambda v: v.topk(min(count, v.shape[axis]), axis).values, "=0")
            if kind in FLOATS and x.numel() > 0:
                for share in (0, 0.3, 0.5):
                    case(f"a.quantile({share},{axis})", a, high(lambda v: quantile(v, share, axis)), "4@4")
        case("a.unique()", a, torch.unique, "=0")
        if kind in FLOATS:
            case("a.softmax()", a, high(lambda v: v.softmax(-1)), units(kind, 8, 16))
            case("a.logSoftmax()", a, high(lambda v: v.log_softmax(-1)), units(kind, 8, 16) + "@4")
            case("a.logSumExp()", a, high(lambda v: v.logsumexp(-1, keepdim=True)), units(kind, 4, 8) + "@30")
    if kind in FLOATS:
        nothing = f"{kind}(1,1)x38.broadcastTo([2,3])"  # rows of -inf
        for name, f in (("softmax", torch.softmax), ("logSoftmax", torch.log_softmax), ("logSumExp", lambda v, axis: v.logsumexp(axis, keepdim=True))):
            for a in (nothing, f"{kind}(2,0)u1", f"{kind}(0,3)u1"):
                case(f"a.{name}()", a, lambda v: f(v, -1))
        case("a.logSumExp([0],true)", nothing, lambda v: v.logsumexp(0, keepdim=True))
    if kind in FLOATS:  # one product each: of three the order would count
        for a in (f"{kind}(2,20)x", f"{kind}(2,38)x", f"{kind}(2,18)x1"):
            case("a.prod(0,false)", a, high(lambda v: v.prod(0)), "1")
            case("a.cumprod(0)", a, high(lambda v: v.cumprod(0)), "1")
    for name in ("sum", "mean", "max", "min", "prod"):
        f = getattr(torch, name)
        case(f"a.{name}()", f"{kind}()u1", f if name not in ("mean",) else floating(f), "4" if name == "mean" else "=")
    letter = "u" if kind in FLOATS or kind == "bool" else "f"
    for shape, to in (("(2,3,4)", [3, 1]), ("(2,3,4)", []), ("(2,3,4)", [1, 4]), ("(0,4)", [4]), ("(67,3)", [3]), ("(3)", [3])):
        keep = "4@200" if kind in FLOATS else "="
        axes = [i for i in range(len(make(kind + shape + letter).shape)) if i < make(kind + shape + letter).dim() - len(to) or to[i - make(kind + shape + letter).dim()] != make(kind + shape + letter).shape[i]]
        case(f"a.sumTo({str(to).replace(' ', '')})", f"{kind}{shape}{letter}4", lambda v: (v.sum(axes) if axes else v).reshape(to), keep)
