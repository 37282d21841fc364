"""Random effects of patient number i: the same whatever the chunk, the thread or the machine's mood.

Philox is a counter: patient i owns the counter blocks i × k … i × k + k - 1 of the stream that the
seed names, so any chunk can be drawn by itself.
"""

import math

import numpy as np

from longlight.science.pharmacokinetics.published import PublishedModel
from longlight.science.pharmacokinetics.refusals import CannotCompute
from longlight.science.pharmacokinetics.system import Array

# One counter block of Philox gives four 64-bit words, which Box and Muller turn into four normals.
_WORDS_A_BLOCK = 4
_SEED_BITS = 64


def check_seed(seed: int) -> None:
    if not 0 <= seed < 2**_SEED_BITS:
        raise CannotCompute(f"A seed of {seed} cannot be: give a whole number from 0 to 2^64 - 1.")


def require_variability(model: PublishedModel) -> None:
    """Refuse to invent a spread that a paper did not give, or that was not read."""
    if not model.variability:
        raise CannotCompute(
            f"{model.id} has no between-subject variability that could be read: people cannot be "
            "drawn from it."
        )


def standard_normals(seed: int, first: int, people: int, each: int) -> Array:
    """`each` normals for the patients `first` … `first + people - 1`: (people, each)."""
    blocks = -(-each // _WORDS_A_BLOCK)
    generator = np.random.Philox(key=np.array([seed, 0], dtype=np.uint64))
    generator.advance(first * blocks)
    words = generator.random_raw(people * blocks * _WORDS_A_BLOCK)
    # The upper 53 bits, in (0, 1]: a logarithm of zero cannot happen.
    uniform = ((words >> np.uint64(11)) + np.uint64(1)).astype(np.float64) * 2.0**-53
    pairs = uniform.reshape(people, -1, 2)
    radius = np.sqrt(-2.0 * np.log(pairs[:, :, 0]))
    angle = 2.0 * math.pi * pairs[:, :, 1]
    both = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2)
    return np.asarray(both.reshape(people, -1)[:, :each])


def random_effects(model: PublishedModel, seed: int, first: int, people: int) -> dict[str, Array]:
    """The random effect (eta) of every parameter that varies, one number for each patient."""
    names = list(model.variability)
    normals = standard_normals(seed, first, people, len(names))
    effects = normals @ _cholesky(model, names).T
    return {name: np.ascontiguousarray(effects[:, i]) for i, name in enumerate(names)}


def _cholesky(model: PublishedModel, names: list[str]) -> Array:
    omega = np.diag([float(model.variability[name].omega2) for name in names])
    for (a, b), covariance in model.covariances.items():
        i, j = names.index(a), names.index(b)
        omega[i, j] = omega[j, i] = covariance
    return np.asarray(np.linalg.cholesky(omega))
