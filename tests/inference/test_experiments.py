"""Comparisons: from the files that describe them over tiny trainings to tables."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch

from inference.cli.main import main
from inference.data.dataset import HeadSource
from inference.errors import ConfigError, TrainingError
from inference.evaluation.counts import PhotoCounts, total
from inference.evaluation.counts_file import read_counts
from inference.evaluation.metrics import iou_by_class, mean_iou
from inference.experiments.comparisons import FOLDER, Comparison, chosen, read_comparisons
from inference.experiments.plan import Plan, plan, slug, stated
from inference.experiments.results import CountedRun, condensed, read_result
from inference.experiments.runner import Places, run_all
from inference.experiments.sources import shared_sources
from inference.experiments.tables import BEGIN, END, document, replace_between_marks
from inference.training.config import SegmentationConfig
from inference.training.config_file import read_config
from inference.training.photos import TrainingPhotos
from inference.training.segmentation import SegmentationTask
from tests.inference.tiny_data import write_coco_set
from tests.inference.training.test_trainings import JOINT, SET

PARTS, DAMAGE = f"{SET} reduced parts", f"{SET} binary damage"
LOSSES = f"""
title = "Losses"
question = "Which?"
judges = ["{PARTS}", "{DAMAGE}"]
[[variants]]
name = "both"
[[variants]]
name = "parts only"
changes = ["heads.damage.weight=0.0"]
[[variants]]
name = "from the hub"
changes = ['model.encoder_weights="imagenet"']
[[variants]]
name = "of nothing"
changes = ['model.encoder_files=["nowhere.safetensors"]']
"""


def written(folder: Path, text: str = LOSSES) -> list[Comparison]:
    folder.mkdir(exist_ok=True)
    (folder / "losses.toml").write_text(text)
    return read_comparisons(folder)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("base") / "base.toml"
    path.write_text(JOINT)
    return path


@pytest.fixture(scope="module")
def planned(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return plan(written(tmp_path_factory.mktemp("comparisons")), base=base)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    folder = tmp_path_factory.mktemp("experiments")
    write_coco_set(folder / "data" / SET, photos=24)
    return Places(folder / "data", folder / "runs", folder / "results")


@pytest.fixture(scope="module")
def failed(planned: Plan, places: Places) -> dict[str, str]:
    """Everything has run that can."""
    return run_all(planned.runs_of(planned.comparisons), places)


def result(planned: Plan, places: Places, variant: str) -> CountedRun | None:
    run = planned.runs["losses", variant]
    return read_result(places.results, run.name, run.digest)


def results(planned: Plan, places: Places) -> dict[str, CountedRun]:
    found = {name: result(planned, places, name) for name in ("both", "parts only")}
    return {counted.result.digest: counted for counted in found.values() if counted}


@pytest.mark.parametrize("comparison", read_comparisons(), ids=lambda item: item.name)
def test_every_shipped_comparison_fits_the_base(comparison: Comparison) -> None:
    runs = plan([comparison]).runs.values()

    assert len({run.photos_seen for run in runs}) == 1
    assert len({run.config.seed for run in runs}) == 1
    assert len({run.digest for run in runs}) == len(comparison.variants)


def test_variants_without_changes_are_one_run() -> None:
    runs = plan(read_comparisons()).runs

    assert runs["losses", "dice + cross entropy"] is runs["sampling", "none"]


def test_equal_changes_in_two_comparisons_are_one_run() -> None:
    runs = plan(read_comparisons()).runs

    assert runs["start", "none"] is runs["encoders", "MobileNetV2"]


def test_names_of_runs_are_unique() -> None:
    runs = {run.digest: run.name for run in plan(read_comparisons()).runs.values()}

    assert len(set(runs.values())) == len(runs)


def test_the_number_of_photos_can_be_chosen(tmp_path: Path, base: Path) -> None:
    run = plan(written(tmp_path), photos=40, base=base).runs["losses", "both"]

    assert run.photos_seen == 40


def test_a_key_with_its_default_makes_no_other_configuration(base: Path) -> None:
    config = read_config(base)

    assert stated(read_config(base, ["augment.outside=255"])) == stated(config)
    assert stated(read_config(base, ["augment.outside=0"])) != stated(config)


def test_too_few_photos_are_refused(tmp_path: Path, base: Path) -> None:
    with pytest.raises(ConfigError, match="at least 8"):
        plan(written(tmp_path), photos=7, base=base)


def test_other_values_train_in_another_folder(tmp_path: Path, base: Path, planned: Plan) -> None:
    longer = plan(written(tmp_path), photos=40, base=base)

    assert longer.runs["losses", "both"].folder_name != planned.runs["losses", "both"].folder_name


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("question =", "asks =", "unknown"),
        ("title =", "#", "title"),
        ("changes = [", "sets = [", "unknown"),
        ('"parts only"', '"both"', "different names"),
        ("[[variants]]", "[[variants]", "cannot be read"),
    ],
)
def test_a_wrong_comparison_is_refused_by_name(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        written(tmp_path, LOSSES.replace(old, new))


def test_a_judge_that_the_base_lacks_is_refused(tmp_path: Path, base: Path) -> None:
    with pytest.raises(ConfigError, match="sides parts"):
        plan(written(tmp_path, LOSSES.replace("reduced parts", "sides parts")), base=base)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="losses"):
        chosen(read_comparisons(), ["looses"])


def test_a_head_too_coarse_for_a_judge_is_not_judged_by_it(tmp_path: Path, base: Path) -> None:
    coarse = LOSSES.replace(
        '"heads.damage.weight=0.0"',
        "'judges.\"" + DAMAGE + '".taxonomy="original"\', '
        "'heads.damage.taxonomy=\"binary\"', 'heads.damage.without=[]'",
    )

    run = plan(written(tmp_path, coarse), base=base).runs["losses", "parts only"]

    assert [judge.name for judge in run.config.judges] == [PARTS]


def test_trainings_that_share_photos_see_the_same_as_alone(
    base: Path, places: Places, tmp_path: Path
) -> None:
    config = cast("SegmentationConfig", read_config(base))
    copy = Path(shutil.copytree(places.data, tmp_path / "data"))
    sources = shared_sources()
    first = SegmentationTask(config, copy, sources=sources)
    shutil.rmtree(copy / SET / "images")

    second = SegmentationTask(config, copy, sources=sources)

    alone = SegmentationTask(config, places.data)
    for task in (first, second):
        for own, other in zip(task.batch(0), alone.batch(0), strict=True):
            assert torch.equal(own, other)


def test_a_head_of_another_taxonomy_has_its_own_labels(base: Path, places: Places) -> None:
    coarse = ['heads.parts.taxonomy="reduced"', "heads.parts.without=[]"]
    sources = shared_sources()
    fine, merged = (
        TrainingPhotos(cast("SegmentationConfig", read_config(base, changes)), places.data, sources)
        for changes in ([], coarse)
    )
    photo = fine.training[0]

    labels = [
        sources.load(photo, of.mappings[SET], [HeadSource(of.label_sets["parts"])], None).labels[0]
        for of in (fine, merged)
    ]

    assert (labels[0] != labels[1]).any()


def test_a_finished_run_keeps_figures_with_intervals(
    failed: dict[str, str], planned: Plan, places: Places
) -> None:
    counted = result(planned, places, "both")

    assert counted is not None
    assert set(counted.result.figures) == {PARTS, DAMAGE}
    figure = counted.result.figures[PARTS]
    assert figure.interval[0] <= figure.miou <= figure.interval[1]
    assert counted.result.photos_seen == 16


def test_kept_counts_give_the_figure_again(
    failed: dict[str, str], planned: Plan, places: Places
) -> None:
    counted = result(planned, places, "both")

    assert counted is not None
    figure, photos = counted.result.figures[PARTS], list(counted.counts[PARTS])
    classes = range(len(figure.iou))
    assert mean_iou(iou_by_class(total(photos, len(classes) + 1), classes)) == pytest.approx(
        figure.miou, abs=1e-4
    )


def test_full_confusions_stay_in_the_runs_folder(
    failed: dict[str, str], planned: Plan, places: Places
) -> None:
    folder = places.runs / planned.runs["losses", "both"].folder_name

    stored = read_counts(folder / f"{slug(PARTS)}.npz")

    assert (stored.set_name, stored.taxonomy, stored.layer) == (SET, "reduced", "parts")


def test_a_head_that_does_not_learn_is_not_judged(
    failed: dict[str, str], planned: Plan, places: Places
) -> None:
    counted = result(planned, places, "parts only")

    assert counted is not None
    assert set(counted.result.figures) == {PARTS}


def test_a_run_that_fails_says_why_and_does_not_stop_the_others(failed: dict[str, str]) -> None:
    assert list(failed) == ["losses-of-nothing"]
    assert "nowhere.safetensors" in failed["losses-of-nothing"]


def test_a_table_shows_differences_to_the_first_variant(
    failed: dict[str, str], planned: Plan, places: Places
) -> None:
    text = document(planned, results(planned, places), failed)

    first, second = (line for line in text.splitlines() if line.startswith(("| both", "| parts")))
    assert "<br>" not in first
    assert second.count("<br>") == 1
    assert "| – |" in second


def test_a_table_says_what_was_not_run_and_why(
    failed: dict[str, str], planned: Plan, places: Places
) -> None:
    text = document(planned, results(planned, places), failed)

    assert "*not run*: its encoder's start weights are only on the hub" in text
    assert "*not run*: The start weights" in text
    assert "`python -m inference experiment losses`" in text


def test_a_killed_run_goes_on_and_is_counted(
    failed: dict[str, str], planned: Plan, places: Places, tmp_path: Path
) -> None:
    elsewhere = replace(places, results=tmp_path)

    assert run_all([planned.runs["losses", "both"]], elsewhere) == {}

    again, before = (result(planned, place, "both") for place in (elsewhere, places))
    assert again is not None
    assert before is not None
    assert again.result.seconds is None
    assert again.result.figures == before.result.figures


def test_no_run_begins_when_the_time_is_over(planned: Plan, places: Places, tmp_path: Path) -> None:
    elsewhere = replace(places, results=tmp_path)

    run_all(planned.runs_of(planned.comparisons), elsewhere, go_on=lambda: False)

    assert not list(tmp_path.iterdir())


def test_a_result_of_another_configuration_does_not_count(
    failed: dict[str, str], places: Places
) -> None:
    assert read_result(places.results, "base", "another digest") is None


def test_a_broken_result_is_refused(
    failed: dict[str, str], planned: Plan, places: Places, tmp_path: Path
) -> None:
    shutil.copytree(places.results, tmp_path / "results")
    (tmp_path / "results" / "base.npz").write_bytes(b"nothing")

    with pytest.raises(TrainingError, match="run again"):
        result(planned, replace(places, results=tmp_path / "results"), "both")


def test_condensed_counts_give_the_same_iou() -> None:
    counts = np.random.default_rng(0).integers(0, 9, (5, 5))
    photo = PhotoCounts("photo", "case", counts)
    classes = (0, 2, 3)

    same = iou_by_class(condensed(photo, classes).counts, range(3))

    assert list(same.values()) == list(iou_by_class(counts, classes).values())


def test_tables_replace_what_stands_between_the_marks(tmp_path: Path) -> None:
    path = tmp_path / "EXPERIMENTS.md"
    path.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")

    replace_between_marks(path, "new")

    assert path.read_text() == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_a_file_without_marks_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "EXPERIMENTS.md"
    path.write_text("no marks")

    with pytest.raises(ConfigError, match="comparisons"):
        replace_between_marks(path, "new")
    assert path.read_text() == "no marks"


def test_the_command_lists_what_has_not_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["experiment", "losses", "--list", "--results", str(tmp_path)]) == 0

    listed = capsys.readouterr().out
    assert "focal (losses-focal): 1,600 photos, not run" in listed
    assert "sampling" not in listed


def test_the_command_writes_tables_without_running(tmp_path: Path) -> None:
    path = tmp_path / "EXPERIMENTS.md"
    path.write_text(f"{BEGIN}{END}")
    words = ["experiment", "--tables", "--results", str(tmp_path), "--write", str(path)]

    assert main(words) == 0

    titles = [line for line in path.read_text().splitlines() if line.startswith("### ")]
    assert len(titles) == len(list(FOLDER.glob("*.toml")))
