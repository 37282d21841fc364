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
    similarity, couplings, close = _decouple(shape, triangular, rates)
    inverse = np.asarray(np.linalg.inv(similarity))
    magnified = (np.abs(similarity) @ np.abs(inverse)).max(axis=(1, 2)) > MOST_MAGNIFIED
    if magnified.any():
        similarity[magnified] = inverse[magnified] = np.eye(len(shape.compartments))
        couplings[magnified] = _lower(triangular[magnified], rates[magnified], shape)
    pairs, tangled = _describe(couplings, magnified, close)
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
    clean = np.where(shape.below, triangular, 0.0)
    _set_diagonal(clean, rates)
    return clean


def _set_diagonal(matrices: Array, diagonal: Array) -> None:
    np.einsum("pii->pi", matrices)[...] = diagonal


def _diagonalize_blocks(shape: Structure, matrix: Array) -> tuple[Array, Array, Array]:
    people, n, _ = matrix.shape
    scale = np.ones((people, n))
    rates = np.einsum("pii->pi", matrix).copy()
    symmetric = np.zeros_like(matrix)
    _set_diagonal(symmetric, rates)
    for parent, child in shape.branches:
        out, back = matrix[:, child, parent], matrix[:, parent, child]
        scale[:, child] = scale[:, parent] * np.sqrt(out / back)
        symmetric[:, child, parent] = symmetric[:, parent, child] = np.sqrt(out * back)
    to_blocks = np.zeros_like(matrix)
    _set_diagonal(to_blocks, np.ones(n))
    for block in shape.blocks:
        if block.stop - block.start > 1:
            rates[:, block], to_blocks[:, block, block] = np.linalg.eigh(symmetric[:, block, block])
    from_blocks = to_blocks.transpose(0, 2, 1) / scale[:, None, :]
    return to_blocks * scale[:, :, None], from_blocks, rates


def _decouple(
    shape: Structure, triangular: Array, rates: Array
) -> tuple[Array, Array, list[tuple[int, int]]]:
    """X and N with T X = X N, block by block downward, and where N may be other than zero."""
    n = rates.shape[1]
    similarity, couplings = np.zeros_like(triangular), np.zeros_like(triangular)
    _set_diagonal(similarity, np.ones(n))
    _set_diagonal(couplings, rates)
    if len(shape.blocks) == 1:
        return similarity, couplings, []
    gap = rates[:, None, :] - rates[:, :, None]
    larger = np.maximum(-rates[:, None, :], -rates[:, :, None])
    near = (np.abs(gap) <= NEAR_SHARE * larger) & shape.below
    away = np.zeros_like(gap)
    np.divide(1.0, gap, out=away, where=shape.below & ~near)
    close = [(int(i), int(j)) for i, j in np.argwhere(near.any(axis=0))]
    for row in shape.blocks[1:]:
        rest = triangular[:, row, : row.start] @ similarity[:, : row.start, : row.start]
        # What reaches an earlier mode through one that stays coupled to it; later modes first.
        for late, early in reversed(close):
            if late < row.start:
                through = rest[:, :, late] * away[:, row, late]
                rest[:, :, early] -= through * couplings[:, late, early][:, None]
        similarity[:, row, : row.start] = rest * away[:, row, : row.start]
        for late, early in close:
            if row.start <= late < row.stop:
                kept = rest[:, late - row.start, early]
                couplings[:, late, early] = kept * near[:, late, early]
    return similarity, couplings, close


def _describe(
    couplings: Array, magnified: np.ndarray, close: list[tuple[int, int]]
) -> tuple[tuple[tuple[int, int], ...], np.ndarray]:
    """The coupled pairs (later, earlier) of anyone, and whose modes are coupled beyond pairs."""
    if not close:
        return (), magnified
    coupled = np.stack([couplings[:, late, early] != 0 for late, early in close])
    partners = np.zeros(couplings.shape[:2], dtype=int)
    for (late, early), yes in zip(close, coupled, strict=True):
        partners[:, late] += yes
        partners[:, early] += yes
    tangled = magnified | (partners > 1).any(axis=1)
    anyone = np.flatnonzero((coupled & ~tangled).any(axis=1))
    return tuple(close[i] for i in anyone), tangled
