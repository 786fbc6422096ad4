//! The rules of the house (src/lib.rs): what may import what, where the special crates live, that
//! generated files are fresh, and that the tables of errors and examples are whole.

use std::collections::BTreeSet;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under `folder` with its text, unit tests cut off.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                let name = path.strip_prefix(root()).expect("inside the project").display().to_string();
                found.push((name, code));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no sources under {folder}");
    found
}

/// Code lines only: documentation may name what code may not.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(index, line)| (index + 1, line))
}

fn offences(folders: &[&str], words: &[&str], excused: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (file, text) in folders.iter().flat_map(|folder| sources(folder)) {
        if excused.contains(&file.as_str()) {
            continue;
        }
        for (line, code) in code_lines(&text) {
            found.extend(words.iter().filter(|word| code.contains(**word)).map(|word| format!("{file}:{line}: {word}")));
        }
    }
    found
}

const KNOWLEDGE: &[&str] = &[
    "src/ticket",
    "src/features",
    "src/trees",
    "src/formats",
    "src/forecast",
    "src/statistics",
    "src/kinds",
    "src/drift",
    "src/audit",
    "src/lifecycle",
];
const DOORS: &[&str] = &["src/source", "src/registry", "src/config", "src/telemetry"];
const WORK: &[&str] = &["src/api", "src/ops", "src/runbook"];
const FACES: &[&str] = &["src/cli"];
/// What stands under every room.
const GROUND: &[&str] = &["src/base", "src/error.rs"];
/// The way in, which knows the face alone, the page about the architecture, and what the compiler is told.
const DOORSTEP: &[&str] = &["src/main.rs", "src/lib.rs", "src/build.rs"];

/// Every room stands on one floor: a new one is put on its own before anything else passes.
#[test]
fn every_room_is_on_a_floor() {
    let floors: BTreeSet<&str> = [KNOWLEDGE, DOORS, WORK, FACES, GROUND, DOORSTEP].into_iter().flatten().copied().collect();
    let rooms = std::fs::read_dir(root().join("src")).expect("the sources");
    let found: BTreeSet<String> = rooms.map(|entry| format!("src/{}", entry.expect("an entry").file_name().display())).collect();
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), floors);
}

/// Where these folders lead into one of these rooms, by a path that is written out or by an import, grouped or not.
fn ways(folders: &[&str], rooms: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for room in rooms.iter().map(|room| format!("crate::{}", room.trim_start_matches("src/"))) {
        let leads_there =
            |path: &str| path.strip_prefix(&room).is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'));
        for (file, text) in folders.iter().flat_map(|folder| sources(folder)) {
            let written = code_lines(&text).filter(|(_, code)| code.match_indices("crate::").any(|(at, _)| leads_there(&code[at..])));
            found.extend(written.map(|(line, code)| format!("{file}:{line}: {}", code.trim())));
            found.extend(imports(&text).into_iter().filter(|path| leads_there(path)).map(|path| format!("{file}: {path}")));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The rooms of these floors.
fn rooms(floors: &[&[&'static str]]) -> Vec<&'static str> {
    floors.iter().copied().flatten().copied().collect()
}

#[test]
fn knowledge_imports_no_door_no_work_no_face_and_does_no_input_or_output() {
    let outside = [
        "tokio",
        "reqwest",
        "mongodb",
        "rusqlite",
        "clap::",
        "std::env",
        "std::fs",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "println!",
        "eprintln!",
    ];
    assert_eq!(offences(KNOWLEDGE, &outside, &[]), Vec::<String>::new());
    assert_eq!(ways(KNOWLEDGE, &rooms(&[DOORS, WORK, FACES])), Vec::<String>::new());
}

/// What stands in `base/` stands there alone: each line is a sign of a second one.
#[test]
fn base_imports_nothing_of_the_house_and_what_it_holds_exists_once() {
    assert_eq!(ways(&["src/base"], &rooms(&[KNOWLEDGE, DOORS, WORK, FACES])), Vec::<String>::new(), "base stands on error.rs alone");
    assert_eq!(offences(&["src/base"], &["super::super"], &[]), Vec::<String>::new());
    assert_eq!(offences(&["src/base"], &["Timestamp::now", "SystemTime", "Instant::now", "std::env"], &[]), Vec::<String>::new());
    assert_eq!(offences(KNOWLEDGE, &["atomic_file", "AtomicFile", "write_whole"], &[]), Vec::<String>::new());
    for (signs, home) in [
        (&["86_400_000", "86400000", "3_600_000", "const MS_PER_", "const DAY_MS", "fn rfc3339"][..], "src/base/time.rs"),
        (&["fs::rename(", "NamedTempFile", ".persist("], "src/base/atomic_file.rs"),
        (&["\"***\"", ":***@", "fn without_password"], "src/base/redact.rs"),
        (&["Sha256"], "src/base/hashing.rs"),
        (&["squared_deviation +="], "src/statistics/running_moments.rs"),
    ] {
        assert_eq!(offences(&["src"], signs, &[home]), Vec::<String>::new(), "{home} is the only one");
    }
}

#[test]
fn doors_import_neither_work_nor_face() {
    assert_eq!(ways(DOORS, &rooms(&[WORK, FACES])), Vec::<String>::new());
    assert_eq!(offences(DOORS, &["clap::"], &[]), Vec::<String>::new());
}

/// What a file imports, groups taken apart: `use crate::{a::{b, c}, d};` is `crate::a::b`, `crate::a::c`, `crate::d`.
fn imports(code: &str) -> Vec<String> {
    fn take_apart(prefix: &str, tree: &str, found: &mut Vec<String>) {
        let Some((path, group)) = tree.split_once('{') else { return found.push(format!("{prefix}{tree}")) };
        let (mut depth, mut begin) = (0usize, 0);
        let group = group.strip_suffix('}').unwrap_or(group);
        for (at, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    take_apart(&format!("{prefix}{path}"), &group[begin..at], found);
                    begin = at + 1;
                }
                _ => {}
            }
        }
        take_apart(&format!("{prefix}{path}"), &group[begin..], found);
    }
    let lines: String = code_lines(code).map(|(_, line)| format!("{line}\n")).collect();
    let mut found = Vec::new();
    for statement in lines.split(';').filter_map(|statement| statement.split_once("use ")).map(|(_, tree)| tree) {
        take_apart("", &statement.split_whitespace().collect::<String>(), &mut found);
    }
    found
}

#[test]
fn grouped_imports_are_seen() {
    let code = "pub use crate::{a::{b, c as d}, e};\nuse f::g;\n";
    assert_eq!(imports(code), ["crate::a::b", "crate::a::casd", "crate::e", "f::g"]);
}

#[test]
fn doors_import_no_other_door() {
    for door in DOORS {
        let others: Vec<&str> = DOORS.iter().copied().filter(|other| other != door).collect();
        assert_eq!(ways(&[door], &others), Vec::<String>::new());
    }
}

#[test]
fn nothing_imports_the_face_and_work_prints_nothing() {
    let below = rooms(&[KNOWLEDGE, DOORS, WORK, &["src/base"]]);
    assert_eq!(ways(&below, FACES), Vec::<String>::new());
    assert_eq!(offences(&below, &["println!", "eprintln!", "clap::"], &[]), Vec::<String>::new());
}

#[test]
fn requests_reports_and_runbooks_stand_below_the_jobs() {
    assert_eq!(ways(&["src/api"], &rooms(&[DOORS, &["src/ops"]])), Vec::<String>::new());
    assert_eq!(ways(&["src/runbook"], &rooms(&[DOORS, &["src/ops", "src/api"]])), Vec::<String>::new());
    assert_eq!(ways(&["src/ops"], &["src/runbook"]), Vec::<String>::new());
    let passed_on: Vec<String> = sources("src/ops")
        .into_iter()
        .flat_map(|(file, text)| {
            let lines: Vec<String> = code_lines(&text).map(|(line, code)| format!("{file}:{line}: {code}")).collect();
            lines
                .into_iter()
                .filter(|line| DOORS.iter().any(|door| line.contains(&format!("pub use crate::{}", door.trim_start_matches("src/")))))
        })
        .collect();
    assert_eq!(passed_on, Vec::<String>::new(), "no type of a door passes through ops");
}

#[test]
fn the_face_opens_nothing_and_knows_of_knowledge_references_and_plans_alone() {
    assert_eq!(ways(FACES, DOORS), Vec::<String>::new());
    let mut found = Vec::new();
    for (file, text) in sources("src/cli") {
        let knowledge =
            |path: &String| KNOWLEDGE.iter().any(|room| path.starts_with(&format!("crate::{}", room.trim_start_matches("src/"))));
        let paths = imports(&text).into_iter().filter(knowledge);
        found.extend(paths.filter(|path| !path.starts_with("crate::lifecycle")).map(|path| format!("{file}: {path}")));
    }
    assert_eq!(found, Vec::<String>::new());
}

/// A kind is a value; whoever asks for its word asks which kind it is.
#[test]
fn a_kind_is_matched_nowhere_outside_its_room() {
    let words =
        ["\"duration\"", "\"scheduling\"", "\"anomaly\"", "\"specialist\"", "ModelKind::", "contains(\"duration", "contains(\"anomaly"];
    let outside = offences(&["src"], &words, &[]).into_iter().filter(|found| !found.starts_with("src/kinds/"));
    assert_eq!(outside.collect::<Vec<_>>(), Vec::<String>::new());
}

/// Documents are types: JSON is put together by hand only where another tool's form is written.
#[test]
fn json_is_made_from_types() {
    let places = ["src/formats/", "src/registry/mlflow/"];
    let outside = offences(&["src"], &["json!"], &[]).into_iter().filter(|found| !places.iter().any(|place| found.starts_with(place)));
    assert_eq!(outside.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn special_crates_live_in_one_file_each() {
    assert_eq!(offences(&["src"], &["indicatif::"], &["src/cli/progress.rs"]), Vec::<String>::new());
    assert_eq!(offences(&["src"], &["comfy_table::"], &["src/cli/view/table.rs"]), Vec::<String>::new());
    assert_eq!(offences(&["src"], &["dialoguer::", "read_line("], &["src/cli/prompt.rs"]), Vec::<String>::new());
    assert_eq!(offences(&["src"], &["serde_yaml::"], &["src/base/yaml.rs"]), Vec::<String>::new());
}

/// The compiler keeps a server's module private; this keeps its driver and the tables' library in there too.
#[test]
fn the_wire_types_of_sources_stay_in_their_room() {
    let words = ["mongodb::bson", "mongodb::Client", "use arrow_", "arrow_array::", "arrow_schema::", "parquet::"];
    let outside = offences(&["src"], &words, &[]).into_iter().filter(|found| !found.starts_with("src/source/")).collect::<Vec<_>>();
    assert_eq!(outside, Vec::<String>::new());
    let elsewhere = |crates: &[&str], room: &str| {
        offences(&["src"], crates, &[]).into_iter().filter(|found| !found.starts_with(room)).collect::<Vec<_>>()
    };
    assert_eq!(elsewhere(&["rusqlite::"], "src/registry/"), Vec::<String>::new());
    assert_eq!(elsewhere(&["reqwest::"], "src/registry/mlflow/").iter().filter(|found| !found.starts_with("src/telemetry/")).count(), 0);
    let inside = offences(&["src/source"], &["mongodb::bson"], &[]).into_iter();
    assert_eq!(inside.filter(|found| !found.starts_with("src/source/mongodb/")).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn unsafe_code_lives_where_it_is_allowed_and_says_why_it_is_sound() {
    let allowed = ["src/trees/score.rs", "src/trees/histogram.rs"];
    assert_eq!(offences(&["src"], &["unsafe "], &allowed), Vec::<String>::new());
    for file in allowed {
        let text = std::fs::read_to_string(root().join(file)).expect("a source file");
        let lines: Vec<&str> = text.lines().collect();
        for (index, _) in lines.iter().enumerate().filter(|(_, line)| line.contains("unsafe {") && !line.trim_start().starts_with("//")) {
            // The statement that the block is in may begin a line earlier, and a reason may take two.
            let before = &lines[index.saturating_sub(3)..index];
            assert!(before.iter().any(|line| line.contains("SAFETY:")), "{file}:{}: {}", index + 1, lines[index].trim());
        }
    }
}

/// Rooms that are a library of their own: each public type shows by an example how it is used and what comes of it.
const LIBRARIES: &[&str] = &["src/trees", "src/statistics", "src/forecast", "src/formats", "src/kinds"];

#[test]
fn every_public_type_of_the_libraries_has_an_example() {
    let mut without = Vec::new();
    for (file, text) in LIBRARIES.iter().flat_map(|folder| sources(folder)) {
        let (mut is_example, mut has_example) = (false, false);
        for line in text.lines() {
            if line.starts_with("///") {
                is_example ^= line.contains("```");
                has_example |= is_example && line.contains("assert");
                continue;
            }
            let is_type = ["pub struct ", "pub enum ", "pub trait ", "pub type ", "pub union "].iter().any(|kind| line.starts_with(kind));
            if is_type && !has_example {
                without.push(format!("{file}: {line}"));
            }
            // Attributes stand between the documentation and the type.
            has_example &= line.starts_with(['#', ' ', ')']);
        }
    }
    assert_eq!(without, Vec::<String>::new());
}

#[test]
fn files_have_one_subject_and_rooms_explain_themselves() {
    let mut long = Vec::new();
    let mut silent = Vec::new();
    for (file, _) in sources("src") {
        let text = std::fs::read_to_string(root().join(&file)).expect("a source file");
        if text.lines().count() > 500 {
            long.push(format!("{file}: {} lines", text.lines().count()));
        }
        if !text.starts_with("//!") && file != "src/main.rs" {
            silent.push(file.clone());
        }
    }
    assert_eq!((long, silent), (Vec::<String>::new(), Vec::<String>::new()));
}

#[test]
fn the_top_level_holds_what_the_design_card_names() {
    let listed = std::process::Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let Ok(listed) = listed else {
        println!("SKIPPED: git is not installed, so the tracked files are unknown");
        return;
    };
    let text = String::from_utf8_lossy(&listed.stdout);
    let top: BTreeSet<&str> = text.lines().filter_map(|path| path.split('/').next()).collect();
    let allowed = ["Cargo.toml", "Cargo.lock", "LICENSE", "README.md", "src", "completions", "man", "tests", "examples", "findings"];
    let strangers: Vec<&&str> = top.iter().filter(|name| !name.starts_with('.') && !allowed.contains(name)).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}

/// Generated files that a packager installs; `HIVECTL_WRITE_GENERATED=1` writes them anew.
#[test]
fn completions_and_manual_pages_are_fresh() {
    let write = std::env::var_os("HIVECTL_WRITE_GENERATED").is_some();
    let pages = hivectl::cli::manual_pages().into_iter().map(|(name, text)| (format!("man/{name}.1"), text));
    let shells = [
        ("bash", "hivectl.bash"),
        ("elvish", "hivectl.elv"),
        ("fish", "hivectl.fish"),
        ("powershell", "_hivectl.ps1"),
        ("zsh", "_hivectl"),
    ];
    let scripts = shells.map(|(shell, file)| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_hivectl")).args(["completions", shell]).output().expect("hivectl runs");
        (format!("completions/{file}"), String::from_utf8(output.stdout).expect("text"))
    });
    let expected: Vec<(String, String)> = pages.chain(scripts).collect();
    for (file, text) in &expected {
        let path = root().join(file);
        if write {
            std::fs::write(&path, text).expect("a generated file");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == *text, "{file} is stale: run HIVECTL_WRITE_GENERATED=1 cargo test --test house");
    }
    let names: BTreeSet<PathBuf> = expected.iter().map(|(file, _)| root().join(file)).collect();
    for folder in ["man", "completions"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            assert!(names.contains(&path), "{} belongs to no command", path.display());
        }
    }
}

#[test]
fn every_kind_of_error_has_its_own_code_that_begins_with_its_exit_code() {
    let mut codes = BTreeSet::new();
    for kind in hivectl::error::ErrorKind::ALL {
        assert!(codes.insert(kind.code()), "{} twice", kind.code());
        let number: u32 = kind.code().trim_start_matches("HML-").parse().expect("a number");
        assert_eq!(number / 100, u32::from(kind.exit_code()), "{}", kind.code());
    }
}

#[test]
fn every_kind_of_error_is_made_somewhere() {
    let everywhere: String = sources("src")
        .into_iter()
        .filter(|(file, _)| file != "src/error.rs" && !file.starts_with("src/cli/explain/"))
        .map(|(_, text)| text)
        .collect();
    let unused: Vec<String> = hivectl::error::ErrorKind::ALL
        .iter()
        .map(|kind| format!("ErrorKind::{kind:?}"))
        .filter(|name| !everywhere.contains(name.as_str()))
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn the_readme_names_every_exit_code() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    for (code, meaning) in hivectl::cli::EXIT_CODES {
        assert!(readme.contains(&format!("| {code} | {meaning} |")), "exit code {code}: {meaning}");
    }
}

/// Pages of commands: error codes, former scripts. Their lines are text, as the examples of the verbs are, and tests parse
/// each of them.
const PAGES: &[&str] = &["src/cli/explain/pages.rs", "src/cli/explain/scripts.rs", "src/cli/arguments.rs"];

/// Lines that name the command that is running and suggest none.
const OWN_NAME: &[&str] = &["src/cli/version.rs", "src/cli/man.rs", "src/cli/rows.rs"];

#[test]
fn no_command_is_written_as_a_string() {
    let tree = hivectl::cli::command();
    let verbs: Vec<&str> = tree.get_subcommands().map(clap::Command::get_name).chain(["help"]).collect();
    let mut found = Vec::new();
    for (file, text) in sources("src") {
        if PAGES.iter().chain(OWN_NAME).any(|page| file.starts_with(page)) {
            continue;
        }
        let mut is_spec = false;
        for (line, code) in code_lines(&text) {
            is_spec = code.contains("const SPEC: &'static VerbSpec = ") || is_spec && code.trim() != "};";
            for (at, name) in code.match_indices("hivectl ").filter(|_| !is_spec) {
                let behind = &code[at + name.len()..];
                let word = behind.split([' ', '`', '\'', '"', '\\']).next().unwrap_or_default();
                // The examples of a verb stand beside its arguments; its manual page holds them, and a test parses that.
                let is_example = file.starts_with("src/cli/") && code[..at].ends_with('"');
                if !is_example && (behind.starts_with('{') || verbs.contains(&word)) {
                    found.push(format!("{file}:{line}: {}", code.trim()));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new(), "a suggested command is built in src/base/commands");
}

/// A name that a shell wants quoted brings single quotes of its own into a command.
#[test]
fn a_command_in_a_sentence_stands_in_back_quotes() {
    let mut found = Vec::new();
    for (file, text) in sources("src") {
        for (at, _) in text.match_indices("commands::") {
            let before = text[..at].trim_end().strip_suffix(',').map(|before| before.trim_end_matches(')'));
            if before.is_some_and(|before| before.ends_with("'\"")) {
                found.push(format!("{file}:{}", text[..at].lines().count()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_suggested_command_has_an_example() {
    let constructors: String = sources("src/base/commands").into_iter().map(|(_, text)| text).collect();
    let examples = std::fs::read_to_string(root().join("src/base/command_examples.rs")).expect("the examples");
    let names = constructors.lines().filter_map(|line| line.strip_prefix("pub fn ")?.split('(').next());
    let without: Vec<&str> = names.filter(|name| !examples.contains(&format!("        {name}("))).collect();
    assert_eq!(without, Vec::<&str>::new());
}

#[test]
fn no_path_of_a_machine_stands_in_the_project() {
    let folders = ["src", "tests"];
    let words = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/opt/", "peers")];
    assert_eq!(offences(&folders, &words, &[]), Vec::<String>::new());
}

/// What stands between two words in a text, wherever they follow each other.
fn between<'t>(text: &'t str, begin: &'t str, end: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(begin).skip(1).filter_map(move |rest| rest.split(end).next())
}

/// A job is added without a list of all jobs, so this keeps them apart and each done.
#[test]
fn every_request_has_a_name_of_its_own_and_is_answered_once() {
    let (asked, answered) = (sources("src/api"), sources("src/ops"));
    let mut names = BTreeSet::new();
    let mut requests = 0;
    for (file, text) in &asked {
        for described in between(text, "impl Request for ", "\n}") {
            let request = described.split(' ').next().unwrap_or_default();
            let name = between(described, "NAME: &'static str = \"", "\"").next().unwrap_or_default();
            assert!(names.insert(name.to_owned()), "{file}: '{name}' is the name of two requests");
            let done = format!("Operations<{request}> for Workspace<'_>");
            let times: usize = answered.iter().map(|(_, text)| text.matches(&done).count()).sum();
            assert_eq!(times, 1, "{file}: {request} is answered so often");
            requests += 1;
        }
    }
    assert!(requests > 50, "{requests} requests");
}

/// Adding a verb touches the file of the verb and the list that it stands in; nothing else may have to know it.
#[test]
fn a_verb_is_known_in_its_own_file_and_in_one_list_alone() {
    let face = sources("src/cli");
    let mut verbs = 0;
    for (own, text) in &face {
        for arguments in between(text, "impl VerbArgs for ", " {") {
            let listed: usize =
                face.iter().map(|(_, text)| between(text, "group! {", "\n}").map(|list| named(list, arguments)).sum::<usize>()).sum();
            assert_eq!(listed, 1, "{arguments} of {own} is listed so often");
            let elsewhere = face.iter().filter(|(file, text)| file != own && named(text, arguments) > 0).map(|(file, _)| file.as_str());
            // To retrain is to train, with the same words and some more.
            let elsewhere: Vec<&str> = elsewhere.filter(|file| !(arguments == "TrainArgs" && *file == "src/cli/ml/retrain.rs")).collect();
            assert!(elsewhere.len() <= 1, "{arguments} of {own} is known in {elsewhere:?}");
            verbs += 1;
        }
    }
    assert_eq!(verbs, hivectl::cli::verbs().len());
}

/// How often a whole word stands in a text.
fn named(text: &str, word: &str) -> usize {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|found| *found == word).count()
}

/// The page about the architecture sends a newcomer to files; each has to be there.
#[test]
fn the_page_about_the_architecture_names_files_that_exist() {
    let page: String =
        std::fs::read_to_string(root().join("src/lib.rs")).expect("the page").lines().filter(|line| line.starts_with("//!")).collect();
    let named: Vec<&str> =
        page.split('`').skip(1).step_by(2).filter(|word| word.starts_with("src/") || word.starts_with("tests/")).collect();
    let gone: Vec<&&str> = named.iter().filter(|path| !root().join(path).exists()).collect();
    assert!(gone.is_empty(), "{gone:?}");
    assert!(named.len() > 30, "{} files are named", named.len());
    for what in ["a verb", "a kind", "a registry", "a source", "a drift test", "a metric"] {
        assert!(page.contains(&format!("**{what}**")), "how to add {what}");
    }
}
