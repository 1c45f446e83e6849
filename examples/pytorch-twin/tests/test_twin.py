"""
The twin's own tests: pip install "examples/pytorch-twin[test]" && pytest examples/pytorch-twin

What it shares with Cadenza is tested from there, by golden files (test/examples/pytorch-twin.test.ts, training-graph.test.ts);
several processes by test/oracle/twin_ranks.py.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from cadenza_twin.choose_walk import choose_walk, differences, trial
from cadenza_twin.epochs import Epochs, Variation, varied
from cadenza_twin.files import read_model, read_state, write_model, write_state
from cadenza_twin.graph import GraphModel, read_graph
from cadenza_twin.learner import Learner
from cadenza_twin.model import Dropout, EventModel, Precision
from cadenza_twin.notes_file import read_notes
from cadenza_twin.parameters import Config, initial_parameters
from cadenza_twin.piano import NONE, Notes
from cadenza_twin.ranks import Ranks
from cadenza_twin.stream import Rows, Store, most_places
from cadenza_twin.tracker import walk

GRAPH = Path(__file__).parents[3] / "test" / "fixtures" / "pytorch" / "training-graph.safetensors"
ROWS, UPDATES = 6, 5


def piece(seed: int, length: int) -> Notes:
    random = np.random.default_rng(seed)
    start = np.cumsum(random.choice([0, 0.1, 0.4], length))
    pitch = random.integers(40, 90, length).astype(np.uint8)
    velocity = random.integers(30, 110, length).astype(np.uint8)
    return Notes(pitch, velocity, start, start + random.choice([0.1, 0.8], length), "Clara" if seed % 2 else None)


PIECES = [piece(seed, 40 + 9 * seed) for seed in range(8)]


def learned(model: EventModel | GraphModel, flat: torch.Tensor, steps: int, **options) -> tuple[list[list[float]], Learner]:
    """What every step told, and the learner afterwards."""
    torch.manual_seed(0)
    epochs = Epochs(PIECES, 3, Variation(), processes=1, styles=model.config.styles)
    packed = epochs.begin(1)()
    store = Store(len(packed.ticks), "cpu")
    pieces, rows = iter(store.add(packed)), Rows(ROWS, steps)
    learner = Learner(model, flat, walk, rows=ROWS, steps=steps, places=most_places(PIECES), **options)
    told = []
    for _ in range(UPDATES):
        plan = rows.advance(pieces)
        assert plan is not None
        told.append(learner.step(torch.from_numpy(plan), store, 0.01).tolist())
    return told, learner


def models(**options) -> tuple[GraphModel, EventModel, torch.Tensor]:
    config, flat = read_model(GRAPH)
    return GraphModel(read_graph(GRAPH), config, **options), EventModel(config, **options), flat


def test_a_graph_is_learned_as_the_model_by_hand() -> None:
    graph, by_hand, flat = models()
    told, learner = learned(graph, flat, graph.steps)
    told_by_hand, learner_by_hand = learned(by_hand, flat, graph.steps)
    np.testing.assert_allclose(told, told_by_hand, rtol=1e-5)
    torch.testing.assert_close(learner.parameters, learner_by_hand.parameters, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("precision", [Precision(), Precision(products=torch.bfloat16)])
@pytest.mark.parametrize("parts", [2, 3])
def test_in_parts_it_learns_the_same(parts: int, precision: Precision) -> None:
    graph, _, flat = models(precision=precision)
    told, learner = learned(graph, flat, graph.steps)
    in_parts, learner_in_parts = learned(graph, flat, graph.steps, parts=parts)
    tolerance = 1e-5 if precision.products == torch.float32 else 1e-2
    np.testing.assert_allclose(told, in_parts, rtol=tolerance)
    apart = (learner.parameters - learner_in_parts.parameters).abs().mean()
    assert apart < (1e-5 if precision.products == torch.float32 else 2e-3)


def test_dropout_changes_what_is_learned_and_not_what_is_judged() -> None:
    dropout = Dropout(0.2, 0.2, 0.2, 0.2)
    graph, _, flat = models(dropout=dropout)
    plain, _, _ = models()
    first, _ = learned(graph, flat, graph.steps)
    assert first[0] != learned(plain, flat, graph.steps)[0][0]
    again, _ = learned(graph, flat, graph.steps)
    assert first == again


def test_rows_that_cannot_be_shared_are_refused() -> None:
    with pytest.raises(SystemExit, match="7 rows cannot be shared by 2 processes"):
        Ranks(0, 2).share(7)
    assert Ranks(1, 2).share(8) == slice(4, 8)
    graph, _, flat = models()
    with pytest.raises(SystemExit, match="6 rows cannot be cut into 4 parts"):
        Learner(graph, flat, walk, rows=6, steps=4, places=9, parts=4)


def test_models_and_states_come_back(tmp_path: Path) -> None:
    config = Config(layers=1, hidden=8, head=6, context_units=5, key_features=2, styles=("Clara",))
    flat = initial_parameters(config, 4)
    write_model(tmp_path / "model.safetensors", flat, config)
    back, weights = read_model(tmp_path / "model.safetensors")
    assert back == config
    assert torch.equal(weights, flat)
    write_state(tmp_path / "state.safetensors", {"parameters": flat}, {"updates": 7})
    vectors, told = read_state(tmp_path / "state.safetensors")
    assert told["updates"] == 7
    assert torch.equal(vectors["parameters"], flat)


def test_other_files_are_refused(tmp_path: Path) -> None:
    notes = tmp_path / "notes.gz"
    notes.write_bytes(gzip.compress(save({"pitch": np.zeros(1, np.uint8)}, {"notes_format": "1"})))
    with pytest.raises(SystemExit, match="not written by this version of `cadenza corpus`"):
        read_notes(notes)
    config = Config(layers=1, hidden=8, head=6, context_units=5, key_features=2)
    write_model(tmp_path / "model.safetensors", initial_parameters(config, 4), config)
    with pytest.raises(SystemExit, match="holds no training graph of this version"):
        read_graph(tmp_path / "model.safetensors")


def test_notes_of_a_corpus_come_back_to_the_bit(tmp_path: Path) -> None:
    step, duration = np.array([0, 300, 70_000], "<i4"), np.array([120, 1, 65_536], "<i4")

    def planes(values: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(values.view(np.uint8).reshape(-1, 4).T)

    tensors = {
        "piece_notes": np.array([2, 1], np.int32),
        "piece_part": np.array([0, 1], np.uint8),
        "piece_unit": np.array([0.001, 0.5]),
        "pitch": np.array([60, 61, 62], np.uint8),
        "velocity": np.array([1, 2, 3], np.uint8),
        "step": planes(step),
        "duration": planes(duration),
    }
    told = {"names": ["a", "b"], "composers": ["Clara", None], "styles": ["Clara"]}
    metadata = {"notes_format": "2", **{name: json.dumps(value) for name, value in told.items()}}
    (tmp_path / "notes.gz").write_bytes(gzip.compress(save(tensors, metadata)))
    corpus = read_notes(tmp_path / "notes.gz")
    (train,), (held_out,) = corpus.train, corpus.validation
    assert train.start.tolist() == [0.0, 300 * 0.001]
    assert train.end.tolist() == [120 * 0.001, 301 * 0.001]
    assert held_out.start.tolist() == [70_000 * 0.5]
    assert (train.composer, corpus.names, corpus.styles) == ("Clara", ["a", "b"], ("Clara",))


def test_the_compiled_walk_says_what_the_plain_one_does():
    walk = pytest.importorskip("cadenza_twin.compiled_walk").walk
    chunks = trial([piece(seed, 40 + 5 * seed) for seed in range(16)], "cpu")
    assert any(bool(began.any()) for _, began in chunks[1:])
    assert differences(walk, chunks, "cpu") == (0.0, 0)


def test_untold_says_the_same_music_and_nothing_about_it():
    told, untold = (varied(PIECES[1], 1, 2, 3, Variation(untold=untold), ("Clara",)) for untold in (False, True))
    for name in ("time", "symbol", "velocity"):
        assert np.array_equal(getattr(told, name), getattr(untold, name))
    assert (told.left != NONE).any() and told.style == 0
    assert (untold.left == NONE).all() and untold.style == NONE


def test_says_what_a_fast_walk_lacks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delitem(sys.modules, "cadenza_twin.compiled_walk", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert choose_walk(PIECES, "cpu") is walk
    assert "the extra [processor] has Numba" in capsys.readouterr().err
