"""What can be said of the Dockerfile and the compose file without a Docker engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "reviewapp" / "container" / "Dockerfile").read_text()
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
LASTING = sorted(set(SERVICES) - {"migrate"})
SECRET = re.compile(r"(SECRET|PASSWORD|ACCESS_KEY)")


def stages() -> dict[str, str]:
    """Text of each stage of the Dockerfile by its name."""
    parts = re.split(r"^FROM \S+ AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def settings_named() -> set[str]:
    """Every variable that a settings file reads."""
    files = (ROOT / "reviewapp" / "settings").glob("*.py")
    return {
        name for path in files for name in re.findall(r'"(REVIEW_[A-Z0-9_]+)"', path.read_text())
    }


def variables_named() -> set[str]:
    texts = [DOCKERFILE, (ROOT / "docker-compose.yml").read_text()]
    texts.append((ROOT / ".env.example").read_text())
    return {name for text in texts for name in re.findall(r"REVIEW_[A-Z0-9_]+", text)}


@pytest.mark.parametrize(
    "name", ["web", "worker", "worker-gpu", "beat", "postgres", "redis", "store"]
)
def test_every_piece_is_there(name: str) -> None:
    assert name in SERVICES


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_service_has_a_health_check(name: str) -> None:
    service = SERVICES[name]
    stage = stages().get(service.get("build", {}).get("target", ""), "")
    assert "test" in service.get("healthcheck", {}) or "HEALTHCHECK" in stage


@pytest.mark.parametrize("target", ["web", "worker"])
def test_no_target_runs_as_root(target: str) -> None:
    assert re.findall(r"^USER (\S+)$", stages()[target], flags=re.MULTILINE) == ["review"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_no_rights_beyond_their_own(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_has_a_default(name: str) -> None:
    environment = SERVICES[name].get("environment", {})
    secrets = {key: value for key, value in environment.items() if SECRET.search(key)}
    assert [
        key for key, value in secrets.items() if not re.fullmatch(r"\$\{\w+:\?.+\}", value)
    ] == []


def test_the_images_hold_no_secret() -> None:
    kept = re.findall(r"^(?:ENV|ARG) .*$", DOCKERFILE, flags=re.MULTILINE)
    assert not [line for line in kept if SECRET.search(line)]


def test_the_example_names_every_value_that_must_be_set_and_sets_none() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    must = set(re.findall(r"\$\{(\w+):\?", text))
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert example == dict.fromkeys(must, "")


def test_every_variable_is_read_by_a_setting() -> None:
    assert variables_named() - settings_named() == set()


def test_only_the_worker_target_has_torch() -> None:
    assert "torch" not in stages()["web"].lower()
    assert 'pip install ".[web]"' in stages()["web"]
    assert '".[openvino,torch]"' in stages()["worker"]


def test_torch_comes_from_the_index_that_was_asked_for() -> None:
    assert "ARG TORCH_INDEX=" in stages()["worker"]
    assert SERVICES["worker-gpu"]["build"]["args"] == {"TORCH_INDEX": ""}


def test_the_gpu_worker_starts_only_when_asked_for_and_reserves_a_gpu() -> None:
    service = SERVICES["worker-gpu"]
    (device,) = service["deploy"]["resources"]["reservations"]["devices"]
    assert service["profiles"] == ["gpu"]
    assert (device["driver"], device["capabilities"]) == ("nvidia", ["gpu"])
    assert service["environment"]["REVIEW_INFERENCE_BACKEND"] == "torch"
    assert service["environment"]["REVIEW_INFERENCE_DEVICE"] == "cuda"


def test_together_the_workers_serve_every_queue() -> None:
    text = DOCKERFILE + yaml.safe_dump(SERVICES["worker"], width=1000)
    queues = re.findall(r"--queues (\S+)", text)
    assert sorted(",".join(queues).split(",")) == ["assessment", "default", "export"]


def test_only_the_site_can_be_reached_and_only_from_this_machine_unless_told() -> None:
    open_to = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert open_to == {"web": ["${WEB_ADDRESS:-127.0.0.1:8000}:8000"]}


@pytest.mark.parametrize("name", sorted(set(OURS) - {"migrate"}))
def test_nothing_starts_before_the_tables_are_up_to_date(name: str) -> None:
    after = SERVICES[name]["depends_on"]
    assert after["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", ["postgres", "store"])
def test_what_must_outlive_a_restart_is_in_a_volume(name: str) -> None:
    volume = SERVICES[name]["volumes"][0].split(":")[0]
    assert volume in COMPOSE["volumes"]


def test_photos_and_secrets_stay_out_of_the_image() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    copied = set(re.findall(r"^COPY (.*) \S+$", DOCKERFILE, flags=re.MULTILINE))
    assert "*" in lines
    assert let_in == {name for names in copied for name in names.split()}
