"""How PaddleDetection's configs name components and data: sections and transforms are keys, and
everything else is named by ``name`` or by a tag (``ppdet/core/workspace.py``,
``ppdet/data/reader.py``).
"""

from __future__ import annotations

from compress.suites.grammar import Naming

NAMING = Naming(
    name_key="name",
    keys_name=True,
    path_keys=frozenset({"dataset_dir", "image_dir", "anno_path", "label_list"}),
)
"""``image_dir`` and the like are relative to ``dataset_dir``."""
