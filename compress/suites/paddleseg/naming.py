"""How PaddleSeg's configs name components and data (``paddleseg/cvlibs/builder.py``)."""

from __future__ import annotations

from compress.suites.grammar import Naming

NAMING = Naming(
    name_key="type",
    keys_name=False,
    path_keys=frozenset({"dataset_root", "train_path", "val_path", "test_path"}),
    data_dir="data",
)
