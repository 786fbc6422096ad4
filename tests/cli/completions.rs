//! Completion, driven in the shells themselves.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crate::common::terminal::Terminal;
use crate::support::{Home, MODEL, has};

fn complete(home: &Home, line: &str) -> String {
    let ran = home.run(&["__complete", "bash", line]).expect(0);
    assert_eq!(ran.stderr, "", "{line}");
    ran.stdout
}

#[test]
fn words_come_from_live_state_with_stage_and_gate() {
    let home = Home::with_models();
    home.write_config("contexts:\n  prod:\n    registry: p.db\n  test:\n    registry: t.db\n");
    home.run(&["ml", "models", "alias", "set", MODEL, "stable", "1"]).expect(0);
    let answered = complete(&home, "hivectl ml models show ticket-d");
    assert!(answered.contains(&format!("\n{MODEL}\tProduction: 2\n")), "{answered}");
    assert!(answered.contains(&format!("\n{MODEL}@3\tStaging, gate passed\n")), "{answered}");
    assert!(answered.contains(&format!("\n{MODEL}:stable\tversion 1\n")), "{answered}");
    for (line, word) in [
        ("hivectl --context p", "\nprod\n"),
        ("hivectl config use t", "\ntest\n"),
        ("hivectl config set win", "\nwindow_days\t"),
        ("hivectl explain HML-14", "\nHML-1401\t"),
        ("hivectl ml models promote x@1 --to ", "\nproduction\nstaging\n"),
        ("hivectl ml models list --stage arch", "\narchived\n"),
        ("hivectl runbook run roll", "\nrollback\tRoll back\n"),
        ("hivectl ml models register model.hivectl-model --metrics '{\"ma", "\n{\"mae\":\n"),
        ("hivectl ml train --tickets tick", "\ntickets.parquet\n"),
        ("hivectl ml models import mod", "\nmodel.hivectl-model\n"),
        ("hivectl ml train --policy pol", "\npolicy.yaml\n"),
        ("hivectl ml models list --stage st", "\nstaging\n"),
        ("hivectl ml train --model du", "\nduration\t"),
        ("hivectl ml models alias unset ticket-duration-predictor st", "\nstable\n"),
    ] {
        let answered = complete(&home, line);
        assert!(answered.contains(word), "{line}: {answered}");
    }
    // A change is seen by the next TAB.
    home.run(&["ml", "models", "alias", "set", MODEL, "newer", "3"]).expect(0);
    assert!(complete(&home, "hivectl ml models show ticket-duration-predictor:n").contains(":newer\tversion 3"));
}

#[test]
fn a_registry_that_does_not_answer_is_asked_once() {
    let home = Home::new();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    silent.set_nonblocking(true).expect("set");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let connections = || std::iter::from_fn(|| silent.accept().ok()).count();
    let line = format!("hivectl --registry {url} ml models show t");
    assert_eq!(complete(&home, &line), "t\n");
    assert!(connections() > 0, "it was not asked at all");
    assert_eq!(complete(&home, &line), "t\n");
    assert_eq!(connections(), 0, "it was asked again");
}

#[test]
fn errors_and_secrets_never_show() {
    let home = Home::new();
    home.write_config("regestry: [\n");
    for line in ["hivectl --context ", "hivectl ml models show ", "hivectl nonsense --x ", "hivectl ml train --tickets 'unfinished", ""] {
        drop(complete(&home, line));
    }
    home.write("uri", "http://u:s3cr3t-canary@127.0.0.1:9");
    home.write_config("registry: {command: 'cat uri; touch revealed'}\ntickets: {env: URI}\n");
    let output = home
        .command(&["__complete", "zsh", "hivectl ml models show "])
        .env("URI", "mongodb://u:s3cr3t-canary@h")
        .output()
        .expect("it runs");
    assert!(output.stderr.is_empty() && !String::from_utf8_lossy(&output.stdout).contains("canary"));
    assert!(!home.path().join("revealed").exists(), "a TAB runs the command of a secret");
    assert_eq!(home.run(&["__complete"]).expect(0).stdout, "");
}

#[test]
fn a_script_is_put_where_its_shell_looks() {
    let home = Home::new();
    for (shell, file) in [
        ("bash", ".local/share/bash-completion/completions/hivectl"),
        ("zsh", ".local/share/zsh/site-functions/_hivectl"),
        ("fish", ".config/fish/completions/hivectl.fish"),
        ("elvish", ".config/elvish/lib/hivectl.elv"),
        ("powershell", ".config/powershell/hivectl.ps1"),
    ] {
        let told = home.run(&["completions", "install", "--shell", shell]).expect(0);
        assert!(told.stdout.contains(file), "{}", told.stdout);
        // Only where the shell looks by itself does the next one have it.
        let by_itself = matches!(shell, "bash" | "fish");
        assert_eq!(told.stdout.contains("it does not work yet:\nadd to "), !by_itself, "{}", told.stdout);
        let written = std::fs::read_to_string(home.path().join(file)).expect("the script");
        assert_eq!(written, home.run(&["completions", shell]).expect(0).stdout);
        assert!(home.run(&["completions", "install", "--shell", shell]).expect(0).stdout.contains("so already"));
    }
    let told = home.run_with(&["completions", "install", "-o", "json"], &[("SHELL", "/usr/bin/fish")]).json(0);
    assert_eq!(told["data"]["changed"], false);
    let told = home.run(&["completions", "install"]).expect(2);
    assert!(told.stderr.contains("--shell bash"), "{}", told.stderr);
}

/// A folder with hivectl in it, before those of the system.
fn path(home: &Home) -> String {
    let folder = home.path().join("bin");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_hivectl"), folder.join("hivectl")).expect("a link");
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default())
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(name)
}

/// Lines with a TAB in them, and what they become.
fn lines() -> [(String, String); 5] {
    [
        ("hivectl ml models prom\t".into(), "hivectl ml models promote".into()),
        ("hivectl ml models show ticket-anomaly-detector@\t".into(), "hivectl ml models show ticket-anomaly-detector@1".into()),
        (format!("hivectl ml models show {MODEL}:cham\t"), format!("hivectl ml models show {MODEL}:champion")),
        ("hivectl runbook show emer\t".into(), "hivectl runbook show emergency-retraining".into()),
        ("hivectl ml train --tickets tick\t".into(), "hivectl ml train --tickets tickets.parquet".into()),
    ]
}

/// Types each line, then makes an echo of it, so that the shell says what stands on it.
fn drive(shell: &Terminal) {
    for (number, (typed, becomes)) in lines().into_iter().enumerate() {
        shell.type_keys(&typed);
        // The completed word is on the screen before the line is run.
        let last = becomes.rsplit(' ').next().expect("a word").to_owned();
        let before = shell.seen().matches(&last).count();
        let patience = std::time::Instant::now();
        while shell.seen().matches(&last).count() == before && patience.elapsed() < std::time::Duration::from_secs(2) {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        shell.type_keys(&format!("\u{1}echo {number}: \r"));
        shell.wait_for(&format!("{number}: {becomes}"), 1);
    }
}

/// Gives up the line and ends the shell. An interrupt throws away what was typed behind it; the first one may end
/// no more than a completion under way.
fn leave(shell: &Terminal) {
    for _ in 0..2 {
        shell.type_keys("\u{3}");
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
    shell.type_keys("exit\r");
}

#[test]
fn bash_completes() {
    if !has("bash") {
        return;
    }
    let home = Home::with_models();
    let path = path(&home);
    let shell = Terminal::start(&home, "bash", &["--noprofile", "--norc", "-i"], 200, &[("PATH", &path), ("PS1", "> ")]);
    shell.type_keys(&format!("source {}; echo re''ady\r", script("hivectl.bash").display()));
    shell.wait_for("ready", 1);
    drive(&shell);
    shell.type_keys("exit\r");
    let (_, seen) = shell.end();
    assert!(!seen.contains("error") && !seen.contains("command not found"), "{seen}");
}

#[test]
fn zsh_completes_and_shows_what_a_word_is() {
    if !has("zsh") {
        return;
    }
    let home = Home::with_models();
    let path = path(&home);
    std::fs::create_dir_all(home.path().join("functions")).expect("a folder");
    std::fs::copy(script("_hivectl"), home.path().join("functions/_hivectl")).expect("the script");
    let shell = Terminal::start(&home, "zsh", &["-f", "-i"], 200, &[("PATH", &path)]);
    shell.type_keys("PS1='> '; fpath=(~/functions $fpath); autoload -U compinit; compinit -u -D; echo re''ady\r");
    shell.wait_for("ready", 1);
    drive(&shell);
    shell.type_keys(&format!("hivectl ml models show {MODEL}@\t\t"));
    shell.wait_for("Staging, gate passed", 1);
    leave(&shell);
    let (_, seen) = shell.end();
    assert!(!seen.contains("error") && !seen.contains("command not found"), "{seen}");
}

#[test]
fn elvish_completes_and_shows_what_a_word_is() {
    if !has("elvish") {
        return;
    }
    let home = Home::with_models();
    let path = path(&home);
    let shell = Terminal::start(&home, "elvish", &["-norc"], 200, &[("PATH", &path)]);
    shell.type_keys(&format!("eval (slurp < {}); echo re''ady\r", script("hivectl.elv").display()));
    shell.wait_for("ready", 1);
    // Where one word fits alone it is put into the line at once.
    shell.type_keys("hivectl ml models veri\t");
    // What the line became is told by what it does: there is no command veri.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    shell.type_keys("\r");
    shell.wait_for("everything is as it was registered", 1);
    shell.type_keys(&format!("hivectl ml models show {MODEL}@\t"));
    shell.wait_for("Staging, gate passed", 1);
    leave(&shell);
    let (_, seen) = shell.end();
    assert!(!seen.contains("Exception") && !seen.contains("not found"), "{seen}");
}

/// There is no PowerShell where the tests run, so what it is told is looked at and not run.
#[test]
fn the_script_of_powershell_asks_what_the_others_ask() {
    let text = std::fs::read_to_string(script("_hivectl.ps1")).expect("the script");
    let code: String = text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    for (open, close) in [('{', '}'), ('(', ')'), ('[', ']')] {
        assert_eq!(code.matches(open).count(), code.matches(close).count(), "{open}{close}");
    }
    assert_eq!(code.matches('\'').count() % 2, 0);
    for part in [
        "Register-ArgumentCompleter -Native -CommandName hivectl -ScriptBlock {",
        "param($wordToComplete, $commandAst, $cursorPosition)",
        "hivectl __complete powershell $line 2>$null | Select-Object -Skip 1",
        "$_ -split \"`t\", 2",
        "[System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)",
    ] {
        assert!(code.contains(part), "{part}");
    }
    // The line that it hands over is answered as those of the other shells are.
    let home = Home::with_models();
    let ask = |shell: &str| home.run(&["__complete", shell, "hivectl ml models show ticket-d"]).expect(0).stdout;
    assert_eq!(ask("powershell"), ask("bash"));
}

#[test]
fn fish_completes_and_shows_what_a_word_is() {
    if !has("fish") {
        return;
    }
    let home = Home::with_models();
    let path = path(&home);
    let shell = Terminal::start(&home, "fish", &["--no-config", "-i"], 200, &[("PATH", &path), ("fish_greeting", "")]);
    shell.type_keys(&format!("source {}; echo re''ady\r", script("hivectl.fish").display()));
    shell.wait_for("ready", 1);
    drive(&shell);
    shell.type_keys(&format!("hivectl ml models show {MODEL}@\t"));
    shell.wait_for("gate passed", 1);
    leave(&shell);
    let (_, seen) = shell.end();
    assert!(!seen.contains("command not found"), "{seen}");
}
