"""Where workers run: the same number of threads for every library."""

from compress.workshop import Workshop
from core.store import Store


def test_every_library_has_the_same_number_of_threads(tmp_path):
    workplace = Workshop(Store(tmp_path), tmp_path / "scratch", 1.0, threads=3).workplace
    assert workplace.scratch == tmp_path / "scratch"
    assert set(workplace.environment.values()) == {"3"}
    assert len(workplace.environment) == 3
    assert workplace.sandbox is None
