"""Run the comparisons of inference/EXPERIMENTS.md and write their tables.

    python -m inference experiment --list
    python -m inference experiment losses sampling --data ../shared/data
    python -m inference experiment --minutes 90 --write inference/EXPERIMENTS.md
    python -m inference experiment --tables --write inference/EXPERIMENTS.md

NAME is a file of inference/training/configs/experiments; without one all comparisons run, in the
order of their names. What has finished is not run again, what was killed goes on where it stood.
Every variant sees as many photos with the same seed and is judged on the same validation photos,
once, at its end. `--write` puts the tables of all comparisons between the marks of a file.
"""

import argparse
import logging
import time
from pathlib import Path

import torch

from inference.experiments.comparisons import Comparison, chosen, read_comparisons
from inference.experiments.plan import Plan, plan
from inference.experiments.results import CountedRun, read_result
from inference.experiments.runner import NEEDS_HUB, Places, run_all
from inference.experiments.tables import document, replace_between_marks
from inference.training.devices import chosen_device

RESULTS = Path(__file__).resolve().parents[1] / "experiments" / "results"

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="comparisons (default: all)")
    parser.add_argument("--list", action="store_true", help="say what there is and what has run")
    parser.add_argument("--tables", action="store_true", help="run nothing, show what has run")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    parser.add_argument(
        "--runs", type=Path, default=Path("var/experiments"), metavar="DIR", help="training files"
    )
    parser.add_argument(
        "--results", type=Path, default=RESULTS, metavar="DIR", help="figures and counts"
    )
    parser.add_argument("--photos", type=int, metavar="N", help="seen by each variant")
    parser.add_argument("--minutes", type=float, help="begin no run after so many minutes")
    parser.add_argument("--hub", action="store_true", help="also what needs weights of the hub")
    parser.add_argument("--write", type=Path, metavar="FILE.md", help="put the tables there")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--threads", type=int, help="CPU threads (default: all cores)")


def run(args: argparse.Namespace) -> int:
    everything = read_comparisons()
    asked = chosen(everything, args.names)
    whole = plan(everything, photos=args.photos)
    if args.list:
        print(_listed(asked, whole, args.results))
        return 0
    failed = {} if args.tables else _run(asked, whole, args)
    results = _results(whole, args.results)
    if args.write:
        replace_between_marks(args.write, document(whole, results, failed))
        log.info("The tables are in %s.", args.write)
    else:
        print(document(Plan(tuple(asked), whole.runs), results, failed))
    return 1 if failed else 0


def _run(asked: list[Comparison], whole: Plan, args: argparse.Namespace) -> dict[str, str]:
    if args.threads:
        torch.set_num_threads(args.threads)
    done = _results(whole, args.results)
    runs = [run for run in whole.runs_of(asked) if run.digest not in done]
    end = time.monotonic() + 60 * args.minutes if args.minutes else float("inf")
    return run_all(
        runs,
        Places(args.data, args.runs, args.results),
        device=chosen_device(args.device),
        hub=args.hub,
        go_on=lambda: time.monotonic() < end,
    )


def _results(whole: Plan, folder: Path) -> dict[str, CountedRun]:
    found = {
        run.digest: read_result(folder, run.name, run.digest)
        for run in whole.runs_of(whole.comparisons)
    }
    return {digest: counted for digest, counted in found.items() if counted is not None}


def _listed(asked: list[Comparison], whole: Plan, folder: Path) -> str:
    done = _results(whole, folder)
    lines = []
    for comparison in asked:
        lines.append(f"{comparison.name}: {comparison.question}")
        for variant in comparison.variants:
            run = whole.run(comparison, variant)
            hub = f"; {NEEDS_HUB}" if run.needs_hub else ""
            state = "has run" if run.digest in done else f"not run{hub}"
            lines.append(f"  {variant.name} ({run.name}): {run.photos_seen:,} photos, {state}")
    return "\n".join(lines)
