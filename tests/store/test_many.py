"""Many processes and threads at once, and processes that die: nothing lost, nothing twice, nothing torn."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from core.domain.generation import Step
from core.store.database import Database
from core.store.library import Library
from tests.show import EPISODES, INFO
from tests.store.rows import episode, fill, save_picture, sha, summary
from tests.store.workers import (
    add_up,
    create_until_killed,
    open_and_import,
    processes,
    save_the_same,
    save_until_killed,
)

KILLS = 20


def together(target, count, *arguments):
    running = [processes.Process(target=target, args=arguments) for _ in range(count)]
    for process in running:
        process.start()
    for process in running:
        process.join(120)
        assert process.exitcode == 0


def test_no_update_is_lost(small):
    Library.open(small).close()
    database = Database(small)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE counter (value INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    together(add_up, 8, small.data_dir, 500)
    with database.read() as connection:
        assert connection.execute(text("SELECT value FROM counter")).scalar_one() == 4000
    database.close()


def test_a_library_made_by_eight_at_once(small):
    ready, results = processes.Barrier(8), processes.SimpleQueue()
    together(open_and_import, 8, small.data_dir, ready, results)
    assert sum(results.get() for _ in range(8)) == len(EPISODES)
    with Library.open(small) as library:
        assert library.count_episodes() == len(EPISODES)
        assert library.verify() == []


def test_the_same_key_from_many_processes_is_one_row(small):
    with Library.open(small) as library:
        library.import_episodes(INFO, EPISODES)
    ready, results = processes.Barrier(4), processes.SimpleQueue()
    together(save_the_same, 4, small.data_dir, ready, results)
    answers = [results.get() for _ in range(4)]
    assert all(answer == answers[0] for answer in answers)
    with Library.open(small) as library:
        assert [row.version for row in library.generations(episode(1), Step.SUMMARY)] == list(range(20, 0, -1))
        assert len(library.generations(episode(1), Step.ILLUSTRATION)) == 1
        assert library.verify() == []


def test_many_threads_share_one_library(small):
    with Library.open(small.model_copy(update={"lock_timeout_s": 60})) as library:
        fill(library)
        before = sum(len(library.generations(episode(number), Step.SUMMARY)) for number in range(1, 5))
        with ThreadPoolExecutor(8) as pool:
            threads = [pool.submit(save_many, library, thread) for thread in range(8)]
            for thread in threads:
                thread.result()
        after = sum(len(library.generations(episode(number), Step.SUMMARY)) for number in range(1, 5))
        assert after - before == 80
        assert library.verify() == []


def save_many(library, thread):
    for number in range(10):
        library.save_generation(summary(1 + thread % 4, (thread, number), f"texto {thread} {number}"))
        save_picture(library, episode(1 + thread % 4), Step.ILLUSTRATION, 100 + 10 * thread + number)
        assert library.episodes(search="texto")
        assert len(library.lines(1)) == len(EPISODES[0].lines)


def test_kill_9_loses_nothing(small):
    """What was told to be stored is; files without a row are at most one a kill, and gc takes them."""
    with Library.open(small) as library:
        library.import_episodes(INFO, EPISODES)
    told: set[str] = set()
    for life in range(1, KILLS + 1):
        told |= kill(save_until_killed, small, life)
        with Library.open(small) as library:
            assert library.verify() == []
            stored = {row.key for number in range(1, 5) for row in library.generations(episode(number))}
            assert {sha(key) for key in told} <= stored
    assert len(told) > 2 * KILLS
    with Library.open(small) as library:
        named = {row.media for number in range(1, 5) for row in library.generations(episode(number)) if row.media}
        orphans = [path for path, sha256 in library.media.files() if sha256 not in named]
        assert len(orphans) <= 2 * KILLS
        library.collect_garbage(older_than_s=-1)
        assert {sha256 for _, sha256 in library.media.files()} == named
        assert list(library.media.temporary.iterdir()) == []
        assert library.verify() == []


def test_kill_9_leaves_no_campaign_without_its_job(small):
    Library.open(small).close()
    told: set[str] = set()
    for life in range(1, KILLS + 1):
        told |= kill(create_until_killed, small, life)
    with Library.open(small) as library:
        jobs = library.jobs.active()
        assert [job.campaign_id for job in jobs] == list(range(1, library.campaigns.count() + 1))
        assert told <= {f"{job.campaign_id} {job.id}" for job in jobs}
        assert len(told) > 2 * KILLS
        assert library.verify() == []


def kill(target, settings, life):
    """Let a process do a few things of ``target``, then kill it in the middle of the next; gives what it told."""
    rng = random.Random(life)
    receive, send = processes.Pipe(duplex=False)
    process = processes.Process(target=target, args=(settings.data_dir, life, send))
    process.start()
    send.close()
    told = {receive.recv_bytes().decode() for _ in range(rng.randint(1, 8))}
    time.sleep(rng.uniform(0, 0.05))
    process.kill()
    process.join()
    return told | drain(receive)


def drain(receive):
    told = set()
    while receive.poll():
        try:
            told.add(receive.recv_bytes().decode())
        except EOFError:
            break
    return told
