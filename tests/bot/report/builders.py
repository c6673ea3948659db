"""Reports made up for tests of rendering."""

from tests.bot.builders import judge, make_plan, make_result


def make_report(folder, plan=None, **options):
    """The report on one case; ``options`` are those of its result."""
    return judge(folder, {"m0.qat": make_result(folder, **options)}, plan)


def many_failures(folder, count=150, results=100):
    """A report with long names on more cases than a comment has room for."""
    plan = make_plan(count, because="configs/" + "x" * 150 + ".yml")
    failures = ("base fp32", "base qat", "head fp32", "head qat")
    made = {
        job.id: make_result(folder, job=job.id, failures=failures) for job in plan.jobs[:results]
    }
    return judge(folder, made, plan)
