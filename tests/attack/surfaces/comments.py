"""Comments on a pull request: what strangers write, and what GitHub hands on."""

import functools
import json
from collections.abc import Iterator
from typing import Any

from tests.attack.attack import Attack, Ended, Ground
from tests.attack.hub import HEAD, State, user
from tests.attack.inert import living

ADMIT = ("admit", "--suite", "example-seg", "--event", "event.json", "--runners", "cpu")
ADMIT = (*ADMIT, "--out", "request.json", "--outputs", "outputs.txt")
RUN = f"/rebench {HEAD}"

HIDDEN = {
    "an HTML comment": f"<!--\n{RUN}\n-->",
    "details": f"<details><summary>x</summary>\n\n{RUN}\n\n</details>",
    "a fence": f"```\n{RUN}\n```",
    "a fence of tildes": f"~~~\n{RUN}\n~~~",
    "an open fence": f"````\n```\n{RUN}\n```",
    "indented code": f"x\n\n    {RUN}",
    "a quote": f"> x\n{RUN}",
    "a quote of quotes": f"> > x\n{RUN}",
    "a list": f"- x\n{RUN}",
    "a task": f"- [ ] x\n{RUN}",
    "a table": f"| a |\n|---|\n{RUN}",
    "a table without bars": f"a | b\n--- | ---\n{RUN}",
    "a footnote": f"x[^1]\n\n[^1]: note\n{RUN}",
    "a footnote that nothing names": f"[^1]: note\n{RUN}",
    "a footnote's paragraph": f"x[^1]\n\n[^1]: note\n\n    {RUN}",
    "a title of a reference": f"[x]: /y '\n{RUN}\n'",
    "a script": f"<script>\n{RUN}\n</script>",
    "a style": f"<style>\n{RUN}\n</style>",
    "a text area": f"<textarea>\n{RUN}\n</textarea>",
    "preformatted text": f"<pre>\n{RUN}\n</pre>",
    "an instruction": f"<?x\n{RUN}\n?>",
    "a declaration": f"<!X\n{RUN}\n>",
    "CDATA": f"<![CDATA[\n{RUN}\n]]>",
    "a code span": f"`\n{RUN}\n`",
    "a code span of two": f"``x\n{RUN}\n``",
    "an attribute": f"<a title='\n{RUN}\n'>x</a>",
    "a hidden element": f"<div hidden>\n\n{RUN}\n\n</div>",
    "a picture's text": f"![\n{RUN}\n](x)",
    "an alert": f"> [!NOTE]\n{RUN}",
    "a heading": f"# x {RUN}",
    "an emphasis": f"**{RUN}**",
    "a deleted line": f"~~{RUN}~~",
}
SEEN = {
    "after a comment that no line opens": f"<b>x</b> <!--\n\n{RUN}\n\n-->",
    "alone": RUN,
    "a blank before": f"   {RUN}",
    "Windows line ends": f"x\r\n\r\n{RUN}\r\n",
    "old line ends": f"x\r\r{RUN}\r",
    "after a rule": f"***\n{RUN}",
    "after HTML that ended": f"<b>x</b>\n\n{RUN}",
    "after an element without an end": f"see vector<float>\n\n{RUN}",
    "after a break": f"x<br>\n{RUN}",
    "after a picture": f"![x](http://x.example/y.png)\n{RUN}",
    "above a line of dashes": f"---\n{RUN}\n---",
    "after emoji": f"\U0001f44d\n{RUN}",
    "after a mention": f"@slimgate\n{RUN}",
    "capital letters": f"/Rebench {HEAD.upper()}",
    "a no-break space": f"/rebench\N{NO-BREAK SPACE}{HEAD}",
}
STRANGE: dict[str, str] = {
    "nothing": "",
    "a zero": f"\0{RUN}",
    "a megabyte": "x" * 1_000_000,
    "a megabyte of commands": f"{RUN}\n" * 20_000,
    "commands that differ": "".join(f"/rebench {i:040x}\n" for i in range(1000)),
    "a surrogate": "/rebench \ud800",
    "a surrogate as a model": f"{RUN} PP-\ud800",
    "a command of 60,000 characters": "/rebench " + "x" * 60_000,
    "11 wrong commands": "\n\n".join("/rebench " + "`x|" * 300 for _ in range(11)),
    "11 wrong commands of wide letters": "\n\n".join(
        "/rebench " + "\U0001f468" * 900 for _ in range(11)
    ),
    "11 commands of ampersands": "\n\n".join("/rebench " + "&<>" * 300 for _ in range(11)),
    "quotes": "> " * 20_000 + RUN,
    "quotes on lines": "".join(f"{'>' * i} x\n" for i in range(300)) + RUN,
    "brackets": "[" * 50_000 + RUN,
    "brackets and parentheses": "[](" * 20_000 + "\n" + RUN,
    "stars": "*a " * 20_000 + "\n" + RUN,
    "stars and underscores": "*_" * 30_000 + RUN,
    "ticks": "".join("`" * i + "x" for i in range(1, 350)) + "\n" + RUN,
    "lists": "".join(f"{'  ' * i}- x\n" for i in range(170)) + RUN,
    "angle brackets": "<" * 60_000 + "\n" + RUN,
    "open elements": "<b>" * 20_000 + "\n\n" + RUN,
    "attributes": "<a " + "x=1 " * 15_000 + ">\n\n" + RUN,
    "open comments": "<!--" * 15_000 + "\n" + RUN,
    "declarations": "<!A " * 15_000 + "\n" + RUN,
    "instructions": "<?" * 30_000 + "\n" + RUN,
    "CDATA": "<![CDATA[" * 7_000 + "\n" + RUN,
    "an unknown declaration": "<![foo[x]]>\n<![if x]>\n\n" + RUN,
    "entities": "&#" + "9" * 60_000 + ";\n" + RUN,
    "references": "".join(f"[{i}]: x\n" for i in range(6000)) + RUN,
    "tables": "|" * 30_000 + "\n" + "|-" * 15_000 + "\n" + RUN,
    "tilde strikes": "~~a " * 15_000 + RUN,
    "an open quotation mark": f'{RUN} --reason "x',
    "a backslash": f"{RUN} x\\",
    "options without values": f"{RUN} --recipe",
    "an option twice": f"{RUN} --full --full --recipe ptq --recipe qat",
    "a path as a model": f"{RUN} ../../etc/passwd",
    "a pattern": f"{RUN} [[[[*?{{a,b}}",
    "patterns that repeat": f"{RUN} {'*a' * 300}b",
    "a workflow command": f"{RUN} ::error::x",
    "a template": f"{RUN} ${{{{secrets.TOKEN}}}} {{{{7*7}}}}",
    "a mention": "/rebench @suite/everyone",
    "an accept": "/rebench accept PP-LiteSeg --reason 'x'",
    "a reason of Markdown": "/rebench accept PP-LiteSeg --reason '`|<img src=x> @a\u2028\u0085'",
    "a reason of 900 letters": "/rebench accept PP-HumanSeg-Lite --reason '"
    + "\U0001f468" * 900
    + "'",
    "a comparison": "/rebench compare main",
    "a comparison with an option": "/rebench compare --upload-pack=touch",
    "a comparison with a range": "/rebench compare main..change",
    "a comparison with a path": "/rebench compare ../../../x",
    "a comparison with a query": "/rebench compare main?x=y#z",
    "a comparison with a line end": "/rebench compare 'a\nb'",
    "a short commit": f"/rebench {HEAD[:7]}",
    "another commit": f"/rebench {'c' * 40}",
    "unknown words": "/rebench pleese hurry",
    "cancel": "/rebench cancel",
    "status": "/rebench status",
    "help": "/rebench help",
}


def attacks() -> Iterator[Attack]:
    """Comments of a maintainer: hidden commands do nothing, visible ones do; strange ones harm
    nothing. Every command of a stranger who may not write does nothing.
    """
    for name, body in HIDDEN.items():
        yield attack(f"hidden in {name}", body, check=nothing_happened)
    for name, body in SEEN.items():
        yield attack(f"seen: {name}", body, check=something_happened)
    for name, body in STRANGE.items():
        yield attack(name, body, check=living)
    for name in ("alone", "capital letters"):
        yield attack(f"a stranger: {name}", SEEN[name], role="read", check=no_run)
    for role in ("none", "triage", "read", "admin ", "Write", "", "maintain\n"):
        yield attack(f"the role {role!r}", RUN, role=role, check=no_run)


def attack(name: str, body: str, role: str = "write", **rest: Any) -> Attack:
    return Attack(
        name,
        ADMIT,
        functools.partial(write_event, body=body),
        codes=(0, 2, 3) if "surrogate" in name else (0,),
        hub=lambda: State(role=role),
        environment={"GITHUB_EVENT_NAME": "issue_comment"},
        **rest,
    )


def event(body: str) -> dict[str, Any]:
    """The event of a new comment on an open pull request."""
    return {
        "action": "created",
        "issue": {"number": 1, "state": "open", "pull_request": {"url": "x"}, "user": user()},
        "comment": {"id": 5, "body": body, "user": user("maintainer")},
        "repository": {"full_name": "suite/models", "default_branch": "main"},
    }


def write_event(ground: Ground, body: str) -> None:
    ground.write("event.json", json.dumps(event(body)))


def nothing_happened(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if a run was requested for a command that no reader sees."""
    return no_run(ground, ended)


def no_run(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if a run was requested."""
    path = ground.work / "request.json"
    return "a run was requested" if path.exists() else None


def something_happened(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if a command that everybody sees did nothing."""
    if (ground.work / "request.json").exists():
        return None
    return (
        f"no run was requested: {[path for _, path, _ in ended.sent]} {ended.stdout.strip()[-200:]}"
    )
