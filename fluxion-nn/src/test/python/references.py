"""Makes ../resources/dev/fluxion/nn/references.txt: what PyTorch says of our functions.

Run it with PyTorch 2 installed: python references.py. Each line is a name and numbers in float64.
"""

from pathlib import Path

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

POINTS = [-40.0, -3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 3.0, 40.0]
PREDICTIONS = [[0.5, -1.0, 2.0], [3.0, 0.0, -2.5]]
TARGETS = [[0.5, 1.0, 0.25], [0.0, 0.75, 1.0]]
PROBABILITIES = [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]]
LABELS = [2, 1]

ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": F.relu,
    "leakyRelu": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": lambda x: F.softplus(x, threshold=100),
    "gelu": lambda x: F.gelu(x, approximate="tanh"),
    "swish": F.silu,
    "mish": F.mish,
    "geluErf": F.gelu,
    "relu6": F.relu6,
    "celu": lambda x: F.celu(x, 0.5),
    "hardSigmoid": lambda x: F.relu6(x + 3) / 6,  # F.hardsigmoid has its slope in float32
    "hardTanh": F.hardtanh,
    "hardSwish": F.hardswish,
    "softSign": F.softsign,
    "logSigmoid": F.logsigmoid,
    "logCosh": lambda x: x + F.softplus(-2 * x, threshold=100) - torch.log(torch.tensor(2.0)),
    "tanhShrink": F.tanhshrink,
    "softShrink": lambda x: F.softshrink(x, 0.6),
    "thresholdRelu": lambda x: F.threshold(x, 0.6, 0),
    "lisht": lambda x: x * torch.tanh(x),
}

LOSSES = {
    "logitCrossEntropy": lambda p: F.cross_entropy(p, torch.tensor(LABELS)),
    "logitCrossEntropyOfProbabilities": lambda p: F.cross_entropy(p, torch.tensor(PROBABILITIES)),
    "logitBinaryCrossEntropy": lambda p: F.binary_cross_entropy_with_logits(p, torch.tensor(TARGETS)),
    "mse": lambda p: F.mse_loss(p, torch.tensor(TARGETS)),
    "mae": lambda p: F.l1_loss(p, torch.tensor(TARGETS)),
    "huber": lambda p: F.huber_loss(p, torch.tensor(TARGETS)),
    "huberOfLimit": lambda p: F.huber_loss(p, torch.tensor(TARGETS), delta=0.6),
}

OPTIMISERS = {
    "descent": lambda x: torch.optim.SGD(x, 0.1),
    "momentum": lambda x: torch.optim.SGD(x, 0.1, momentum=0.9),
    "nesterov": lambda x: torch.optim.SGD(x, 0.1, momentum=0.8, nesterov=True),
    "adam": lambda x: torch.optim.Adam(x, 0.1),
    "adamOfDecays": lambda x: torch.optim.Adam(x, 0.05, betas=(0.8, 0.95)),
    "weightDecay": lambda x: torch.optim.SGD(x, 0.1, momentum=0.9, weight_decay=0.3),
    "adamWeightDecay": lambda x: torch.optim.Adam(x, 0.1, weight_decay=0.3),
    "adamW": lambda x: torch.optim.AdamW(x, 0.1, weight_decay=0.3),
}


def with_gradient(f, x):
    x = torch.tensor(x, requires_grad=True)
    y = f(x)
    y.sum().backward()
    return y.reshape(-1).tolist() + x.grad.reshape(-1).tolist()


def descent(optimiser):
    """Twenty steps down the sum of (x - 1)^4 + x^2 / 2."""
    x = torch.tensor([1.5, -0.5, 0.0], requires_grad=True)
    rule = optimiser([x])
    for _ in range(20):
        rule.zero_grad()
        ((x - 1) ** 4 + x**2 / 2).sum().backward()
        rule.step()
    return x.tolist()


def main():
    lines = {name: with_gradient(f, POINTS) for name, f in ACTIVATIONS.items()}
    lines |= {name: with_gradient(f, PREDICTIONS) for name, f in LOSSES.items()}
    lines |= {name: descent(f) for name, f in OPTIMISERS.items()}
    to = Path(__file__).parent.parent / "resources/dev/fluxion/nn/references.txt"
    to.write_text(
        f"# made by references.py with PyTorch {torch.__version__.split('+')[0]}\n"
        + "".join(f"{name} {' '.join(map(repr, values))}\n" for name, values in lines.items())
    )


main()
