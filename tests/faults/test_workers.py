"""The promises of ARCHITECTURE, "The row is the queue", kept by real workers that really die."""

import time

import pytest

from tests.faults.plant import Plant, Redis, kill_while_it_works, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

CASES, PHOTOS = 8, 6


def _states(plant: Plant) -> dict[str, int]:
    rows = plant.database.query("SELECT state, COUNT(*) FROM assessment_photoresult GROUP BY state")
    return dict(rows)


def _unfinished_cases(plant: Plant) -> int:
    rows = plant.database.query(
        "SELECT COUNT(*) FROM intake_case WHERE state IN ('submitted', 'assessing')"
    )
    return int(rows[0][0])


def _all_finished(plant: Plant) -> None:
    wait_until(lambda: _unfinished_cases(plant) == 0, f"all cases are assessed; {plant.folder}")


def _most_attempts(plant: Plant) -> int:
    return int(plant.database.query("SELECT MAX(attempts) FROM assessment_photoresult")[0][0])


def _regions_per_photo(plant: Plant) -> set[tuple[int, int]]:
    """(regions, distinct numbers among them) of each photo: twice assessed would differ."""
    rows = plant.database.query(
        "SELECT COUNT(*), COUNT(DISTINCT number) FROM assessment_damagedpart"
        " GROUP BY photo_result_id"
    )
    return {(int(count), int(distinct)) for count, distinct in rows}


def _workers_that_took_photos(plant: Plant) -> int:
    logs = [path.read_text() for path in plant.folder.glob("worker*.log")]
    return sum("photos taken" in log for log in logs)


def _each_photo_once(plant: Plant, photos: int) -> None:
    assert _states(plant) == {"assessed": photos}
    assert all(count == distinct for count, distinct in _regions_per_photo(plant))


def test_four_workers_on_one_queue_assess_every_photo_exactly_once(on_servers: Plant) -> None:
    for _ in range(4):
        on_servers.worker()
    on_servers.run("-m", "tests.faults.seed", str(CASES), str(PHOTOS))
    _all_finished(on_servers)
    _each_photo_once(on_servers, CASES * PHOTOS)
    assert _most_attempts(on_servers) == 1
    assert _workers_that_took_photos(on_servers) > 1


def test_the_photos_of_a_killed_worker_are_taken_up_after_the_lease(on_servers: Plant) -> None:
    workers = [on_servers.worker() for _ in range(4)]
    on_servers.sweeper()
    on_servers.run("-m", "tests.faults.seed", str(CASES), str(PHOTOS))
    kill_while_it_works(workers[0], on_servers.database, workers=4)
    _all_finished(on_servers)
    _each_photo_once(on_servers, CASES * PHOTOS)
    assert _most_attempts(on_servers) == 2


def test_work_goes_on_when_redis_was_restarted(on_servers: Plant, redis: Redis) -> None:
    for _ in range(4):
        on_servers.worker()
    on_servers.sweeper()
    on_servers.run("-m", "tests.faults.seed", str(CASES), str(PHOTOS))
    wait_until(lambda: _states(on_servers).get("assessed", 0) > 0, "the first photo is assessed")
    redis.kill()
    time.sleep(1)
    redis.start_again()
    # These come after all bells were forgotten.
    on_servers.run("-m", "tests.faults.seed", "2", str(PHOTOS))
    _all_finished(on_servers)
    _each_photo_once(on_servers, (CASES + 2) * PHOTOS)


def test_two_workers_on_sqlite_and_a_folder_assess_every_photo_exactly_once(
    embedded: Plant,
) -> None:
    for _ in range(2):
        embedded.worker()
    embedded.run("-m", "tests.faults.seed", str(CASES), str(PHOTOS))
    _all_finished(embedded)
    _each_photo_once(embedded, CASES * PHOTOS)
    assert _most_attempts(embedded) == 1


def test_a_killed_worker_loses_nothing_on_sqlite_and_a_folder(embedded: Plant) -> None:
    workers = [embedded.worker() for _ in range(2)]
    embedded.sweeper()
    embedded.run("-m", "tests.faults.seed", str(CASES), str(PHOTOS))
    kill_while_it_works(workers[0], embedded.database, workers=2)
    _all_finished(embedded)
    _each_photo_once(embedded, CASES * PHOTOS)
    assert _most_attempts(embedded) == 2
