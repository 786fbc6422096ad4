#!/usr/bin/env python3
"""Whether two builds of hivectl say the same, and how fast each is.

    python3 tests/bench/unchanged/compare.py OLD NEW [--only FILTER] [--expected FILE] [--list] [--keep]
    python3 tests/bench/unchanged/compare.py OLD NEW --speed [--data FILE] [--rounds 11]

OLD and NEW are two binaries. Each gets an own home with the same files, and every command line of lines.txt runs
in both in the same order, so that their registries evolve alike. Compared are exit code, stdout and stderr: JSON,
YAML and JSONL on stdout as values (same keys, types and numbers; their order is free), everything else byte for
byte. Keys that NEW adds are listed, not counted as differences. Masked is what no two runs share: moments near to
now, digests and ids (12 and more hexadecimal digits), the home's path, the user and host, and how long something took.

Printed is each difference with its command line and a unified diff, at the end
`N command lines, M differ, K with added keys`. Exit code 1 where a line differs that --expected does not name, and
where a line compared nothing, such as a file that neither binary wrote.

--only FILTER   print and count the lines that contain FILTER, or match it as a pattern with * (all of them run: each
                stands on what those before it left)
--list          print the command lines and run none
--expected FILE lines `PATTERN  # REASON` or `PATTERN  ~ REGEX  # REASON`; a difference of a command line that matches
                is wanted, and is told apart; with REGEX only what of it holds REGEX (several lines may name
                the parts of one difference)
                [default: expected.txt beside this file]
--keep          leave the two homes there, and say where
--speed         run alternating pairs and print the ratio NEW/OLD: starts, a TAB, `train --model all` with one thread
                (seconds of processor, peak memory) and the size of the binary

lines.txt: `hivectl …` runs a line, with words before it as NAME=VALUE for the environment. In front of it may stand
`*` (once in every form of -o; {form} is its word), `@40` (on a terminal of 40 columns, `@*` on each of 40, 80, 120 and
200), and behind it `< FILE`. `write FILE TEXT`, `copy FROM TO`
(FROM may be a pattern, TO a folder then), `remove FILE`, `mkdir FOLDER`, `append FILE TEXT` and
`cut FILE BYTES` prepare files in both homes; `cat FILE` compares one that was written. {repository} is the folder of
the project, linked into each home.
"""

import argparse
import difflib
import fnmatch
import json
import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import values

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
FORMS = ["table", "wide", "json", "yaml", "name", "jsonl", "csv"]
WIDTHS = ["40", "80", "120", "200"]
LONGEST_SECONDS = 300
# Instead of an exit code: the line could not do what lines.txt wants of it, so that nothing was compared.
NOTHING = "nothing"


class Line:
    """One thing to do in each home."""

    def __init__(self, shown, words, variables=None, columns=None, stdin=None):
        self.shown, self.words, self.variables = shown, words, variables or {}
        self.columns, self.stdin = columns, stdin

    @property
    def is_compared(self):
        return self.words[0] in ("hivectl", "cat")

    @property
    def form(self):
        """The form of stdout; the table where none is named."""
        if self.words[0] == "cat":
            return {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(pathlib.Path(self.words[1]).suffix, "table")
        for word, following in zip(self.words, [*self.words[1:], ""]):
            if word in ("-o", "--output"):
                return following
            if word.startswith("--output="):
                return word.partition("=")[2]
        return "table"


def read_lines(path):
    lines = []
    for text in path.read_text().splitlines():
        text = text.strip()
        if not text or text.startswith("#"):
            continue
        text = text.replace("{repository}", "repository")
        forms, columns = [None], [None]
        if text.startswith("* "):
            forms, text = FORMS, text[2:]
        if text.startswith("@"):
            mark, text = text.split(" ", 1)
            columns = WIDTHS if mark == "@*" else [mark[1:]]
        for form in forms:
            for width in columns:
                lines.append(read_line(text, form, width))
    return lines


def read_line(text, form, width):
    if form:
        text = text.replace("{form}", form)
        text += f" -o {form}"
    shown = f"@{width} {text}" if width else text
    words = shlex.split(text)
    stdin = None
    if len(words) > 2 and words[-2] == "<":
        stdin, words = words[-1], words[:-2]
    variables = {}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    return Line(shown, words, variables, width, stdin)


class Home:
    """A folder in which one binary works."""

    def __init__(self, folder, binary):
        # A copy, so that both have one name and a place that is masked: a runbook starts its own binary.
        self.folder, self.binary = folder, folder / "bin" / "hivectl"
        (folder / "bin").mkdir(parents=True)
        shutil.copy(pathlib.Path(binary).resolve(), self.binary)
        (folder / "repository").symlink_to(REPOSITORY)
        self.results = []

    def environment(self, line):
        path = f"{self.folder}/bin:/usr/local/bin:/usr/bin:/bin"
        return {"HOME": str(self.folder), "PATH": path, "USER": "operator", "CI": "1", **line.variables}

    def run(self, line):
        """(exit code, stdout, stderr) of a line."""
        result = self.run_once(line)
        # A completion gives up after a moment and then answers with what was typed: on a busy machine that is chance.
        for _ in range(2 if "__complete" in line.words else 0):
            if result[1].count("\n") <= 1:
                result = self.run_once(line)
        return result

    def run_once(self, line):
        words = line.words
        if words[0] != "hivectl":
            return self.prepare(words)
        if line.columns:
            return self.run_on_terminal(line)
        if line.stdin and not (self.folder / line.stdin).is_file():
            return NOTHING, "", f"{line.stdin} is not there"
        stdin = open(self.folder / line.stdin, "rb") if line.stdin else subprocess.DEVNULL
        try:
            ran = subprocess.run(
                words,
                executable=self.binary,
                cwd=self.folder,
                env=self.environment(line),
                stdin=stdin,
                capture_output=True,
                timeout=LONGEST_SECONDS,
            )
            return ran.returncode, ran.stdout.decode(errors="replace"), ran.stderr.decode(errors="replace")
        except subprocess.TimeoutExpired:
            return NOTHING, "", f"did not end within {LONGEST_SECONDS} s"
        finally:
            if line.stdin:
                stdin.close()

    def run_on_terminal(self, line):
        leader, follower = pty.openpty()
        environment = {**self.environment(line), "COLUMNS": line.columns, "TERM": "xterm", "LANG": "C.UTF-8"}
        child = subprocess.Popen(
            line.words, executable=self.binary, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=follower, stderr=follower
        )
        os.close(follower)
        seen, until = b"", time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            if not select.select([leader], [], [], 1.0)[0]:
                continue
            try:
                part = os.read(leader, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
        os.close(leader)
        return child.wait(timeout=LONGEST_SECONDS), seen.decode(errors="replace").replace("\r\n", "\n"), ""

    def prepare(self, words):
        verb, name, *rest = words
        path = self.folder / name
        if verb == "cat":
            return (0, path.read_text(errors="replace"), "") if path.is_file() else (NOTHING, "", f"{name} is not there")
        if verb in ("copy", "remove", "cut") and not any(self.folder.glob(name)):
            return NOTHING, "", f"{name} is not there"
        path.parent.mkdir(parents=True, exist_ok=True)
        if verb == "write":
            path.write_text(rest[0].replace("\\n", "\n").replace("\\t", "\t"))
        elif verb == "append":
            path.open("a").write(rest[0].replace("\\n", "\n"))
        elif verb == "mkdir":
            path.mkdir(parents=True, exist_ok=True)
        elif verb == "remove":
            for found in sorted(self.folder.glob(name)):
                shutil.rmtree(found) if found.is_dir() else found.unlink()
        elif verb == "cut":
            for found in sorted(self.folder.glob(name)):
                found.chmod(0o644)
                found.write_bytes(found.read_bytes()[: int(rest[0])])
        elif verb == "copy":
            target = self.folder / rest[0]
            # A pattern copies into a folder.
            (target if "*" in name else target.parent).mkdir(parents=True, exist_ok=True)
            for found in sorted(self.folder.glob(name)):
                shutil.copy(found, target)
        else:
            raise SystemExit(f"lines.txt: '{verb}' is no verb")
        return 0, "", ""

    def run_all(self, lines, told):
        for number, line in enumerate(lines):
            try:
                self.results.append(self.run(line))
            except Exception as error:
                self.results.append((NOTHING, "", f"compare.py failed: {error!r}"))
            told(number)


def run_both(homes, lines):
    # Side by side, because each waits much; what is measured in seconds is masked anyway.
    begun = time.monotonic()

    def told(number):
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{number + 1} of {len(lines)}, {time.monotonic() - begun:.0f} s ")

    workers = [threading.Thread(target=home.run_all, args=(lines, told), daemon=True) for home in homes]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if sys.stderr.isatty():
        sys.stderr.write("\n")


def unified(name, old, new):
    old, new = (text.splitlines(keepends=False) for text in (old, new))
    return list(difflib.unified_diff(old, new, f"old {name}", f"new {name}", lineterm="", n=2))


def compare(line, results, mask):
    """(differences as lines, those of them that say what differs, added keys) of what one line gave in both homes."""
    (old_code, old_out, old_err), (new_code, new_out, new_err) = results
    different, telling, added = [], [], []
    if old_code != new_code:
        different.append(f"exit code: old {old_code}, new {new_code}")
    documents = [values.documents(text, line.form) for text in (old_out, new_out)]
    if None in documents:
        masked = mask.table if line.form == "csv" else mask.text
        different += unified("stdout", masked(old_out), masked(new_out))
        telling += different
    else:
        old, new = (mask.value(document) for document in documents)
        found = values.differences(old, new, added)
        different += found
        telling += different
        if found:
            different += unified("stdout", *(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) for value in (old, new)))
    errors = unified("stderr", mask.text(old_err), mask.text(new_err))
    telling = [line for line in telling + errors if not line.startswith((" ", "@@", "--- old", "+++ new"))]
    return different + errors, telling, added


def read_expected(path):
    expected = []
    for text in path.read_text().splitlines() if path.is_file() else []:
        pattern, mark, reason = text.partition("  # ")
        if pattern.strip() and not pattern.startswith("#"):
            if not mark or not reason.strip():
                raise SystemExit(f"{path}: '{pattern}' has no reason (PATTERN  # REASON)")
            pattern, _, held = pattern.partition("  ~ ")
            expected.append((pattern.strip(), re.compile(held.strip()), reason.strip()))
    return expected


def matches(pattern, text):
    return pattern in text or fnmatch.fnmatchcase(text, pattern)


def report(lines, homes, arguments):
    expected = read_expected(arguments.expected)
    mask = values.Mask([home.folder for home in homes], socket.gethostname())
    count, differing, wanted, with_added, used = 0, 0, 0, 0, set()
    unmade, exit_codes, codes = [], set(), set()
    for line, *results in zip(lines, *(home.results for home in homes), strict=True):
        # Two runs that both had nothing to say are no proof of anything.
        if all(result[0] == NOTHING for result in results):
            unmade.append(f"{line.shown}: {results[0][2]}")
        if line.words[0] == "hivectl":
            exit_codes.add(results[0][0])
            codes |= set(re.findall(r"HML-\d+", results[0][2] + (results[0][1] if results[0][0] != 0 else "")))
        if not line.is_compared or (arguments.only and not matches(arguments.only, line.shown)):
            continue
        count += 1
        different, telling, added = compare(line, results, mask)
        if added:
            with_added += 1
            print(f"added by: {line.shown}\n  " + "\n  ".join(added))
        if not different:
            continue
        applying = [entry for entry in expected if matches(entry[0], line.shown)]
        named = [next((entry for entry in applying if entry[1].search(difference)), None) for difference in telling]
        if named and all(named):
            wanted += 1
            used |= set(named)
            print(f"=== wanted ({'; '.join(sorted({entry[2] for entry in named}))}): {line.shown}")
        else:
            differing += 1
            print(f"=== differs: {line.shown}")
        most = None if arguments.whole else 60
        print("\n".join(different[:most]))
        if most and len(different) > most:
            print(f"… {len(different) - most} lines more, --whole prints them")
    unused = [f"{entry[0]} ~ {entry[1].pattern}" for entry in expected if entry not in used]
    if unused and not arguments.only:
        print("expected, and no line differs there: " + "; ".join(unused))
    if unmade:
        print("compared nothing:\n  " + "\n  ".join(unmade))
    print(f"old reached the exit codes {' '.join(map(str, sorted(exit_codes, key=str)))} and the errors {' '.join(sorted(codes))}")
    print(f"{count} command lines, {differing} differ, {with_added} with added keys" + (f", {wanted} differ as wanted" if wanted else ""))
    return 1 if differing or unmade or not count else 0


def usage_of(words, folder):
    """(seconds of processor, peak KiB, seconds that went by) of one run, which must end well."""
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.execve(words[0], ["hivectl", *words[1:]], {"HOME": str(folder), "PATH": "/usr/bin:/bin", "USER": "operator", "CI": "1"})
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(words)} ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, time.monotonic() - begun


def speed(binaries, folder, arguments):
    homes = []
    for name, binary in zip(("old", "new"), binaries):
        home = folder / name
        home.mkdir()
        # How the system keeps a file's pages shows in the peak memory of who runs it, so both are written anew.
        copy = shutil.copy(binary, folder / f"hivectl-{name}")
        homes.append((copy, home))
        train = ["ml", "train", "--promote-if-better", "--trees", "20", "--tickets", str(REPOSITORY / "examples/tickets.ndjson.gz")]
        usage_of([homes[-1][0], *train], home)
    print(f"{'':44}{'old':>12}{'new':>12}{'ratio':>8}   goal")

    def row(what, old, new, unit, goal):
        print(f"{what:44}{old:>9.2f} {unit:2}{new:>9.2f} {unit:2}{new / old:>8.3f}   {goal}", flush=True)

    starts = [
        ("--version", ["--version"]),
        ("ml models list", ["ml", "models", "list"]),
        ("a TAB", ["__complete", "bash", "hivectl ml models show ticket-d"]),
    ]
    for what, words in starts:
        seen = pairs(homes, words, arguments.rounds * 10)
        row(f"{what}, elapsed", *(statistics.median(run[2] for run in runs) * 1e3 for runs in seen), "ms", "1.10")
        row(f"{what}, processor", *(statistics.median(run[0] for run in runs) * 1e3 for runs in seen), "ms", "")
    if arguments.data.is_file():
        train = ["ml", "train", "--model", "all", "--threads", "1", "--window-days", "40000", "--dry-run", "--tickets", str(arguments.data)]
        seen = pairs(homes, train, arguments.rounds)
        row("train --model all, processor", *(statistics.median(run[0] for run in runs) for runs in seen), "s", "1.03")
        ratios = [new[0] / old[0] for old, new in zip(*seen)]
        print(f"{'  of the pairs: least, median, largest':44}{min(ratios):>11.3f} {statistics.median(ratios):>11.3f} {max(ratios):>7.3f}")
        row("train --model all, peak memory", *(statistics.median(run[1] for run in runs) / 1024 for runs in seen), "MB", "1.03")
    else:
        print(f"{arguments.data} is not there; `train --model all` was not measured")
    row("size of the binary", *(os.path.getsize(binary) / 1e6 for binary, _ in homes), "MB", "1.10")


def pairs(homes, words, rounds):
    """What each binary used, alternately; who begins changes each round, and the first round is thrown away."""
    seen = [[], []]
    for number in range(rounds + 1):
        for which in (0, 1) if number % 2 else (1, 0):
            binary, home = homes[which]
            used = usage_of([binary, *words], home)
            if number:
                seen[which].append(used)
    return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new", nargs="?")
    parser.add_argument("--only")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--whole", action="store_true", help="print long diffs whole")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--expected", type=pathlib.Path, default=HERE / "expected.txt")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--data", type=pathlib.Path, default=REPOSITORY.parent / "shared/data/jobs/sdsc-blue.ndjson.gz")
    arguments = parser.parse_args()
    binaries = [arguments.old, arguments.new or arguments.old]
    lines = read_lines(HERE / "lines.txt")
    if arguments.list:
        shown = [line.shown for line in lines if line.is_compared and (not arguments.only or matches(arguments.only, line.shown))]
        print("\n".join(shown))
        print(f"{len(shown)} command lines", file=sys.stderr)
        return 0
    arguments.data = arguments.data.resolve()
    # Short and of one length, so that screens fold alike.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hivectl-"))
    try:
        if arguments.speed:
            speed(binaries, folder, arguments)
            return 0
        homes = [Home(folder / name, binary) for name, binary in zip(("old", "new"), binaries)]
        run_both(homes, lines)
        return report(lines, homes, arguments)
    finally:
        if arguments.keep:
            print(f"the homes are in {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
