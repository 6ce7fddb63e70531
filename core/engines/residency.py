"""The one place that decides which models are on the device, by a budget in bytes.

Where everything fits, everything stays. Where it does not, parts make room: they go to host memory, from where they
come back in a second or two, or out altogether where the host has no room either. Which ones is chosen for the fewest
bytes moved: see ``Residency._choose``.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

from core.domain.residency import ResidencyReport
from core.engines.memory import free_memory, is_out_of_memory
from core.errors import OutOfMemory

Device = Literal["cpu", "cuda"]

HEADROOM = 512 * 2**20
"""Bytes of a card left to what torch's allocator cannot join up and to the libraries' own buffers."""


class Part(Protocol):
    """One model, or one component of a pipeline, that goes to the device as a whole."""

    @property
    def name(self) -> str:
        """What it is called in reports."""
        ...

    @property
    def size_bytes(self) -> int:
        """What it takes on the device: what it will take, by its files, before it is loaded; then what it does."""
        ...

    def load(self) -> None:
        """Read it from disk onto the device."""
        ...

    def move(self, device: str) -> None:
        """Take it to ``device``: the device's own name, or ``cpu``."""
        ...

    def drop(self) -> None:
        """Take it out of memory, whatever state it is in."""
        ...


@dataclass(eq=False)
class _Held:
    """A part that was asked for: where it is, how many are using it, when it was last asked for and when before."""

    part: Part
    place: Literal["disk", "host", "device"] = "disk"
    users: int = 0
    used: int = 0
    before: int = 0


@dataclass(eq=False)
class Residency:
    """What is on the device. The engines of a process share one; one thread at a time uses it.

    Args:
        budget_bytes: what parts and their work may take. None: all that is free on the card, and no limit on the CPU.
            On a card it binds torch too.
        device: where models work.
        host_bytes: what may wait in host memory; None for no limit, 0 to drop whatever leaves the device.
    """

    budget_bytes: int | None = None
    device: Device = "cpu"
    host_bytes: int | None = None
    _held: list[_Held] = field(default_factory=list, init=False)
    _uses: int = field(default=0, init=False)
    _work_bytes: int = field(default=0, init=False)
    _peak_bytes: int = field(default=0, init=False)
    _loads: Counter[str] = field(default_factory=Counter, init=False)
    _moves: Counter[str] = field(default_factory=Counter, init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)

    @contextmanager
    def use(self, *parts: Part, work_bytes: int = 0) -> Iterator[None]:
        """Have ``parts`` on the device together, and room for ``work_bytes`` of work with them.

        What is in use does not leave. Parts beyond the budget are tried all the same: it is an estimate. A generator
        must not yield inside, for it may be finished by another thread.

        Raises:
            OutOfMemory, RuntimeError: whatever the part raises where it does not fit even alone; it is out again then.
        """
        with self._lock:
            used: list[_Held] = []
            self._work_bytes += work_bytes
            try:
                used += [self._take(part) for part in parts]
                since = min((held.before for held in used), default=0)
                self._make_room(sum(held.part.size_bytes for held in used if held.place != "device"), since)
                for held in used:
                    self._bring(held, since)
                yield
            finally:
                self._note_peak()
                self._work_bytes -= work_bytes
                for held in used:
                    held.users -= 1

    def release(self) -> None:
        """Take everything that is not in use off the device: the first thing to do when memory runs out."""
        with self._lock:
            for held in self._idle():
                self._evict(held)

    def drop(self, *parts: Part) -> None:
        """Take ``parts`` out of memory altogether; what is in use stays."""
        with self._lock:
            for held in self._held:
                if any(held.part is part for part in parts) and not held.users:
                    self._drop(held)

    def fits(self, *parts: Part, work_bytes: int = 0) -> bool:
        """Whether ``parts`` and their work are within the budget together, so that none has to move."""
        return self.limit is None or sum(part.size_bytes for part in parts) + work_bytes <= self.limit

    @cached_property
    def limit(self) -> int | None:
        """Bytes that parts and their work may take, read from the card once; None for no limit."""
        if self.device == "cpu":
            return self.budget_bytes
        import torch

        free, total = torch.cuda.mem_get_info()
        limit = free + torch.cuda.memory_reserved()
        if self.budget_bytes is not None and self.budget_bytes < limit:
            limit = self.budget_bytes
            torch.cuda.set_per_process_memory_fraction(limit / total)
        return max(0, limit - HEADROOM)

    @property
    def report(self) -> ResidencyReport:
        """What was loaded and moved so far, and what is there now. It waits for nobody, and wakes no card."""
        awake = self.device == "cpu" or bool(self._loads)
        return ResidencyReport(
            device=self._device_name if awake else self.device,
            budget_bytes=self.limit if awake else self.budget_bytes,
            loads=dict(self._loads),
            moves=dict(self._moves),
            peak_bytes=self._peak_bytes,
            resident=tuple(sorted(held.part.name for held in tuple(self._held) if held.place == "device")),
        )

    @cached_property
    def _device_name(self) -> str:
        if self.device == "cpu":
            return self.device
        import torch

        return torch.cuda.get_device_name()

    # One part at a time

    def _take(self, part: Part) -> _Held:
        """The entry of ``part``, with one user more."""
        held = next((held for held in self._held if held.part is part), None)
        if held is None:
            held = _Held(part)
            self._held.append(held)
        self._uses += 1
        held.users, held.before, held.used = held.users + 1, held.used, self._uses
        return held

    def _idle(self) -> list[_Held]:
        return [held for held in self._held if held.place == "device" and not held.users]

    def _make_room(self, more_bytes: int, since: int) -> None:
        """Evict what must leave so that ``more_bytes`` fit beside the rest, for a part last used at ``since``."""
        if self.limit is not None:
            for held in self._choose(self._taken_bytes() + more_bytes - self.limit, since):
                self._evict(held)

    def _choose(self, need_bytes: int, since: int) -> list[_Held]:
        """Who leaves, so that at least ``need_bytes`` get free.

        First those not used since the newcomer's last turn, the longest unused before the others: it has come round
        without them. What was used in between takes turns with the newcomer and will be wanted before it is next, so
        that one as good as another leaves, and the smallest is the cheapest to bring back.
        """
        apart, turns = ([held for held in self._idle() if (held.used > since) is wanted] for wanted in (False, True))
        order = sorted(apart, key=lambda held: held.used) + sorted(turns, key=lambda held: held.part.size_bytes)
        leaving: list[_Held] = []
        for held in order:
            if need_bytes > 0:
                leaving.append(held)
                need_bytes -= held.part.size_bytes
        for held in tuple(leaving):  # a small one that came before a large one may be enough without it
            if need_bytes + held.part.size_bytes <= 0:
                leaving.remove(held)
                need_bytes += held.part.size_bytes
        return leaving

    def _taken_bytes(self) -> int:
        return self._work_bytes + sum(held.part.size_bytes for held in self._held if held.place == "device")

    def _bring(self, held: _Held, since: int) -> None:
        if held.place != "device" and not self._try_to_bring(held):
            self.release()  # the sizes were too low an estimate
            self._arrive(held)
        self._make_room(0, since)

    def _try_to_bring(self, held: _Held) -> bool:
        """Whether there was memory for it. Not tried again inside the handler, which keeps the tensors alive."""
        try:
            self._arrive(held)
        except (RuntimeError, MemoryError, OutOfMemory) as error:
            if not is_out_of_memory(error):
                raise
            return False
        return True

    def _arrive(self, held: _Held) -> None:
        name, moves = held.part.name, held.place == "host"
        try:
            held.part.move(self.device) if moves else held.part.load()
        except BaseException:  # half of it may be there
            self._drop(held)
            raise
        held.place = "device"
        (self._moves if moves else self._loads)[name] += 1
        self._note_peak()

    def _evict(self, held: _Held) -> None:
        """To host memory; out altogether where the host has no room."""
        if not self._make_host_room(held.part.size_bytes):
            return self._drop(held)
        try:
            held.part.move("cpu")
        except (RuntimeError, MemoryError):  # the host is full after all
            return self._drop(held)
        held.place = "host"
        self._moves[held.part.name] += 1
        self._free()

    def _make_host_room(self, more_bytes: int) -> bool:
        """Drop what has waited longest until ``more_bytes`` fit; gives whether they do."""
        if self.host_bytes is None or more_bytes > self.host_bytes:
            return self.host_bytes is None
        waiting = sorted((held for held in self._held if held.place == "host"), key=lambda held: held.used)
        while sum(held.part.size_bytes for held in waiting) + more_bytes > self.host_bytes:
            self._drop(waiting.pop(0))
        return True

    def _drop(self, held: _Held) -> None:
        held.part.drop()
        held.place = "disk"
        self._free()

    def _free(self) -> None:
        if self.device == "cuda":
            free_memory()

    def _note_peak(self) -> None:
        taken = self._taken_bytes()
        if self.device == "cuda":
            import torch

            taken = torch.cuda.max_memory_allocated()
        self._peak_bytes = max(self._peak_bytes, taken)
