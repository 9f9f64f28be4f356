"""Writes the small files that FilesTest reads, as NumPy and safetensors write them.

Needs numpy, torch and safetensors:  python make_files.py ../resources/dev/fluxion/tensor
"""

import sys

import numpy as np
import safetensors.torch
import torch

folder = sys.argv[1]
grid = np.arange(6).reshape(2, 3) - 1.5
np.save(f"{folder}/float32.npy", grid.astype(np.float32))
np.save(f"{folder}/fortran.npy", np.asfortranarray(grid))
np.save(f"{folder}/big-endian.npy", grid.astype(">f4"))
np.savez_compressed(
    f"{folder}/arrays.npz",
    int64=np.array([-(2**53), 7, 2**53]),
    bool=np.array([True, False]),
    float16=np.array([0.5, -2.0, 65504.0], np.float16),
    uint8=np.array([0, 255], np.uint8),
    int16=np.array([-32768, 32767], np.int16),
    uint32=np.array([0, 2**32 - 1], np.uint32),
    scalar=np.array(2.5),
    empty=np.zeros((0, 3), np.float32),
)
np.savez(
    f"{folder}/stored.npz",
    grid=grid.astype(np.float32),
    turned=np.asfortranarray(grid),
    odd=np.array([1, 2, 3], np.uint8),
    big=grid.astype(">f8"),
)
safetensors.torch.save_file(
    {
        "weight": torch.tensor(grid, dtype=torch.float32),
        "bias": torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        "half": torch.tensor([0.5, 65504.0], dtype=torch.float16),
        "steps": torch.tensor([12345678901], dtype=torch.int64),
        "scale": torch.tensor(0.1, dtype=torch.float64),
    },
    f"{folder}/model.safetensors",
    metadata={"format": "pt"},
)
