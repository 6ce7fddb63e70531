"""The knobs: what cannot work is refused by name, and a secret is neither shown nor lost on the way to a worker."""

import os

import pytest

from core.errors import SettingsError
from core.jobs.process import as_environment
from core.settings import Settings, settings

KEY = "sk-very-secret"
REMOTE = {
    "CHAMADA_PROFILE": "remote",
    "CHAMADA_OPENAI_BASE_URL": "http://127.0.0.1:8000/v1",
    "CHAMADA_OPENAI_MODEL": "llama",
    "CHAMADA_OPENAI_API_KEY": KEY,
}


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings.__wrapped__()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CHAMADA_OPENAI_BASE_URL", "localhost:8000", "write it like http://127.0.0.1:8000/v1"),
        ("CHAMADA_OPENAI_BASE_URL", "ftp://localhost/v1", "write it like"),
        ("CHAMADA_OPENAI_BASE_URL", "http://host:99999/v1", "port"),
        ("CHAMADA_OPENAI_BASE_URL", "http://[/v1", "invalid"),
        ("CHAMADA_OPENAI_DEADLINE_S", "0", "greater than or equal to 0.1"),
        ("CHAMADA_PROFILE", "remote", "set CHAMADA_OPENAI_BASE_URL and CHAMADA_OPENAI_MODEL too"),
        ("CHAMADA_PROFILE", "nuvem", "'auto'"),
    ],
)
def test_a_value_that_cannot_work_is_refused_with_its_name(monkeypatch, name: str, value: str, words: str):
    with pytest.raises(SettingsError, match=words) as caught:
        read(monkeypatch, **{name: value})
    assert str(caught.value).startswith(f"{name} cannot be {value!r}")


def test_a_password_in_an_address_is_not_shown(monkeypatch):
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, CHAMADA_OPENAI_BASE_URL="ftp://ana:segredo@localhost/v1")
    assert "segredo" not in str(caught.value)


def test_a_worker_gets_the_same_settings_secrets_and_all(monkeypatch):
    knobs = read(monkeypatch, **REMOTE)
    given = as_environment(knobs)
    for name in REMOTE:
        monkeypatch.delenv(name)
    again = read(monkeypatch, **given)
    assert again == knobs.model_copy(update={"data_dir": knobs.data_dir.resolve()})
    assert again.openai_api_key.get_secret_value() == KEY


def test_nothing_stays_nothing_on_the_way_to_a_worker(monkeypatch):
    class WithNothing(Settings):
        """A setting that may be nothing."""

        limit: int | None = None

    for name, value in as_environment(WithNothing()).items():
        monkeypatch.setenv(name, value)
    assert os.environ["CHAMADA_LIMIT"] == "None"
    assert WithNothing().limit is None


def test_the_key_is_never_shown(monkeypatch):
    knobs = read(monkeypatch, **REMOTE)
    assert KEY not in repr(knobs)
    assert KEY not in str(knobs.model_dump())
    assert KEY not in knobs.model_dump_json()
