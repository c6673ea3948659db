"""Records that the suite's data branch keeps between runs: acceptances and history."""
