//! The length of Python's `repr`, against Python itself.

use std::process::{Command, Stdio};

use hivectl::ticket::python_repr::{ReprLength, StrLength};
use serde::de::DeserializeSeed;

/// Random values as JSON, each behind the length of its repr and the size the running system gives it.
/// Characters are those of Unicode 3.2, whose categories no later version has to add.
const PYTHON: &str = r#"
import json, random, unicodedata, sys
random.seed(20260101)
old = unicodedata.ucd_3_2_0
def character():
    kind = random.random()
    if kind < .5: return chr(random.randrange(32, 127))
    if kind < .6: return random.choice("'\"\\\n\r\t")
    if kind < .75: return chr(random.randrange(0, 256))
    while True:
        c = chr(random.choice([random.randrange(0x100, 0x3000), random.randrange(0x3000, 0x10000), random.randrange(0x10000, 0x110000)]))
        if old.category(c) not in ("Cn", "Cs"): return c
def text(): return "".join(character() for _ in range(random.choice([0, 1, 3, 12, 40])))
def number():
    kind = random.randrange(6)
    if kind == 0: return random.randrange(-9, 10)
    if kind == 1: return random.randrange(-2**63, 2**63)
    if kind == 2: return random.uniform(-1000, 1000)
    if kind == 3: return round(random.uniform(0, 10), 2)
    if kind == 4: return float(f"{random.uniform(1, 10):.{random.randrange(17)}f}e{random.randrange(-320, 308)}")
    return float(10 ** random.randrange(-6, 20))
def value(depth):
    kind = random.random()
    if depth == 0 or kind < .6:
        return random.choice([text, number, number, lambda: None, lambda: True, lambda: False])()
    if kind < .8: return [value(depth - 1) for _ in range(random.randrange(5))]
    return {text(): value(depth - 1) for _ in range(random.randrange(5))}
for _ in range(int(sys.argv[1])):
    v = value(4)
    print(len(repr(v)), len(str(v)) if v else 0, json.dumps(v, ensure_ascii=random.random() < .5), sep="\t")
"#;

#[test]
fn repr_is_as_long_as_python_says() {
    let python = Command::new("python3")
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONUTF8", "1")
        .args(["-c", PYTHON, "5000"])
        .stderr(Stdio::inherit())
        .output();
    let Ok(python) = python.inspect_err(|reason| eprintln!("SKIPPED: python3 does not start: {reason}")) else { return };
    assert!(python.status.success());
    let printed = String::from_utf8(python.stdout).unwrap();
    // JSON escapes every line end, so a value is a line; `lines` would also cut at a lone \r, which is escaped too.
    let mut compared = 0;
    for line in printed.split_terminator('\n') {
        let [repr, size, json] = line.trim_end_matches('\r').splitn(3, '\t').collect::<Vec<_>>()[..] else { panic!("{line:?}") };
        let ours = ReprLength.deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap();
        let ours_size = StrLength.deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!((ours.to_string(), ours_size.to_string()), (repr.to_owned(), size.to_owned()), "{json}");
        compared += 1;
    }
    assert_eq!(compared, 5000);
}
