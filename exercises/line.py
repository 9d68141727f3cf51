"""The grader's end of a worker (POSIX): orders and reports on one socket, each attempt on one of its own.

Everything that comes in over an attempt's line may be written by the attempt: frames are bounded, reading
has a deadline, and output beyond the limit is thrown away as it comes.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import struct
import subprocess
import time
from typing import Any, NamedTuple

from exercises import wire
from exercises.launch import Launch

__all__ = ["STARTUP_SECONDS", "Ended", "Line", "Worker", "WorkerLostError", "ended_with", "kill_group"]

FORK, KILL = b"F", b"K"
READY, STARTED, ENDED, SWEPT = b"R", b"P", b"X", b"S"
REPORT = struct.Struct("<ciq")  # as in exercises.worker
LENGTH = struct.Struct("<Q")
SWEEP_SECONDS = 5.0
END_SECONDS = 0.5
STARTUP_SECONDS = 60.0
READS_AT_ONCE = 64


class WorkerLostError(Exception):
    """The worker is gone."""


class Ended(NamedTuple):
    """How an attempt's process ended: with a code or by a signal."""

    code: int
    signal: str
    memory_kb: int


class Worker:
    """The worker process and the reports it sends."""

    def __init__(self, strength: str, limits: dict[str, Any], protected: tuple[str, ...]) -> None:
        self.launch = Launch(strength, limits, protected, fork=True)
        self.control, theirs = socket.socketpair()
        self.control.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        with theirs:
            self.process = self.launch.start(
                stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        self.ready = self.lost = False
        self.swept = True
        self.child = 0
        self.ended: Ended | None = None
        self.received = b""
        self._order(self.launch.message())

    def wait_ready(self, deadline: float) -> bool:
        return self._until(lambda: self.ready, deadline)

    def open(self, output_bytes: int) -> Line:
        """A new attempt's line. Raises WorkerLostError if there is no worker any more."""
        self.read_reports()
        if self.lost or not self._await_sweep():
            raise WorkerLostError
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe()
        self.ended, self.swept, self.child = None, False, 0
        try:
            socket.send_fds(self.control, [FORK], [theirs.fileno(), their_output])
        except OSError as problem:
            ours.close()
            os.close(output)
            raise WorkerLostError from problem
        finally:
            theirs.close()
            os.close(their_output)
        return Line(self, ours, output, output_bytes)

    def sweep(self) -> Ended | None:
        """Have the attempt and all it has started killed; None if the worker does not obey."""
        self.order_sweep()
        return self.ended if self._await_sweep() else None

    def order_sweep(self) -> None:
        """The same without waiting: the next attempt waits for it."""
        self._order(KILL)

    def _await_sweep(self) -> bool:
        patience = SWEEP_SECONDS if self.ready else STARTUP_SECONDS
        return self._until(lambda: self.swept, time.monotonic() + patience)

    def read_reports(self) -> None:
        """Take in whatever the worker has said, without waiting."""
        while not self.lost:
            try:
                data = self.control.recv(4096, socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            self.lost = not data
            self.received += data
        while len(self.received) >= REPORT.size:
            self._note(*REPORT.unpack(self.received[: REPORT.size]))
            self.received = self.received[REPORT.size :]

    def hang_up(self) -> None:
        """Let the worker end by itself, without waiting."""
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """End the worker with everything in it."""
        self.hang_up()
        if self.ready:
            self._until(lambda: False, time.monotonic() + END_SECONDS)  # its end of the line closes last
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.01)
        self.control.close()
        if self.child and self.launch.strength == "portable":
            kill_group(self.child)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.launch.clear()

    def _note(self, what: bytes, value: int, memory: int) -> None:
        if what == READY:
            self.ready = True
        elif what == STARTED:
            self.child = value
        elif what == ENDED:
            self.ended = ended_with(os.waitstatus_to_exitcode(value), memory)
        elif what == SWEPT:
            self.swept = True
            self.child = 0

    def _order(self, message: bytes) -> None:
        try:
            self.control.sendall(message)
        except OSError:
            self.lost = True

    def _until(self, happened: Any, deadline: float) -> bool:
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        while not happened():
            left = deadline - time.monotonic()
            if self.lost or left <= 0:
                return False
            poll.poll(left * 1000)
            self.read_reports()
        return True


class Line:
    """Requests to one attempt, its answers and its output."""

    def __init__(self, worker: Worker, channel: socket.socket, output: int, output_bytes: int) -> None:
        self.worker = worker
        self.channel = channel
        self.channel.setblocking(False)
        os.set_blocking(output, False)
        self.output_descriptor = output
        self.room = output_bytes
        self.printed = bytearray()
        self.outgoing = bytearray()
        self.incoming = bytearray()
        self.hung_up = False
        self.broken = False  # what came in was no frame

    @property
    def ended(self) -> bool:
        """No further answer can come."""
        return self.hung_up or self.broken or self.worker.ended is not None or self.worker.lost

    def send(self, request: dict[str, Any]) -> None:
        """Queue a request and send what can be sent now."""
        data = wire.encode(request)
        self.outgoing += LENGTH.pack(len(data)) + data
        self._write()

    def receive(self, deadline: float) -> bytes | None:
        """The next frame; None at the deadline, or when none can come any more (then `ended`)."""
        while True:
            frame = self._frame()
            if frame is not None or self.broken:
                return frame
            if self.hung_up or self.worker.lost:
                self._await_end()
                return None
            gone = self.worker.ended is not None
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            if not self._wait(0 if gone else left) and gone:
                return None

    def output(self) -> str:
        """What was printed since the last time, as text."""
        self._read_output()
        text = self.printed.decode("utf-8", "replace")
        self.printed.clear()
        return text

    def close(self) -> Ended | None:
        """Kill the attempt; how it ended, or None if the worker was lost with it."""
        ended = self.worker.sweep()
        self._read_output()
        self._hang_up()
        return ended

    def let_go(self) -> None:
        """Have the attempt killed without waiting for it."""
        self.worker.order_sweep()
        self._hang_up()

    def _hang_up(self) -> None:
        self.channel.close()
        os.close(self.output_descriptor)
        self.output_descriptor = -1

    def _wait(self, seconds: float) -> bool:
        """Wait for anything to happen on any descriptor and take it in; whether anything did."""
        poll = select.poll()
        poll.register(self.channel, select.POLLIN | (select.POLLOUT if self.outgoing else 0))
        poll.register(self.worker.control, select.POLLIN)
        if not self.hung_up:
            poll.register(self.output_descriptor, select.POLLIN)
        events = poll.poll(seconds * 1000)
        progress = False
        for number, what in events:
            if number == self.channel.fileno():
                progress = True
                if what & select.POLLOUT:
                    self._write()
                if what & ~select.POLLOUT:
                    self._read()
            elif number == self.output_descriptor:
                progress |= self._read_output() > 0
            else:
                progress = True
                self.worker.read_reports()
        return progress

    def _write(self) -> None:
        try:
            while self.outgoing:
                sent = self.channel.send(memoryview(self.outgoing)[: 1 << 18])
                del self.outgoing[:sent]
        except BlockingIOError:
            return
        except OSError:
            self.outgoing.clear()  # nobody listens; the reading end will say so

    def _read(self) -> None:
        try:
            data = self.channel.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.hung_up = not data
        self.incoming += data

    def _frame(self) -> bytes | None:
        if len(self.incoming) < LENGTH.size:
            return None
        (size,) = LENGTH.unpack(self.incoming[: LENGTH.size])
        if size > wire.MAX_BYTES:
            self.broken = True
            return None
        end = LENGTH.size + size
        if len(self.incoming) < end:
            return None
        frame = bytes(memoryview(self.incoming)[LENGTH.size : end])
        del self.incoming[:end]
        return frame

    def _read_output(self) -> int:
        """Take in what was printed and keep what there is room for; how much it was."""
        total = 0
        for _ in range(READS_AT_ONCE if self.output_descriptor >= 0 else 0):
            try:
                data = os.read(self.output_descriptor, 1 << 16)
            except OSError:
                break
            if not data:
                break
            total += len(data)
            kept = data[: self.room]
            self.room -= len(kept)
            self.printed += kept
        return total

    def _await_end(self) -> None:
        """The line is dead: its process is about to be, or has closed the line and lives on."""
        self.worker._until(lambda: self.worker.ended is not None, time.monotonic() + 0.2)


def ended_with(code: int, memory_kb: int = 0) -> Ended:
    """From the exit code, which is negative for a signal."""
    return Ended(code, _signal_name(-code) if code < 0 else "", memory_kb)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def kill_group(process: int) -> None:
    try:
        os.killpg(process, signal.SIGKILL)
    except OSError:
        return
