"""Every knob, read once from the environment (prefix ``CHAMADA_``) or a ``.env`` file. docs/settings.md lists them."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import SettingsError

_PASSWORD = re.compile(r"//[^/@]*@")

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = ROOT / "data"
"""The data that comes with Chamada: shows, motifs, palettes, catalogues. Read only."""

DEMO_NAME, DEMO_FOLDER = "Maré Alta", BUNDLED / "shows" / "mare-alta"
"""The show that comes with Chamada."""


class Settings(BaseSettings):
    """See each field's description; ``settings()`` gives the one instance."""

    model_config = SettingsConfigDict(
        env_prefix="CHAMADA_", env_file=".env", env_parse_none_str="None", extra="ignore", frozen=True
    )

    data_dir: Path = Field(default=BUNDLED, description="Folder of the library: database, media, backups.")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in the data folder.")
    openai_base_url: str = Field(default="", description="Address of an OpenAI-compatible server, for the texts.")
    openai_model: str = Field(default="", max_length=300, description="Model of that server.")
    openai_api_key: SecretStr = Field(default=SecretStr(""), description="Key of that server; never shown or logged.")
    openai_deadline_s: float = Field(default=120, ge=0.1, le=3600, description="Longest wait for one answer of it.")
    profile: Literal["auto", "draft", "t4", "gpu", "remote"] = Field(
        default="auto", description="Which engines: auto takes the best that this machine allows."
    )
    device: Literal["auto", "cpu"] = Field(
        default="auto", description="Where models run: auto is the graphics card; cpu the processor, slowly."
    )
    gpu_memory_gb: float = Field(
        default=0, ge=0, le=1024, description="Most of the card's memory that models may take, in GB; 0: all of it."
    )
    text_model: str = Field(
        default="meta-llama/Meta-Llama-3-8B-Instruct", min_length=1, max_length=300, description="Model of the texts."
    )
    image_model: str = Field(
        default="stabilityai/stable-diffusion-xl-base-1.0",
        min_length=1,
        max_length=300,
        description="Model of the pictures: an SDXL base.",
    )
    refiner_model: str = Field(
        default="stabilityai/stable-diffusion-xl-refiner-1.0",
        max_length=300,
        description="Refiner that takes a picture's last steps; empty for none.",
    )
    vae_model: str = Field(
        default="madebyollin/sdxl-vae-fp16-fix",
        max_length=300,
        description="VAE that decodes pictures in half precision; empty: the picture model's own.",
    )
    preview_model: str = Field(
        default="madebyollin/taesdxl",
        max_length=300,
        description="Tiny VAE that shows a picture while it is painted; empty for none.",
    )
    preset: Literal["rascunho", "equilibrado", "qualidade"] = Field(
        default="equilibrado", description="How fast and how well a model paints."
    )
    guidance_end: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="Share of the steps that are guided by the negative prompt too; 0.6 is a quarter faster and "
        "follows the prompt less.",
    )
    cache_interval: int = Field(
        default=1,
        ge=1,
        le=10,
        description="DeepCache: the deep part of the model works once in so many steps; 3 is twice as fast and loses "
        "detail.",
    )
    language: Literal["pt-BR", "en"] = Field(default="pt-BR", description="Language of screens and messages.")
    summary_words: int = Field(default=120, ge=20, le=600, description="Longest summary, in words.")
    image_width: int = Field(default=1024, ge=64, le=4096, description="Width of illustrations, in pixels.")
    image_height: int = Field(default=1024, ge=64, le=4096, description="Height of illustrations, in pixels.")
    seed: int = Field(default=0, ge=0, lt=2**62, description="Base seed; the same seed gives the same library.")
    queue_size: int = Field(default=100, ge=1, le=10_000, description="Most jobs that may wait.")
    lock_timeout_s: float = Field(default=30, gt=0, le=600, description="How long a write waits for its turn.")
    workers: int = Field(default=2, ge=0, le=16, description="Worker processes that pages keep running; 0 for none.")
    worker_idle_s: float = Field(default=600, ge=0, le=86_400, description="How long a worker waits for work.")

    @field_validator("openai_base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and not (parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0):
            raise ValueError("write it like http://127.0.0.1:8000/v1")
        return value

    @field_validator("profile")
    @classmethod
    def _knows_its_server(cls, value: str, info: ValidationInfo) -> str:
        if value == "remote" and not (info.data.get("openai_base_url") and info.data.get("openai_model")):
            raise ValueError("set CHAMADA_OPENAI_BASE_URL and CHAMADA_OPENAI_MODEL too")
        return value

    @property
    def url(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'chamada.sqlite3').resolve()}"

    @property
    def media_dir(self) -> Path:
        """Where pictures live."""
        return self.data_dir / "media"

    @property
    def scratch_dir(self) -> Path:
        """Where an unfinished run keeps what it need not do again."""
        return self.data_dir / "scratch"

    @property
    def backup_dir(self) -> Path:
        """Where backups go."""
        return self.data_dir / "backups"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read the environment once.

    Raises:
        SettingsError: a value cannot work; the message names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        why = first["msg"].removeprefix("Value error, ")
        name = "CHAMADA_" + str(first["loc"][0]).upper()
        raise SettingsError(
            "{name} cannot be {value!r}: {why}. Correct the variable or unset it.",
            name=name,
            value=_PASSWORD.sub("//…@", str(first.get("input"))),
            why=why[:1].lower() + why[1:],
        ) from None
