"""What is asked of the hub: a repository's files with their digests, and one file, taken up where it broke off."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from core.errors import EngineError
from core.models import Reference, look_up
from core.models.manifest import OnBytes, sha256_of

TIMEOUT_S = 20
"""Longest wait for the hub's next word."""

RETRIES, RETRY_S = 5, 1
"""Tries in a row that bring nothing, and the pause between them."""

PIECE = 1_048_576
"""Bytes written at a time: what a broken connection costs at most."""


class RemoteFile(NamedTuple):
    """A file of a repository.

    Attributes:
        digest: its sha256 hex, or git's sha1 hex of a small one; the cache names it so.
    """

    path: str
    bytes: int
    digest: str

    @property
    def folder(self) -> str:
        """The folder it is in; empty for the repository's own."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its name in there."""
        return self.path.rpartition("/")[2]


class Listing(NamedTuple):
    """The files of a repository at a commit."""

    repository: str
    commit: str
    files: tuple[RemoteFile, ...]


def endpoint() -> str:
    """The hub's address: its own, or a mirror's in ``HF_ENDPOINT``."""
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")


def list_files(reference: Reference) -> Listing:
    """What the repository holds at the reference's revision, the main branch where it names none.

    Raises:
        EngineError: the hub refuses, or cannot be reached; the message says what to do.
    """
    with explain_failures(reference.repository):
        from huggingface_hub import HfApi

        info = HfApi(endpoint=endpoint()).model_info(
            reference.repository, revision=reference.revision, files_metadata=True, timeout=TIMEOUT_S
        )
    files = []
    for item in info.siblings or ():
        digest = item.lfs.sha256 if item.lfs else item.blob_id
        if digest and digest.isalnum() and item.size is not None and ".." not in Path(item.rfilename).parts:
            files.append(RemoteFile(item.rfilename.lstrip("/"), item.size, digest))
    return Listing(reference.repository, str(info.sha), tuple(files))


def download(listing: Listing, file: RemoteFile, to: Path, on_bytes: OnBytes) -> None:
    """Fetch ``file`` into ``to``, from where an earlier try broke off; what came before a failure stays there.

    Raises:
        EngineError: the hub or the disk fails, or what came has another digest (then it is removed).
    """
    with explain_failures(listing.repository):
        to.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered: all that came is there if we are stopped.
        with FileIO(os.open(to, os.O_RDWR | os.O_CREAT, 0o644), "r+") as sink:
            on_bytes(sink.seek(0, os.SEEK_END))
            _fetch(listing, file, sink, on_bytes)
    if not matches(to, file):
        to.unlink()
        raise EngineError(
            "{file} of {model} did not arrive as the hub has it: its sha256 is another. It was removed; run the "
            "download again.",
            file=file.path,
            model=listing.repository,
        )


def _fetch(listing: Listing, file: RemoteFile, sink: FileIO, on_bytes: OnBytes) -> None:
    """Ask for the rest of ``file`` until it is there, or until nothing more came in some tries."""
    import httpx2
    from huggingface_hub import hf_hub_url

    url = hf_hub_url(listing.repository, file.path, revision=listing.commit, endpoint=endpoint())
    tries = 0
    while (start := sink.seek(0, os.SEEK_END)) < file.bytes:
        try:
            _stream(url, start, sink, on_bytes)
        except httpx2.TransportError:
            if tries == RETRIES:
                raise
            time.sleep(RETRY_S)
        tries = 0 if sink.seek(0, os.SEEK_END) > start else tries + 1
        if tries > RETRIES:
            return


def _stream(url: str, start: int, sink: FileIO, on_bytes: OnBytes) -> None:
    from huggingface_hub import utils

    library: Any = utils
    library.logging.set_verbosity_error()  # a retry is our business, not the user's
    headers = {**library.build_hf_headers(), "Range": f"bytes={start}-", "Accept-Encoding": "identity"}
    with library.http_stream_backoff(
        "GET", url, headers=headers, timeout=TIMEOUT_S, retry_on_exceptions=(), retry_on_status_codes=(408, 429)
    ) as response:
        library.hf_raise_for_status(response)
        if response.status_code == 200 and start:  # the server sends all of it again
            on_bytes(-start)
            sink.truncate(sink.seek(0))
        for piece in response.iter_bytes(PIECE):
            sink.write(piece)
            on_bytes(len(piece))


def matches(path: Path, file: RemoteFile, on_bytes: OnBytes = lambda count: None) -> bool:
    """Whether ``path`` holds ``file`` to the last bit."""
    if not path.is_file() or path.stat().st_size != file.bytes:
        return False
    if len(file.digest) == 64:
        return sha256_of(path, on_bytes) == file.digest
    on_bytes(file.bytes)
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() == file.digest


@contextmanager
def explain_failures(repository: str) -> Iterator[None]:
    """Raise EngineError with the remedy for what goes wrong between the hub, the network and the disk."""
    if find_spec("huggingface_hub") is None:
        raise EngineError("The packages for models are not installed. Run: pip install -r requirements.txt")
    # Who downloads a model tells the hub no more than that.
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    try:
        yield
    except HfHubHTTPError as error:
        raise refused(error, repository) from error
    except HFValidationError as error:
        raise EngineError("“{model}” is no model of the hub: write organisation/name.", model=repository) from error
    except OfflineModeIsEnabled as error:
        raise EngineError("HF_HUB_OFFLINE forbids downloads. Unset it and run again.") from error
    except httpx2.HTTPError as error:
        raise EngineError(
            "The hub ({host}) cannot be reached, or the connection broke: {why}. Check the network and run again; what "
            "was downloaded is kept.",
            host=urlsplit(endpoint()).netloc,
            why=str(error).strip(" .") or type(error).__name__,
        ) from error
    except OSError as error:
        raise failed_here(error) from error


def refused(error: Any, repository: str) -> EngineError:
    """What the hub's refusal means for the user."""
    from huggingface_hub import get_token
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    status = int(error.response.status_code)
    if isinstance(error, GatedRepoError):
        return gated(repository, has_token=get_token() is not None)
    if isinstance(error, RevisionNotFoundError):
        return EngineError("{model} has no such revision on the hub. Check it on its page.", model=repository)
    if isinstance(error, RepositoryNotFoundError):
        return EngineError(
            "The hub has no model {model}, or it is private. Check the name; for a private one set HF_TOKEN to a token "
            "that may read it.",
            model=repository,
        )
    if status in (401, 403):
        return EngineError(
            "The hub does not accept your token for {model}. Make a new one at https://huggingface.co/settings/tokens "
            "that may read this model, and set HF_TOKEN to it.",
            model=repository,
        )
    return EngineError(
        "The hub answered {status} to the download of {model}. Try again later; what was downloaded is kept.",
        status=status,
        model=repository,
    )


def gated(repository: str, *, has_token: bool) -> EngineError:
    """The way to a model whose licence must be accepted, and the one that needs none."""
    known = look_up(repository)
    other = f"models pull {known.instead}" if known and known.instead else "models list"
    page = f"https://huggingface.co/{repository}"
    if has_token:
        return EngineError(
            "Your account may not read {model} yet. Accept its licence at {page}, wait until access is granted, and "
            "run again. For another model: python dataprep.py {other}",
            model=repository,
            page=page,
            other=other,
        )
    return EngineError(
        "{model} is only given to who accepted its licence, and there is no token. Accept the licence at {page}, make "
        "a token at https://huggingface.co/settings/tokens, and run again with HF_TOKEN set to it. For another "
        "model: python dataprep.py {other}",
        model=repository,
        page=page,
        other=other,
    )


def failed_here(error: OSError) -> EngineError:
    """What a failure on this machine means for the user."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return EngineError("The disk is full. Free some of it and run again; what was downloaded is kept.")
    return EngineError(
        "{path} cannot be written: {why}. Set HF_HOME to a folder that can.",
        path=error.filename or "-",
        why=error.strerror or error,
    )
