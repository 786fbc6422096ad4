"""What no two runs share, masked; documents read as values; and what differs between two of them."""

import csv
import io
import json
import re
import time

# Moments further away than this from now are data, and compared.
NEAR_SECONDS = 40 * 86_400
MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?")
COMPACT_MOMENT = re.compile(r"\b(\d{4})(\d\d)(\d\d)T\d{6}Z")
DIGEST = re.compile(r"(?<![0-9a-fA-F])[0-9a-f]{12,}(?![0-9a-fA-F])")
# A revision of MLflow's schema, which is part of what is shown.
REVISIONS = {"6953534de441"}
EPOCH_MS = re.compile(r"(?<![\d.])1\d{12}(?![\d.])")
EPOCH_SECONDS = re.compile(r"(?<![\d.])1\d{9}(?:\.\d{1,3})?(?![\d.])")
# An entry of the audit log: its number, and the begin of a digest that covers its moment.
AUDIT_ID = re.compile(r"(?<![\w-])(\d{1,6})-[0-9a-f]{8}(?![\w-])")
# A short digest that happens to have no letter.
NUMERIC_DIGEST = re.compile(r"(?<=, digest )\d{12}\b")
# What is left of a digest on the line below, where a narrow screen folds it.
FOLDED_DIGEST = re.compile(r"(x{12,}\n +)([0-9a-f]+)\b")
# The random name of a file that is being written.
UNFINISHED = re.compile(r"\.hivectl-\w{6}\.part\b")
# MongoDB's driver prints a set, in any order.
LABELS = re.compile(r"(?<=labels: \{)[^{}]*(?=\})")
# What a step took, at the end of the line that tells of it, and the columns of a table that hold such times.
TOOK = [
    (re.compile(r"^(trained .* in )[\d.]+ (?:s|ms|min)", re.M), r"\g<1>0.0 s"),
    (re.compile(r"^((?:check|window|train|decide|read|tune)\b.*?[ (])[\d.]+ (?:s|ms)(?=[),]|  |$)", re.M), r"\g<1>0.0 s"),
    (re.compile(r"^(TIME +)[\d.]+ (?:s|ms)", re.M), r"\g<1>0.0 s"),
    (re.compile(r"^(TOOK +)[\d.]+ (?:s|ms)", re.M), r"\g<1>0 ms"),
    (re.compile(r"^([a-z_]+ +(?:pass|warn|fail|skip\w*) +)([\d.]+)(?= m?s  )", re.M), lambda found: found[1] + "0".rjust(len(found[2]))),
    # An entry of the audit log, for people and inside of a transcript.
    (re.compile(r"^duration_ms: \d+$", re.M), "duration_ms: 0"),
    (re.compile(r'"duration_ms":\d+(?=,"(?:evidence|hash)":)'), '"duration_ms":0'),
    # A transcript of a runbook.
    (re.compile(r"^(\S+Z), \d+ ms, (?=exit code )", re.M), r"\g<1>, 0 ms, "),
    # The latencies of two compared versions, whose digits move the columns too.
    (re.compile(r"^ONE SCORE \(µs\)(?: +\S+)*\n(?:p\d\d(?: +[\d.]+)+\n)+", re.M), lambda found: re.sub(r" +", " ", re.sub(r" [\d.]+", " 0", found[0]))),
    (re.compile(r"^(p(?:50|95|99) .*)$", re.M), lambda found: re.sub(r"[\d.]+(?= ?(?:µs|us|ms))", "0", found[1])),
]


class Mask:
    """Masks what belongs to one run or one machine, letter by letter where a screen may be folded by it."""

    def __init__(self, folders, host):
        self.folders, self.host, self.now = [str(folder) for folder in folders], host, time.time()

    def near(self, date):
        try:
            return abs(time.mktime(time.strptime(date, "%Y-%m-%d")) - self.now) < NEAR_SECONDS
        except (ValueError, OverflowError):
            return False

    def words(self, text):
        for folder in self.folders:
            text = text.replace(folder, "~")
        text = text.replace(f"operator@{self.host}", "operator@machine").replace(f'"{self.host}"', '"machine"')
        text = MOMENT.sub(lambda found: moment(found[0]) if self.near(found[1]) else found[0], text)
        text = COMPACT_MOMENT.sub(lambda found: re.sub(r"\d", "0", found[0]) if self.near("-".join(found.groups())) else found[0], text)
        text = EPOCH_MS.sub(lambda found: "0" * 13 if abs(int(found[0]) / 1000 - self.now) < NEAR_SECONDS else found[0], text)
        text = EPOCH_SECONDS.sub(lambda found: "0" * 10 if abs(float(found[0]) - self.now) < NEAR_SECONDS else found[0], text)
        text = AUDIT_ID.sub(r"\g<1>-xxxxxxxx", text)
        text = UNFINISHED.sub(".hivectl-xxxxxx.part", text)
        text = LABELS.sub(lambda found: ", ".join(sorted(found[0].split(", "))), text)
        text = DIGEST.sub(lambda found: found[0] if found[0] in REVISIONS or found[0].isdigit() else "x" * len(found[0]), text)
        text = NUMERIC_DIGEST.sub("x" * 12, text)
        return FOLDED_DIGEST.sub(lambda found: found[1] + "x" * len(found[2]), text)

    def text(self, text):
        text = self.words(text)
        for pattern, replacement in TOOK:
            text = pattern.sub(replacement, text)
        return text

    def table(self, text):
        """CSV, of which only the column that says what something took needs its cells."""
        rows = list(csv.reader(io.StringIO(text)))
        if rows and "duration_ms" in rows[0] and TIMED & set(rows[0]):
            column = rows[0].index("duration_ms")
            for row in rows[1:]:
                row[column] = row[column] and "0"
            written = io.StringIO()
            csv.writer(written, lineterminator="\n").writerows(rows)
            text = written.getvalue()
        return self.text(text)

    def value(self, value, key=""):
        if isinstance(value, dict):
            found = {self.words(name): self.value(below, name) for name, below in value.items()}
            # What a check of doctor, a step of a runbook or a change took; elsewhere it is a predicted duration.
            if "duration_ms" in found and found.keys() & TIMED:
                found["duration_ms"] = 0
            return found
        if isinstance(value, list):
            return [self.value(below, key) for below in value]
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if key in TIMES:
                return type(value)(0)
            if key == "age_days":
                return type(value)(round(value, 1))
            if isinstance(value, int) and abs(value / 1000 - self.now) < NEAR_SECONDS:
                return 0
        return value


# A value with one of these is a check of doctor, an entry of the audit log or a step of a runbook.
TIMED = {"evidence", "hash", "exit_code"}

# Keys whose numbers are how long something took.
TIMES = {"took_ms", "elapsed_ms", "elapsed_seconds", "seconds", "fit_seconds", "duration_seconds", "p50_us", "p95_us", "p99_us"}


def moment(text):
    """A moment without its digits. Milliseconds lose zeros at their end, up to all three of them, one run in a thousand."""
    text = re.sub(r"\d", "0", text)
    return re.sub(r"(?<=:00)(?:\.0{1,3})?(?=Z|[+-])", ".000", text) if "T" in text else text


def documents(text, form):
    """stdout as values; None where it is not in a form that holds values."""
    try:
        if form == "json":
            return json.loads(text, object_pairs_hook=unique)
        if form == "jsonl":
            return [json.loads(line, object_pairs_hook=unique) for line in text.splitlines()]
        if form == "yaml" and text:
            return Yaml(text).document()
    except ValueError:
        pass
    return None


def unique(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def differences(old, new, added, path="$"):
    """Lines that say where two values differ; the keys that only `new` has go to `added`."""
    # 1 and 1.0 differ: a program that reads the one as a count may refuse the other.
    if type(old) is not type(new):
        return [f"{path}: old {short(old)}, new {short(new)}"]
    found = []
    if isinstance(old, dict):
        for key in old:
            below = f"{path}.{key}"
            found += differences(old[key], new[key], added, below) if key in new else [f"{below}: is missing in new, old {short(old[key])}"]
        added += [f"{path}.{key}: {short(new[key])}" for key in new if key not in old]
    elif isinstance(old, list):
        if len(old) != len(new):
            found.append(f"{path}: old has {len(old)} items, new {len(new)}")
        for number, (left, right) in enumerate(zip(old, new)):
            found += differences(left, right, added, f"{path}[{number}]")
    elif old != new:
        found.append(f"{path}: old {short(old)}, new {short(new)}")
    return found


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:117] + "…"


class Yaml:
    """The part of YAML that hivectl writes: block mappings and sequences, plain and quoted scalars, block texts."""

    def __init__(self, text):
        self.lines = text.splitlines()
        self.at = 0

    def document(self):
        value = self.block(0)
        if self.at < len(self.lines):
            raise ValueError(f"line {self.at + 1} is not understood")
        return value

    def indent(self):
        line = self.lines[self.at]
        return len(line) - len(line.lstrip(" "))

    def block(self, indent):
        line = self.lines[self.at][indent:]
        if line == "-" or line.startswith("- "):
            return self.sequence(indent)
        if self.key(line):
            return self.mapping(indent)
        self.at += 1
        return self.scalar(line)

    def sequence(self, indent):
        items = []
        while self.at < len(self.lines) and self.indent() == indent and (self.lines[self.at] + " ")[indent:].startswith("- "):
            # What stands behind the dash is a block that is set in by two.
            self.lines[self.at] = " " * (indent + 2) + self.lines[self.at][indent + 2 :]
            rest = self.lines[self.at].strip()
            items.append(self.text(rest, indent) if rest[:1] in "|>" else self.block(indent + 2))
        return items

    def mapping(self, indent):
        found = {}
        while self.at < len(self.lines) and self.indent() == indent:
            parted = self.key(self.lines[self.at][indent:])
            if not parted:
                break
            name, rest = parted
            if name in found:
                raise ValueError("a key stands there twice")
            if rest[:1] in ("|", ">"):
                found[name] = self.text(rest, indent)
                continue
            if rest:
                self.at += 1
                found[name] = self.scalar(rest)
                continue
            self.at += 1
            below = self.at < len(self.lines) and (self.indent(), self.lines[self.at].lstrip().startswith("-"))
            found[name] = self.block(below[0]) if below and (below[0] > indent or below == (indent, True)) else None
        return found

    def text(self, mark, indent):
        self.at += 1
        lines = []
        while self.at < len(self.lines) and (not self.lines[self.at].strip() or self.indent() > indent):
            lines.append(self.lines[self.at])
            self.at += 1
        least = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
        return mark + "\n".join(line[least:] for line in lines)

    @staticmethod
    def key(line):
        """A mapping's key and what stands behind it."""
        quoted = re.match(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'):(?: (.*))?$""", line)
        if quoted:
            return Yaml.scalar(quoted[1]), quoted[2] or ""
        plain = re.match(r"([^\s\"'\[{&*!|>%@`-][^:]*|[^\s\"'][^:\s]*(?::[^\s:]+)*):(?: (.*))?$", line)
        return (plain[1], plain[2] or "") if plain else None

    @staticmethod
    def scalar(text):
        if text.startswith("'"):
            return text[1:-1].replace("''", "'")
        if text.startswith('"'):
            return text[1:-1] if "\\" not in text else text
        if text in ("[]", "{}", "null", "~", "true", "false"):
            return {"[]": [], "{}": {}, "null": None, "~": None, "true": True, "false": False}[text]
        if re.fullmatch(r"-?\d+", text):
            return int(text)
        if re.fullmatch(r"-?\d+\.\d+(e[+-]?\d+)?|-?\d+(\.\d+)?e[+-]?\d+", text):
            return float(text)
        return text
