"""The Library: every verb by which studio and dataprep save and find things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy.exc import DataError

from core.domain.generation import Generation, NewGeneration, Step, Subject
from core.domain.library import (
    CurrentKey,
    CurrentRow,
    Damage,
    EpisodeView,
    ImportCounts,
    SeasonView,
    ShowView,
    VersionRow,
)
from core.domain.show import Episode, Line, ShowInfo
from core.errors import DamagedInput
from core.settings import Settings
from core.store import generations, importing, queries
from core.store.campaigns import Campaigns
from core.store.database import Database
from core.store.jobs import Jobs
from core.store.ledger import keep_ledger
from core.store.media import GarbageReport, Media, MediaFile
from core.store.migrations import bring_up_to_date
from core.store.reports import Reports

OnEpisode = Callable[[str, str], None]
"""Called after each episode with (key, "added" | "replaced" | "unchanged")."""


class Library:
    """Shows, episodes, what was made of them, and the pictures; safe to use from many threads.

    Every verb opens its own short transaction. Any of them may raise LibraryLocked, LibraryUnwritable or
    LibraryDamaged, each with its remedy.
    """

    def __init__(self, database: Database, media: Media, backups: Path, workers: int) -> None:
        self._database = database
        self._backups = backups
        self.media = media
        self.jobs = Jobs(database, max(1, workers))  # one seat at least, for a worker started by hand
        self.campaigns = Campaigns(database, self.jobs)
        self.reports = Reports(database, self.jobs.seats)

    @classmethod
    def open(cls, settings: Settings, *, create: bool = True) -> Self:
        """Open the library of ``settings``, made or brought up to this version's schema if needed.

        Raises:
            NotFound: there is no library yet and ``create`` is false.
            StoreError: the library is newer than this program.
        """
        database = Database(settings)
        try:
            bring_up_to_date(database, settings.backup_dir, create=create)
        except BaseException:
            database.close()
            raise
        return cls(database, Media(settings.media_dir), settings.backup_dir, settings.workers)

    def close(self) -> None:
        """Close the connections; the library can be opened again."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Writing

    def import_episodes(
        self, info: ShowInfo, episodes: Iterable[Episode], on_episode: OnEpisode | None = None
    ) -> ImportCounts:
        """Bring a show's episodes in, each in a transaction of its own, so that a stopped import can go on.

        What is unknown in ``info`` or an episode (None, no cast, no lines) does not erase what is known.

        Raises:
            DamagedInput: an episode's text cannot be stored; the episodes before it are.
        """
        with self._database.write() as connection, keep_ledger(connection, self._database.where) as ledger:
            show_id = importing.save_show(ledger, info)
        outcomes: Counter[str] = Counter()
        for episode in episodes:
            outcome = self._import_episode(show_id, episode)
            outcomes[outcome] += 1
            if on_episode is not None:
                on_episode(episode.key, outcome)
        return ImportCounts(**outcomes)

    def _import_episode(self, show_id: int, episode: Episode) -> importing.Outcome:
        try:
            with self._database.write() as connection, keep_ledger(connection, self._database.where) as ledger:
                return importing.save_episode(ledger, show_id, episode)
        except (UnicodeEncodeError, OverflowError, DataError) as error:  # half a character pair, an endless number
            raise DamagedInput(
                "{key} holds something that cannot be stored ({why}). Correct it and import it again.",
                key=episode.key,
                why=getattr(error, "orig", None) or getattr(error, "reason", error),
            ) from error

    def save_generation(self, new: NewGeneration, media: MediaFile | None = None) -> Generation:
        """Store a finished step and make it current; saving the same key again gives the stored row.

        Args:
            media: what ``media.save`` gave for ``new.media``.

        Raises:
            NotFound: no such episode, season or campaign, or the picture's file is gone.
            ValueError: ``media`` is not the picture that ``new`` names.
        """
        if (media.sha256 if media else None) != new.media:
            raise ValueError(f"media {media} is not the picture {new.media} of the generation")
        with self._database.write() as connection, keep_ledger(connection, self._database.where) as ledger:
            if media:
                # Looked for inside the write, where garbage collection waits: no row names a file just removed.
                self.media.path(media.sha256)
            return generations.save_generation(ledger, new, media)

    def make_current(self, generation_id: int) -> Generation:
        """Show this version from now on.

        Raises:
            NotFound: no such generation.
        """
        with self._database.write() as connection, keep_ledger(connection, self._database.where) as ledger:
            return generations.make_current(ledger, generation_id)

    # Reading

    def shows(self) -> list[ShowView]:
        """All shows by name."""
        with self._database.read() as connection:
            return queries.list_shows(connection)

    def show(self, name: str) -> ShowView:
        """The show of this exact name.

        Raises:
            NotFound: there is none; the message lists the names there are.
        """
        with self._database.read() as connection:
            return queries.find_show(connection, name)

    def show_by_id(self, show_id: int) -> ShowView:
        """One show.

        Raises:
            NotFound: there is none.
        """
        with self._database.read() as connection:
            return queries.find_show_by_id(connection, show_id)

    def seasons(self, show_id: int) -> list[SeasonView]:
        """A show's seasons in order."""
        with self._database.read() as connection:
            return queries.list_seasons(connection, show_id)

    def season(self, season_id: int) -> SeasonView:
        """One season.

        Raises:
            NotFound: there is none.
        """
        with self._database.read() as connection:
            return queries.find_season(connection, season_id)

    def episodes(
        self,
        show_id: int | None = None,
        *,
        season: int | None = None,
        search: str = "",
        offset: int = 0,
        limit: int | None = None,
    ) -> list[EpisodeView]:
        """Episodes by show, season and key; ``search`` looks in title, logline, key and summary, blind to accents."""
        with self._database.read() as connection:
            return queries.list_episodes(connection, show_id, season, search, offset, limit)

    def count_episodes(self, show_id: int | None = None, *, season: int | None = None, search: str = "") -> int:
        """How many episodes there are with these filters."""
        with self._database.read() as connection:
            return queries.count_episodes(connection, show_id, season, search)

    def episode(self, episode_id: int) -> EpisodeView:
        """One episode.

        Raises:
            NotFound: there is none.
        """
        with self._database.read() as connection:
            return queries.find_episode(connection, episode_id)

    def lines(self, episode_id: int) -> list[Line]:
        """An episode's lines in order."""
        with self._database.read() as connection:
            return queries.list_lines(connection, episode_id)

    def generations(self, subject: Subject, step: Step | None = None) -> list[Generation]:
        """What was made of an episode, a season or a campaign, newest first."""
        with self._database.read() as connection:
            return generations.list_generations(connection, subject, step)

    def current(self, show_id: int) -> dict[CurrentKey, CurrentRow]:
        """Every current generation of a show, its episodes' and its seasons'."""
        with self._database.read() as connection:
            return generations.map_current(connection, show_id)

    def versions(self, show_id: int) -> dict[tuple[CurrentKey, str], VersionRow]:
        """Every version of a show by where it sits and its input key."""
        with self._database.read() as connection:
            return generations.map_versions(connection, show_id)

    def find_by_input_key(self, subject: Subject, step: Step, variant: str, input_key: str) -> Generation | None:
        """The version made from this input: the current one, else the newest."""
        with self._database.read() as connection:
            return generations.find_by_input_key(connection, subject, step, variant, input_key)

    # Care

    def verify(self, on_item: Callable[[int, int], None] | None = None) -> list[Damage]:
        """Re-hash every row and picture; gives what is damaged, nothing if all is well.

        Args:
            on_item: called now and then with (items done, items in all).
        """
        from core.store.integrity import verify

        return verify(self._database, self.media, on_item)

    def backup(self, to: Path | None = None) -> Path:
        """Copy the database, consistent even while others write; gives the copy's path.

        Args:
            to: a file that does not exist yet, or a folder; None for the backups folder of the library.
        """
        from core.store.backup import back_up

        return back_up(self._database, to or self._backups)

    def collect_garbage(self, *, dry_run: bool = False, older_than_s: float = 3600) -> GarbageReport:
        """Remove picture files that no row names and leftovers of crashes, if older than ``older_than_s``."""
        from core.store.garbage import collect_garbage

        return collect_garbage(self._database, self.media, dry_run=dry_run, older_than_s=older_than_s)
