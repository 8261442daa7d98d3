"""Luck: published answers, quantiles against SciPy, moments, the same bits with and without compilation."""

import hashlib
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba.core.errors import TypingError
from scipy import stats

from sim import compiled
from sim.compiled import atomic_add, atomic_add_2d, kernel, rule
from sim.model import gammas, luck
from sim.vocabulary import streams

WORD = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_known_answers_of_random123(counter: str, key: str, answer: str) -> None:
    customer, period, stream, index = (int(word, 16) for word in counter.split())
    low, high = (int(word, 16) for word in key.split())
    words = luck.philox4x32(np.uint64(low + (high << 32)), customer, period, stream, index)
    assert [int(word) for word in words] == [int(word, 16) for word in answer.split()]


@given(WORD, WORD, WORD, WORD, st.integers(0, 2**64 - 1))
def test_each_of_the_five_counts(customer: int, period: int, stream: int, index: int, seed: int) -> None:
    bits, other = np.uint64(seed), np.uint64(seed ^ (1 << 63))
    here = luck.uniforms(bits, stream, customer, period, index)
    assert all(0.0 < u < 1.0 for u in here)
    assert here != luck.uniforms(bits, stream, customer ^ 1, period, index)
    assert here != luck.uniforms(bits, stream, customer, period ^ 1, index)
    assert here != luck.uniforms(bits, stream ^ 1, customer, period, index)
    assert here != luck.uniforms(bits, stream, customer, period, index ^ 1)
    assert here != luck.uniforms(other, stream, customer, period, index)


@kernel
def draw_all(seed: int, shape: float, a: float, b: float, out: np.ndarray) -> None:
    """One row a customer: four uniforms, two normals, Poisson, exponential, gamma, beta, lognormal."""
    for i in range(out.shape[0]):
        u = luck.uniforms(seed, 3, i, 5, 0)
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = u
        out[i, 4] = luck.normal(u[0])
        out[i, 5] = luck.normal(u[1])
        out[i, 6] = luck.poisson(u[2], 2.5)
        out[i, 7] = luck.exponential(u[3], 3.0)
        out[i, 8] = gammas.gamma(seed, 3, i, 6, 0, shape)
        out[i, 9] = gammas.beta(seed, 3, i, 7, 0, a, b)
        out[i, 10] = luck.lognormal_with_mean(luck.normal(u[0]), 20.0, luck.log_variance(0.5))


def drawn(count: int, shape: float, a: float, b: float, seed: int = 20) -> np.ndarray:
    out = np.empty((count, 11))
    draw_all(np.uint64(seed), float(shape), float(a), float(b), out)
    return out


def z_of_mean(values: np.ndarray, mean: float, variance: float) -> float:
    return float((values.mean() - mean) / math.sqrt(variance / values.size))


def test_uniforms_are_uniform_and_independent_of_their_neighbours() -> None:
    u = drawn(200_000, 2.0, 1.0, 1.0)[:, :4]
    for column in range(4):
        counts = np.bincount((u[:, column] * 256).astype(int), minlength=256)
        chi2 = float(((counts - u.shape[0] / 256) ** 2).sum() / (u.shape[0] / 256))
        assert abs((chi2 - 255) / math.sqrt(2 * 255)) < 6
        for other, lag in [(column, 1), (column, 7), ((column + 1) % 4, 0), ((column + 2) % 4, 1)]:
            product = (u[: u.shape[0] - lag, column] - 0.5) * (u[lag:, other] - 0.5) * 12
            assert abs(product.mean() * math.sqrt(product.size)) < 6


@pytest.mark.parametrize(("shape", "a", "b"), [(0.05, 0.1, 0.2), (0.7, 0.5, 2.0), (1.0, 1.0, 1.0), (7.5, 4.0, 3.0)])
def test_moments_and_distributions(shape: float, a: float, b: float) -> None:
    rows = drawn(100_000, shape, a, b)
    expected = {
        4: stats.norm(),
        6: stats.poisson(2.5),
        7: stats.expon(scale=3.0),
        8: stats.gamma(shape),
        9: stats.beta(a, b),
        10: stats.lognorm(s=math.sqrt(math.log1p(0.25)), scale=20.0 / math.sqrt(1.25)),
    }
    for column, law in expected.items():
        assert abs(z_of_mean(rows[:, column], law.mean(), law.var())) < 6, column
        if column != 6:
            for share in (0.1, 0.5, 0.9):
                below = (rows[:, column] <= law.ppf(share)).mean()
                assert abs(below - share) / math.sqrt(share * (1 - share) / rows.shape[0]) < 6, (
                    column,
                    share,
                )
    assert rows[:, 10].std() / rows[:, 10].mean() == pytest.approx(0.5, rel=0.03)


def test_normal_is_exact() -> None:
    u = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 20_001), 2.0 ** -np.arange(2, 34), 1 - 2.0 ** -np.arange(2, 34)])
    ours = np.array([luck.normal(x) for x in u.tolist()])
    np.testing.assert_allclose(ours, stats.norm.ppf(u), rtol=4e-15, atol=1e-15)
    mirrored = [(k + 0.5) * 2.0**-32 for k in range(0, 2**32, 2**20 - 1)]
    assert all(luck.normal(x) == -luck.normal(1.0 - x) for x in mirrored)
    assert luck.normal(0.0) == -math.inf
    assert luck.normal(1.0) == math.inf


@given(st.floats(2.0**-33, 1 - 2.0**-33), st.floats(0.0, 20.0))
def test_poisson_is_the_quantile(u: float, mean: float) -> None:
    k = luck.poisson(u, mean)
    assert 0 <= k <= luck.POISSON_LIMIT
    if k > 0:
        assert stats.poisson.cdf(k - 1, mean) <= u * (1 + 1e-9)
    if k < luck.POISSON_LIMIT:
        assert stats.poisson.cdf(k, mean) >= u * (1 - 1e-9)


@given(st.floats(0.0, 1.0), st.floats(0.0, 8.0))
def test_a_draw_far_enough_below_one_less_the_mean_is_surely_none(u: float, mean: float) -> None:
    edge = min(u, luck.ALMOST_ONE - mean)
    assert luck.poisson(edge, mean) == 0


def test_gamma_of_a_seed_does_not_depend_on_how_it_is_called() -> None:
    rows = drawn(50, 0.7, 2.0, 3.0)
    backwards = [gammas.beta(20, 3, i, 7, 0, 2.0, 3.0) for i in reversed(range(50))]
    assert rows[::-1, 9].tolist() == backwards


@rule
def maths(x: float) -> tuple[float, float, float, float]:
    """The four functions of the C library that rules may rely on."""
    return math.exp(x), math.log(abs(x)), math.log1p(abs(x)), math.sqrt(abs(x))


@kernel
def maths_of_all(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = maths(x[i])


def test_compiled_maths_has_the_bits_of_plain_maths() -> None:
    x = np.random.default_rng(1).uniform(-40, 40, 50_000)
    out = np.empty((x.size, 4))
    maths_of_all(x, out)
    functions: list[Callable[[float], float]] = [math.exp, math.log, math.log1p, math.sqrt]
    for column, function in enumerate(functions):
        argument = x if function is math.exp else np.abs(x)
        assert out[:, column].tolist() == [function(value) for value in argument.tolist()]


def everything() -> str:
    """A hash over all that can be drawn, for the comparison of compiled and plain code."""
    parts = [
        drawn(300, shape, a, b, seed).tobytes() for shape, a, b, seed in [(0.3, 0.2, 4.0, 0), (5, 2, 2, 2**64 - 1)]
    ]
    words = [luck.philox4x32(np.uint64(seed), -1, 2**32 - 1, 7, 2**31) for seed in (0, 2**63, 2**64 - 1)]
    counts = np.zeros((3, 2), np.int64)
    atomic_add(counts[:, 1], 2, -5)
    atomic_add_2d(counts, 1, 0, 7)
    text = repr([[int(word) for word in block] for block in words]) + repr(counts.tolist())
    return hashlib.sha256(b"".join(parts) + text.encode()).hexdigest()


def test_plain_python_gives_the_same_bits() -> None:
    code = "from tests.model.test_luck import everything; print(everything())"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    plain = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert plain.stdout.strip() == everything()


@kernel
def count_up(counts: np.ndarray, table: np.ndarray, times: int) -> None:
    for i in range(times):
        atomic_add(counts, i & 1, 1)
        atomic_add_2d(table, 1, i & 1, 2)


def test_additions_of_many_threads_are_all_there() -> None:
    counts, table = np.zeros(2, np.int64), np.zeros((2, 2), np.int64)
    times = 2_000 if compiled.PLAIN else 400_000
    count_up(counts, table, 0)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: count_up(counts, table, times), range(1 if compiled.PLAIN else 4)))
    total = times * (1 if compiled.PLAIN else 4)
    assert counts.tolist() == [total // 2] * 2
    assert table.tolist() == [[0, 0], [total, total]]


@pytest.mark.skipif(compiled.PLAIN, reason="plain Python has no cache and adds to any array")
@pytest.mark.parametrize("wrong", [np.zeros(3, np.int32), np.zeros(3), np.zeros((3, 2), np.int64).T])
def test_atomic_additions_refuse_other_arrays(wrong: np.ndarray) -> None:
    with pytest.raises(TypingError, match="need a writable int64 array"):
        count_up(wrong, wrong, 1)


def test_the_cache_moves_when_any_source_changes(tmp_path: Path) -> None:
    for folder in ("model", "engine", "vocabulary", "surfaces"):
        (tmp_path / "sim" / folder).mkdir(parents=True)
    (tmp_path / "sim" / "model" / "a.py").write_text("x = 1")
    seen = {compiled.sources_hash(tmp_path / "sim")}
    for name, text in [
        ("model/a.py", "x = 2"),
        ("engine/b.py", ""),
        ("vocabulary/c.py", ""),
        ("compiled.py", ""),
    ]:
        (tmp_path / "sim" / name).write_text(text)
        seen.add(compiled.sources_hash(tmp_path / "sim"))
    assert len(seen) == 5
    (tmp_path / "sim" / "surfaces" / "d.py").write_text("")
    assert compiled.sources_hash(tmp_path / "sim") in seen


def test_every_source_of_compiled_code_is_looked_at(tmp_path: Path) -> None:
    package = Path(compiled.__file__).parent
    without = compiled.sources_hash(tmp_path)
    sources = [path for path in package.rglob("*.py") if re.search(r"^@(kernel|rule)$", path.read_text(), re.MULTILINE)]
    assert len(sources) > 50
    for path in sources:
        copy = tmp_path / path.relative_to(package)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text("")
        assert compiled.sources_hash(tmp_path) != without, path
        copy.unlink()


def test_compiled_functions_keep_their_docstrings() -> None:
    for function in (luck.philox4x32, gammas.beta, atomic_add):
        assert ">>>" in (function.__doc__ or "")


def test_streams_are_frozen() -> None:
    names = ["INITIAL", "ARRIVAL", "SERVICE", "VOICE", "RECOVERY", "TALK", "MOVEMENT", "NETWORK", "DESK"]
    assert [stream.name for stream in streams.STREAMS[:9]] == names
    for number, stream in enumerate(streams.STREAMS):
        assert stream.number == number == getattr(streams, stream.name)
        assert stream.meaning
