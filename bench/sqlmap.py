#!/usr/bin/env python3
"""Runs Debian's sqlmap over raw requests, one file NUMBER.http each, of which the first line is the operation's name. The suite writes them: CHARTROOM_SQLMAP=1 ./test --filter SqlmapTests

    bench/sqlmap.py FOLDER [--jobs 2] [--seconds 300]

The last line says how many were tried and found; exit 1 when a parameter can be injected or an answer was a 5xx.
"""
import argparse, concurrent.futures, os, pathlib, pty, re, subprocess, sys


def run(file, seconds):
    name, raw = file.read_bytes().split(b"\n", 1)
    request = file.with_suffix(".raw")
    request.write_bytes(raw)
    command = ["sqlmap", "-r", str(request), "--batch", "--level=1", "--risk=1", "--technique=BEUS", "--dbms=PostgreSQL", "--flush-session", "--disable-coloring",
               "--ignore-code=*", "--skip-urlencode", "-v", "1", f"--output-dir={file.with_suffix('')}"]
    terminal, typed = pty.openpty()   # without one it reads its targets from its input
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=seconds, stdin=typed).stdout
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"").decode(errors="replace") + "\nOUT OF TIME"
    finally:
        os.close(terminal)
        os.close(typed)
    found = re.findall(r"^Parameter: .*$", said, re.M)
    answered = re.findall(r"\b([45]\d\d) \([^)]*\) - (\d+) times", said)
    parameters = len(set(re.findall(r"testing for SQL injection on (.*)", said)))
    return name.decode(), parameters, found, answered, "OUT OF TIME" in said, "" if parameters else said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=300, help="patience for one operation")
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.http"))
    total, bad, late = 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, parameters, found, answered, is_late, said in pool.map(lambda file: run(file, options.seconds), files):
            faults = [it for it in answered if it[0] != "503" and it[0] > "499"]
            total, late = total + parameters, late + is_late
            bad += len(found) + len(faults)
            print(name, f"{parameters} parameters", *(found or ["clean"]), *[f"{status} x {times}" for status, times in answered], "OUT OF TIME" if is_late else "", flush=True)
            if said:
                print("   ", " / ".join(said.strip().splitlines()[-8:])[:1500], flush=True)
    print(f"{len(files)} operations, {total} parameters, {bad} found, {late} out of time")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
