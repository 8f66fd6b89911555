"""What import-linter cannot say: private names stay in their file, rooms have a public face."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "accounts",
    "api",
    "assessment",
    "audit",
    "datasets",
    "foundation",
    "intake",
    "modelversions",
    "review",
)
PUBLIC_FILES = {"models", "selectors", "services", "states"}
# Rooms that are plumbing: everything in them is for others to use.
PLUMBING = {"foundation", "api", "accounts", "audit"}
FILES = sorted(
    path
    for top in ("inference", "reviewapp")
    for path in (ROOT / top).rglob("*.py")
    if "migrations" not in path.parts
)


def imports_of(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) of every `from module import name`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_private_name_crosses_a_file(path: Path) -> None:
    ours = ((m, n) for m, n in imports_of(path) if m.split(".")[0] in {"inference", "reviewapp"})
    private = [
        f"{module}.{name}" for module, name in ours if name.startswith("_") or "._" in module
    ]
    assert private == []


def foreign_imports(room: str) -> Iterator[str]:
    for path in sorted((ROOT / "reviewapp" / room).rglob("*.py")):
        for module, _ in imports_of(path):
            parts = module.split(".")
            if parts[0] != "reviewapp" or len(parts) < 3:
                continue
            if parts[1] not in PLUMBING | {room} and parts[2] not in PUBLIC_FILES:
                yield f"{path.relative_to(ROOT)} imports {module}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_only_the_public_files_of_another(room: str) -> None:
    assert list(foreign_imports(room)) == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_its_name_as_an_app(room: str) -> None:
    assert (ROOT / "reviewapp" / room / "apps.py").exists()


def test_nothing_else_stands_at_the_top() -> None:
    allowed = {
        *("manage.py", "pyproject.toml", "README.md", "reviewapp", "inference", "templates"),
        *("static", "tests", "docker-compose.yml", "Makefile", "LICENSE"),
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - allowed - {"var", "build", "vehicle_damage_review.egg-info"} == set()
