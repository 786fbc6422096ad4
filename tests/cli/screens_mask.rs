//! What varies from run to run, made the same, without moving anything on the screen.

/// The text with moments and digests masked letter by letter, and the home as `~`.
pub fn normal(text: &str, home: &crate::support::Home) -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let who = home.user.as_ref().map(|user| format!("{user}@{host}"));
    let text = text.replace(env!("CARGO_BIN_EXE_hivectl"), "hivectl");
    let text = text.replace(home.path().to_str().expect("a path"), "~");
    let text = who.map_or(text.clone(), |who| text.replace(&who, "operator@machine"));
    let text: String = text.split_inclusive('\n').map(age).map(|line| latency(&took(&digests(&hours(&moments(line)))))).collect();
    answer_times(&text)
}

/// The times of the check `latency`, as zeros: in its row and in the lines that the row goes on in.
fn answer_times(text: &str) -> String {
    let mut is_row = false;
    let masked = text.split_inclusive('\n').map(|line| {
        is_row = line.starts_with("latency ") || is_row && line.starts_with(' ');
        let words = line.split_inclusive(' ').map(|word| match is_row && word.contains('.') {
            true => word.replace(|letter: char| letter.is_ascii_digit(), "0"),
            false => word.to_owned(),
        });
        words.collect::<String>()
    });
    masked.collect()
}

/// The age of the newest ticket, which grows with every day.
fn age(line: &str) -> &str {
    if line.starts_with("newest    ") && line.ends_with(" old\n") { "newest    0 days old\n" } else { line }
}

/// Digits of a date, and of the time behind it, as zeros.
fn moments(line: &str) -> String {
    const DATE: &[u8] = b"0000-00-00";
    let mut bytes = line.as_bytes().to_vec();
    let mut at = 0;
    while at + DATE.len() <= bytes.len() {
        let fits =
            |found: &[u8]| found.iter().zip(DATE).all(|(found, form)| if *form == b'0' { found.is_ascii_digit() } else { found == form });
        if !fits(&bytes[at..at + DATE.len()]) {
            at += 1;
            continue;
        }
        let mut end = at;
        while end < bytes.len() && (bytes[end].is_ascii_digit() || b"-:.TZ".contains(&bytes[end]) || (bytes[end] == b' ' && end == at + 10))
        {
            if bytes[end].is_ascii_digit() {
                bytes[end] = b'0';
            }
            end += 1;
        }
        at = end;
    }
    String::from_utf8(bytes).expect("text")
}

/// The time of day where the line was folded between it and its date.
fn hours(line: &str) -> String {
    let start = line.len() - line.trim_start_matches(' ').len();
    let is_time =
        line[start..].bytes().take(5).zip(*b"00:00").filter(|(found, form)| found == form || (*form == b'0' && found.is_ascii_digit()));
    match start > 0 && is_time.count() == 5 {
        true => format!("{}00:00{}", &line[..start], &line[start + 5..]),
        false => line.to_owned(),
    }
}

/// Twelve and more hexadecimal digits as x.
fn digests(line: &str) -> String {
    // The rest of one that did not fit into the line before.
    let rest = line.trim();
    if line.starts_with("    ") && rest.len() >= 2 && rest.chars().all(|letter| letter.is_ascii_hexdigit()) {
        return line.replace(|letter: char| letter.is_ascii_hexdigit(), "x");
    }
    let mut masked = String::new();
    let mut run = String::new();
    for letter in line.chars().chain(['\0']) {
        if letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase() {
            run.push(letter);
            continue;
        }
        // A revision of the schema is part of what is shown, and no digest is made of digits alone.
        let digest = run.len() >= 12 && run != "6953534de441";
        masked.push_str(&if digest { "x".repeat(run.len()) } else { std::mem::take(&mut run) });
        run.clear();
        masked.push(letter);
    }
    masked.trim_end_matches('\0').to_owned()
}

/// `  12 ms` as `   0 ms`, and `0.3 s` of a step as `0.0 s`.
fn took(line: &str) -> String {
    if let Some(rest) = line.strip_prefix("TOOK ") {
        return format!("TOOK      0 ms{}", &rest[rest.trim_end().len()..]);
    }
    let mut line = line.to_owned();
    if let Some(end) = line.find(" ms  ") {
        let start = line[..end].rfind(|letter: char| !letter.is_ascii_digit()).map_or(0, |at| at + 1);
        if start < end && ["pass", "warn", "fail", "skipped"].iter().any(|state| line.contains(state)) {
            let mask = format!("{:>1$}", 0, end - start);
            line.replace_range(start..end, &mask);
        }
    }
    if let Some(at) = line.strip_prefix("trained ").and_then(|rest| rest.rfind(" in ")) {
        line.truncate("trained ".len() + at);
        line.push_str(" in 0.0 s\n");
    }
    if ["check ", "window ", "train ", "decide ", "TIME "].iter().any(|step| line.starts_with(step))
        && let Some(at) = line.find(" s").filter(|&at| at >= 3 && line.as_bytes()[at - 2] == b'.')
    {
        line.replace_range(at - 3..at, "0.0");
    }
    line
}

/// The microseconds of a score.
fn latency(line: &str) -> String {
    match ["p50 ", "p95 ", "p99 "].iter().any(|name| line.starts_with(name)) {
        true => line
            .char_indices()
            .map(|(at, letter)| if at > 3 && (letter.is_ascii_digit() || letter == '.') { '0' } else { letter })
            .collect(),
        false => line.to_owned(),
    }
}
