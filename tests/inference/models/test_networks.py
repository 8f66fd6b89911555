import pytest
import torch

from inference.errors import ConfigError
from inference.models import segmentation
from inference.models.classifier import build_classifier
from inference.models.segmentation import ARCHITECTURES, build_segmentation

ENCODER = "tu-mobilenetv2_035"
HEADS = {"parts": 5, "damage": 3}
NO_HUB = OSError("no network")
# PAN pools its coarsest features three times more.
SIDES = {"PAN": 128}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_gives_logits_of_every_head_at_input_size(architecture: str) -> None:
    network = build_segmentation(architecture, ENCODER, HEADS).eval()

    side = SIDES.get(architecture, 64)

    with torch.inference_mode():
        logits = network(torch.zeros(1, 3, side, side + 32))

    assert {name: tuple(item.shape) for name, item in logits.items()} == {
        "parts": (1, 5, side, side + 32),
        "damage": (1, 3, side, side + 32),
    }


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_learns(architecture: str) -> None:
    torch.manual_seed(0)
    network = build_segmentation(architecture, ENCODER, {"parts": 2}).train()
    side = SIDES.get(architecture, 64)
    labels = torch.zeros(2, side, side, dtype=torch.long)
    labels[:, :, side // 2 :] = 1
    photos = labels.unsqueeze(1).repeat(1, 3, 1, 1).float() + torch.rand(2, 3, side, side) * 0.1
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)

    losses = []
    for _ in range(8):
        loss = torch.nn.functional.cross_entropy(network(photos)["parts"], labels)
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    assert losses[-1] < 0.9 * losses[0]


def test_logits_can_be_had_at_half_size() -> None:
    network = build_segmentation("DeepLabV3Plus", ENCODER, HEADS).eval()

    assert network(torch.zeros(1, 3, 64, 96), 2)["parts"].shape == (1, 5, 32, 48)


def test_an_unknown_architecture_is_refused_with_those_known() -> None:
    with pytest.raises(ConfigError, match="DeepLabV3Plus"):
        build_segmentation("MaskRCNN", ENCODER, HEADS)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(ConfigError, match="decoder_colour"):
        build_segmentation("DeepLabV3Plus", ENCODER, HEADS, options={"decoder_colour": 1})


def test_a_hub_that_does_not_answer_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise NO_HUB

    monkeypatch.setattr(segmentation, "ARCHITECTURES", {"Unet": no_network})

    with pytest.raises(ConfigError, match="encoder_files"):
        build_segmentation("Unet", ENCODER, HEADS, encoder_weights="imagenet")


@pytest.mark.parametrize(("hidden", "pool"), [(0, "avg"), (16, "max")])
def test_a_classifier_gives_a_logit_per_class(hidden: int, pool: str) -> None:
    network = build_classifier("mobilenetv2_035", 2, hidden=hidden, pool=pool).eval()

    assert network(torch.zeros(3, 3, 64, 64)).shape == (3, 2)


def test_a_classifier_can_pool_its_features_by_windows() -> None:
    network = build_classifier("mobilenetv2_035", 2, hidden=8, pool="max5").eval()

    assert network(torch.zeros(1, 3, 224, 224)).shape == (1, 2)


def test_an_unknown_backbone_is_refused() -> None:
    with pytest.raises(ConfigError, match="perceptron"):
        build_classifier("perceptron", 2)


def test_a_classifier_whose_hub_does_not_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise NO_HUB

    monkeypatch.setattr("inference.models.classifier.timm.create_model", no_network)

    with pytest.raises(ConfigError, match="encoder_files"):
        build_classifier("mobilenetv2_035", 2, pretrained=True)
