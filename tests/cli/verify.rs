//! `ml models verify`: files that are no longer what was registered.

use crate::support::{Home, promote};

#[test]
fn a_file_that_was_altered_is_found_and_never_promoted() {
    let home = Home::with_versions(3);
    home.run(&["ml", "models", "verify"]).expect(0);
    let mut folders = vec![home.path().join(".local/share/hivectl/mlruns")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("model.pkl") {
                let mut bytes = std::fs::read(&path).expect("a model");
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                std::fs::write(&path, bytes).expect("altered");
            }
        }
    }
    let found = home.run(&["ml", "models", "verify", "-o", "json"]).json(13);
    assert_eq!(found["data"]["findings"].as_array().map(Vec::len), Some(3), "{found:#}");
    promote(&home, 1).expect(13);
    home.run(&["ml", "predict", "--model", "duration", "--tickets", "t.ndjson"]).expect(13);
}
