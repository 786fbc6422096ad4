//! Random histories of models that aliases alone serve, on a server: every promotion names its predecessor, a rollback
//! returns to it, no version is given a stage, and nothing is found that is not so.

use hivectl::statistics::random::SplitMix64;
use serde_json::{Value, json};

use super::support::{Home, Server, rounds, servers, unique};

/// What served, as seen from outside: pushed by moves, popped by rollbacks; `None` is a move that nobody recorded.
#[derive(Debug, Default)]
struct Line(Vec<Option<u32>>);

impl Line {
    fn moved(&mut self, from: Option<u32>, to: u32, back: bool) {
        if let Some(from) = from.filter(|from| self.0.last() != Some(&Some(*from))) {
            self.0.extend([None, Some(from)]);
        }
        match self.0.iter().rposition(|served| *served == Some(to)) {
            Some(at) if back => self.0.truncate(at + 1),
            _ => self.0.push(Some(to)),
        }
    }

    /// What served before `now`; the exit code where that is not known or was nobody.
    fn before(&self, now: Option<u32>) -> Result<u32, i32> {
        match self.0.split_last() {
            Some((last, earlier)) if *last == now && now.is_some() => match earlier.last() {
                Some(Some(version)) => Ok(*version),
                Some(None) => Err(8),
                None => Err(4),
            },
            _ => Err(8),
        }
    }
}

/// Three versions in no stage.
fn model(server: &Server, home: &Home) -> String {
    let name = unique("history");
    server.register(home, &name, 3);
    name
}

fn history(server: &Server, home: &Home, seed: u64) -> Result<(), String> {
    let mut random = SplitMix64::new(seed);
    let name = model(server, home);
    let point = |version: u32| {
        server.post("registered-models/alias", json!({ "name": name, "alias": "champion", "version": version.to_string() }));
        Some(version)
    };
    let mut serves = point(1);
    let mut line = Line::default();
    let mut told = vec!["1 by another tool".to_owned()];
    for _ in 0..5 {
        let version = u32::try_from(random.below(3)).expect("small") + 1;
        let is = |got: &Value, wanted: Option<u32>| got.as_u64() == wanted.map(u64::from);
        match random.below(6) {
            0 => {
                told.push(format!("{version} by another tool"));
                serves = point(version);
            }
            1 | 2 => {
                told.push("rollback".into());
                let expected = line.before(serves);
                let ran = server.run(home, &["ml", "models", "rollback", &name, "--confirm", &name, "-o", "json"]);
                let report: Value = serde_json::from_str(&ran.stdout).unwrap_or(Value::Null);
                match expected {
                    Ok(version) if ran.code == 0 && is(&report["data"]["version"], Some(version)) => {
                        line.moved(serves, version, true);
                        serves = Some(version);
                    }
                    Err(code) if ran.code == code => {}
                    _ => return Err(format!("{told:?}: {expected:?} expected, {} {}", ran.code, ran.stdout)),
                }
            }
            _ => {
                told.push(format!("promote {version}"));
                let report = server.promote(home, &name, version, &[]).json(0);
                if !is(&report["data"]["previous_champion"], serves) {
                    return Err(format!("{told:?}: {serves:?} served before, {report:#}"));
                }
                if serves != Some(version) {
                    line.moved(serves, version, false);
                }
                serves = Some(version);
            }
        }
        if server.alias(&name, "champion") != serves.map(u64::from) {
            return Err(format!("{told:?}: {serves:?} is to serve"));
        }
    }
    let found = server.run(home, &["ml", "models", "verify", &name, "-o", "json"]).json(0);
    match (server.in_stage(&name, "None").len(), found["data"]["findings"] == json!([])) {
        (3, true) => Ok(()),
        (in_none, _) => Err(format!("{told:?}: {in_none} in no stage, {found:#}")),
    }
}

#[test]
fn random_histories_by_alias_name_every_predecessor_and_return_to_it() {
    for server in servers() {
        let home = Home::new();
        let count = rounds(4, 200) as u64;
        let wrong: Vec<String> =
            (0..count).filter_map(|seed| history(server, &home, seed).err().map(|wrong| format!("seed {seed}: {wrong}"))).collect();
        assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    }
}
