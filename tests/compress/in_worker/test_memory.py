"""The memory of a worker is its own, and not that of the process that started it."""

import subprocess
import sys

from compress.in_worker.memory import peak_memory_bytes

PRINT = "from compress.in_worker.memory import peak_memory_bytes; print(peak_memory_bytes())"
MIB = 2**20


def test_a_process_does_not_inherit_the_peak_of_the_one_that_started_it():
    large = b"x" * (300 * MIB)
    assert peak_memory_bytes() > len(large)
    small = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, check=True)
    assert 0 < int(small.stdout) < 100 * MIB
