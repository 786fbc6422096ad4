//! Versions that leave a registry as a file and come into another.

use std::collections::BTreeMap;
use std::path::Path;

use hivectl::base::write_whole;
use hivectl::error::ErrorKind;
use hivectl::lifecycle::Stage;
use hivectl::registry::bundle::Bundle;
use hivectl::registry::transfer::{self, Stated};
use hivectl::registry::{ArtifactFile, AuditLog, ModelStore, Promotion, Registry, read_model};

use crate::support::{self, NAME, add, promote, registry};

#[test]
fn an_exported_version_is_imported_once_with_everything_known_about_it() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let origin = registry(&folder.path().join("origin"));
    add(&origin, NAME, Stage::None);
    promote(&origin, NAME, 1);
    let exported = origin.version(NAME, 1).expect("read").expect("there");
    let file = folder.path().join("export.tar");
    write_whole(&file, &transfer::export(&Registry::complete(origin.clone()), &exported).expect("exported").to_bytes().expect("bytes"))
        .expect("written");

    let target = registry(&folder.path().join("target"));
    add(&target, NAME, Stage::Production);
    let read = || Bundle::from_bytes("export.tar", &std::fs::read(&file).expect("read")).expect("an export");
    assert!(read().manifest.history.iter().any(|entry| entry["event"] == "promote"));
    let (imported, is_new) = transfer::import(&target, read(), None).expect("imported");
    assert!(is_new);
    assert_eq!((imported.version, imported.stage), (2, Stage::None));
    assert_eq!((&imported.metrics, &imported.params, &imported.description), (&exported.metrics, &exported.params, &exported.description));
    assert_eq!(
        (imported.model_id(), &imported.run_id, imported.package_digest()),
        (exported.model_id(), &exported.run_id, exported.package_digest())
    );
    target.check_files(&imported).expect("whole");
    let (again, is_new) = transfer::import(&target, read(), None).expect("imported again");
    assert!(!is_new && again.version == 2);
    // The registry it came from has this logged model already: another version of another id.
    let (back, is_new) = transfer::import(&origin, read(), Some("copy")).expect("imported");
    assert!(is_new && back.name == "copy" && back.model_id() != exported.model_id());
    assert_eq!(target.verify(None).expect("verified").findings, []);
    target.verify_chain().expect("whole");
}

#[test]
fn an_export_that_was_cut_off_anywhere_or_altered_in_any_bit_is_refused_and_nothing_is_imported() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let origin = registry(&folder.path().join("origin"));
    add(&origin, NAME, Stage::None);
    promote(&origin, NAME, 1);
    let exported = origin.version(NAME, 1).expect("read").expect("there");
    let bytes = transfer::export(&Registry::complete(origin.clone()), &exported).expect("exported").to_bytes().expect("bytes");
    let target = registry(&folder.path().join("target"));
    let stride = if support::full() { 1 } else { 97 };
    let (mut lengths, mut bits) = (0, 0);
    let refused = |bytes: &[u8], what: String| {
        // What is not read as an export never reaches the registry.
        assert_eq!(Bundle::from_bytes("export.tar", bytes).expect_err(&what).kind(), ErrorKind::BadInput, "{what}");
    };
    for length in (0..bytes.len()).step_by(stride) {
        refused(&bytes[..length], format!("cut off at {length}"));
        lengths += 1;
    }
    let mut altered = bytes.clone();
    for bit in (0..bytes.len() * 8).step_by(stride) {
        altered[bit / 8] ^= 1 << (bit % 8);
        refused(&altered, format!("bit {bit} flipped"));
        altered[bit / 8] ^= 1 << (bit % 8);
        bits += 1;
    }
    assert!(!target.exists().expect("looked"));
    eprintln!("an export of {} bytes: {lengths} lengths and {bits} flipped bits refused", bytes.len());
}

#[test]
fn damaged_files_are_not_exported() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    add(&registry, NAME, Stage::None);
    let file = support::files_below(folder.path()).into_keys().find(|path| path.ends_with("model.bin")).expect("file");
    std::fs::write(file, "altered").expect("written");
    let version = registry.version(NAME, 1).expect("read").expect("there");
    assert_eq!(transfer::export(&Registry::complete(registry.clone()), &version).expect_err("altered").kind(), ErrorKind::DigestMismatch);
}

#[test]
fn a_model_is_registered_by_hand_once_and_its_metrics_are_claimed() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(&folder.path().join("registry"));
    let file = folder.path().join("model.onnx");
    let outside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/isolation.onnx");
    std::fs::copy(outside, &file).expect("a model from outside");
    let stated =
        |mae: f64| Stated { name: NAME.into(), metrics: BTreeMap::from([("mae".into(), mae)]), user: "ada".into(), ..Stated::default() };
    let files = || read_model(&file).expect("a model").files;
    let (version, is_new) = transfer::register_by_hand(&registry, stated(3.0), files()).expect("registered");
    assert!(is_new);
    assert!(version.metrics_are_claimed());
    assert_eq!(version.metrics.get("mae"), Some(&3.0));
    let (same, is_new) = transfer::register_by_hand(&registry, stated(3.0), files()).expect("the same");
    assert!(!is_new && same.version == 1);
    assert_eq!(transfer::register_by_hand(&registry, stated(4.0), files()).expect("other words").0.version, 2);
    assert_eq!(transfer::register_by_hand(&registry, stated(f64::NAN), files()).expect_err("no number").kind(), ErrorKind::Usage);
    let foreign = Stated { run_id: Some("7".into()), ..stated(3.0) };
    assert_eq!(transfer::register_by_hand(&registry, foreign, files()).expect_err("no id").kind(), ErrorKind::Usage);
    let id = format!("m-{}", "a1".repeat(16));
    let mlmodel = ArtifactFile::new("MLmodel", format!("flavors: {{}}\nmodel_id: {id}\n").into_bytes());
    let (named, _) = transfer::register_by_hand(&registry, stated(5.0), vec![mlmodel]).expect("registered");
    assert_eq!(named.model_id(), Some(id.as_str()));
}
