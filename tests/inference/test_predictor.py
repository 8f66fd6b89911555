"""The predictor turns photos into results, on any backend, whatever else is in the batch."""

import io
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inference.backends import Network, Outputs, open_backend
from inference.decoding import VehicleFacts
from inference.errors import UnreadablePhotoError, WeightsError
from inference.models import ModuleCard, load_model_version
from inference.predictor import CasePhotos, Networks, Predictor
from inference.results import PhotoFailure, PhotoResult
from tests.inference.tiny_models import Tiny, write_tiny_models


@pytest.fixture(scope="session")
def predictor(tiny_folder: Path) -> Predictor:
    return Predictor.load(tiny_folder, backend="torch", device="cpu")


def only(results: list[PhotoResult | PhotoFailure]) -> PhotoResult:
    (result,) = results
    assert isinstance(result, PhotoResult)
    return result


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    noise = np.random.default_rng(width).integers(0, 255, (height, width, 3)).astype(np.uint8)
    Image.fromarray(noise).save(out, "PNG")
    return out.getvalue()


def test_a_photo_says_what_its_models_say(predictor: Predictor, jpeg: bytes) -> None:
    result = only(predictor.predict_photos([("a.jpg", jpeg)]))
    (item,) = result.damaged_parts
    assert (result.vehicle, result.damaged) == (True, True)
    assert (item.part, item.damage, item.damage_type) == ("Hood", "Deformity", "Dent")
    assert item.area_px == 120 * 80


def test_results_have_the_size_of_the_display_photo(predictor: Predictor) -> None:
    result = only(predictor.predict_photos([("a.png", png(2000, 1000))]))
    assert (result.height, result.width) == result.parts_map.shape == (800, 1600)


def test_an_unreadable_photo_fails_alone(predictor: Predictor, jpeg: bytes) -> None:
    broken, good = predictor.predict_photos([("a.jpg", b"no"), ("b.jpg", jpeg)])
    assert isinstance(broken, PhotoFailure)
    assert broken.code == "unreadable_photo"
    assert isinstance(good, PhotoResult)


def test_results_come_in_the_order_of_the_photos(predictor: Predictor) -> None:
    photos = [(f"{width}.png", png(width, 60)) for width in (90, 60, 90, 120, 60)]
    results = predictor.predict_photos(photos)
    assert [item.file for item in results] == [name for name, _ in photos]


def test_other_photos_in_the_batch_change_nothing(predictor: Predictor, jpeg: bytes) -> None:
    photos = [("a.jpg", jpeg), *((f"{n}.png", png(120, 80)) for n in range(6))]
    together = predictor.predict_photos(photos)[0]
    alone = only(predictor.predict_photos([("a.jpg", jpeg)]))
    assert isinstance(together, PhotoResult)
    assert together.to_json() == alone.to_json()


def test_photos_of_several_cases_come_back_by_case(predictor: Predictor, jpeg: bytes) -> None:
    cases = [CasePhotos([("a", jpeg)]), CasePhotos([]), CasePhotos([("b", jpeg), ("c", b"")])]
    names = [[item.file for item in results] for results in predictor.predict_cases(cases)]
    assert names == [["a"], [], ["b", "c"]]


class PretendedGpu:
    """The CPU under the name of a GPU, which notes how many photos it gets at once."""

    name, device = "torch", "cuda"

    def __init__(self) -> None:
        self.batches: list[int] = []
        self._cpu = open_backend("torch", device="cpu")

    def precision(self, card: ModuleCard) -> str:
        return self._cpu.precision(card)

    def prepare(self, cards: Sequence[ModuleCard]) -> None:
        self._cpu.prepare(cards)

    def load(self, card: ModuleCard) -> Network:
        network = self._cpu.load(card)

        def run(photos: NDArray[np.uint8]) -> Outputs:
            self.batches.append(len(photos))
            return network(photos)

        return run


def test_on_a_gpu_photos_of_several_cases_share_a_batch(tiny_folder: Path, jpeg: bytes) -> None:
    gpu = PretendedGpu()
    cases = [CasePhotos([("a", jpeg), ("b", jpeg)]), CasePhotos([("c", jpeg)])]
    Predictor(Networks(load_model_version(tiny_folder), gpu)).predict_cases(cases)
    assert gpu.batches == [3] * len(("presence", "whole", "parts", "damage"))


def test_a_case_is_assessed_as_one(predictor: Predictor, jpeg: bytes) -> None:
    case = predictor.assess_case([("a.jpg", jpeg), ("b.jpg", jpeg), ("c.jpg", b"")])
    assert [line.photos for line in case.report] == [("a.jpg", "b.jpg")]
    assert [flag.code for flag in case.flags] == ["photo_failed"]
    assert case.taxonomy == {"version": "1", "parts": "sides", "damage": "categorical"}


def test_photos_without_a_vehicle_are_kept_and_empty(tmp_path: Path, jpeg: bytes) -> None:
    folder = write_tiny_models(tmp_path / "blind", Tiny(vehicle=-4.0))
    result = only(Predictor.load(folder, backend="torch").predict_photos([("a.jpg", jpeg)]))
    assert not result.vehicle
    assert not result.damaged_parts
    assert not result.parts_map.any()


def test_facts_exclude_parts_before_the_arg_max(tmp_path: Path, jpeg: bytes) -> None:
    folder = write_tiny_models(tmp_path / "doors", Tiny(part="Rear Door Shell left"))
    predictor = Predictor.load(folder, backend="torch")
    result = only(predictor.predict_photos([("a.jpg", jpeg)], VehicleFacts(doors_per_side=1)))
    assert [part.part for part in result.parts] == ["Front Door Shell"]


def test_a_joint_model_says_both_heads(tmp_path: Path, jpeg: bytes) -> None:
    folder = write_tiny_models(tmp_path / "joint", joint=True)
    result = only(Predictor.load(folder, backend="torch").predict_photos([("a.jpg", jpeg)]))
    assert [item.part for item in result.damaged_parts] == ["Hood"]


def test_openvino_says_what_torch_says(
    predictor: Predictor, tiny_folder: Path, converted_dir: Path, jpeg: bytes
) -> None:
    fast = Predictor.load(tiny_folder, backend="openvino", cache_dir=converted_dir)
    one, other = (only(p.predict_photos([("a.jpg", jpeg)])) for p in (predictor, fast))
    assert np.array_equal(one.parts_map, other.parts_map)
    assert one.damaged_parts[0].base_confidence == pytest.approx(
        other.damaged_parts[0].base_confidence, abs=2e-3
    )


def test_with_openvino_torch_is_never_imported(
    tiny_folder: Path, converted_dir: Path, tmp_path: Path, jpeg: bytes
) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(jpeg)
    program = (
        "import sys; from pathlib import Path; from inference.predictor import Predictor;"
        f"p = Predictor.load({str(tiny_folder)!r}, cache_dir=Path({str(converted_dir)!r}));"
        f"p.assess_case([('a', Path({str(photo)!r}))]);"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_evaluation_refuses_an_unreadable_photo(predictor: Predictor) -> None:
    with pytest.raises(UnreadablePhotoError, match="broken"):
        list(predictor.segment([("broken", b"")], ("parts",)))


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    folder = write_tiny_models(tmp_path / "changed")
    with (folder / "parts.safetensors").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(WeightsError, match="SHA-256"):
        Predictor.load(folder, backend="torch")


def test_the_record_names_all_that_made_a_result(predictor: Predictor) -> None:
    record = predictor.record()
    assert record["device"] == "cpu"
    assert record["precision"] == dict.fromkeys(("presence", "whole", "parts", "damage"), "float32")
    assert record["weights_sha256"] == predictor.version.sha256


def test_old_results_can_be_synthesised_again(predictor: Predictor, jpeg: bytes) -> None:
    result = only(predictor.predict_photos([("a.jpg", jpeg)]))
    lonely = replace(result, file="b.jpg", damaged_parts=())
    case = predictor.synthesise([result, lonely])
    assert case.photos[0].damaged_parts[0].agreement == 0.5
