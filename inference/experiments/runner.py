"""Runs what a comparison needs: train, count photo by photo, keep the result."""

from __future__ import annotations

import logging
import platform
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from inference.errors import InferenceError
from inference.evaluation.counts import PhotoCounts, total
from inference.evaluation.counts_file import StoredCounts, write_counts
from inference.evaluation.metrics import iou_by_class, miou_interval
from inference.evaluation.speed import milliseconds, network_flops
from inference.experiments.plan import Run, slug
from inference.experiments.results import CountedRun, Figure, RunResult, condensed, write_result
from inference.experiments.sources import shared_sources
from inference.preprocessing import Fit
from inference.training.config import SegmentationConfig
from inference.training.devices import CPU
from inference.training.export import code_version
from inference.training.loop import LAST_WEIGHTS
from inference.training.loop import run as run_loop
from inference.training.photos import Sources, TrainingPhotos
from inference.training.run import fingerprint
from inference.training.segmentation import SegmentationTask, new_network
from inference.training.validation import Panel, PhotoJudge, judged_miou

NEEDS_HUB = "its encoder's start weights are only on the hub (`--hub` asks it)"
_TIMED = 7

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Places:
    """Where the sets are, where runs train, and where results are kept."""

    data: Path
    runs: Path
    results: Path


@dataclass(frozen=True)
class Code:
    """The code that runs: read when the process begins, as files may change while it trains."""

    commit: str
    digest: str

    @classmethod
    def running(cls) -> Code:
        return cls(_commit(), code_version())


class UnjudgedTask(SegmentationTask):
    """A training that is counted once, at its end: no checkpoint is chosen by validation, so
    every variant is judged after as many photos as the others."""

    steps = 0

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        self.steps += 1
        return super().loss(batch)

    def validate(self, network: nn.Module) -> tuple[float, Mapping[str, float]]:
        return 0.0, {}


def run_all(
    runs: Sequence[Run],
    places: Places,
    *,
    device: torch.device = CPU,
    hub: bool = False,
    go_on: Callable[[], bool] = lambda: True,
) -> dict[str, str]:
    """Run these while `go_on()`; what failed by name, and why. The others still run."""
    sources, code = shared_sources(), Code.running()
    failed: dict[str, str] = {}
    for number, run in enumerate(runs, start=1):
        if not go_on():
            log.info("Out of time: %d of %d runs are left.", len(runs) - number + 1, len(runs))
            break
        log.info("%d of %d: %s", number, len(runs), run.name)
        if run.needs_hub and not hub:
            log.info("%s is not run: %s", run.name, NEEDS_HUB)
            continue
        try:
            write_result(places.results, run_one(run, places, device, sources, code))
        # PyTorch's own errors too (shapes, memory): hours of other runs wait behind this one.
        except (InferenceError, RuntimeError) as error:
            log.exception("%s failed.", run.name)
            failed[run.name] = str(error)
    return failed


def run_one(
    run: Run, places: Places, device: torch.device, sources: Sources, code: Code
) -> CountedRun:
    """Train to the end, from where the run's folder stands, and count the last weights."""
    folder = places.runs / run.folder_name
    task = UnjudgedTask(run.config, places.data, device, sources)
    started = time.perf_counter()
    run_loop(task, run.config.schedule, run.config.seed, folder, fingerprint(run.config))
    elapsed = time.perf_counter() - started
    batch = run.config.schedule.batch
    # A run that was taken up again has timed some of its steps only.
    seconds = elapsed / (task.steps * batch) * run.photos_seen if task.steps else None
    panel = Panel(run.config, task.photos)
    network = _last_network(run.config, task.photos, folder).to(device)
    counted = panel.counted(network)
    for judge in panel.judges:
        _keep_confusions(folder, run, judge, counted[judge.name])
    gflops, taken = _cost(run.config, network.to(CPU))
    result = RunResult(
        run=run.name,
        digest=run.digest,
        changes=list(run.changes),
        seed=run.config.seed,
        photos_seen=run.photos_seen,
        seconds=None if seconds is None else round(seconds, 1),
        gflops=round(gflops, 2),
        milliseconds=round(taken, 1),
        machine=f"{device.type}, {platform.machine()}, {torch.get_num_threads()} threads",
        date=date.today().isoformat(),  # noqa: DTZ011  (the day of whoever runs it)
        commit=code.commit,
        code_version=code.digest,
        figures={judge.name: _figure(judge, counted[judge.name]) for judge in panel.judges},
    )
    return CountedRun(
        result,
        {
            judge.name: [condensed(row, judge.judge.classes) for row in counted[judge.name]]
            for judge in panel.judges
        },
    )


def _last_network(config: SegmentationConfig, photos: TrainingPhotos, folder: Path) -> nn.Module:
    unstarted = replace(config, model=replace(config.model, encoder_weights=""))
    network: nn.Module = new_network(unstarted, photos)
    state = {name: tensor.float() for name, tensor in load_file(folder / LAST_WEIGHTS).items()}
    network.load_state_dict(state, strict=False)
    return network.eval()


def _keep_confusions(
    folder: Path, run: Run, judge: PhotoJudge, photos: Sequence[PhotoCounts]
) -> None:
    """One file a judge, as `evaluate --counts` writes it."""
    stored = StoredCounts(
        set_name=judge.config.set,
        layer=judge.config.head,
        taxonomy=judge.config.taxonomy,
        model_version=run.folder_name,
        names=judge.judge.names,
        classes=judge.judge.classes,
        photos=tuple(photos),
    )
    write_counts(folder / f"{slug(judge.name)}.npz", stored)


def _figure(judge: PhotoJudge, photos: list[PhotoCounts]) -> Figure:
    classes, names = judge.judge.classes, judge.judge.names
    counts = total(photos, len(names))
    interval = miou_interval(photos, classes)
    return Figure(
        miou=round(judged_miou(counts, classes), 4),
        interval=(round(interval.low, 4), round(interval.high, 4)),
        photos=len(photos),
        iou={
            names[index]: None if value is None else round(value, 4)
            for index, value in iou_by_class(counts, classes).items()
        },
    )


def _cost(config: SegmentationConfig, network: nn.Module) -> tuple[float, float]:
    """GFLOPs and milliseconds of a 4:3 photo through the network on this CPU."""
    side = config.input.long_side
    height, width = Fit.to_long_side((3 * side, 4 * side), side, config.input.multiple).outer
    photo = torch.zeros((1, 3, height, width)).to(memory_format=torch.channels_last)

    def forward() -> None:
        with torch.inference_mode():
            network(photo)

    return network_flops(network, height, width) / 1e9, milliseconds(forward, _TIMED)


def _commit() -> str:
    """The commit of the code, `-dirty` where files differ from it; empty outside a repository."""
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run(  # noqa: S603  (a fixed command)
        [git, "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
