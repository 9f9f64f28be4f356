"""Matrix products, Einstein's sums, convolutions, pools, interpolation, attention and normalisation."""

import torch
import torch.nn.functional as F
from conformance import FLOATS, WHOLES, case, high, refused, units


def near(kind, size):
    """Some units of the last place of what sums of such products amount to."""
    return f"{units(kind, 4, 16)}@{size}"


PRODUCTS = [
    ("(3,4)", "(4,5)"), ("(1,1)", "(1,1)"), ("(1,7)", "(7,1)"), ("(7,1)", "(1,7)"), ("(33,17)", "(17,65)"), ("(2,0)", "(0,3)"),
    ("(0,3)", "(3,2)"), ("(3,2)", "(2,0)"), ("(2,3,4)", "(4,5)"), ("(3,4)", "(2,4,5)"), ("(2,3,4)", "(2,4,5)"),
    ("(2,1,3,2)", "(5,2,3)"), ("(0,3,4)", "(4,2)"), ("(2,0,4)", "(2,4,3)"), ("(4,3){}.transpose()", "(4,5)"),
    ("(3,4)", "(5,4){}.transpose()"), ("(2,3,4){}.transpose(1,2)", "(2,3,5)"), ("(9,8){}.slice(1,1,8,2)", "(4,6)"), ("(100,3)", "(3,100)"),
]  # fmt: skip
for kind in WHOLES:
    for p, q in PRODUCTS:
        a, b = [kind + (s if "{}" in s else s + "{}").format("u" + seed) for s, seed in ((p, "1"), (q, "2"))]
        case("a.matmul(b)", [a, b], torch.matmul)
for kind in FLOATS:
    for p, q in PRODUCTS:
        a, b = [kind + (s if "{}" in s else s + "{}").format("u" + seed) for s, seed in ((p, "1"), (q, "2"))]
        case("a.matmul(b)", [a, b], high(torch.matmul), near(kind, 16))
    case("a.matmul(b)", [f"{kind}(2,3)x17", f"{kind}(3,2)x11"], high(torch.matmul), near(kind, 16))
    for e, p, q in (
        ("ij,jk->ik", "(3,4)", "(4,5)"), ("bij,bjk->bki", "(2,3,4)", "(2,4,5)"), ("i,j->ij", "(3)", "(0)"), ("ij,ij->", "(3,4)", "(3,4)"),
        ("...ij,...j->...i", "(2,3,4)", "(2,4)"), ("ij,j->i", "(3,0)", "(0)"), ("ii,i->i", "(3,3)", "(3)"),
    ):  # fmt: skip
        case(f'einsum("{e}",a,b)', [f"{kind}{p}u1", f"{kind}{q}u2"], high(lambda v, w: torch.einsum(e, v, w)), near(kind, 16))
    one, two, three = f"{kind}(2,4,9)u1", f"{kind}(2,4,6,5)u2", f"{kind}(1,2,4,3,5)u3"
    case("a.conv2d(b)", [two, f"{kind}(3,4,2,3)u4"], high(F.conv2d), near(kind, 64))
    for n, m, shape in ((0, 3, "(0,4,6,5)"), (2, 3, "(2,4,6,5)")):
        x = f"{kind}{shape}u2"
        case("a.conv2d(b,2,1)", [x, f"{kind}(3,4,3,2)u4"], high(lambda v, k: F.conv2d(v, k, stride=2, padding=1)), near(kind, 64))
        case("a.conv2d(b,1,2,2,2)", [x, f"{kind}(6,2,3,2)u4"], high(lambda v, k: F.conv2d(v, k, padding=2, dilation=2, groups=2)), near(kind, 64))
        case("a.convTranspose2d(b,2,1)", [x, f"{kind}(4,3,3,2)u4"], high(lambda v, k: F.conv_transpose2d(v, k, stride=2, padding=1)), near(kind, 64))
        case("a.maxPool2d(2)", x, lambda v: F.max_pool2d(v, 2), "=0")
        case("a.maxPool2d(3,2,1)", x, lambda v: F.max_pool2d(v, 3, 2, 1), "=0")
        case("a.meanPool2d(2)", x, high(lambda v: F.avg_pool2d(v, 2)), near(kind, 2))
        case("a.meanPool2d(3,2,1)", x, high(lambda v: F.avg_pool2d(v, 3, 2, 1)), near(kind, 2))
        case("a.unfold(2,1,1)", x, lambda v: F.unfold(v.float(), 2, padding=1).to(v.dtype) if v.dtype != torch.float64 else F.unfold(v, 2, padding=1)) if n else None
        case("a.pixelShuffle(2)", x, lambda v: F.pixel_shuffle(v, 2))
        case("a.resize(NEAREST,false,[9,3])", x, lambda v: F.interpolate(v, (9, 3), mode="nearest")) if n else None
        case("a.resize(LINEAR,true,[4,7])", x, high(lambda v: F.interpolate(v, (4, 7), mode="bilinear", align_corners=True)), near(kind, 4)) if n else None
        case("a.resize(CUBIC,false,[9,3])", x, high(lambda v: F.interpolate(v, (9, 3), mode="bicubic", align_corners=False)), near(kind, 4)) if n else None
        case("a.adaptiveMeanPool([4,2])", x, high(lambda v: F.adaptive_avg_pool2d(v, (4, 2))), near(kind, 2)) if n else None
        case("a.adaptiveMaxPool([4,2])", x, high(lambda v: F.adaptive_max_pool2d(v, (4, 2))), "=0") if n else None
        case("a.lpPool2d(3,2,2)", x, high(lambda v: F.lp_pool2d(v.abs(), 3, 2)), near(kind, 4))
    case("a.gridSample(b,false)", [two, f"{kind}(2,3,4,2)s5"], high(lambda v, g: F.grid_sample(v, g, align_corners=False)), near(kind, 16))
    case("a.gridSample(b,true)", [two, f"{kind}(2,3,4,2)u5"], high(lambda v, g: F.grid_sample(v, g, padding_mode="border", align_corners=False)), near(kind, 16))
    case("a.fold(5,6,2,1,0)", f"{kind}(1,8,20)u6", high(lambda v: F.fold(v, (5, 6), 2)), near(kind, 8))
    case("a.maxPool2d(3)", f"{kind}(1,1,6,9)x", lambda v: F.max_pool2d(v, 3), "=0")
    case("a.conv1d(b,2,1,1,1)", [one, f"{kind}(3,4,3)u4"], high(lambda v, k: F.conv1d(v, k, stride=2, padding=1)), near(kind, 64))
    case("a.convTranspose1d(b,2,1,1)", [one, f"{kind}(4,2,3)u4"], high(lambda v, k: F.conv_transpose1d(v, k, stride=2, padding=1, output_padding=1)), near(kind, 64))
    case("a.conv3d(b,1,1,1,1)", [three, f"{kind}(2,2,2,3,2)u4"], high(lambda v, k: F.conv3d(v, k, padding=1)), near(kind, 64))
    case("a.convTranspose3d(b,2,1,0)", [three, f"{kind}(2,1,2,2,2)u4"], high(lambda v, k: F.conv_transpose3d(v, k, stride=2, padding=1)), near(kind, 64))
    case("a.maxPool1d(3,2,1)", one, lambda v: F.max_pool1d(v, 3, 2, 1), "=0")
    case("a.meanPool1d(3,2,1)", one, high(lambda v: F.avg_pool1d(v, 3, 2, 1)), near(kind, 2))
    case("a.maxPool3d(2,1,1)", three, lambda v: F.max_pool3d(v, 2, 1, 1), "=0")
    case("a.meanPool3d(2,1,0)", three, high(lambda v: F.avg_pool3d(v, 2, 1)), near(kind, 2))
    case("Normalization.batch(a,0.001)", two, high(lambda v: F.batch_norm(v, None, None, training=True, eps=0.001)), near(kind, 4))
    case("Normalization.layer(a,2,0.001)", two, high(lambda v: F.layer_norm(v, v.shape[2:], eps=0.001)), near(kind, 4))
    case("Normalization.instance(a,0.001)", two, high(lambda v: F.instance_norm(v, eps=0.001)), near(kind, 4))
    case("Normalization.group(a,2,0.001)", two, high(lambda v: F.group_norm(v, 2, eps=0.001)), near(kind, 4))
    q, k, v = f"{kind}(2,3,4)u7", f"{kind}(2,5,4)u8", f"{kind}(2,5,6)u9"
    case("Attention.scaledDotProduct(a,b,c)", [q, k, v], high(F.scaled_dot_product_attention), near(kind, 4))
    case("a.gatherBags([1,5,1,0,2],[0,2])", f"{kind}(6,3)u1", high(lambda w: F.embedding_bag(torch.tensor([1, 5, 1, 0, 2]), w, torch.tensor([0, 2]), mode="sum")), near(kind, 4))
    case("a.gatherBagMeans([1,5,1,0,2],[0,3])", f"{kind}(6,3)u1", high(lambda w: F.embedding_bag(torch.tensor([1, 5, 1, 0, 2]), w, torch.tensor([0, 3]), mode="mean")), near(kind, 4))

for kind in ("float32", "float64"):
    for shape, other in (("(3,3)", "(3,2)"), ("(2,4,4)", "(2,4,1)"), ("(1,1)", "(1,3)")):
        a, b = f"{kind}{shape}p5", f"{kind}{other}u6"
        wide = f"{units(kind, 2000, 2000)}@8"
        case("LinearAlgebra.solve(a,b)", [a, b], high(torch.linalg.solve), wide)
        case("LinearAlgebra.inverse(a)", a, high(torch.linalg.inv), wide)
        case("LinearAlgebra.determinant(a)", a, high(torch.linalg.det), wide)
        case("LinearAlgebra.power(a,3)", a, high(lambda m: torch.linalg.matrix_power(m, 3)), wide)
        case("LinearAlgebra.solveTriangular(a,b,true)", [a, b], high(lambda m, v: torch.linalg.solve_triangular(m, v, upper=False)), f"{units(kind, 2000, 2000)}@64")
