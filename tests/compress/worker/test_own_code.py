"""Workers of any runtime import slimgate's own packages, and nothing else from beside them."""

from pathlib import Path

from compress.worker.own_code import code_folders, link_code, package_folders

ROOT = Path(__file__).parents[3]


def test_the_package_of_a_module_is_found_without_importing_it():
    assert package_folders("tests.workers.absent") == [ROOT / "tests"]
    assert package_folders("no_such_package_of_slimgate.module") == []
    assert package_folders("this") == []  # a module, not a package


def test_each_package_is_named_once():
    assert code_folders("compress.in_worker.hello") == (ROOT / "compress", ROOT / "core")
    assert code_folders("bench.in_worker.latency")[0] == ROOT / "bench"


def test_links_lead_to_the_packages_and_to_nothing_else(tmp_path):
    linked = link_code("bench.in_worker.latency", tmp_path / "code")
    assert {link.name: link.readlink() for link in linked.iterdir()} == {
        name: ROOT / name for name in ("bench", "compress", "core")
    }
