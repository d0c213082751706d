"""A worker process: its heaps, its threads. Each case is a process of its own: heaps that exist stay."""

import os
import platform
import subprocess
import sys

import pytest

HEAPS = """
import ctypes, re, sys, tempfile, threading
from udb.serve import worker
from udb.settings import Settings
if sys.argv[1] == "a worker":
    worker.build(Settings(sandbox=True))
together = threading.Barrier(8)
def call():
    together.wait()
    kept = bytes(4000)
    together.wait()
threads = [threading.Thread(target=call) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = (ctypes.c_int, ctypes.c_void_p)
libc.fclose.argtypes = (ctypes.c_void_p,)
with tempfile.NamedTemporaryFile() as file:
    stream = libc.fopen(file.name.encode(), b"w")
    assert libc.malloc_info(0, stream) == 0
    libc.fclose(stream)
    print(len(re.findall("<heap nr=", file.read().decode())))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="one heap is all that other C libraries have")
@pytest.mark.parametrize(("how", "heaps"), [("a worker", {1}), ("as it comes", range(2, 100))])
def test_threads_have_their_memory_from_one_heap(how, heaps, tmp_path):
    environment = os.environ | {"UDB_DATABASE_URL": f"sqlite:///{tmp_path}/udb.sqlite"}
    command = [sys.executable, "-c", HEAPS, how]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert int(done.stdout) in heaps


def test_a_thread_that_computes_lets_the_others_go_on_ten_times_as_soon_as_python_does(tmp_path):
    code = """
import sys
from udb.serve import worker
from udb.settings import Settings
before = sys.getswitchinterval()
worker.build(Settings(sandbox=True))
print(round(before / sys.getswitchinterval()))
"""
    environment = os.environ | {"UDB_DATABASE_URL": f"sqlite:///{tmp_path}/udb.sqlite"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "10\n"
