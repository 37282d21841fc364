"""The modes of a linear system, right where roots meet.

Each block is symmetric after scaling, so `eigh` gives its modes without loss. Between blocks the
system is triangular: T. A similarity X removes every coupling between modes whose rates differ, and
leaves those whose rates (nearly) agree as couplings in N: T = X N X⁻¹. Equal roots thus never divide
by zero and near-equal ones never cancel: `propagation` knows how a coupled pair moves.
"""

from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.system import Array, Structure

# Rates closer than this share of the larger one stay coupled. Wide enough that taking them apart
# costs little, narrow enough that few pairs stay.
NEAR_SHARE = 0.05
# Where taking the rest apart would still magnify rounding this much, nothing is taken apart.
MOST_MAGNIFIED = 1000.0


@dataclass(frozen=True)
class Modes:
    """x = `to_amounts` z and z' = N z, for each person; the diagonal of N is `rates` (all below 0)."""

    rates: Array
    couplings: Array
    pairs: tuple[tuple[int, int], ...]
    tangled: np.ndarray
    to_amounts: Array
    to_modes: Array


def find_modes(shape: Structure, matrix: Array) -> Modes:
    """The modes of every person's rate matrix (people, n, n)."""
    to_blocks, from_blocks, rates = _diagonalize_blocks(shape, matrix)
    triangular = from_blocks @ matrix @ to_blocks
    similarity, couplings = _decouple(shape, triangular, rates)
    inverse = np.asarray(np.linalg.inv(similarity))
    magnified = (np.abs(similarity) @ np.abs(inverse)).max(axis=(1, 2)) > MOST_MAGNIFIED
    if magnified.any():
        similarity[magnified] = inverse[magnified] = np.eye(len(shape.compartments))
        couplings[magnified] = _lower(triangular[magnified], rates[magnified], shape)
    pairs, tangled = _describe(couplings, magnified)
    return Modes(
        rates=rates,
        couplings=couplings,
        pairs=pairs,
        tangled=tangled,
        to_amounts=to_blocks @ similarity,
        to_modes=inverse @ from_blocks,
    )


def _lower(triangular: Array, rates: Array, shape: Structure) -> Array:
    """T itself: zero above the blocks and inside them, the rates on the diagonal."""
    clean = np.tril(triangular, -1)
    for block in shape.blocks:
        clean[:, block, block] = 0.0
    n = clean.shape[1]
    clean[:, range(n), range(n)] = rates
    return clean


def _diagonalize_blocks(shape: Structure, matrix: Array) -> tuple[Array, Array, Array]:
    people, n, _ = matrix.shape
    scale = np.ones((people, n))
    symmetric = np.zeros_like(matrix)
    for i in range(n):
        symmetric[:, i, i] = matrix[:, i, i]
    for parent, child in shape.branches:
        out, back = matrix[:, child, parent], matrix[:, parent, child]
        scale[:, child] = scale[:, parent] * np.sqrt(out / back)
        symmetric[:, child, parent] = symmetric[:, parent, child] = np.sqrt(out * back)
    to_blocks = np.zeros_like(matrix)
    rates = np.empty((people, n))
    for block in shape.blocks:
        if block.stop - block.start == 1:
            rates[:, block.start] = matrix[:, block.start, block.start]
            to_blocks[:, block.start, block.start] = 1.0
        else:
            rates[:, block], to_blocks[:, block, block] = np.linalg.eigh(symmetric[:, block, block])
    from_blocks = to_blocks.transpose(0, 2, 1) / scale[:, None, :]
    return to_blocks * scale[:, :, None], from_blocks, rates


def _decouple(shape: Structure, triangular: Array, rates: Array) -> tuple[Array, Array]:
    """X and N with T X = X N, from the last block back, each column of blocks downward."""
    people, n, _ = triangular.shape
    similarity = np.broadcast_to(np.eye(n), (people, n, n)).copy()
    couplings = np.zeros((people, n, n))
    couplings[:, range(n), range(n)] = rates
    gap = rates[:, None, :] - rates[:, :, None]
    near = np.abs(gap) <= NEAR_SHARE * np.maximum(-rates[:, None, :], -rates[:, :, None])
    away = np.where(near, 0.0, 1.0) / np.where(near, 1.0, gap)
    for place in reversed(range(len(shape.blocks))):
        column = shape.blocks[place]
        for row in shape.blocks[place + 1 :]:
            between = slice(column.stop, row.start)
            rest = triangular[:, row, column]
            if between.start < between.stop:
                rest = (
                    rest
                    + triangular[:, row, between] @ similarity[:, between, column]
                    - similarity[:, row, between] @ couplings[:, between, column]
                )
            couplings[:, row, column] = rest * near[:, row, column]
            similarity[:, row, column] = rest * away[:, row, column]
    return similarity, couplings


def _describe(
    couplings: Array, magnified: np.ndarray
) -> tuple[tuple[tuple[int, int], ...], np.ndarray]:
    """The coupled pairs (later, earlier) of anyone, and whose modes are coupled beyond pairs."""
    coupled = np.tril(couplings, -1) != 0
    partners = coupled.sum(axis=1) + coupled.sum(axis=2)
    tangled = magnified | (partners > 1).any(axis=1)
    anyone = coupled[~tangled].any(axis=0)
    return tuple((int(i), int(j)) for i, j in np.argwhere(anyone)), tangled
