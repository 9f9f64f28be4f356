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


def further_cases(dtype):
    def t(seed, *shape, scale=2.0, shift=0.0):
        n = int(np.prod(shape))
        return (torch.tensor(u(seed, n), dtype=torch.float64) * scale + shift).to(dtype).reshape(shape)

    def exactly(f, *tensors):
        return f(*[v.double() for v in tensors]).to(dtype)

    x, y, cube = t(1, 3, 4), t(2, 3, 4), t(8, 2, 3, 4)
    small, big = t(30, 3, 4, scale=0.9), t(31, 3, 4, scale=3.0, shift=4.5)
    nan, inf = float("nan"), float("inf")
    special = torch.tensor([nan, inf, -inf, 0.0, 1.0, -1.0, 88.0, -104.0], dtype=dtype)

    for name in ("asin", "acos", "atanh"):
        yield name, exactly(getattr(torch, name), small)
        yield name + " special", exactly(getattr(torch, name), special)
    for name in ("sinh", "cosh", "asinh", "exp2", "reciprocal", "trunc"):
        yield name, exactly(getattr(torch, name), x)
        yield name + " special", exactly(getattr(torch, name), special)
    for name in ("acosh", "log2", "log10"):
        yield name, exactly(getattr(torch, name), big)
        yield name + " special", exactly(getattr(torch, name), special)
    yield "atan2", exactly(torch.atan2, x, y)
    yield "hypot", exactly(torch.hypot, x, y)
    yield "remainder", exactly(torch.remainder, x, y)
    yield "logAddExp", exactly(torch.logaddexp, x, y)
    yield "logAddExp special", torch.logaddexp(special, torch.flip(special, [0]))
    yield "xlogy", exactly(torch.xlogy, x, big)
    yield "lerp", torch.lerp(x, y, 0.3)
    yield "notEqualTo", (special != 1).to(dtype)
    yield "isNaN", torch.isnan(special).to(dtype)
    yield "isFinite", torch.isfinite(special).to(dtype)
    yield "and", torch.logical_and(x > 0, y > 0).to(dtype)
    yield "or", torch.logical_or(x > 0, y > 0).to(dtype)
    yield "xor", torch.logical_xor(x > 0, y > 0).to(dtype)
    yield "not", torch.logical_not(special).to(dtype)
    yield "orElse", torch.where(torch.isnan(special), 2.0, special).to(dtype)
    for name, f, v in [
        ("logGamma", scipy.special.gammaln, big), ("logGamma negative", scipy.special.gammaln, x),
        ("digamma", scipy.special.psi, big), ("trigamma", lambda a: scipy.special.polygamma(1, a), big),
        ("polygamma 3", lambda a: scipy.special.polygamma(3, a), big), ("erfc", scipy.special.erfc, x),
        ("erfcx", scipy.special.erfcx, x), ("erfinv", scipy.special.erfinv, small),
        ("logit", scipy.special.logit, small.square()), ("entropy", scipy.special.entr, big),
        ("normalCdf", scipy.special.ndtr, x), ("logNormalCdf", scipy.special.log_ndtr, x * 5),
        ("normalQuantile", scipy.special.ndtri, small.square()), ("sinc", np.sinc, x),
        ("logBeta", lambda a: scipy.special.betaln(a, 2.5), big),
    ]:  # fmt: skip
        yield name, torch.tensor(f(v.double().numpy())).to(dtype)

    yield "slice with step", cube[:, :, 0:4:2]
    yield "slice backwards", torch.flip(cube, [2])[:, :, 0:3:2]
    yield "flip", torch.flip(cube, [0, 2])
    yield "roll", torch.roll(cube, 2, 2)
    yield "roll back", torch.roll(cube, -1, 1)
    yield "repeat", torch.repeat_interleave(x, 2, 0)
    yield "tile", torch.tile(x, (2, 1, 3))
    yield "gather along axis", cube[:, [2, 0, 2, 1]]
    yield "gatherAlong", torch.gather(x, 1, torch.tensor([[3, 0], [1, 1], [2, 0]]))
    yield "select", x[x > 0.2]
    yield "pad", F.pad(cube, (1, 2), value=0.5)
    yield "pad outer", torch.cat([torch.zeros(1, 3, 4), cube, torch.zeros(2, 3, 4)]).to(dtype)
    yield "pad reflect", F.pad(cube, (2, 3), mode="reflect")
    yield "pad replicate", F.pad(cube, (2, 3), mode="replicate")
    yield "pad circular", F.pad(cube, (2, 3), mode="circular")
    yield "pad symmetric", torch.tensor(np.pad(cube.numpy(), ((0, 0), (0, 0), (2, 3)), mode="symmetric"))
    yield "diagonal", torch.diagonal(cube, dim1=-2, dim2=-1)
    yield "diagonal above", torch.diagonal(cube, 1, dim1=-2, dim2=-1)
    yield "diagonal below", torch.diagonal(cube, -2, dim1=-2, dim2=-1)
    yield "diagonalMatrix", torch.diag_embed(x)
    yield "trace", torch.einsum("bii->b", cube[:, :, :3])
    yield "lowerTriangle", torch.tril(cube, 1)
    yield "upperTriangle", torch.triu(cube, 1)
    ids = torch.tensor([1, 0, 1, 3])
    for name, how in [("Sum", "sum"), ("Prod", "prod"), ("Mean", "mean"), ("Max", "amax"), ("Min", "amin")]:
        start = {"prod": 1.0, "amax": -inf, "amin": inf}.get(how, 0.0)
        into = torch.full((3, 4), start, dtype=dtype)
        if how == "sum":
            yield "scatter" + name, into.index_add(1, ids, x)
        else:
            yield "scatter" + name, into.scatter_reduce(1, ids.expand(3, 4), x, how, include_self=how != "mean")
    yield "cumsum", torch.cumsum(cube, 1)
    yield "cumprod", torch.cumprod(cube, 1)
    yield "cummax", torch.cummax(cube, 2).values
    yield "cummin", torch.cummin(cube, 0).values
    yield "sort", torch.sort(cube, 1).values
    yield "sort special", torch.sort(special).values
    yield "argsort", torch.argsort(x, dim=0, stable=True).to(dtype)
    yield "topK", torch.topk(cube, 2, 2).values
    yield "unique", torch.unique(torch.round(cube))
    yield "argmax over 0", torch.argmax(x, 0).to(dtype)
    yield "argmin over 1", torch.argmin(x, 1).to(dtype)
    yield "quantile", torch.quantile(cube, 0.3, 2)
    yield "median", torch.quantile(cube, 0.5, 1)

    yield "prod", torch.prod(x)
    yield "prod over 1", torch.prod(cube, 1)
    yield "variance of a sample", torch.var(cube, (0, 2), correction=1)
    yield "standardDeviation", torch.std(cube, (1,), correction=1, keepdim=True)
    yield "norm", torch.linalg.vector_norm(cube)
    for p in (1, 2, 3, inf, -inf, 0):
        yield f"norm {p}", torch.linalg.vector_norm(cube, p, (0, 2))
    yield "logSumExp over 02", torch.logsumexp(cube * 100, (0, 2))
    yield "logSumExp over infinite", torch.logsumexp(torch.full((2, 3), -inf, dtype=dtype), 0)
    yield "any", torch.any(cube > 1.5, 2).to(dtype)
    yield "all", torch.all(cube > -1.5, 2, keepdim=True).to(dtype)
    yield "arange", torch.arange(-1, 2.1, 0.5, dtype=torch.float32).to(dtype)
    yield "linspace", torch.linspace(-1, 2, 7).to(dtype)

    a, b = t(33, 2, 3, 4), t(34, 4, 5)
    yield "einsum product", torch.einsum("bij,jk->bik", a, b)
    yield "einsum turned", torch.einsum("bij,jk->kb", a, b)
    yield "einsum batch", torch.einsum("bij,bkj->bik", a, t(35, 2, 5, 4))
    yield "einsum outer", torch.einsum("i,j->ij", t(5, 4), t(36, 3))
    yield "einsum inner", torch.einsum("i,i", t(5, 4), t(37, 4))
    yield "einsum diagonal", torch.einsum("bii->bi", t(38, 2, 3, 3))
    yield "einsum trace", torch.einsum("ii", t(39, 3, 3))
    yield "einsum three", torch.einsum("ij,jk,kl->il", x, b, t(40, 5, 2))
    yield "einsum implied", torch.einsum("ba,cb", x, t(41, 2, 3))
    yield "einsum ellipsis", torch.einsum("...ij,...j->...i", a, t(42, 2, 4))
    yield "einsum sums", torch.einsum("bij->j", a)

    def lin(f, *tensors):
        return f(*[v.double() for v in tensors]).to(dtype)

    square = t(50, 2, 3, 3) + 2 * torch.eye(3, dtype=dtype)
    right, tall = t(51, 2, 3, 2), t(52, 5, 3)
    positive = square @ square.mT + torch.eye(3, dtype=dtype)
    symmetric = square + square.mT

    def qr(m):
        q, r = torch.linalg.qr(m)
        signs = torch.sign(torch.diagonal(r, dim1=-2, dim2=-1)).unsqueeze(-2)
        return q * signs, r * signs.mT

    yield "solve", lin(torch.linalg.solve, square, right)
    yield "solve vector", lin(torch.linalg.solve, square[0], t(53, 3))
    yield "solve stretched", lin(torch.linalg.solve, square[:1], right)
    yield "solveTriangular lower", lin(lambda m, v: torch.linalg.solve_triangular(m, v, upper=False), square, right)
    yield "solveTriangular upper", lin(lambda m, v: torch.linalg.solve_triangular(m, v, upper=True), square, right)
    yield "leastSquares", lin(lambda m, v: torch.linalg.lstsq(m, v).solution, tall, t(54, 5, 2))
    yield "inverse", lin(torch.linalg.inv, square)
    yield "pseudoinverse", lin(torch.linalg.pinv, tall)
    yield "pseudoinverse wide", lin(torch.linalg.pinv, tall.mT)
    yield "determinant", lin(torch.linalg.det, square)
    yield "logDeterminant", lin(lambda m: torch.linalg.slogdet(m).logabsdet, square)
    yield "cholesky", lin(torch.linalg.cholesky, positive)
    yield "lu p", lin(lambda m: torch.linalg.lu(m).P.mT, square)
    yield "lu l", lin(lambda m: torch.linalg.lu(m).L, square)
    yield "lu u", lin(lambda m: torch.linalg.lu(m).U, square)
    yield "qr q", lin(lambda m: qr(m)[0], tall)
    yield "qr r", lin(lambda m: qr(m)[1], tall)
    yield "qr wide r", lin(lambda m: qr(m)[1], tall.mT)
    yield "svd values", lin(torch.linalg.svdvals, tall)
    yield "eigh values", lin(torch.linalg.eigvalsh, symmetric)
    yield "power", lin(lambda m: torch.linalg.matrix_power(m, 5), square)
    yield "power negative", lin(lambda m: torch.linalg.matrix_power(m, -2), square)

    sequence, volume, images = t(60, 2, 4, 9), t(61, 1, 2, 5, 4, 6), t(62, 2, 4, 6, 5)
    grid = t(70, 2, 3, 4, 2, scale=1.3)

    def resize(v, size, mode, align=None):
        return exactly(lambda d: F.interpolate(d, size, mode=mode, align_corners=align), v)

    yield "conv1d", exactly(lambda v, k: F.conv1d(v, k, stride=2, padding=1), sequence, t(63, 3, 4, 3))
    yield "conv1d groups", exactly(
        lambda v, k: F.conv1d(v, k, padding=2, dilation=3, groups=2), sequence, t(64, 4, 2, 2)
    )
    yield "conv3d", exactly(lambda v, k: F.conv3d(v, k, padding=1), volume, t(65, 3, 2, 3, 2, 3))[..., :2]
    yield "conv3d stride", exactly(
        lambda v, k: F.conv3d(v, k, stride=2, dilation=2, groups=2), volume, t(66, 2, 1, 2, 2, 2)
    )
    yield "convTranspose1d", exactly(
        lambda v, k: F.conv_transpose1d(v, k, stride=2, padding=1, output_padding=1), sequence, t(67, 4, 2, 3)
    )
    yield "convTranspose1d cut", exactly(
        lambda v, k: F.conv_transpose1d(v, k, stride=2, padding=1), sequence, t(68, 4, 2, 1)
    )
    yield "convTranspose3d", exactly(
        lambda v, k: F.conv_transpose3d(v, k, stride=2, padding=1), volume, t(69, 2, 1, 2, 2, 2)
    )
    yield "maxPool1d", F.max_pool1d(sequence, 3, 2, 1)
    yield "meanPool1d", F.avg_pool1d(sequence, 3, 2, 1)
    yield "maxPool3d", F.max_pool3d(volume, 2, 2, 1)
    yield "meanPool3d", F.avg_pool3d(volume, 2, 1)[..., :2]
    yield "lpPool2d", exactly(lambda v: F.lp_pool2d(v.abs(), 3, 2), images)
    yield "adaptiveMeanPool", exactly(lambda v: F.adaptive_avg_pool2d(v, (4, 2)), images)
    yield "adaptiveMaxPool", F.adaptive_max_pool2d(images, (4, 2))
    yield "resize nearest", resize(images, (9, 3), "nearest")
    yield "resize linear", resize(images, (9, 3), "bilinear", False)
    yield "resize linear aligned", resize(images, (4, 7), "bilinear", True)
    yield "resize cubic", resize(images, (9, 3), "bicubic", False)
    yield "resize cubic aligned", resize(images, (4, 7), "bicubic", True)
    yield "resize sequence", resize(sequence, 5, "linear", False)
    yield "resize volume", resize(volume, (3, 5, 3), "trilinear", False)
    yield "pixelShuffle", F.pixel_shuffle(images, 2)
    yield "gridSample", exactly(lambda v, g: F.grid_sample(v, g, align_corners=False), images, grid)
    yield "gridSample border", exactly(
        lambda v, g: F.grid_sample(v, g, align_corners=False, padding_mode="border"), images, grid
    )
    yield "unfold", F.unfold(images, 3, stride=2, padding=1)[:, :12]
    yield "fold", F.fold(t(71, 1, 8, 20), (5, 6), 2)
    yield "fold padded", F.fold(t(72, 1, 8, 9), (4, 4), 2, stride=2, padding=1)
    yield "insert", images

    q, k, v, mask = t(80, 2, 3, 4), t(81, 2, 5, 4), t(82, 2, 5, 6), t(83, 2, 3, 5) > 0
    yield "attention", exactly(F.scaled_dot_product_attention, q, k, v)
    yield "attention masked", exactly(
        lambda *args: torch.nan_to_num(F.scaled_dot_product_attention(*args, attn_mask=mask)), q, k, v
    )
    own = t(84, 2, 3, 4)
    yield "attention causal", exactly(
        lambda x: F.scaled_dot_product_attention(x, x, x, is_causal=True), own
    )
    yield "heads", q
    images = t(85, 2, 4, 3, 2)
    yield "layer norm", exactly(lambda x: F.layer_norm(x, (3, 2)), images)
    yield "batch norm", exactly(lambda x: F.batch_norm(x, None, None, training=True), images)
    yield "instance norm", exactly(F.instance_norm, images)
    yield "group norm", exactly(lambda x: F.group_norm(x, 2), images)
    logits = t(86, 7, 5)
    for name, target, blank in [("ctc", [1, 3, 3, 2], 0), ("ctc of nothing", [], 4)]:
        yield name, exactly(
            lambda x: F.ctc_loss(
                torch.log_softmax(x, 1), torch.tensor(target, dtype=torch.long), torch.tensor(7),
                torch.tensor(len(target)), blank=blank, reduction="sum",
            ), logits)  # fmt: skip
    words, ids = t(87, 6, 3), torch.tensor([1, 5, 1, 0, 2])
    yield "bags", F.embedding_bag(ids, words, torch.tensor([0, 2]), mode="sum")
    yield "bag means", F.embedding_bag(ids, words, torch.tensor([0, 3]), mode="mean")


def fourier_cases(dtype):
    def t(seed, *shape):
        return (np.array(u(seed, int(np.prod(shape)))) * 2).astype(real).reshape(shape)

    def z(seed, *shape):
        return (t(seed, *shape) + 1j * t(seed + 1, *shape)).astype(np.complex128)

    def exactly(value):
        parts = np.stack([value.real, value.imag]) if np.iscomplexobj(value) else value
        return torch.tensor(np.ascontiguousarray(parts), dtype=torch.float64).to(dtype)

    real = np.float32 if dtype == torch.float32 else np.float64
    x, y = z(100, 3, 4), z(102, 4)
    yield "complex plus", exactly(x + y)
    yield "complex minus", exactly(x - y)
    yield "complex times", exactly(x * y)
    yield "complex div", exactly(x / y)
    yield "complex reciprocal", exactly(1 / x)
    yield "complex square", exactly(x * x)
    for f in (np.abs, np.angle, np.exp, np.log, np.sqrt, np.sin, np.cos, np.sinh, np.cosh):
        yield "complex " + {"absolute": "abs"}.get(f.__name__, f.__name__), exactly(f(x))
    yield "complex pow", exactly(x**y)
    yield "complex pow number", exactly(x**0.5)
    yield "complex sum", exactly(x.sum(0))
    yield "complex mean", exactly(x.mean())
    yield "complex matmul", exactly(x @ x.conj().T)

    v, w = t(110, 2, 3, 8).astype(np.float64), z(111, 2, 5, 6)
    for size in (1, 2, 7, 16, 17, 24, 60, 74):
        yield f"fft {size}", exactly(np.fft.fft(z(120, 2, size)))
        yield f"ifft {size}", exactly(np.fft.ifft(z(120, 2, size)))
    yield "fft over 0", exactly(np.fft.fft(w, axis=0))
    yield "ifft over 1", exactly(np.fft.ifft(w, axis=1))
    yield "fft real", exactly(np.fft.fft(v))
    yield "fft2", exactly(np.fft.fft2(w))
    yield "ifft2", exactly(np.fft.ifft2(w))
    yield "fftn", exactly(np.fft.fftn(w))
    yield "ifftn", exactly(np.fft.ifftn(w, axes=(0, 2)))
    yield "rfft", exactly(np.fft.rfft(v))
    yield "rfft over 1", exactly(np.fft.rfft(v, axis=1))
    yield "irfft", exactly(np.fft.irfft(w))
    yield "irfft odd", exactly(np.fft.irfft(w, 9, axis=1))
    yield "rfft2", exactly(np.fft.rfft2(v))
    yield "irfft2", exactly(np.fft.irfft2(w))
    yield "rfftn", exactly(np.fft.rfftn(v, axes=(0, 2, 1)))
    yield "irfftn", exactly(np.fft.irfftn(w, s=(2, 11), axes=(0, 2)))
    yield "fftFreq", exactly(np.fft.fftfreq(5, 0.5).astype(np.float32))
    yield "rfftFreq", exactly(np.fft.rfftfreq(6, 0.5).astype(np.float32))
    yield "fftShift", exactly(np.fft.fftshift(v, axes=(1, 2)))
    yield "ifftShift", exactly(np.fft.ifftshift(v, axes=(1, 2)))


for dtype in (torch.float32, torch.float64):
    for name, value in [*cases(dtype), *further_cases(dtype), *fourier_cases(dtype)]:
        a = value.contiguous().numpy()
        shape = ",".join(map(str, a.shape)) or "-"
        digits = 9 if dtype == torch.float32 else 17
        numbers = " ".join(f"{v:.{digits}g}" for v in a.ravel().tolist())
        print(f"{name}|{str(dtype).removeprefix('torch.')}|{shape}|{numbers}")
