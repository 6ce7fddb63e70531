"""Every error Chamada raises on purpose, each with a message that names the thing and the remedy.

The tree::

    ChamadaError                 anything we can explain
    ├── SettingsError            a knob has a value that cannot work
    ├── ImportFailed             a file or folder that cannot become episodes
    │   ├── UnknownFormat        no reader recognises it
    │   └── DamagedInput         recognised, but it cannot be read (encoding, shape, size)
    ├── StoreError               the library on disk
    │   ├── LibraryLocked        another process keeps the database busy
    │   ├── LibraryUnwritable    read-only folder, full disk
    │   ├── LibraryDamaged       a row or file does not match its sha256
    │   └── NotFound             no such show, season, episode, campaign, job or picture
    ├── BriefError               a brief that cannot become a campaign
    │   └── UnsafeBrief          a brief that asks for what we do not make
    ├── QueueFull                more jobs than the queue holds
    ├── EngineError              a text or image engine could not deliver
    │   ├── OutOfMemory          the model or its work does not fit in memory
    │   └── PromptTooLong        more text than the model reads at once
    └── Canceled                 the user asked to stop

A message is an English template and its values, so that a screen can show it in its own language:
``_(error.message).format(**error.values)``.
"""


class ChamadaError(Exception):
    """Base of the tree. ``message`` is the gettext msgid, ``values`` what it is filled with."""

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message)

    def __str__(self) -> str:
        return self.message.format(**self.values)


class SettingsError(ChamadaError):
    """A setting has a value that cannot work."""


class ImportFailed(ChamadaError):
    """A file or folder that cannot become episodes."""


class UnknownFormat(ImportFailed):
    """No reader recognises the input."""


class DamagedInput(ImportFailed):
    """The format is known, but this input cannot be read."""


class StoreError(ChamadaError):
    """Something about the library on disk."""


class LibraryLocked(StoreError):
    """Another process keeps the database busy."""


class LibraryUnwritable(StoreError):
    """The library's folder is read-only or the disk is full."""


class LibraryDamaged(StoreError):
    """A row or file does not match its sha256."""


class NotFound(StoreError):
    """No such show, season, episode, campaign, job or picture."""


class BriefError(ChamadaError):
    """A brief that cannot become a campaign."""


class UnsafeBrief(BriefError):
    """A brief that asks for what Chamada does not make."""


class QueueFull(ChamadaError):
    """More jobs than the queue holds."""


class EngineError(ChamadaError):
    """A text or image engine could not deliver."""


class OutOfMemory(EngineError):
    """The model or its work does not fit in memory."""


class PromptTooLong(EngineError):
    """More text than the model reads at once."""


class Canceled(ChamadaError):
    """The user asked to stop."""
