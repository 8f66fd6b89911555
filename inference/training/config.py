"""The configuration of one training: what can be chosen, with its defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from inference.data.augment import RECIPES
from inference.errors import ConfigError
from inference.predictor import Averaging, SideAgreement
from inference.taxonomy import LayerName


@dataclass(frozen=True)
class ModelConfig:
    """Architecture and start. `encoder_files` are relative to the data folder; what they give
    may come first from `encoder_start`, the weights of a trained segmentation network;
    `encoder_weights` asks the hub (`imagenet`); `start` is a file of weights of this very
    network, or the folder of a model version with a module that has all classes of its heads,
    from which the training goes on (both relative to the working directory). The mean of
    what it then has learnt and the start, which weighs one of `start_shares`, becomes the
    result: the share that is best on the validation photos (WiSE-FT; Wortsman et al. 2022)."""

    architecture: str
    encoder: str = ""
    encoder_files: tuple[str, ...] = ()
    encoder_start: str = ""
    encoder_weights: str = ""
    start: str = ""
    start_shares: tuple[float, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.start_shares and not self.start:
            raise ConfigError("model.start_shares are those of the weights in model.start.")
        if not all(0 <= share < 1 for share in self.start_shares):
            raise ConfigError(
                f"model.start_shares are {list(self.start_shares)}; each must be at least 0 and "
                "less than 1."
            )

    def encoder_paths(self, data: Path) -> list[Path]:
        """The files that start the encoder; earlier ones count first."""
        begun = [Path(self.encoder_start)] if self.encoder_start else []
        return begun + [data / name for name in self.encoder_files]


@dataclass(frozen=True)
class HeadConfig:
    """What a head predicts and how it learns; `weight` is its share of the joint loss (1-λ, λ).

    `merged_loss` adds the same loss under coarser taxonomies (name → weight; soft-max only).
    `taxonomy` is "finest" (sides separate, without the classes in `without`) or a merge. With
    `shift_background` the line between background and the rest is moved after training to where
    the validation figures are best (soft-max only).
    """

    loss: dict[str, float]
    weight: float = 1.0
    taxonomy: str = "finest"
    without: tuple[str, ...] = ()
    decoder: Literal["softmax", "multi-label"] = "softmax"
    shift_background: bool = False
    merged_loss: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.merged_loss and self.decoder == "multi-label":
            raise ConfigError(
                "merged_loss sums the probabilities of a soft-max; a multi-label head has none. "
                'Take it out, or decoder = "softmax".'
            )


@dataclass(frozen=True)
class InputConfig:
    long_side: int = 384
    multiple: int = 16
    mean: tuple[float, ...] = (0.5, 0.5, 0.5)
    std: tuple[float, ...] = (0.5, 0.5, 0.5)


@dataclass(frozen=True)
class ScheduleConfig:
    """Length, rates and precision. An epoch is `photos_per_epoch` photos drawn from the sets.

    With `encoder_lr` 0 the encoder stays frozen; `ema` averages the weights over steps (0: not
    at all). `inverse_rate` is that of the decay `inverse`.
    """

    epochs: int
    photos_per_epoch: int
    batch: int
    lr: float
    encoder_lr: float
    warm_up_epochs: float = 1.0
    weight_decay: float = 0.01
    optimizer: Literal["adamw", "adam", "rmsprop"] = "adamw"
    decay: Literal["cosine", "inverse", "constant"] = "cosine"
    inverse_rate: float = 0.0
    ema: float = 0.998
    validate_every: int = 1
    precision: Literal["float32", "bfloat16"] = "float32"
    loss_shrink: int = 2


@dataclass(frozen=True)
class AugmentConfig:
    """How photos are varied. The first `early_epochs` see the same views at `early_crop` pixels,
    which costs less and teaches nearly as much."""

    recipe: str = "zoom"
    zoom_chance: float = 0.5
    colour_chance: float = 0.8
    crop: int = 320
    early_crop: int = 224
    early_epochs: int = 0
    cached_long_side: int = 512
    outside: int = 255


@dataclass(frozen=True)
class SetConfig:
    """A set to learn from: `share` of the photos drawn, and the heads that use its labels.

    `mapping` names another table than the folder's own. `pseudo_labels` lets the network of
    `model.start` fill in what the set leaves open: head → the least probability that counts.
    """

    name: str
    share: float
    heads: tuple[LayerName, ...] = ("parts", "damage")
    mapping: str = ""
    pseudo_labels: dict[LayerName, float] = field(default_factory=dict)


@dataclass(frozen=True)
class SamplingConfig:
    """Over- or under-sampling by damage class, and more of the hard kinds of photo."""

    by_damage: Literal["none", "under", "over"] = "none"
    hard_kinds: dict[str, float] = field(default_factory=dict)
    data_share: float = 1.0


@dataclass(frozen=True)
class JudgeConfig:
    """One figure computed at every validation, on all validation photos of a set or about
    `photos` of them; the mean by `weight` picks the best checkpoint."""

    set: str
    head: LayerName
    taxonomy: str
    weight: float = 1.0
    photos: int = 0

    @property
    def name(self) -> str:
        """How its figure is called."""
        return f"{self.set} {self.taxonomy} {self.head}"


@dataclass(frozen=True)
class SegmentationConfig:
    """`test_time` and `side_agreement` are how assessments use the network (`model.json`), and
    how the figures of its card are measured; training and its judges do without."""

    name: str
    seed: int
    model: ModelConfig
    heads: dict[LayerName, HeadConfig]
    schedule: ScheduleConfig
    sets: tuple[SetConfig, ...]
    judges: tuple[JudgeConfig, ...]
    task: Literal["segmentation"] = "segmentation"
    input: InputConfig = field(default_factory=InputConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    sampling: SamplingConfig = field(default_factory=SamplingConfig)
    validation_fraction: float = 0.15
    test_time: dict[LayerName, Averaging] = field(default_factory=dict)
    side_agreement: SideAgreement = field(default_factory=SideAgreement)

    def __post_init__(self) -> None:
        if self.augment.recipe not in RECIPES:
            raise ConfigError(
                f"{self.augment.recipe!r} is no augmentation; there are: {', '.join(RECIPES)}."
            )
        if not 0 < self.validation_fraction < 1:
            raise ConfigError("validation_fraction must lie between 0 and 1.")
        if not self.sets or not self.judges or not self.heads:
            raise ConfigError(f"{self.name}: [heads], [[sets]] and [[judges]] must not be empty.")
        if unknown := sorted(set(self.test_time) - set(self.heads)):
            raise ConfigError(f"{self.name}: test_time of {unknown}, which are no heads.")
        for item in self.sets:
            if item.pseudo_labels and not self.model.start:
                raise ConfigError(
                    f"{self.name}: the set {item.name!r} wants pseudo_labels, which come from the "
                    "network of model.start; name its file there."
                )
            if unknown := sorted(set(item.pseudo_labels) - set(self.heads)):
                raise ConfigError(f"{self.name}: pseudo_labels of {unknown}, which are no heads.")


@dataclass(frozen=True)
class FolderClass:
    """A class and the folders (relative to the data folder) whose photos show it."""

    label: str
    folders: tuple[str, ...]


@dataclass(frozen=True)
class ClassifierConfig:
    """Views of a photo show at least `smallest_crop` of it: what tells must stay in sight.

    `augment` is a recipe of `classifier_augment`, `pool` how features are pooled, `score` what
    picks the best checkpoint.
    """

    name: str
    seed: int
    model: ModelConfig
    classes: tuple[FolderClass, ...]
    schedule: ScheduleConfig
    task: Literal["classifier"] = "classifier"
    size: int = 224
    mean: tuple[float, ...] = (0.5, 0.5, 0.5)
    std: tuple[float, ...] = (0.5, 0.5, 0.5)
    hidden: int = 0
    dropout: float = 0.2
    pool: Literal["avg", "max", "max5"] = "avg"
    augment: Literal["equalised", "guide"] = "equalised"
    score: Literal["mean recall", "accuracy"] = "mean recall"
    label_smoothing: float = 0.0
    smallest_crop: float = 0.35
    validation_fraction: float = 0.2

    def __post_init__(self) -> None:
        if len(self.classes) < 2:
            raise ConfigError(f"{self.name}: a classifier needs at least two [[classes]].")


TrainingConfig = SegmentationConfig | ClassifierConfig
