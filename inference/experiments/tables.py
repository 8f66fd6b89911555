"""Results as Markdown: one table a comparison, in the shape of the paper's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from inference.errors import ConfigError
from inference.evaluation.metrics import miou_difference
from inference.experiments.comparisons import Comparison, Variant
from inference.experiments.plan import Plan, Run
from inference.experiments.results import CountedRun
from inference.experiments.runner import NEEDS_HUB

BEGIN, END = "<!-- comparisons -->", "<!-- /comparisons -->"
Results = Mapping[str, CountedRun]
"""Digest of a run → its result."""


def document(plan: Plan, results: Results, failed: Mapping[str, str]) -> str:
    """All comparisons, each with its question, table and command."""
    return "\n".join(_section(comparison, plan, results, failed) for comparison in plan.comparisons)


def replace_between_marks(path: Path, text: str) -> None:
    """Put `text` between the two marks of a file; `ConfigError` where they are missing."""
    try:
        whole = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ConfigError(f"{path} needs the lines {BEGIN} and {END} around its comparisons.")
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def _section(
    comparison: Comparison, plan: Plan, results: Results, failed: Mapping[str, str]
) -> str:
    first = plan.run(comparison, comparison.variants[0])
    counted = results.get(first.digest)
    heads = ["variant", *(_judge(judge, counted) for judge in comparison.judges)]
    heads += ["GFLOPs", "ms"] if comparison.cost else []
    rows = [_row(comparison, variant, plan, results, failed) for variant in comparison.variants]
    lines = [
        f"### {comparison.title}",
        "",
        comparison.question,
        "",
        _line([*heads, "photos seen", "seconds", "day, commit"]),
        _line(["---"] * (len(heads) + 3)),
        *map(_line, rows),
        "",
        *([comparison.note, ""] if comparison.note else []),
        f"`python -m inference experiment {comparison.name}`, seed {first.config.seed}"
        f"{f'; {counted.result.machine}' if counted else ''}.",
        "",
    ]
    return "\n".join(lines)


def _judge(judge: str, counted: CountedRun | None) -> str:
    """The set, what of it is judged, and on how many photos."""
    set_name, _, what = judge.partition(" ")
    photos = len(counted.counts.get(judge, ())) if counted else 0
    return f"{set_name}<br>{what}{f'<br>{photos} photos' if photos else ''}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(
    comparison: Comparison,
    variant: Variant,
    plan: Plan,
    results: Results,
    failed: Mapping[str, str],
) -> list[str]:
    run = plan.run(comparison, variant)
    counted = results.get(run.digest)
    width = len(comparison.judges) + (2 if comparison.cost else 0)
    if counted is None:
        return [variant.name, _not_run(run, failed), *[""] * (width + 2)]
    first = results.get(plan.run(comparison, comparison.variants[0]).digest)
    other = None if first is None or first is counted else first
    result = counted.result
    cost = [f"{result.gflops:.1f}", f"{result.milliseconds:.0f}"] if comparison.cost else []
    return [
        variant.name,
        *(_cell(judge, counted, other) for judge in comparison.judges),
        *cost,
        f"{result.photos_seen:,}",
        "–" if result.seconds is None else f"{result.seconds:,.0f}",
        f"{result.date}, {result.commit or result.code_version}",
    ]


def _not_run(run: Run, failed: Mapping[str, str]) -> str:
    reason = failed.get(run.name) or (NEEDS_HUB if run.needs_hub else "")
    reason = " ".join(reason.replace("|", "\\|").split())
    return f"*not run*{f': {reason}' if reason else ''}"


def _cell(judge: str, counted: CountedRun, first: CountedRun | None) -> str:
    """The figure with its interval, and below the difference to the first variant; an arrow
    where the interval of the difference excludes 0."""
    figure = counted.result.figures.get(judge)
    if figure is None:
        return "–"
    low, high = figure.interval
    shown = f"{figure.miou:.3f} [{low:.3f}, {high:.3f}]"
    if first is None or judge not in first.counts:
        return shown
    classes = range(len(figure.iou))
    interval = miou_difference(counted.counts[judge], first.counts[judge], classes)
    difference = figure.miou - first.result.figures[judge].miou
    mark = "▲ " if interval.low > 0 else "▼ " if interval.high < 0 else ""
    return f"{shown}<br>{mark}{difference:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]"
