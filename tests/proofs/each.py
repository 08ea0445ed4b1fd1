"""Runs the check.py of many folders, each in a process of its own that starts with the trainer already imported.

python each.py MODULES FOLDER...  prints one JSON line per folder: its exit code, what it said and how long it took."""

import contextlib
import importlib
import json
import os
import runpy
import sys
import tempfile
import time
from pathlib import Path


def run(folder: str, said: str) -> int:
    """In a child: the folder's check as `python check.py` would run it. Returns its exit code."""
    sys.argv = [f"{folder}/check.py"]
    sys.path[0] = folder
    os.chdir(folder)
    os.dup2(os.open(said, os.O_WRONLY), 1)
    os.dup2(os.open("check.log", os.O_WRONLY | os.O_CREAT), 2)
    try:
        runpy.run_path(f"{folder}/check.py", run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}"[:2000])
        return 1
    return 0


def main() -> None:
    modules, folders = sys.argv[1].split(","), sys.argv[2:]
    with contextlib.redirect_stdout(sys.stderr):
        for module in modules:
            importlib.import_module(module)
    for folder in folders:
        since = time.monotonic()
        with tempfile.NamedTemporaryFile(suffix=".txt") as said:
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    code = run(folder, said.name)
                    sys.stdout.flush()
                finally:
                    os._exit(code)
            _, status = os.waitpid(child, 0)
            took = round(time.monotonic() - since, 1)
            exit_code = os.waitstatus_to_exitcode(status)
            answer = {"folder": folder, "exit": exit_code, "said": Path(said.name).read_text(), "seconds": took}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
