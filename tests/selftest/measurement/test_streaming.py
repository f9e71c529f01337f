"""Streaming: the numbers are those that the exchange brought about."""

import time
from pathlib import Path

import pytest
from websockets.frames import Frame, Opcode

from kalshi_preflight.exchange.faults.measured_streams import LOST
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import Then, end
from kalshi_preflight.exchange.wire import Stream
from kalshi_preflight.model.measurement import Streaming
from tests.selftest.measurement.measured import Measured, measured

pytestmark = pytest.mark.selftest

#: What waiting on a busy machine may add, as a share of what was injected.
_TOLERANCE = 0.5
_BUSY = 200.0
#: The survey's upgrades are accepted: its own, with Origin, and without once more.
_OPENED_BY_SURVEY = 3
_SUBSCRIBED = Frame(
    Opcode.TEXT, b'{"type":"subscribed","id":1,"msg":{"channel":"ticker","sid":1}}'
)


def streaming_of(run: Measured) -> Streaming:
    """The numbers of streaming, which were taken."""
    assert run.measurement.streaming is not None, run.measurement.closed
    return run.measurement.streaming


def test_a_healthy_stream_is_whole(tmp_path: Path) -> None:
    """Acknowledgement, snapshot and changes in their order; nothing missing."""
    with measured(tmp_path, moves_per_second=_BUSY) as run:
        streaming = streaming_of(run)
        assert streaming.upgrade_ms is not None
        assert streaming.acknowledged_ms is not None
        assert streaming.first_snapshot_ms is not None
        assert streaming.first_delta_ms is not None
        assert streaming.acknowledged_ms <= streaming.first_snapshot_ms
        assert streaming.first_snapshot_ms <= streaming.first_delta_ms
        assert streaming.reconnect_ms is not None
        assert streaming.missing == streaming.gaps == streaming.drops == 0
        assert streaming.ping is not None
        assert streaming.ping.count >= 4
        assert run.warnings == set()


def test_frames_are_counted_as_they_were_sent(tmp_path: Path) -> None:
    """What left the exchange was heard, but for the little that the survey had."""
    with measured(tmp_path, moves_per_second=_BUSY) as run:
        streaming = streaming_of(run)
        sent = run.exchange.ledger.count("websocket messages sent")
        assert (1 - _TOLERANCE) * sent <= streaming.frames <= sent
        heard = streaming.frames_each_second * streaming.seconds
        assert heard == pytest.approx(streaming.frames)


def test_lost_frames_are_counted_exactly(tmp_path: Path) -> None:
    """Three frames in two places are lost: two gaps, three missing, one warning."""
    with measured(tmp_path, faults=["stream-gaps"], moves_per_second=_BUSY) as run:
        streaming = streaming_of(run)
        assert (streaming.gaps, streaming.missing) == (2, len(LOST))
        assert run.warnings == {"ws-sequence-gap"}
        assert run.measurement.polling is not None
        assert not run.measurement.polling.stale, "a wrong book proves nothing of REST"


def test_a_close_in_the_midst_is_one_drop(tmp_path: Path) -> None:
    """The stream is closed once: one drop, opened again at once, its code is told."""
    with measured(tmp_path, faults=["stream-closed"], moves_per_second=_BUSY) as run:
        streaming = streaming_of(run)
        assert streaming.drops == 1
        assert streaming.missing == 0, "numbers begin anew on a new connection"
        assert streaming.reconnect_ms is not None
        (cause,) = run.measurement.causes
        assert cause.id == "ws-closed"
        assert "close code 1012" in cause.summary
        assert "after the subscription was acknowledged" in cause.summary


def test_every_reset_is_a_drop(tmp_path: Path) -> None:
    """The exchange resets each connection once it is subscribed: enough after four."""
    opened: list[Stream] = []

    async def reset(stream: Stream) -> bool:
        opened.append(stream)
        if len(opened) <= _OPENED_BY_SURVEY:
            return False
        await stream.receive()
        await stream.send(_SUBSCRIBED.serialize(mask=False))
        await end(stream, Then.RESET)
        return True

    with measured(tmp_path, lambda hooks: hooks.websocket.opened.append(reset)) as run:
        streaming = streaming_of(run)
        assert streaming.drops == len(opened) - _OPENED_BY_SURVEY == 4
        assert streaming.reconnect_ms is None
        assert run.warnings == {"ws-closed"}
        assert run.diagnosis.root_cause is None


@pytest.mark.parametrize("old_ms", [0, 3000])
def test_changes_are_as_old_as_they_were_made(tmp_path: Path, old_ms: int) -> None:
    """Changes that the exchange kept for 3 s are 3 s old, and fresh ones are young."""

    def delay(frame: dict[str, object]) -> dict[str, object]:
        message = frame.get("msg")
        if isinstance(message, dict) and isinstance(message.get("ts_ms"), int):
            return {**frame, "msg": {**message, "ts_ms": message["ts_ms"] - old_ms}}
        return frame

    with measured(tmp_path, lambda hooks: hooks.websocket.frames.append(delay)) as run:
        streaming = streaming_of(run)
        assert streaming.tick_age is not None
        most_ms = _TOLERANCE * 3000
        assert old_ms - 1 <= streaming.tick_age.p50_ms <= old_ms + most_ms


@pytest.mark.parametrize("offset_seconds", [-1.5, 1.5])
def test_a_wrong_clock_makes_no_change_older(
    tmp_path: Path, offset_seconds: float
) -> None:
    """With our clock 1.5 s off, either way, changes are as young as they are."""

    def theirs() -> float:
        return time.time() + offset_seconds

    with measured(tmp_path, read_clock=theirs) as run:
        streaming = streaming_of(run)
        assert streaming.clock_offset_ms is not None
        ours_ahead_ms = -offset_seconds * 1000
        error_ms = abs(streaming.clock_offset_ms - ours_ahead_ms)
        assert error_ms <= _TOLERANCE * abs(ours_ahead_ms)
        assert streaming.tick_age is not None
        assert abs(streaming.tick_age.p50_ms) <= _TOLERANCE * abs(ours_ahead_ms)


def test_pongs_come_as_late_as_they_are_sent(tmp_path: Path) -> None:
    """Pongs that are held back for 300 ms are measured as such."""
    held_ms = 300.0

    def hold(hooks: Hooks) -> None:
        hooks.websocket.pong_delay_seconds = held_ms / 1000

    with measured(tmp_path, hold) as run:
        streaming = streaming_of(run)
        assert streaming.ping is not None
        assert held_ms <= streaming.ping.p50_ms <= (1 + _TOLERANCE) * held_ms * 2


def test_what_is_refused_later_is_said(tmp_path: Path) -> None:
    """An exchange that takes no second connection leaves no time of return."""
    opened: list[Stream] = []

    async def only_some(stream: Stream) -> bool:
        opened.append(stream)
        if len(opened) <= _OPENED_BY_SURVEY + 1:
            return False
        await end(stream, Then.CUT)
        return True

    with measured(
        tmp_path, lambda hooks: hooks.websocket.opened.append(only_some)
    ) as run:
        streaming = streaming_of(run)
        assert streaming.reconnect_ms is None
        assert streaming.frames > 0
        assert run.warnings == {"ws-closed"}
