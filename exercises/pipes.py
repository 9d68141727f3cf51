"""The grader's end of a worker where there is no fork (Windows): one process an attempt, started ahead.

The same two classes as in `exercises.line`, over three pipes and a thread for each, because Windows cannot
wait for pipes. While one attempt is judged, the next worker already imports NumPy.
"""

from __future__ import annotations

import contextlib
import os
import queue
import struct
import subprocess
import sys
import threading
import time
from typing import Any, BinaryIO

from exercises import wire
from exercises.launch import Launch
from exercises.line import Ended, WorkerLostError, ended_with, kill_group

__all__ = ["PipeLine", "PipeWorker"]

LENGTH = struct.Struct("<Q")  # as in exercises.line


class PipeWorker:
    """Starts a process for each attempt, one ahead."""

    def __init__(self, strength: str, limits: dict[str, Any], protected: tuple[str, ...]) -> None:
        self._arguments = (strength, limits, protected)
        self.ready = self.lost = False
        self.ended: Ended | None = None
        self._next: PipeLine | None = None
        self.prepare()

    def prepare(self) -> None:
        """Have a process under way for the next attempt."""
        if self._next is None:
            self._next = PipeLine(self, Launch(*self._arguments, fork=False))

    def wait_ready(self, deadline: float) -> bool:
        return self.ready or (self._next is not None and self._next.process.poll() is None)

    def open(self, output_bytes: int) -> PipeLine:
        self.prepare()
        assert self._next is not None
        line, self._next = self._next, None
        line.room = output_bytes
        if line.process.poll() is not None:
            line.close()
            raise WorkerLostError
        return line

    def hang_up(self) -> None:
        """Nothing ends here by itself."""

    def close(self) -> None:
        if self._next is not None:
            self._next.close()
            self._next = None


class PipeLine:
    """Requests to one attempt, its answers and its output."""

    def __init__(self, worker: PipeWorker, launch: Launch) -> None:
        self.worker, self.launch = worker, launch
        pipe = subprocess.PIPE
        self.process = launch.start(stdin=pipe, stdout=pipe, stderr=pipe)
        self.job = _job(self.process, launch.settings)
        self.room = 0
        self.printed = bytearray()
        self.broken = self.ended = False
        self.outgoing: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.incoming: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.outgoing.put(launch.message())
        for work in (self._write, self._read, self._read_output):
            threading.Thread(target=work, daemon=True).start()

    def send(self, request: dict[str, Any]) -> None:
        data = wire.encode(request)
        self.outgoing.put(LENGTH.pack(len(data)) + data)

    def receive(self, deadline: float) -> bytes | None:
        """The next frame; None at the deadline, or when none can come any more (then `ended`)."""
        try:
            frame = self.incoming.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        self.ended = frame is None
        self.worker.ready |= frame is not None
        if self.ended:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.2)
                self.worker.ended = ended_with(self.process.returncode)
        return frame

    def output(self) -> str:
        """What was printed since the last time, as text."""
        if not self.ended:
            time.sleep(0.001)  # what was written before the answer may still be on its way
        text = bytes(self.printed)
        del self.printed[: len(text)]
        return text.decode("utf-8", "replace")

    def let_go(self) -> None:
        self.close()

    def close(self) -> Ended | None:
        """Kill the attempt and, as far as the system lets us, all that it has started."""
        if self.job is not None:
            self.job.terminate()
        if os.name == "posix":
            kill_group(self.process.pid)
        self.process.kill()
        code = self.process.wait()
        self.outgoing.put(b"")
        self.launch.clear()
        self.worker.prepare()
        return ended_with(code)

    def _write(self) -> None:
        stream = _stream(self.process.stdin)
        with contextlib.suppress(OSError, ValueError):
            while data := self.outgoing.get():
                stream.write(data)
                stream.flush()
        with contextlib.suppress(OSError):
            stream.close()

    def _read(self) -> None:
        stream = _stream(self.process.stdout)
        with contextlib.suppress(OSError, ValueError):
            while len(head := stream.read(LENGTH.size)) == LENGTH.size:
                (size,) = LENGTH.unpack(head)
                if size > wire.MAX_BYTES:
                    self.broken = True
                    break
                frame = stream.read(size)
                if len(frame) < size:
                    break
                self.incoming.put(frame)
        self.incoming.put(None)

    def _read_output(self) -> None:
        stream = _stream(self.process.stderr)
        with contextlib.suppress(OSError, ValueError):
            while data := os.read(stream.fileno(), 1 << 16):
                kept = data[: self.room]
                self.room -= len(kept)
                self.printed += kept


def _stream(stream: Any) -> BinaryIO:
    assert stream is not None
    found: BinaryIO = stream
    return found


def _job(process: subprocess.Popen[bytes], settings: dict[str, Any]) -> Any:
    """On Windows, a job that holds the process, its children and their memory; elsewhere nothing."""
    if sys.platform == "win32":
        from exercises.windows import Job

        return Job(process, settings["memory_mb"], settings["processes"])
    return None
