"""Memory that all workers of a host share, and a lock of it that no dead worker keeps."""

import fcntl
import mmap
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HostMemory:
    """Some bytes, zero at first; made once before the workers are forked.

    A worker that dies releases the lock, because the lock is the file's.
    """

    def __init__(self, size: int, folder: Path | None = None) -> None:
        """``size``: in bytes. ``folder``: where the lock file is."""
        self._file = tempfile.TemporaryFile(prefix="udb-host-", dir=folder)  # noqa: SIM115 - lives as long as the process
        # Not mapped from the file: on a full disk the first touch of a page would end the process.
        self.memory = mmap.mmap(-1, size)
        self._threads = threading.Lock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all other threads and processes out while the block runs."""
        # The file lock is held by the process, so the process's threads need a lock of their own.
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Release the memory and the file."""
        self.memory.close()
        self._file.close()
