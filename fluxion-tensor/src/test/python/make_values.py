"""Writes the values that ValuesTest compares with, as PyTorch and NumPy compute them.

Needs numpy, scipy and torch:  python make_values.py > ../resources/dev/fluxion/tensor/values.txt
A line is: case, type, shape (sizes joined by commas), elements. Inputs are made from a splitmix64
stream on both sides, so that only results are stored.
"""

import numpy as np
import scipy.special
import torch
import torch.nn.functional as F

MASK = (1 << 64) - 1


def u(seed, n):
    """n numbers in [-1, 1) from a splitmix64 stream."""
    state, out = seed, []
    for _ in range(n):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
        out.append((z >> 11) * 2.0**-53 * 2 - 1)
    return out


def cases(dtype):
    def t(seed, *shape, scale=2.0, shift=0.0):
        n = int(np.prod(shape))
        return (torch.tensor(u(seed, n), dtype=torch.float64) * scale + shift).to(dtype).reshape(shape)

    x, y = t(1, 3, 4), t(2, 3, 4)
    p, q = t(3, 3, 4, scale=0.9, shift=1.0), t(4, 3, 4, scale=0.9, shift=1.0)
    row, column, one = t(5, 4), t(6, 3, 1), t(7, 1, 1)
    cube, middle = t(8, 2, 3, 4), t(9, 3, 1)
    long, longer = t(10, 67, scale=4.0), t(11, 67, scale=0.9, shift=1.0)
    nan, inf = float("nan"), float("inf")
    special = torch.tensor([nan, inf, -inf, 0.0, 1.0, -1.0, 88.0, -104.0] * 9, dtype=dtype)
    empty = torch.zeros(0, 4, dtype=dtype)

    for name, f in [("plus", torch.add), ("minus", torch.sub), ("times", torch.mul), ("div", torch.div)]:
        yield name, f(x, y)
        yield name + " row", f(x, row)
        yield name + " column", f(column, x)
        yield name + " one", f(one, x)
        yield name + " middle", f(cube, middle)
        yield name + " outer", f(column, row)
        yield name + " empty", f(empty, row)
        yield name + " number", f(x, torch.tensor(0.3, dtype=dtype))
    yield "pow", torch.pow(p, x)
    yield "pow number", torch.pow(p, 2.5)
    yield "maximum", torch.maximum(x, y)
    yield "minimum", torch.minimum(x, y)
    yield "maximum special", torch.maximum(special, torch.flip(special, [0]))
    yield "clamp", torch.clamp(x, -0.5, 0.75)
    yield "clamp special", torch.clamp(special, -0.5, 0.75)
    for name, f in [
        ("neg", torch.neg), ("abs", torch.abs), ("sign", torch.sign), ("floor", torch.floor),
        ("ceil", torch.ceil), ("round", torch.round), ("square", torch.square), ("exp", torch.exp),
        ("expm1", torch.expm1), ("sin", torch.sin), ("cos", torch.cos), ("tan", torch.tan),
        ("atan", torch.atan), ("tanh", torch.tanh), ("sigmoid", torch.sigmoid), ("relu", torch.relu),
        ("softplus", lambda v: F.softplus(v, threshold=1000)),
        ("erf", lambda v: torch.from_numpy(scipy.special.erf(v.double().numpy())).to(dtype)),
        ("gelu", lambda v: F.gelu(v.double()).to(dtype)),
    ]:  # fmt: skip
        yield name, f(x)
        yield name + " long", f(long)
        if name not in ("sign", "sin", "cos", "tan", "gelu"):
            yield name + " special", f(special)
    for name, f in [("log", torch.log), ("log1p", torch.log1p), ("sqrt", torch.sqrt), ("rsqrt", torch.rsqrt)]:
        yield name, f(p)
        yield name + " long", f(longer)
        yield name + " special", f(special)
    yield "greater number", (long > 0.5).to(dtype)
    yield "less long", (special < torch.flip(special, [0])).to(dtype)
    yield "greater", (x > y).to(dtype)
    yield "greaterOrEqual", (special >= 1).to(dtype)
    yield "less", (x < row).to(dtype)
    yield "lessOrEqual", (special <= 1).to(dtype)
    yield "equalTo", (special == 1).to(dtype)
    yield "where", torch.where(x > 0, x, row)
    yield "sum", x.sum()
    yield "sum empty", empty.sum()
    yield "sum long", long.double().sum().to(dtype)
    yield "sum over 1", x.sum(1, keepdim=True)
    for axes in [(0,), (1,), (2,), (0, 2), (0, 1), (1, 2), (0, 1, 2)]:
        name = "".join(map(str, axes))
        yield "sum over " + name + " dropped", cube.sum(axes)
        yield "mean over " + name, cube.mean(axes, keepdim=True)
        yield "max over " + name, torch.amax(cube, axes, keepdim=True)
        yield "min over " + name + " dropped", torch.amin(cube, axes)
        yield "variance over " + name, torch.var(cube, axes, correction=0, keepdim=True)
    yield "sum of empty axis", empty.sum(0)
    yield "max special", special.max()
    yield "max", cube.max()
    yield "min", cube.min()
    yield "mean", cube.mean()
    yield "argmax", torch.argmax(x, 1).to(dtype)
    yield "softmax", torch.softmax(x * 30, 1)
    yield "logSoftmax", torch.log_softmax(x * 30, 1)
    yield "logSoftmax long", torch.log_softmax(long.reshape(1, 67), 1)
    yield "logSumExp", torch.logsumexp(cube * 100, 2, keepdim=True)
    yield "logSumExp infinite", torch.logsumexp(torch.full((1, 3), -inf, dtype=dtype), 1, keepdim=True)
    yield "transpose", x.T
    yield "transpose many", t(21, 9, 19).T
    yield "transpose axes", cube.transpose(0, 2)
    yield "transpose last", cube.transpose(1, 2)
    yield "permute", cube.permute(1, 2, 0)
    yield "slice", cube[:, 1:3]
    yield "slice last", cube[..., 1:2]
    yield "slice nothing", cube[:, 1:1]
    yield "at", cube[1]
    yield "concat", torch.cat([x, y, p], 0)
    yield "concat 1", torch.cat([x, column, y], 1)
    yield "stack", torch.stack([x, y])
    yield "split", torch.split(x, 2, 1)[1]
    yield "gather", x[[2, 0, 2]]
    yield "pick", x[[0, 1, 2], [3, 0, 1]]
    yield "broadcastTo", torch.broadcast_to(column, (2, 3, 4))
    yield "broadcastTo rows", torch.broadcast_to(row, (2, 3, 4))
    yield "matmul", x @ y.T
    yield "matmul row", x[:1] @ y.T
    yield "matmul column", x @ row.reshape(4, 1)
    yield "matmul batch", cube @ t(12, 2, 4, 5)
    yield "matmul batch shared", cube @ t(12, 4, 5)
    yield "matmul batch stretched", t(13, 2, 1, 2, 3) @ t(14, 3, 3, 2)
    yield "matmul empty", empty @ t(12, 4, 5)
    yield "matmul inner empty", torch.zeros(2, 0, dtype=dtype) @ torch.zeros(0, 3, dtype=dtype)
    images, kernel = t(15, 2, 4, 6, 5), t(16, 2, 4, 3, 2)
    yield "conv2d", F.conv2d(images, kernel)
    yield "conv2d stride padding", F.conv2d(images, kernel, stride=2, padding=1)
    yield "conv2d dilation", F.conv2d(images, kernel, dilation=2, padding=2)
    yield "conv2d groups", F.conv2d(images, t(17, 4, 2, 3, 3), padding=1, groups=2)[:, :, ::2]
    yield "conv2d depthwise", F.conv2d(images, t(18, 4, 1, 2, 2), stride=3, groups=4)
    yield "conv2d pointwise", F.conv2d(images, t(19, 1, 4, 1, 1))
    yield "convTranspose2d", F.conv_transpose2d(t(20, 1, 2, 3, 2), kernel[:, :2], stride=2, padding=1)
    yield "maxPool2d", F.max_pool2d(images, 2)
    yield "maxPool2d stride padding", F.max_pool2d(images, 3, 2, 1)
    yield "maxPool2d special", F.max_pool2d(special.reshape(1, 1, 8, 9), 3)
    yield "meanPool2d", F.avg_pool2d(images, 2)
    yield "meanPool2d stride padding", F.avg_pool2d(images, 3, 2, 1)


for dtype in (torch.float32, torch.float64):
    for name, value in cases(dtype):
        a = value.contiguous().numpy()
        shape = ",".join(map(str, a.shape)) or "-"
        digits = 9 if dtype == torch.float32 else 17
        numbers = " ".join(f"{v:.{digits}g}" for v in a.ravel().tolist())
        print(f"{name}|{str(dtype).removeprefix('torch.')}|{shape}|{numbers}")
