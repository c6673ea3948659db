"""The commands, one module each. To add one: a module with ``register`` and a line here."""

from bot.commands import (
    announce,
    bench,
    cache,
    compress,
    coverage,
    demo,
    execute,
    gate,
    init,
    lint,
    nodes,
    plan,
    publish,
    report,
    run,
    runner,
)

COMMANDS = (
    demo.register,
    plan.register,
    run.register,
    compress.register,
    coverage.register,
    bench.register,
    nodes.register,
    lint.register,
    report.register,
    execute.register,
    init.register,
    gate.register,
    announce.register,
    publish.register,
    runner.register,
    cache.register,
)
