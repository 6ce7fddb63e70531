"""Models downloaded from a real server: the right files, whole, resumed, refused in plain words."""

import json
import os
from pathlib import Path

import pytest

from core.errors import Canceled, EngineError
from core.models import find_on_disk, repository_folder
from core.models.manifest import find_manifest, pulled_models, verify
from core.models.pulling import plan_pull, pull
from tests.models.hub import COMMIT, Handler, Hub, Repository, Request

LARGE = 21_000_000
"""Bytes of weights for tests that break off; 14 whole pieces of them arrive before the cut."""


def get(model: str) -> Path:
    return pull(plan_pull(model))


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_model_is_laid_where_every_program_of_the_hub_finds_it(hub: Hub, models: Path) -> None:
    assert find_on_disk("org/chat") is None
    folder = get("org/chat")
    assert find_on_disk("org/chat") == folder
    assert names(folder) == names(models / "llama")
    assert all((folder / name).read_bytes() == (models / "llama" / name).read_bytes() for name in names(folder))
    from huggingface_hub import scan_cache_dir, snapshot_download

    cache = repository_folder("org/chat").parent
    assert snapshot_download("org/chat", cache_dir=cache, local_files_only=True) == str(folder)
    scanned = scan_cache_dir(cache)
    assert not scanned.warnings
    assert [revision.commit_hash for repo in scanned.repos for revision in repo.revisions] == [COMMIT]


def test_a_pipeline_comes_in_half_precision_with_its_own_parts_alone(hub: Hub, models: Path) -> None:
    folder = get("org/sdxl")
    expected = {name.replace(".safetensors", ".fp16.safetensors") for name in names(models / "sdxl")}
    assert names(folder) == expected
    assert find_on_disk("org/sdxl") == folder


@pytest.mark.parametrize("unwanted", [".bin", ".py", ".md", "consolidated.safetensors", "vae_1_0", "sd_xl_base_1.0"])
def test_pickles_code_and_second_copies_are_never_asked_for(unwanted: str, hub: Hub) -> None:
    get("org/chat")
    get("org/sdxl")
    assert not [request for request in hub.requests if unwanted in request.path]


def test_a_lora_is_one_file_and_its_neighbours_stay_away(hub: Hub) -> None:
    get("org/loras/eight.safetensors")
    found = find_on_disk("org/loras/eight.safetensors")
    assert found is not None
    assert found.read_bytes() == hub.repositories["org/loras"].files["eight.safetensors"]
    assert find_on_disk("org/loras/twelve.safetensors") is None
    get("org/loras/twelve.safetensors")
    assert [name for name, _ in pulled_models()] == ["org/loras/eight.safetensors", "org/loras/twelve.safetensors"]
    assert not verify(find_manifest("org/loras/eight.safetensors"), lambda count: None)


def test_what_is_here_is_checked_and_not_fetched_again(hub: Hub) -> None:
    folder = get("org/chat")
    fetched = len(hub.asked("model.safetensors"))
    plan = plan_pull("org/chat")
    assert not plan.missing
    assert plan.missing_bytes == 0
    counted: list[int] = []
    pull(plan, counted.append)
    assert len(hub.asked("model.safetensors")) == fetched
    assert sum(counted) == plan.size
    weights = folder / "model.safetensors"
    content = weights.read_bytes()
    weights.resolve().write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    get("org/chat")
    assert weights.read_bytes() == content


def test_the_progress_adds_up_to_the_announced_bytes(hub: Hub) -> None:
    plan = plan_pull("org/sdxl")
    counted: list[int] = []
    pull(plan, counted.append)
    assert sum(counted) == plan.size


@pytest.fixture
def large(hub: Hub) -> bytes:
    """The weights of ``org/chat``, many pieces long."""
    content = os.urandom(LARGE)
    hub.repositories["org/chat"].files["model.safetensors"] = content
    return content


def cut_once(handler: Handler, request: Request) -> bool:
    if request.path.startswith("/large") and request.range == "bytes=0-":
        content = handler.server.repositories["org/chat"].files["model.safetensors"]
        handler.send_content(content, request, upto=15_000_000)
        return True
    return False


def test_a_connection_that_breaks_is_taken_up_where_it_broke(hub: Hub, large: bytes) -> None:
    hub.trouble = cut_once
    folder = get("org/chat")
    assert (folder / "model.safetensors").read_bytes() == large
    starts = [request.range for request in hub.asked("/large/org/chat/model.safetensors")]
    assert starts[0] == "bytes=0-"
    assert starts[-1] == "bytes=14680064-"


def test_a_download_that_failed_goes_on_in_the_next_run(hub: Hub, large: bytes) -> None:
    def cut_then_fail(handler: Handler, request: Request) -> bool:
        if request.path.startswith("/large") and request.range != "bytes=0-":
            handler.refuse(503, "", "down")
            return True
        return cut_once(handler, request)

    hub.trouble = cut_then_fail
    with pytest.raises(EngineError, match="answered 503"):
        get("org/chat")
    assert find_on_disk("org/chat") is None
    plan = plan_pull("org/chat")
    assert plan.missing_bytes == LARGE - 14_680_064
    hub.trouble = None
    hub.requests.clear()
    counted: list[int] = []
    folder = pull(plan, counted.append)
    assert (folder / "model.safetensors").read_bytes() == large
    assert [request.range for request in hub.asked("model.safetensors") if request.host == "localhost"] == [
        "bytes=14680064-"
    ]
    assert sum(counted) == plan.size
    assert not list(repository_folder("org/chat").glob("blobs/*.part"))


def test_a_server_that_sends_all_again_is_put_up_with(hub: Hub, large: bytes) -> None:
    def forget_ranges(handler: Handler, request: Request) -> bool:
        if not cut_once(handler, request) and request.path.startswith("/large"):
            handler.send_content(large, request._replace(range=""))
        return request.path.startswith("/large")

    hub.trouble = forget_ranges
    plan = plan_pull("org/chat")
    counted: list[int] = []
    folder = pull(plan, counted.append)
    assert (folder / "model.safetensors").read_bytes() == large
    assert sum(counted) == plan.size


def test_a_stop_in_the_middle_keeps_what_came(hub: Hub, large: bytes) -> None:
    plan = plan_pull("org/chat")
    came = 0

    def stop(count: int) -> None:
        nonlocal came
        came += count
        if came > 10_000_000:
            raise Canceled("Stopped.")

    with pytest.raises(Canceled):
        pull(plan, stop)
    assert plan.missing_bytes < plan.size - 10_000_000
    assert (get("org/chat") / "model.safetensors").read_bytes() == large


def test_content_with_another_sha256_is_never_kept(hub: Hub) -> None:
    content = hub.repositories["org/chat"].files["model.safetensors"]
    wrong = bytes([content[0] ^ 1]) + content[1:]

    def lie(handler: Handler, request: Request) -> bool:
        if request.path.startswith("/large"):
            handler.send_content(wrong, request)
        return request.path.startswith("/large")

    hub.trouble = lie
    with pytest.raises(EngineError, match=r"model\.safetensors of org/chat did not arrive"):
        get("org/chat")
    assert find_on_disk("org/chat") is None
    assert not list(repository_folder("org/chat").glob("blobs/*.part"))
    hub.trouble = None
    assert (get("org/chat") / "model.safetensors").read_bytes() == content


def test_a_small_file_that_was_changed_on_the_way_is_found_too(hub: Hub) -> None:
    def lie(handler: Handler, request: Request) -> bool:
        if request.path.endswith("generation_config.json"):
            content = handler.server.repositories["org/chat"].files["generation_config.json"]
            handler.send_content(content.replace(b"0.6", b"9.9"), request)
        return request.path.endswith("generation_config.json")

    assert b"0.6" in hub.repositories["org/chat"].files["generation_config.json"]
    hub.trouble = lie
    with pytest.raises(EngineError, match=r"generation_config\.json of org/chat did not arrive"):
        get("org/chat")


def test_a_gated_model_says_where_to_accept_and_what_else_there_is(hub: Hub, shelf: Path) -> None:
    repository = Repository(shelf / "chat", gated=True, commit="8afb486c1db24fe5011ec46dfbe5b5dccdb575c2")
    hub.repositories["meta-llama/Meta-Llama-3-8B-Instruct"] = repository
    with pytest.raises(EngineError) as caught:
        plan_pull("llama-3-8b")
    for said in (
        "https://huggingface.co/meta-llama/Meta-Llama-3-8B-Instruct",
        "HF_TOKEN",
        "there is no token",
        "models pull qwen-2.5-7b",
    ):
        assert said in str(caught.value)
    assert not hub.asked(".safetensors")


def test_a_gated_model_with_a_token_that_was_not_granted_says_to_wait(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repositories["org/chat"].gated = True
    monkeypatch.setenv("HF_TOKEN", "not-yet")
    with pytest.raises(EngineError, match="Your account may not read org/chat yet"):
        plan_pull("org/chat")


def test_a_granted_token_opens_it_and_is_never_told_to_the_store_of_large_files(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repositories["org/chat"].gated = True
    monkeypatch.setenv("HF_TOKEN", "granted")
    get("org/chat")
    assert {request.token for request in hub.requests if request.host == "127.0.0.1"} == {"granted"}
    assert {request.token for request in hub.requests if request.host == "localhost"} == {""}


def test_a_server_that_sends_ever_less_than_it_announced_is_given_up(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.models.hub.RETRY_S", 0)
    hub.repositories["org/chat"].sizes["model.safetensors"] = 10**7
    with pytest.raises(EngineError, match="org/chat"):
        get("org/chat")
    assert 2 <= len(hub.asked("/large/org/chat/model.safetensors")) <= 10


@pytest.mark.parametrize("token", ["", "granted"])
def test_a_model_that_is_not_there_is_said(token: str, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(EngineError, match="The hub has no model org/never"):
        plan_pull("org/never")


def test_a_token_that_is_no_longer_valid_is_said(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "wrong")
    with pytest.raises(EngineError, match="does not accept your token"):
        plan_pull("org/chat")


def test_a_revision_that_is_gone_is_said(hub: Hub, shelf: Path) -> None:
    hub.repositories["stabilityai/stable-diffusion-xl-base-1.0"] = Repository(shelf / "sdxl")
    with pytest.raises(EngineError, match="no such revision"):
        plan_pull("sdxl-base")


def test_a_known_model_comes_at_its_pinned_commit(hub: Hub, shelf: Path) -> None:
    commit = "462165984030d82259a11f4367a4eed129e94a7b"
    hub.repositories["stabilityai/stable-diffusion-xl-base-1.0"] = Repository(shelf / "sdxl", commit=commit)
    folder = get("sdxl-base")
    assert folder.name == commit
    assert find_on_disk("stabilityai/stable-diffusion-xl-base-1.0") == folder
    assert hub.requests[0].path.endswith(f"/revision/{commit}")


def test_the_first_download_pins_a_model_without_a_known_commit(hub: Hub) -> None:
    get("org/chat")
    hub.repositories["org/chat"].commit = "d" * 40
    with pytest.raises(EngineError, match="no such revision"):  # this hub forgets old commits; the real one does not
        plan_pull("org/chat")
    assert hub.requests[-1].path.endswith(f"/revision/{COMMIT}")
    assert find_manifest("org/chat").commit == COMMIT


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("org/pickled", "pickle files only"),
        ("org/nothing", "no weights that Chamada can load"),
        ("org/loras", "named with its file"),
        ("org/loras/seven.safetensors", "no weights"),
        ("llama", "no model of the hub"),
        ("/models/llama", "no model of the hub"),
        ("or g/na me", "no model of the hub"),
    ],
)
def test_what_cannot_be_a_model_is_refused_before_any_weights(model: str, said: str, hub: Hub) -> None:
    with pytest.raises(EngineError, match=said):
        plan_pull(model)
    assert not [request for request in hub.requests if request.path.startswith("/large")]


def test_names_that_lead_out_of_the_folder_are_not_written(hub: Hub, tmp_path: Path) -> None:
    files = hub.repositories["org/sdxl"].files
    parts = json.loads(files["model_index.json"]) | {"../../../../out": ["diffusers", "UNet2DConditionModel"]}
    files["model_index.json"] = json.dumps(parts).encode()
    files["../../../../out/escaped.json"] = b"{}"
    get("org/sdxl")
    assert not list(tmp_path.rglob("escaped.json"))


def test_no_network_is_said_with_the_remedy(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(EngineError, match=r"The hub \(127.0.0.1:9\) cannot be reached.*Check the network"):
        plan_pull("org/chat")


def test_forbidden_downloads_are_said(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(EngineError, match="HF_HUB_OFFLINE forbids"):
        plan_pull("org/chat")
    assert not hub.requests


def test_a_disk_that_fills_up_is_said_and_what_came_is_kept(hub: Hub) -> None:
    plan = plan_pull("org/chat")
    weights = next(file for file in plan.files if file.name == "model.safetensors")
    part = repository_folder("org/chat") / "blobs" / f"{weights.digest}.part"
    part.symlink_to("/dev/full")  # every write to it fails as on a full disk
    with pytest.raises(EngineError, match="The disk is full"):
        pull(plan)
    part.unlink()
    assert get("org/chat") == find_on_disk("org/chat")


def test_a_folder_that_cannot_be_written_is_said(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "file"))
    with pytest.raises(EngineError, match=r"cannot be written: Not a directory. Set HF_HOME"):
        get("org/chat")


def test_two_downloads_of_one_model_do_not_mix(hub: Hub) -> None:
    from filelock import FileLock

    plan = plan_pull("org/chat")
    with (
        FileLock(repository_folder("org/chat") / "chamada.lock"),
        pytest.raises(EngineError, match="Another download of org/chat"),
    ):
        pull(plan)


def test_a_disk_without_links_gets_the_files_themselves(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    folder = get("org/chat")
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    assert find_on_disk("org/chat") == folder
    assert not plan_pull("org/chat").missing


def test_missing_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.models.hub.find_spec", lambda name: None)
    with pytest.raises(EngineError, match=r"pip install -r requirements\.txt"):
        plan_pull("sdxl-base")
