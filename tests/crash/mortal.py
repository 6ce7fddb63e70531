"""A worker that meets its fate at a step of a campaign: ``python -m tests.crash.mortal killed|full STEP``."""

import os
import resource
import signal
import sys

from core.jobs.worker import JobHandle, Worker
from core.settings import settings
from core.studio import Studio

ROOM_LEFT = 60_000
"""Bytes that a file may grow by once the disk is "full": rows fit, pictures do not."""


class Doomed:
    """A handle under which something happens when the step of this number begins."""

    def __init__(self, handle: JobHandle, fate: str, at: int) -> None:
        self.handle, self.fate, self.left = handle, fate, at
        self.should_stop = handle.should_stop
        self.doing = ""

    def report(self, fraction: float, message: str, **values: object) -> None:
        self.handle.report(fraction, message, **values)
        if message == self.doing:
            return
        self.doing = message
        if self.left == 0 and self.fate == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.left == 0 and self.fate == "full":
            largest = max(path.stat().st_size for path in settings().data_dir.iterdir())
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest + ROOM_LEFT, resource.RLIM_INFINITY))
        self.left -= 1


def main(fate: str, at: int) -> None:
    studio = Studio.open()
    desk = studio.desk
    handlers = {"campaign": lambda job, handle: desk.run_job(job, Doomed(handle, fate, at))}
    Worker(studio.library.jobs, handlers, 0).run()
    studio.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
