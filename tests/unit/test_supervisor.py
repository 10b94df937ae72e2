"""The supervisor by the words of its docstring, on a clock that jumps."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, cast

import anyio
import pytest

from vitality.errors import DatabaseUnavailable, RestartsExhausted, SchemaTooNew, SettingsError
from vitality.runtime.child import ChildSpec, Pulse, Restart
from vitality.runtime.exits import ExitCode, exit_code_of
from vitality.runtime.restarts import RestartBudget, RestartPolicy
from vitality.runtime.supervisor import Supervisor
from vitality.telemetry.health import NotReady
from vitality.telemetry.logs import make_log
from vitality.telemetry.metrics import Metrics

jumping = pytest.mark.asyncio(loop_factories=["jumping"])
POLICY = RestartPolicy(intensity=3, period=60, first_delay=1, longest_delay=8)


class JumpingLoop(Protocol):
    """The event loop of these tests (conftest)."""

    def pass_time(self, seconds: float) -> None: ...


class Diary:
    """What happened, and when, counted in seconds from the beginning."""

    def __init__(self) -> None:
        self._begun = anyio.current_time()
        self.entries: list[tuple[float, str]] = []

    def note(self, what: str) -> None:
        self.entries.append((round(anyio.current_time() - self._begun, 3), what))

    @property
    def words(self) -> list[str]:
        return [what for _, what in self.entries]

    def times(self, what: str) -> list[float]:
        return [when for when, word in self.entries if word == what]


def supervisor(children: Sequence[ChildSpec], **options: Any) -> Supervisor:
    options = {"policy": POLICY, "random": lambda: 1.0, "abandon": _never, **options}
    log = make_log(level="error", form="json", stream=io.StringIO())
    return Supervisor(children, log=log, metrics=Metrics(version="1"), **options)


def _never(name: str) -> None:
    raise AssertionError(f"{name} was abandoned")


def steady(name: str, diary: Diary, **options: Any) -> ChildSpec:
    """A child that starts at once and lives until cancelled."""

    async def run(pulse: Pulse) -> None:
        diary.note(f"{name} starts")
        pulse.started()
        try:
            await anyio.sleep_forever()
        finally:
            diary.note(f"{name} ends")

    return ChildSpec(name=name, run=run, **options)


def failing(name: str, diary: Diary, error: Exception, *, after: float = 0.0, **options: Any) -> ChildSpec:
    """A child that starts and then fails, each time."""

    async def run(pulse: Pulse) -> None:
        diary.note(f"{name} starts")
        pulse.started()
        await anyio.sleep(after)
        raise error

    return ChildSpec(name=name, run=run, **options)


async def run_for(seconds: float, it: Supervisor) -> None:
    """Runs the supervisor and asks it to stop after so long."""
    async with anyio.create_task_group() as tasks:

        async def stop() -> None:
            await anyio.sleep(seconds)
            it.stop()

        tasks.start_soon(stop)
        await it.run()
        tasks.cancel_scope.cancel()


@jumping
async def test_children_start_in_order_each_when_the_one_before_is_ready() -> None:
    """A child that takes its time to be ready holds up those after it."""
    diary = Diary()

    async def slow(pulse: Pulse) -> None:
        diary.note("slow begins")
        await anyio.sleep(10)
        pulse.started()
        await anyio.sleep_forever()

    it = supervisor([steady("a", diary), ChildSpec(name="slow", run=slow), steady("b", diary)])
    await run_for(20, it)
    assert diary.entries[:3] == [(0, "a starts"), (0, "slow begins"), (10, "b starts")]


@jumping
async def test_children_stop_in_reverse_each_after_the_one_behind_is_gone() -> None:
    """The last to start is the first to end, even when it takes its time."""
    diary = Diary()

    async def draining(pulse: Pulse) -> None:
        pulse.started()
        asked = anyio.Event()
        pulse.on_stop(asked.set)
        await asked.wait()
        diary.note("draining")
        await anyio.sleep(3)
        diary.note("drained")

    children = [
        steady("a", diary),
        ChildSpec(name="pool", run=draining, shutdown_seconds=5),
        steady("b", diary),
    ]
    await run_for(1, supervisor(children))
    assert diary.entries[-4:] == [(1, "b ends"), (1, "draining"), (4, "drained"), (4, "a ends")]


@jumping
async def test_a_child_that_does_not_heed_the_request_is_cancelled_after_its_time() -> None:
    """`shutdown_seconds` is all the patience there is."""
    diary = Diary()
    await run_for(1, supervisor([steady("deaf", diary, shutdown_seconds=7)]))
    assert diary.entries[-1] == (8, "deaf ends")


@jumping
async def test_cancellation_from_outside_stops_in_reverse_too() -> None:
    """The surrounding task group may end the supervisor; the order holds."""
    diary = Diary()
    with anyio.move_on_after(5):
        await supervisor([steady("a", diary), steady("b", diary)]).run()
    assert diary.words == ["a starts", "b starts", "b ends", "a ends"]


@jumping
async def test_a_child_that_cannot_be_stopped_is_abandoned() -> None:
    """A child that swallows its cancellation is waited for no longer than the clean-up time."""
    diary, release = Diary(), anyio.Event()

    async def stubborn(pulse: Pulse) -> None:
        pulse.started()
        with anyio.CancelScope(shield=True):
            await release.wait()

    def abandon(name: str) -> None:
        diary.note(f"{name} abandoned")
        release.set()

    it = supervisor([ChildSpec(name="stubborn", run=stubborn)], cleanup_seconds=10, abandon=abandon)
    await run_for(1, it)
    assert diary.entries == [(11, "stubborn abandoned")]


@jumping
async def test_restarts_come_with_doubling_delays_up_to_the_longest() -> None:
    """Failures in a row are waited out ever longer."""
    diary = Diary()
    policy = RestartPolicy(intensity=100, period=60, first_delay=1, longest_delay=8)
    await run_for(26, supervisor([failing("a", diary, OSError("x"))], policy=policy))
    assert diary.times("a starts") == [0, 1, 3, 7, 15, 23]


def test_half_of_each_delay_is_random() -> None:
    """No restart is at once, none later than its bound, and a thousand failures do not overflow."""
    assert POLICY.delay(1, lambda: 0.0) == 0.5
    assert POLICY.delay(3, lambda: 0.0) == 2
    assert POLICY.delay(3, lambda: 0.5) == 3
    assert POLICY.delay(1000, lambda: 1.0) == 8


@jumping
async def test_a_long_life_ends_the_row_of_failures() -> None:
    """A child that failed after a good while is restarted as after a first failure."""
    diary = Diary()
    await run_for(200, supervisor([failing("a", diary, OSError("x"), after=60)]))
    assert diary.times("a starts") == [0, 61, 122, 183]


@jumping
async def test_past_the_budget_everything_stops_in_reverse_and_the_process_fails() -> None:
    """The fourth restart within the period is one too many; the last failure is the cause."""
    diary = Diary()
    it = supervisor([steady("a", diary), steady("b", diary), failing("c", diary, OSError("broken"))])
    with pytest.raises(
        RestartsExhausted, match=r"more than 3 restarts within 60 s; the last child was c \(failed\)"
    ) as caught:
        await it.run()
    assert len(diary.times("c starts")) == 4
    assert diary.words[-2:] == ["b ends", "a ends"]
    assert str(caught.value.__cause__) == "broken"
    assert exit_code_of(caught.value) is ExitCode.RESTARTS_EXHAUSTED


@jumping
async def test_the_budget_is_shared_by_all_children() -> None:
    """Two children that fail at 5 s and, restarted, at 11 s need a fourth restart then."""
    diary = Diary()
    children = [failing("a", diary, OSError("x"), after=5), failing("b", diary, OSError("x"), after=5)]
    with pytest.raises(RestartsExhausted):
        await supervisor(children).run()
    diary.note("gave up")
    assert diary.entries[-3:] == [(6, "a starts"), (6, "b starts"), (11, "gave up")]


def test_old_restarts_leave_the_budget() -> None:
    """The period slides: a restart at 0 s no longer counts at 60 s."""
    budget = RestartBudget(POLICY)
    assert [budget.spend(now) for now in (0, 20, 40, 60)] == [True, True, True, True]
    assert budget.spend(79.9) is False


@jumping
async def test_restarting_others_leaves_a_child_alone() -> None:
    """One for one: the sibling of a failing child is not restarted."""
    diary = Diary()
    await run_for(2, supervisor([steady("a", diary), failing("b", diary, OSError("x"))]))
    assert diary.times("a starts") == [0]


@jumping
async def test_weather_does_not_spend_the_budget() -> None:
    """Postgres may be away for an hour: the child is restarted again and again and the process lives on."""
    diary = Diary()
    error = ExceptionGroup("tasks", [DatabaseUnavailable("connection refused")])
    await run_for(3600, supervisor([failing("a", diary, error)]))
    assert len(diary.entries) > 400


@jumping
@pytest.mark.parametrize("error", [SettingsError("port in use"), ExceptionGroup("g", [SettingsError("port in use")])])
async def test_an_error_that_no_restart_mends_ends_all_at_once(error: Exception) -> None:
    """It is raised as it is, so that the exit code tells it."""
    diary = Diary()
    with pytest.raises(SettingsError, match="port in use") as caught:
        await supervisor([steady("a", diary), failing("b", diary, error)]).run()
    assert diary.words == ["a starts", "b starts", "a ends"]
    assert exit_code_of(caught.value) is ExitCode.USAGE


@jumping
async def test_further_errors_can_be_declared_final() -> None:
    """A schema that is too new is not mended by restarting."""
    with pytest.raises(SchemaTooNew):
        await supervisor([failing("a", Diary(), SchemaTooNew("x"))], final=(SettingsError, SchemaTooNew)).run()


@jumping
@pytest.mark.parametrize(
    ("restart", "fails", "starts"),
    [
        (Restart.PERMANENT, True, 3),
        (Restart.PERMANENT, False, 3),
        (Restart.TRANSIENT, True, 3),
        (Restart.TRANSIENT, False, 1),
        (Restart.TEMPORARY, True, 1),
        (Restart.TEMPORARY, False, 1),
    ],
)
async def test_who_is_restarted_after_what(restart: Restart, fails: bool, starts: int) -> None:
    """The three policies, after a failure and after a clean completion."""
    diary = Diary()

    async def run(pulse: Pulse) -> None:
        diary.note("starts")
        pulse.started()
        if fails:
            raise OSError("x")

    await run_for(4, supervisor([ChildSpec(name="a", run=run, restart=restart)]))
    assert len(diary.entries) == starts


@jumping
async def test_the_supervisor_ends_when_all_children_have_completed() -> None:
    """Clean completion is not a failure."""
    diary = Diary()

    async def run(pulse: Pulse) -> None:
        pulse.started()
        await anyio.sleep(5)
        diary.note("done")

    await supervisor([ChildSpec(name=name, run=run, restart=Restart.TRANSIENT) for name in "ab"]).run()
    assert diary.entries == [(5, "done"), (5, "done")]


@jumping
async def test_a_hung_child_is_cancelled_restarted_and_counted() -> None:
    """Silence past `beat_seconds` ends a life as a failure does."""
    diary = Diary()

    async def run(pulse: Pulse) -> None:
        diary.note("starts")
        pulse.started()
        for _ in range(3):
            await anyio.sleep(9)
            pulse.beat()
        await anyio.sleep_forever()

    with pytest.raises(RestartsExhausted, match="hung"):
        await supervisor(
            [ChildSpec(name="a", run=run, beat_seconds=10)],
            policy=RestartPolicy(intensity=1, period=1000, first_delay=1, longest_delay=8),
        ).run()
    assert diary.entries == [(0, "starts"), (27 + 10 + 1, "starts")]


@jumping
async def test_a_child_that_never_gets_ready_is_hung_too() -> None:
    """`start_seconds` bounds the time to readiness; beats before it do not help."""
    diary = Diary()

    async def run(pulse: Pulse) -> None:
        diary.note("starts")
        while True:
            await anyio.sleep(5)
            pulse.beat()

    await run_for(61, supervisor([ChildSpec(name="a", run=run, start_seconds=30)]))
    assert diary.times("starts") == [0, 31]


@jumping
async def test_a_hung_child_that_ignores_its_cancellation_is_abandoned() -> None:
    """What cannot be restarted from within must not live on as a silent process."""
    diary, release = Diary(), anyio.Event()

    async def stubborn(pulse: Pulse) -> None:
        pulse.started()
        with anyio.CancelScope(shield=True):
            await release.wait()
        await anyio.sleep_forever()

    def abandon(name: str) -> None:
        diary.note(name)
        release.set()

    it = supervisor([ChildSpec(name="a", run=stubborn, beat_seconds=30)], cleanup_seconds=10, abandon=abandon)
    await run_for(45, it)
    assert diary.entries == [(42, "a")]


@jumping
async def test_a_process_that_was_stopped_for_long_abandons_no_child() -> None:
    """After SIGSTOP and SIGCONT every child is late at first; those that beat again live on, a cancelled one is restarted."""
    diary = Diary()
    loop = cast("JumpingLoop", asyncio.get_running_loop())

    def beating(name: str) -> ChildSpec:
        async def run(pulse: Pulse) -> None:
            diary.note(name)
            pulse.started()
            while True:
                await anyio.sleep(20)
                pulse.beat()

        return ChildSpec(name=name, run=run, beat_seconds=30)

    async def stopped_at_5_s() -> None:
        await anyio.sleep(5)
        loop.pass_time(500)

    it = supervisor([beating("a"), beating("b")], cleanup_seconds=10)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stopped_at_5_s)
        await run_for(600, it)
    assert diary.times("a")[0] == diary.times("b")[0] == 0
    assert all(when >= 505 for name in "ab" for when in diary.times(name)[1:])
    assert it.beats() == []


@jumping
async def test_one_hung_child_is_restarted_beside_one_that_beats() -> None:
    """The one that fell silent lives again; the other has one life, and nobody is called exhausted."""
    diary = Diary()

    async def run(pulse: Pulse) -> None:
        diary.note("silent")
        pulse.started()
        await anyio.sleep_forever()

    async def beating(pulse: Pulse) -> None:
        diary.note("beating")
        pulse.started()
        while True:
            await anyio.sleep(9)
            pulse.beat()

    children = [
        ChildSpec(name="silent", run=run, beat_seconds=50),
        ChildSpec(name="beating", run=beating, beat_seconds=10),
    ]
    await run_for(160, supervisor(children))
    assert diary.times("silent") == [0, 51, 103, 157]
    assert diary.times("beating") == [0]


@jumping
async def test_a_child_is_not_called_hung_while_it_drains() -> None:
    """After the request to stop only `shutdown_seconds` counts."""
    diary = Diary()

    async def run(pulse: Pulse) -> None:
        pulse.started()
        while not pulse.stopping:
            await anyio.sleep(1)
            pulse.beat()
        await anyio.sleep(50)
        diary.note("drained")

    await run_for(1.5, supervisor([ChildSpec(name="a", run=run, beat_seconds=10, shutdown_seconds=60)]))
    assert diary.entries == [(52, "drained")]


@jumping
async def test_a_stop_during_the_wait_for_a_restart_ends_it() -> None:
    """Nobody waits for a delay that leads to nothing."""
    begun = anyio.current_time()
    policy = RestartPolicy(first_delay=1000, longest_delay=1000)
    await run_for(5, supervisor([failing("a", Diary(), OSError("x"))], policy=policy))
    assert anyio.current_time() - begun == pytest.approx(5)


@jumping
async def test_a_stop_while_children_start_starts_no_more() -> None:
    """What had started is stopped, in reverse."""
    diary = Diary()

    async def slow(pulse: Pulse) -> None:
        diary.note("slow")
        await anyio.sleep_forever()
        pulse.started()

    await run_for(3, supervisor([steady("a", diary), ChildSpec(name="slow", run=slow), steady("b", diary)]))
    assert diary.words == ["a starts", "slow", "a ends"]


@jumping
async def test_readiness_and_beats_are_told_as_they_are() -> None:
    """While a child restarts the process is not ready; its silence is counted from its last beat."""
    told: list[str] = []
    healthy: Callable[[], Awaitable[str]]

    async def run(pulse: Pulse) -> None:
        pulse.started()
        await anyio.sleep(10)
        raise OSError("x")

    it = supervisor(
        [ChildSpec(name="a", run=run, beat_seconds=60)], policy=RestartPolicy(first_delay=4, longest_delay=4)
    )
    healthy = it.ready

    async def look() -> None:
        for wait in (5, 7):
            await anyio.sleep(wait)
            try:
                told.append(await healthy())
            except NotReady as error:
                told.append(str(error))
            told.extend(f"{beat.name} {beat.age:g} {beat.limit}" for beat in it.beats())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look)
        await run_for(13, it)
    assert told == ["1 children", "a 5 70.0", "not started: a"]
    with pytest.raises(NotReady, match="stopping"):
        await it.ready()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError("x"), 1),
        (DatabaseUnavailable("x"), 1),
        (SettingsError("x"), 2),
        (RestartsExhausted("x"), 3),
        (ExceptionGroup("g", [ExceptionGroup("h", [RestartsExhausted("x")])]), 3),
    ],
)
def test_exit_codes(error: Exception, code: int) -> None:
    """Each kind of end has its own number, also from within task groups."""
    assert exit_code_of(error) == code
