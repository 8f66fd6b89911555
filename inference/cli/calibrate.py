"""Choose the flag threshold and the calibration of a model version, and write them into its card.

DATA is a folder laid out like ../shared/data. Every damaged part that the models name on the
validation photos of --set is judged by their labels; the curve with the lowest log loss on
folds by case is taken, and the threshold is chosen from the target.
"""

import argparse
import json
import logging
from pathlib import Path
from typing import Any

from inference.calibration import (
    FlagRule,
    Judged,
    best_curve,
    calibration_error,
    flag_rule,
    judge_photos,
)
from inference.cli.models import add_model_arguments, predictor_of
from inference.data.coco import read_coco
from inference.data.splits import group_photos
from inference.evaluation.held_back import held_back
from inference.models.card import CARD_FILE
from inference.probability import ProbabilityCurve
from inference.taxonomy.mapping import load_mapping

log = logging.getLogger(__name__)
DEFAULT_PRECISION = 0.8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--set", default="every-part-and-damage", help="the set with the labels")
    target = parser.add_mutually_exclusive_group()
    target.add_argument("--precision", type=float, help="right among what is not flagged")
    target.add_argument("--budget", type=float, help="share of damaged parts that may be flagged")
    parser.add_argument("--dry-run", action="store_true", help="print, write nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    predictor = predictor_of(args)
    mapping = load_mapping(args.set)
    photos = held_back(predictor.version, read_coco(args.data / args.set, mapping), args.set)
    log.info("%d validation photos of %s", len(photos), args.set)
    judged = judge_photos(predictor, photos, mapping, group_photos(photos, args.data))
    curve = best_curve(judged)
    precision = None if args.budget else args.precision or DEFAULT_PRECISION
    rule = flag_rule(judged, curve, precision=precision, budget=args.budget)
    chosen = _chosen(judged, curve, rule, precision, args)
    if not args.dry_run:
        _write(predictor.version.folder / CARD_FILE, chosen)
    print(json.dumps(chosen) if args.json else json.dumps(chosen, indent=2))
    return 0


def _chosen(
    judged: list[Judged],
    curve: ProbabilityCurve,
    rule: FlagRule,
    precision: float | None,
    args: argparse.Namespace,
) -> dict[str, Any]:
    low, high = rule.precision_interval
    target = {"budget": args.budget} if precision is None else {"precision": precision}
    return {
        "flag_threshold": round(rule.threshold, 4),
        "calibration": curve.to_json(),
        "flag_rule": {
            "target": target,
            "precision": round(rule.precision, 4),
            "precision_interval": [round(low, 4), round(high, 4)],
            "flagged": round(rule.flagged, 4),
            "damaged_parts": len(judged),
            "accepted": sum(item.accepted for item in judged),
            "set": args.set,
            "calibration_error": round(calibration_error(judged, curve), 4),
            "calibration_error_before": round(calibration_error(judged, ProbabilityCurve()), 4),
        },
    }


def _write(path: Path, chosen: dict[str, Any]) -> None:
    card = json.loads(path.read_text(encoding="utf-8"))
    card["assessment"].update(chosen)
    beside = path.with_suffix(".json.new")
    beside.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)
