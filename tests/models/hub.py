"""A server on loopback that speaks the hub's API, with a second address for large files as the real one has."""

import hashlib
import json
import shutil
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee0000000000000000000000000000c0ffee"


class Request(NamedTuple):
    """What was asked, by which address, with which token and range."""

    method: str
    path: str
    host: str
    token: str
    range: str


class Repository:
    """A folder's files as the hub holds them: weights in large-file storage, the rest in git."""

    def __init__(self, folder: Path, *, gated: bool = False, commit: str = COMMIT) -> None:
        self.files = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
        self.gated = gated
        self.commit = commit
        self.sizes: dict[str, int] = {}
        """Lengths to announce in place of the true ones."""

    def describe(self, name: str) -> dict[str, Any]:
        """A file in the hub's JSON."""
        content = self.files[name]
        size = self.sizes.get(name, len(content))
        git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        told: dict[str, Any] = {"rfilename": name, "size": size, "blobId": git}
        if is_large(name):
            told["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": size, "pointerSize": 134}
        return told


def is_large(name: str) -> bool:
    return name.endswith((".safetensors", ".bin", ".ckpt"))


class Handler(BaseHTTPRequestHandler):
    """Answers for a Hub."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Hub"

    def log_message(self, format: str, *arguments: Any) -> None:
        """Silence."""

    def do_GET(self) -> None:
        headers = self.headers
        path = unquote(urlsplit(self.path).path)
        token = headers.get("authorization", "").removeprefix("Bearer ")
        request = Request(self.command, path, headers["host"].partition(":")[0], token, headers.get("range", ""))
        self.server.requests.append(request)
        if self.server.trouble and self.server.trouble(self, request):
            return
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            self.tell(request, "/".join(parts[2:4]), parts[5] if len(parts) > 5 else "main")
        elif parts[0] == "large":
            self.send_content(self.server.repositories["/".join(parts[1:3])].files["/".join(parts[3:])], request)
        else:
            self.send_file(request, "/".join(parts[:2]), parts[3], "/".join(parts[4:]))

    def tell(self, request: Request, name: str, revision: str) -> None:
        """What a repository holds."""
        repository = self.server.repositories.get(name)
        if request.token == "wrong":
            self.refuse(401, "", "Invalid credentials in Authorization header")
        elif repository is None:
            self.refuse(404 if request.token else 401, "RepoNotFound", "Repository not found")
        elif revision not in ("main", repository.commit):
            self.refuse(404, "RevisionNotFound", "Invalid rev id")
        else:
            siblings = [repository.describe(file) for file in sorted(repository.files)]
            told = {"id": name, "sha": repository.commit, "siblings": siblings, "private": False}
            self.send_content(json.dumps(told | {"gated": "manual" if repository.gated else False}).encode(), request)

    def send_file(self, request: Request, name: str, commit: str, path: str) -> None:
        """A small file itself; for a large one, where it lies."""
        repository = self.server.repositories[name]
        if repository.gated and request.token != "granted":
            self.refuse(403 if request.token else 401, "GatedRepo", "Access to model is restricted")
        elif commit != repository.commit:
            self.refuse(404, "RevisionNotFound", "Invalid rev id")
        elif is_large(path):
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/large/{name}/{path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.send_content(repository.files[path], request)

    def send_content(self, content: bytes, request: Request, upto: int | None = None) -> None:
        """``content`` from where the request wants it; with ``upto``, cut there and the connection closed."""
        start = int(request.range.removeprefix("bytes=").partition("-")[0]) if request.range else 0
        self.send_response(206 if request.range else 200)
        if request.range:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:upto])
        self.close_connection = upto is not None

    def refuse(self, status: int, code: str, message: str) -> None:
        """An error in the hub's words."""
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", message)
        self.send_header("Content-Length", "0")
        self.end_headers()


class Hub(ThreadingHTTPServer):
    """Serves ``repositories`` on a free port; ``trouble`` may answer a request in their place.

    Attributes:
        requests: what was asked, in order.
    """

    daemon_threads = True

    def __init__(self, repositories: dict[str, Repository]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repositories = repositories
        self.requests: list[Request] = []
        self.trouble: Callable[[Handler, Request], bool] | None = None
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self, name: str) -> list[Request]:
        """The requests for files whose path ends so."""
        return [request for request in self.requests if request.path.endswith(name)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


def fill_shelf(shelf: Path, models: Path) -> Path:
    """Folders of repositories as people publish them: a model among pickles, code, and the same weights once more."""
    shutil.copytree(models / "llama", shelf / "chat")
    for name in ("pytorch_model.bin", "modeling_chat.py", "README.md", "original/consolidated.safetensors"):
        path = shelf / "chat" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"not wanted")
    shutil.copytree(models / "sdxl", shelf / "sdxl")
    for weights in list((shelf / "sdxl").rglob("*.safetensors")):
        shutil.copy(weights, weights.with_name(weights.name.replace(".safetensors", ".fp16.safetensors")))
        weights.with_suffix(".bin").write_bytes(b"not wanted")
    for name in ("sd_xl_base_1.0.safetensors", "vae_1_0/diffusion_pytorch_model.safetensors", "vae_1_0/config.json"):
        path = shelf / "sdxl" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"not wanted")
    for name in ("refiner", "preview-vae"):
        shutil.copytree(models / name, shelf / name)
    (shelf / "pickled").mkdir()
    (shelf / "pickled" / "config.json").write_text("{}")
    (shelf / "pickled" / "pytorch_model.bin").write_bytes(b"pickle")
    (shelf / "loras").mkdir()
    for name in ("eight.safetensors", "twelve.safetensors"):
        (shelf / "loras" / name).write_bytes(name.encode() * 100)
    (shelf / "nothing").mkdir()
    (shelf / "nothing" / "README.md").write_text("empty")
    return shelf
