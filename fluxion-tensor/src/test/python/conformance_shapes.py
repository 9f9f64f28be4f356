"""Arrangements, and what is taken from, put into or picked by indices."""

import numpy as np
import torch
import torch.nn.functional as F
from conformance import FLOATS, TYPES, case, high, make, refused, units

ARRANGED = ["(7)", "(2,3,4)", "(4,9)", "(3,0,2)", "(2,1,3,2,2)"]


def letters(kind):
    return "u" if kind in FLOATS or kind == "bool" else "f"


def text(numbers):
    return "[" + ",".join(map(str, numbers)) + "]"


def padded(a, axis, before, after, mode):
    pairs = [(0, 0)] * a.dim()
    pairs[axis] = (before, after)
    if mode == "number":
        value = 1 if a.dtype != torch.float32 else 0.5
        return F.pad(a.movedim(axis, -1), (before, after), value=value).movedim(-1, axis)
    names = {"REFLECT": "reflect", "SYMMETRIC": "symmetric", "REPLICATE": "edge", "CIRCULAR": "wrap"}
    index = torch.tensor(np.pad(np.arange(a.shape[axis]), (before, after), mode=names[mode]))
    return a.index_select(axis, index)


for kind in TYPES:
    letter = letters(kind)
    for shape in ARRANGED if kind in ("float32", "int8", "bool") else ARRANGED[1:4]:
        a = f"{kind}{shape}{letter}11"
        rank, sizes = make(a).dim(), make(a).shape
        case("a.reshape([-1])", a, lambda v: v.reshape(-1)) if 0 not in sizes else None
        case(f"a.reshape([1,{make(a).numel()}])", a, lambda v: v.reshape(1, v.numel()))
        case("a.flatten()", a, lambda v: v.reshape(v.shape[0], -1) if v.numel() else v.reshape(v.shape[0], 0))
        case("a.expand()", a, lambda v: v[None])
        case("a.tile([2,1,3])", a, lambda v: v.tile(2, 1, 3))
        case(f"a.broadcastTo([2,{','.join(map(str, sizes))}])", a, lambda v: v.expand(2, *sizes))
        case("a.toDoubleArray()", a, lambda v: v.double().reshape(-1))
        case("a.toFloatArray()", a, lambda v: v.float().reshape(-1))
        case("a.toBooleanArray()", a, lambda v: v.bool().reshape(-1))
        case("a.zero()", a, torch.zeros_like)
        case("a.fill(1)", a, torch.ones_like)
        if kind not in FLOATS:
            case("a.toLongArray()", a, lambda v: v.long().reshape(-1))
            case("a.toIntArray()", a, lambda v: v.int().reshape(-1))
        if rank == 2:
            case("a.transpose()", a, lambda v: v.T)
        order = [(i * 2 + 1) % rank for i in range(rank)] if rank % 2 else list(reversed(range(rank)))
        case(f"a.permute({text(order)})", a, lambda v: v.permute(order))
        case(f"a.flip({text(range(rank))})", a, lambda v: v.flip(list(range(rank))))
        for axis in range(rank):
            n = sizes[axis]
            other = (axis + 1) % rank
            case(f"a.transpose({axis},{other})", a, lambda v: v.transpose(axis, other))
            case(f"a.flip([{axis}])", a, lambda v: v.flip([axis]))
            case(f"a.insert({axis})", a, lambda v: v.unsqueeze(axis))
            case(f"a.repeat(3,{axis})", a, lambda v: v.repeat_interleave(3, axis))
            case(f"a.slice({axis},{n // 3},{n})", a, lambda v: v.narrow(axis, n // 3, n - n // 3))
            case(f"a.slice({axis},0,0)", a, lambda v: v.narrow(axis, 0, 0))
            if n:
                case(f"a.slice({axis},0,{n},2)", a, lambda v: v.index_select(axis, torch.arange(0, n, 2)))
                case(f"a.slice({axis},{n - 1},-1,-2)", a, lambda v: v.index_select(axis, torch.arange(n - 1, -1, -2)))
                case(f"a.roll(-2,{axis})", a, lambda v: v.roll(-2, axis))
                case(f"a.roll({n + 1},{axis})", a, lambda v: v.roll(n + 1, axis))
                case(f"a.split({axis},{n})", a, lambda v: list(v.split(1, axis)))
                indices = [n - 1, 0, n // 2, 0]
                case(f"a.gather({axis},{text(indices)})", a, lambda v: v.index_select(axis, torch.tensor(indices)))
                for mode, most in (("REFLECT", n - 1), ("SYMMETRIC", n), ("REPLICATE", 3), ("CIRCULAR", n)):
                    before, after = min(2, most), min(1, most)
                    case(f"a.pad({mode},{axis},{before},{after})", a, lambda v: padded(v, axis, before, after, mode))
            if n == 1:
                case(f"a.squeeze({axis})", a, lambda v: v.squeeze(axis))
            case(f"a.gather({axis},[])", a, lambda v: v.narrow(axis, 0, 0))
            case(f"a.pad({1 if kind != 'float32' else 0.5},{axis},2,1)", a, lambda v: padded(v, axis, 2, 1, "number"))
            b = f"{kind}({','.join(str(2 if i == axis else s) for i, s in enumerate(sizes))}){letter}12"
            case(f"a.concat(b,{axis})", [a, b], lambda v, w: torch.cat([v, w], axis))
            case(f"concat({axis},a,b,a)", [a, b], lambda v, w: torch.cat([v, w, v], axis))
        case("stack(a,b)", [a, f"{kind}{shape}{letter}12"], lambda v, w: torch.stack([v, w]))
        if sizes[0]:
            case(f"a.at({sizes[0] - 1})", a, lambda v: v[-1])
            case("a.gather([0,0])", a, lambda v: v[[0, 0]])
        case("a.select(b)", [a, f"bool{shape}u13"], lambda v, m: v[m])
        if rank >= 2:
            for offset in (0, 1, -2):
                case(f"a.diagonal({offset})", a, lambda v: v.diagonal(offset, -2, -1))
                case(f"a.lowerTriangle({offset})", a, lambda v: v.tril(offset))
                case(f"a.upperTriangle({offset})", a, lambda v: v.triu(offset))
            case("a.diagonal()", a, lambda v: v.diagonal(0, -2, -1))
            case("a.trace()", a, lambda v: (v.float() if kind.endswith("16") and kind in FLOATS else v).diagonal(0, -2, -1).sum(-1).to(v.dtype if kind in FLOATS else torch.int64), "4@8" if kind in FLOATS else "=")
        case("a.diagonalMatrix()", a, torch.diag_embed)
    case("a.item()", f"{kind}(1,1){letter}1", lambda v: v.double().reshape(()))
    case("a.reshape([])", f"{kind}(1){letter}1", lambda v: v.reshape(()))
    case("a.broadcastTo([2,0,3])", f"{kind}(1,3){letter}1", lambda v: v.expand(2, 0, 3))
    case("a.broadcastTo([4,3,70])", f"{kind}(3,1){letter}1", lambda v: v.expand(4, 3, 70))
    x = f"{kind}(3,4){letter}14"
    if kind not in FLOATS:
        case("a.select(b)", ["float32(12)u1", f"{kind}(12){letter}2"], lambda v, m: v[m != 0])
    for index in ("uint8", "int32", "int64"):
        rows = f"{index}(1,2)x"  # 0, 1
        case("a.gather(b)", [x, rows], lambda v, i: v[i.long()])
        case("a.gather(1,b)", [x, f"{index}(2,1)x"], lambda v, i: v[:, i.long()])
        case("a.gatherAlong(1,b)", [x, f"{index}(1,2)x.broadcastTo([3,2])"], lambda v, i: v.gather(1, i.long()))
        case("a.pick(b)", [f"{kind}(2,4){letter}14", f"{index}(2)x"], lambda v, i: v[[0, 1], i.long()])
        case("a.scatterSum(1,b,3)", [f"{kind}(3,2){letter}14", f"{index}(2)x"], lambda v, i: torch.cat([v, torch.zeros_like(v[:, :1])], 1))
        case("oneHot(a,3)", rows, lambda i: F.one_hot(i.long(), 3).float())
    case("a.gatherAlong(1,[3,0,1,1,2,0],2)", x, lambda v: v.gather(1, torch.tensor([[3, 0], [1, 1], [2, 0]])))
    case("a.pick([3,0,1])", x, lambda v: v[[0, 1, 2], [3, 0, 1]])
    if kind != "bool":
        ids, groups = torch.tensor([1, 0, 1, 3]), "[1,0,1,3]"
        case(f"a.scatterSum(1,{groups},4)", x, lambda v: torch.zeros_like(v).index_add(1, ids, v), "1" if kind in FLOATS else "=")
        case("a.scatterSum(0,[],4)", f"{kind}(0,2){letter}1", lambda v: torch.zeros(4, 2, dtype=v.dtype))
        if kind in FLOATS:
            for name, how in (("Prod", "prod"), ("Mean", "mean"), ("Max", "amax"), ("Min", "amin")):
                start = {"prod": 1.0, "amax": -torch.inf, "amin": torch.inf, "mean": 0.0}[how]
                f = high(lambda v: torch.full_like(v, start).scatter_reduce(1, ids.expand(3, 4), v, how, include_self=how != "mean"))
                case(f"a.scatter{name}(1,{groups},4)", x, f, units(kind, 2, 2))
case("oneHot([2,0,1,2],3)", [], lambda: F.one_hot(torch.tensor([2, 0, 1, 2]), 3).float())
case("oneHot([],3)", [], lambda: torch.zeros(0, 3))
for kind in FLOATS:  # what is cut off is 0, whatever it was
    for name, f in (("lowerTriangle", torch.tril), ("upperTriangle", torch.triu)):
        case(f"a.{name}(0)", f"{kind}(2,39)x.transpose().reshape([2,39]).slice(1,0,20)", f)
        case(f"a.{name}(0)", f"{kind}(13,3)x", f)
    case("a.trace()", f"{kind}(3,3)x7", high(lambda v: v.trace()), "1")

for kind in TYPES:
    case(f"zeros({kind.upper()},[2,3])", [], lambda: torch.zeros(2, 3, dtype=getattr(torch, kind)))
    case(f"zeros({kind.upper()},[2,0])", [], lambda: torch.zeros(2, 0, dtype=getattr(torch, kind)))
    case(f"full({kind.upper()},1,[3])", [], lambda: torch.ones(3, dtype=getattr(torch, kind)))
case("zeros([2,0,3])", [], lambda: torch.zeros(2, 0, 3))
case("zeros([])", [], lambda: torch.zeros(()))
case("ones([2,3])", [], lambda: torch.ones(2, 3))
case("full(-2.5,[3])", [], lambda: torch.full((3,), -2.5))
for n in (0, 1, 5):
    case(f"arange({n})", [], lambda: torch.arange(n, dtype=torch.float32))
    case(f"eye({n})", [], lambda: torch.eye(n))
    case(f"linspace(-1,2,{n})", [], lambda: torch.linspace(-1, 2, n, dtype=torch.float64).float(), "1")
for start, end, step in ((0, 1, 0.1), (3, -2, -0.5), (0, 0, 1), (2, 1, 0.5)):
    if (end - start) * step >= 0:
        case(f"arange({start},{end},{step})", [], lambda: torch.tensor(np.arange(start, end, step), dtype=torch.float32), "1@1")
case("arange(2,1,0.5)", [], lambda: torch.zeros(0))
