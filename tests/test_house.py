"""The house rules that a program can check: contracts, sizes, the map, the docs, and what an import costs."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import ROOT, Settings
from dataprep import app

FOLDERS = [ROOT / name for name in ("core", "pages", "bench", "tests")]
CODE = sorted(path for folder in FOLDERS for path in folder.rglob("*.py") if "__pycache__" not in path.parts)
CODE += [ROOT / "dashboard.py", ROOT / "dataprep.py"]


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_import_contracts():
    run(str(Path(sys.executable).parent / "lint-imports"), "--no-cache")


def test_ruff():
    run(sys.executable, "-m", "ruff", "check", ".")
    run(sys.executable, "-m", "ruff", "format", "--check", ".")


def test_types():
    run(sys.executable, "-m", "mypy")


SCREENS = [ROOT / "dashboard.py", *sorted((ROOT / "pages").glob("*.py"))]
MAY_IMPORT = {"core.studio", "core.language", "core.domain", "core.errors", "core.settings"}


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.name)
def test_a_page_calls_the_studio_and_nothing_below_it(path):
    core = {".".join(name.split(".")[:2]) for name in imported(path) if name.startswith("core")}
    assert core <= MAY_IMPORT
    assert not {name.split(".")[0] for name in imported(path)} & {"sqlalchemy", "torch", "transformers", "diffusers"}


def test_the_batch_needs_neither_streamlit_nor_sqlalchemy_by_name():
    for path in (ROOT / "dataprep.py", *(ROOT / "core" / "cli").glob("*.py")):
        assert not {name.split(".")[0] for name in imported(path)} & {"streamlit", "sqlalchemy", "alembic"}


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_long_file_and_no_long_function(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_map_of_the_core_is_complete():
    text = (ROOT / "core" / "__init__.py").read_text(encoding="utf-8")
    named = set(re.findall(r"^(\w+) {2,}", text, re.MULTILINE))
    there = {path.stem for path in (ROOT / "core").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert named == there - {"__init__"}


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, knob in Settings.model_fields.items():
        row = next((row for row in text.splitlines() if f"`CHAMADA_{name.upper()}`" in row), None)
        assert row, f"CHAMADA_{name.upper()} is missing from docs/settings.md"
        assert knob.description in row


def test_every_command_is_documented():
    text = (ROOT / "docs" / "dataprep.md").read_text(encoding="utf-8")
    groups = [("", app), *((f"{group.name} ", group.typer_instance) for group in app.registered_groups)]
    for prefix, group in groups:
        for command in group.registered_commands:
            assert f"`{prefix}{command.name or command.callback.__name__}" in text


HEAVY = (
    "torch",
    "transformers",
    "diffusers",
    "openai",
    "httpx2",
    "streamlit",
    "sqlalchemy",
    "alembic",
    "pandas",
    "numpy",
    "PIL",
    "resvg_py",
    "babel",
)


def test_importing_the_studio_is_light():
    code = f"import sys, core.studio; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
