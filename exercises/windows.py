"""A job object: what Windows has for a process with all its children, their memory and their end."""

from __future__ import annotations

import ctypes
import struct
import subprocess
from typing import Any

__all__ = ["Job"]

ACTIVE_PROCESS, PROCESS_MEMORY, DIE_ON_UNHANDLED_EXCEPTION, KILL_ON_JOB_CLOSE = 0x8, 0x100, 0x400, 0x2000
EXTENDED_LIMITS = 9
# JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64 bits: times, flags, working sets, processes, affinity, classes,
# six counters, then the memory of a process and of the job, and their peaks
LIMITS = struct.Struct("<qqI4xQQI4xQII6QQQQQ")


class Job:
    """Holds a process from its start; without rights to make a job, only the process itself can be ended."""

    def __init__(self, process: subprocess.Popen[bytes], memory_mb: int, processes: int) -> None:
        kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined, unused-ignore]
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        self._kernel = kernel
        self._job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        flags = ACTIVE_PROCESS | PROCESS_MEMORY | DIE_ON_UNHANDLED_EXCEPTION | KILL_ON_JOB_CLOSE
        limits = LIMITS.pack(0, 0, flags, 0, 0, processes, 0, 0, 0, *[0] * 6, memory_mb << 20, 0, 0, 0)
        kernel.SetInformationJobObject(self._job, EXTENDED_LIMITS, limits, len(limits))
        handle = ctypes.c_void_p(int(process._handle))  # type: ignore[attr-defined, unused-ignore]
        kernel.AssignProcessToJobObject(self._job, handle)

    def terminate(self) -> None:
        """End every process of the job at once."""
        if self._job:
            self._kernel.TerminateJobObject(self._job, 1)
            self._kernel.CloseHandle(self._job)
            self._job = ctypes.c_void_p(None)
