"""What the machine has: cards as a driver tells of them, torch's build as its file says, and no torch imported."""

import json
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from core.machine import Card, Machine, look_around, read_build, visible
from core.settings import ROOT

DRIVER = r"""
#include <stdlib.h>
#include <string.h>
static const char *said(const char *name, const char *otherwise) { return getenv(name) ? getenv(name) : otherwise; }
int nvmlInitWithFlags(unsigned flags) { return atoi(said("STUB_INIT", "0")); }
int nvmlShutdown(void) { return 0; }
int nvmlSystemGetDriverVersion(char *text, unsigned size) { strcpy(text, "580.65.06"); return 0; }
int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = 13010; return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 2; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) { *device = (void *)(size_t)(index + 1); return 0; }
int nvmlDeviceGetName(void *device, char *text, unsigned size) {
    strcpy(text, device == (void *)1 ? "GT 1030" : "Tesla T4"); return 0; }
int nvmlDeviceGetUUID(void *device, char *text, unsigned size) {
    strcpy(text, device == (void *)1 ? "GPU-aaaa" : "GPU-bbbb"); return 0; }
int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *memory) {
    memory[0] = (device == (void *)1 ? 2ULL : 15ULL) << 30; memory[1] = memory[2] = 0;
    return atoi(said("STUB_MEMORY", "0")); }
int nvmlDeviceGetCudaComputeCapability(void *device, int *major, int *minor) {
    *major = device == (void *)1 ? 6 : 7; *minor = device == (void *)1 ? 1 : 5; return 0; }
"""
"""A driver's library with two cards, for NVIDIA's own bindings to load."""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a driver's library."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs a C compiler, on Linux")
    folder = tmp_path_factory.mktemp("driver")
    source = folder / "nvml.c"
    source.write_text(DRIVER)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", folder / "libnvidia-ml.so.1", source], check=True)
    return folder


def look(**environment: str) -> Machine:
    """What a new process finds."""
    code = "import sys; from pathlib import Path; from core.machine import look_around; "
    code += "print(look_around(Path('.')).model_dump_json()); assert 'torch' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Machine(**json.loads(done.stdout))


def test_the_cards_and_their_driver_are_found_without_torch(driver: Path):
    found = look(LD_LIBRARY_PATH=str(driver))
    assert (found.driver, found.driver_cuda, found.driver_fault) == ("580.65.06", (13, 1), "")
    assert [card.name for card in found.cards] == ["GT 1030", "Tesla T4"]
    assert found.card == Card(name="Tesla T4", memory_bytes=15 * 2**30, capability=(7, 5))


def test_a_card_that_programs_may_not_see_is_not_there(driver: Path):
    assert look(LD_LIBRARY_PATH=str(driver), CUDA_VISIBLE_DEVICES="GPU-aa").card.name == "GT 1030"
    assert look(LD_LIBRARY_PATH=str(driver), CUDA_VISIBLE_DEVICES="").card is None


@pytest.mark.parametrize(
    ("environment", "words"),
    [({"STUB_INIT": "18"}, "RM has detected an NVML/RM version mismatch"), ({"STUB_MEMORY": "999"}, "Unknown Error")],
)
def test_a_driver_that_fails_is_told_of_in_its_own_words(driver: Path, environment: dict[str, str], words: str):
    found = look(LD_LIBRARY_PATH=str(driver), **environment)
    assert (found.cards, found.driver_fault) == ((), words)


@pytest.mark.parametrize("code", ["9", "12"])
def test_a_driver_that_is_not_loaded_is_no_fault(driver: Path, code: str):
    found = look(LD_LIBRARY_PATH=str(driver), STUB_INIT=code)
    assert (found.cards, found.driver, found.driver_fault) == ((), "", "")


def test_this_machine_is_looked_at_whole(tmp_path: Path):
    found = look_around(tmp_path / "not" / "there" / "yet")
    assert found.torch == version("torch")
    assert not found.lacking
    assert found.memory_bytes > 2**30
    assert 0 < found.disk_bytes <= shutil.disk_usage(tmp_path).total


@pytest.mark.parametrize(
    ("wish", "left"),
    [
        (None, [0, 1]),
        ("", []),
        ("-1", []),
        ("1", [1]),
        ("1,0", [1, 0]),
        ("0,7,1", [0]),
        ("GPU-b", [1]),
        ("GPU-", []),
        ("NoDevFiles", []),
        ("MIG-5e2b", [0, 1]),
    ],
)
def test_cards_are_seen_as_cuda_sees_them(wish: str | None, left: list[int]):
    assert visible(["GPU-aaaa", "GPU-bbbb"], wish) == left


CUDA_BUILD = """from typing import Optional
__all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip']
__version__ = '2.13.0+cu130'
debug = False
cuda: Optional[str] = '13.0'
git_version = 'cf30153'
hip: Optional[str] = None
"""


def test_torchs_build_is_read_from_its_file():
    assert read_build(CUDA_BUILD) == ("2.13.0+cu130", (13, 0))
    assert read_build(CUDA_BUILD.replace("'13.0'", "None")) == ("2.13.0+cu130", (0, 0))
    assert read_build("") == ("", (0, 0))
