//! Model files from people who mean harm: whatever the bytes, a reader answers with an ensemble that
//! is whole or with an error, soon, and within 256 MB.
//!
//! By default 10,000 mutations for each format and every third or so of the lengths to cut at; with
//! `HIVECTL_FULL=1` 20,000 for each file and every length.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the counts are the result")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::time::{Duration, Instant};

use hivectl::error::ErrorKind;
use hivectl::formats::Format;
use hivectl::formats::sklearn::{ForestFamily, ForestHyperparameters};
use hivectl::formats::{self, ReadOptions, lightgbm, onnx, pickle, skops, xgboost};
use hivectl::statistics::ClassLabel;
use hivectl::statistics::random::SplitMix64;
use hivectl::trees::{Aggregation, CategoricalSplit, EnsembleTask, IsolationScore, LinkFunction, Tree, TreeEnsemble};

/// Longest that reading any of these small files may take.
const LONGEST: Duration = Duration::from_secs(5);
/// Most memory the process of one of these tests may ever have held.
const MOST_MEMORY_KB: u64 = 256 * 1024;

/// A complete binary tree of the given depth, with values that differ.
fn tree(depth: usize, outputs: usize, random: &mut SplitMix64) -> Tree {
    let mut tree = Tree::default();
    grow(&mut tree, depth, outputs, random);
    tree
}

fn grow(tree: &mut Tree, depth: usize, outputs: usize, random: &mut SplitMix64) -> u32 {
    let node = tree.len();
    tree.feature.push(random.below(4) as u32);
    tree.threshold.push(random.below(1000) as f64 / 8.0);
    tree.left.push(Tree::LEAF);
    tree.right.push(Tree::LEAF);
    tree.missing_left.push(random.below(2) == 0);
    tree.value.extend((0..outputs).map(|_| 1.0 + random.below(100) as f64));
    tree.rows.push(1 << depth);
    tree.weight.push((1 << depth) as f64);
    tree.impurity.push(depth as f64);
    tree.gain.push(0.0);
    if depth > 0 {
        let left = grow(tree, depth - 1, outputs, random);
        let right = grow(tree, depth - 1, outputs, random);
        (tree.left[node], tree.right[node]) = (left, right);
    } else {
        (tree.feature[node], tree.threshold[node], tree.missing_left[node]) = (0, 0.0, false);
    }
    node as u32
}

fn ensemble(task: EnsembleTask, outputs: usize) -> TreeEnsemble {
    let mut random = SplitMix64::new(7);
    let trees = (0..3).map(|_| tree(3, outputs, &mut random)).collect();
    TreeEnsemble::averaged(task, ["a", "b", "c", "d"].map(str::to_owned).to_vec(), outputs, trees)
}

fn regression() -> TreeEnsemble {
    ensemble(EnsembleTask::Regression, 1)
}

fn isolation() -> TreeEnsemble {
    ensemble(EnsembleTask::Isolation(IsolationScore { subsample: 8, offset: -0.5, contamination: Some(0.1) }), 1)
}

fn classification(link: LinkFunction) -> TreeEnsemble {
    ensemble(EnsembleTask::Classification { classes: ClassLabel::numbered(3), link }, 3)
}

/// Boosted trees with a split by category.
fn with_categories() -> TreeEnsemble {
    let mut ensemble = TreeEnsemble { aggregation: Aggregation::Sum, ..regression() };
    for tree in &mut ensemble.trees {
        tree.threshold[0] = 0.0;
        tree.categorical.push(CategoricalSplit { node: 0, left: vec![1, 3, 40] });
    }
    ensemble
}

fn write(format: Format, ensemble: &TreeEnsemble) -> Vec<u8> {
    let hyperparameters = ForestHyperparameters { family: ForestFamily::RandomForest, ..ForestHyperparameters::default() };
    let bytes = match format {
        Format::Pickle => pickle::write_forest(ensemble, &hyperparameters),
        Format::Skops => skops::write_forest(ensemble, &hyperparameters),
        Format::Onnx => onnx::write(ensemble),
        Format::XgboostJson => xgboost::write_json(ensemble),
        Format::XgboostUbj => xgboost::write_ubj(ensemble),
        Format::LightgbmText => lightgbm::write(ensemble),
        Format::XgboostBinary | Format::CatboostJson | Format::CatboostBinary => unreachable!("hivectl does not write it"),
    };
    bytes.unwrap_or_else(|error| panic!("{}: {error}", format.name()))
}

/// Good files of a form, one for each kind of model it holds.
fn seeds(format: Format) -> Vec<Vec<u8>> {
    let models = match format {
        Format::Pickle | Format::Skops | Format::Onnx => vec![regression(), isolation(), classification(LinkFunction::Identity)],
        Format::XgboostJson | Format::XgboostUbj | Format::LightgbmText => vec![with_categories(), classification(LinkFunction::Softmax)],
        Format::XgboostBinary | Format::CatboostJson | Format::CatboostBinary => Vec::new(),
    };
    let written = models.iter().map(|model| write(format, model));
    written.chain(fixtures(format)).collect()
}

/// Files of that form that the libraries themselves wrote.
fn fixtures(format: Format) -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rooms/formats/fixtures");
    let entries = std::fs::read_dir(folder).expect("the fixtures").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> = entries
        .filter(|path| {
            path.extension().is_some_and(|extension| {
                ["pkl", "joblib", "onnx", "model", "catboost", "cbm", "txt"].iter().any(|known| extension == *known)
            })
        })
        .collect();
    paths.sort();
    let files = paths.iter().map(|path| std::fs::read(path).expect("a fixture"));
    files.filter(|bytes| Format::detect(bytes) == Some(format)).collect()
}

/// Reads the bytes and checks all that is promised of any bytes.
fn attack(format: Format, bytes: &[u8], what: &dyn std::fmt::Display) -> bool {
    let start = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| {
        // As whoever is given the file does; some answer as several models.
        let result = formats::read(bytes, ReadOptions::default());
        if let Ok(read) = &result {
            for ensemble in read.ensembles() {
                ensemble.check().expect("what is read is whole");
                walk(ensemble);
            }
            if let Some(committee) = &read.committee {
                committee.check().expect("what is read is whole");
                let row = |value: f64| vec![vec![value]; committee.features];
                for value in [f64::NAN, f64::NEG_INFINITY, 0.0, 3.0] {
                    committee.answers(&row(value), 1).expect("it answers");
                }
            }
        }
        result
    }));
    let name = format.name();
    let result = result.unwrap_or_else(|_| panic!("{name}, {what}: the reader panicked"));
    assert!(start.elapsed() < LONGEST, "{name}, {what}: {:?}", start.elapsed());
    match result {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::BadModelFile, "{name}, {what}: {error}");
            assert!(error.to_string().len() < 1000, "{name}, {what}: {error}");
            false
        }
    }
}

/// Follows every tree with extreme rows; it ends because every child stands after its parent.
fn walk(ensemble: &TreeEnsemble) {
    for value in [f32::NAN, f32::NEG_INFINITY, 0.0, 3.0, f32::INFINITY] {
        for tree in &ensemble.trees {
            let mut node = 0;
            while !tree.is_leaf(node) {
                assert!((tree.feature[node] as usize) < ensemble.features());
                let left = match tree.categorical_split(node) {
                    _ if value.is_nan() => tree.missing_left[node],
                    Some(split) => split.goes_left(f64::from(value), ensemble.precision),
                    None => f64::from(value) <= tree.threshold[node],
                };
                node = if left { tree.left[node] } else { tree.right[node] } as usize;
            }
            assert!(tree.value[node * ensemble.outputs..(node + 1) * ensemble.outputs].iter().all(|value| value.is_finite()));
        }
    }
}

fn full() -> bool {
    std::env::var_os("HIVECTL_FULL").is_some_and(|value| value == "1")
}

/// Changes a good file in one of the ways in which files are forged or broken.
fn mutate(bytes: &mut Vec<u8>, random: &mut SplitMix64) {
    const TELLING: [u8; 16] = [0, 1, 0x7f, 0x80, 0xff, 0xfe, b'(', b'.', b'[', b'{', b'-', b'9', b'e', b' ', b'"', b'\n'];
    for _ in 0..1 + random.below(6) {
        let place = random.below(bytes.len());
        match random.below(8) {
            0..=2 => bytes[place] ^= 1 << random.below(8),
            3 => bytes[place] = TELLING[random.below(TELLING.len())],
            4 => {
                bytes.remove(place);
            }
            5 => bytes.insert(place, TELLING[random.below(TELLING.len())]),
            6 => {
                // Eight bytes of a giant or negative number.
                let number = [u64::MAX, 1 << 62, 1 << 40, u64::from(u32::MAX), 0][random.below(5)].to_le_bytes();
                let end = (place + 8).min(bytes.len());
                bytes[place..end].copy_from_slice(&number[..end - place]);
            }
            _ => {
                // A part of the file once more, somewhere else.
                let length = random.below(200).min(bytes.len() - place);
                let part = bytes[place..place + length].to_vec();
                let target = random.below(bytes.len());
                bytes.splice(target..target, part);
            }
        }
        if bytes.is_empty() {
            return;
        }
    }
}

fn peak_memory_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}

fn assert_little_memory() {
    match peak_memory_kb() {
        Some(peak) => assert!(peak < MOST_MEMORY_KB, "{peak} kB at the peak"),
        None => eprintln!("SKIPPED: this system does not tell the peak memory of a process"),
    }
}

/// Runs a test of this file in a process of its own, so that the memory it is allowed is not that of other tests.
fn alone(test: &str, work: impl FnOnce()) {
    const ALONE: &str = "HIVECTL_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return work();
    }
    let name = format!("{}::{test}", module_path!().split_once("::").expect("a module").1);
    let program = std::env::current_exe().expect("a program");
    let output = Command::new(program).args([&name, "--exact", "--nocapture"]).env(ALONE, "1").output().expect("it starts");
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}{error}");
    // The counts, and what was skipped.
    said.lines()
        .chain(error.lines())
        .filter(|line| line.contains(" attacks on ") || line.contains("SKIPPED:"))
        .for_each(|line| println!("{line}"));
}

fn attack_format(format: Format) {
    let seeds = seeds(format);
    let mutations = if full() { 20_000 } else { 10_000usize.div_ceil(seeds.len()) };
    let (mut attacks, mut survivors) = (0u64, 0u64);
    let mut count = |survived: bool| {
        attacks += 1;
        survivors += u64::from(survived);
    };
    for (number, seed) in seeds.iter().enumerate() {
        assert!(attack(format, seed, &"unchanged"), "the seed itself is good");
        let stride = if full() { 1 } else { seed.len().div_ceil(1_500) };
        for length in (0..seed.len()).step_by(stride) {
            let survived = attack(format, &seed[..length], &format_args!("seed {number} cut to {length} bytes"));
            count(survived);
        }
        for round in 0..mutations as u64 {
            let mut random = SplitMix64::new(round << 8 | number as u64);
            let mut bytes = seed.clone();
            mutate(&mut bytes, &mut random);
            let survived = attack(format, &bytes, &format_args!("seed {number}, mutation {round}"));
            count(survived);
        }
    }
    println!("{}: {attacks} attacks on {} files, {survivors} still models, none a panic", format.name(), seeds.len());
    assert!(attacks >= 10_000);
    assert_little_memory();
}

#[test]
fn pickles() {
    alone("pickles", || attack_format(Format::Pickle));
}

#[test]
fn skops_files() {
    alone("skops_files", || attack_format(Format::Skops));
}

#[test]
fn onnx_models() {
    alone("onnx_models", || attack_format(Format::Onnx));
}

#[test]
fn xgboost_json() {
    alone("xgboost_json", || attack_format(Format::XgboostJson));
}

#[test]
fn xgboost_ubj() {
    alone("xgboost_ubj", || attack_format(Format::XgboostUbj));
}

#[test]
fn xgboost_binary() {
    alone("xgboost_binary", || attack_format(Format::XgboostBinary));
}

#[test]
fn catboost_json() {
    alone("catboost_json", || attack_format(Format::CatboostJson));
}

#[test]
fn catboost_binary() {
    alone("catboost_binary", || attack_format(Format::CatboostBinary));
}

#[test]
fn lightgbm_text() {
    alone("lightgbm_text", || attack_format(Format::LightgbmText));
}

/// Bytes to find in a good file and what to put in their place.
struct Forgery {
    what: &'static str,
    from: Vec<u8>,
    to: Vec<u8>,
}

/// The left child of the last split, and what becomes of it. The trees are complete, of two levels.
fn forgeries(format: Format) -> Vec<Forgery> {
    let whats = ["a cycle", "a node that is its own child", "a child with two parents", "a child far outside"];
    let list = |encode: &dyn Fn(&[i64]) -> Vec<u8>, good: &[i64], place: usize, bad: [i64; 4]| {
        let forge = |(what, child): (&'static str, i64)| {
            let mut forged = good.to_vec();
            forged[place] = child;
            Forgery { what, from: encode(good), to: encode(&forged) }
        };
        whats.into_iter().zip(bad).map(forge).collect::<Vec<_>>()
    };
    let words = |separator: &'static str| {
        move |numbers: &[i64]| numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(separator).into_bytes()
    };
    match format {
        // Records of both children, in pre-order: the root has 1 and 4, node 4 has 5 and 6.
        Format::Pickle | Format::Skops => {
            list(&|numbers| numbers.iter().flat_map(|number| number.to_le_bytes()).collect(), &[5, 6], 0, [0, 4, 2, 4_000_000])
        }
        // One byte a child; the giant one needs more, so the length before the list is wrong too.
        Format::Onnx => list(&|numbers| numbers.iter().map(|&number| number as u8).collect(), &[1, 2, 0, 0, 5, 0, 0], 4, [0, 4, 2, 100]),
        // Level by level: node 2 has 5 and 6.
        Format::XgboostJson => list(&words(","), &[1, 3, 5, -1, -1, -1, -1], 2, [0, 2, 3, 4_000_000]),
        Format::XgboostUbj => list(
            &|numbers| numbers.iter().flat_map(|&number| (number as i32).to_be_bytes()).collect(),
            &[1, 3, 5, -1, -1, -1, -1],
            2,
            [0, 2, 3, 4_000_000],
        ),
        // Splits and leaves apart: the last split has the leaves -3 and -4.
        Format::LightgbmText => list(&words(" "), &[1, -1, -3], 2, [0, 2, -1, -4_000_000]),
        Format::XgboostBinary | Format::CatboostJson | Format::CatboostBinary => Vec::new(),
    }
}

fn replaced(bytes: &[u8], forgery: &Forgery) -> Vec<u8> {
    let place = bytes.windows(forgery.from.len()).position(|window| window == forgery.from).expect("the bytes to forge are in the file");
    let mut forged = bytes.to_vec();
    forged.splice(place..place + forgery.from.len(), forgery.to.iter().copied());
    forged
}

/// Trees that crash or hang libraries which trust their files.
#[test]
fn crafted_trees_are_refused_in_every_form() {
    let mut random = SplitMix64::new(11);
    let ensemble = TreeEnsemble { trees: (0..2).map(|_| tree(2, 1, &mut random)).collect(), ..regression() };
    for format in Format::ALL {
        if matches!(format, Format::XgboostBinary | Format::CatboostJson | Format::CatboostBinary) {
            continue;
        }
        let good = write(format, &ensemble);
        for forgery in forgeries(format) {
            let mut forged = replaced(&good, &forgery);
            if format == Format::Skops {
                forged = with_checksums(&good, &forgery);
            }
            let error = format.read(&forged).expect_err(forgery.what).to_string();
            assert!(error.contains("node"), "{}, {}: {error}", format.name(), forgery.what);
        }
    }
}

/// The root of the old binary form has no parent, and the nodes 1 and 2 for children.
#[test]
fn crafted_trees_of_the_old_binary_form_are_refused() {
    let bytes = |numbers: [i32; 3]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    for good in fixtures(Format::XgboostBinary).iter().filter(|good| good.starts_with(b"binf")) {
        for (what, left) in [("a node that is its own child", 0), ("a child with two parents", 2), ("a child far outside", 4_000_000)] {
            let forged = replaced(good, &Forgery { what, from: bytes([-1, 1, 2]), to: bytes([-1, left, 2]) });
            let error = Format::XgboostBinary.read(&forged).expect_err(what).to_string();
            assert!(error.contains("node"), "{what}: {error}");
        }
    }
}

/// Steps of the nodes in CatBoost's own form that lead nowhere, in a circle or to what has another parent.
#[test]
fn crafted_trees_of_catboost_are_refused() {
    let good = fixtures(Format::CatboostBinary).into_iter().next().expect("by_leaves.cbm");
    let bytes = |steps: &[u16]| steps.iter().flat_map(|step| step.to_le_bytes()).collect::<Vec<u8>>();
    // The first tree: its root, which answers itself on one side, and the next node.
    let root = [0, 1, 1, 4];
    let read = |from: &[u16], to: &[u16]| {
        Format::CatboostBinary.read(&replaced(&good, &Forgery { what: "steps", from: bytes(from), to: bytes(to) }))
    };
    assert!(read(&root, &root).is_ok());
    for (what, to) in [("a child with two parents", [0, 1, 4, 4]), ("a child far outside", [0, u16::MAX, 1, 4])] {
        let refused = read(&root, &to).expect_err(what);
        assert!(refused.kind() == ErrorKind::BadModelFile && refused.to_string().contains("tree 0"), "{what}: {refused}");
    }
}

/// A zip tells broken files by their checksums; a forger writes the right ones.
fn with_checksums(good: &[u8], forgery: &Forgery) -> Vec<u8> {
    let archive = rawzip::ZipArchive::from_slice(good).expect("a good archive");
    let mut writer = rawzip::ZipArchiveWriter::new(Vec::new());
    let mut entries = archive.entries();
    let mut forged = false;
    while let Some(entry) = entries.next_entry().expect("a good entry") {
        let name = String::from_utf8(entry.file_path().as_ref().to_vec()).expect("a name");
        let mut data = archive.get_entry(entry.wayfinder()).expect("a good entry").data().to_vec();
        if !forged && name.ends_with(".npy") && data.windows(forgery.from.len()).any(|window| window == forgery.from) {
            data = replaced(&data, forgery);
            forged = true;
        }
        let (mut file, config) = writer.new_file(&name).start().expect("a new file");
        let mut output = config.wrap(&mut file);
        std::io::Write::write_all(&mut output, &data).expect("memory");
        let (_, descriptor) = output.finish().expect("memory");
        file.finish(descriptor).expect("memory");
    }
    assert!(forged);
    writer.finish().expect("memory")
}

/// Counts and names that promise more than the file has.
#[test]
fn giant_counts_cost_nothing() {
    alone("giant_counts_cost_nothing", || {
        let text = |bytes: &[u8], from: &str, to: &str| {
            let forgery = Forgery { what: "a giant count", from: from.as_bytes().to_vec(), to: to.as_bytes().to_vec() };
            replaced(bytes, &forgery)
        };
        let json = write(Format::XgboostJson, &with_categories());
        let lightgbm = write(Format::LightgbmText, &with_categories());
        let forged = [
            (Format::Pickle, b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.".to_vec()),
            (Format::Pickle, b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff.".to_vec()),
            (Format::Pickle, [&b"\x80\x04"[..], &b"("[..].repeat(1_000_000), b"."].concat()),
            (Format::Pickle, [&b"\x80\x04"[..], &b")"[..].repeat(10_000_000), b"."].concat()),
            (Format::Pickle, [&b"\x80\x04]\x94"[..], &b"h\x00a"[..].repeat(1_000_000), b"."].concat()),
            (Format::Onnx, b"\x08\x08\x3a\xff\xff\xff\xff\xff\xff\xff\xff\x7f".to_vec()),
            (Format::XgboostUbj, b"{L\0\0\0\0\0\0\0\x01a[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff".to_vec()),
            (Format::XgboostUbj, [&b"{L\0\0\0\0\0\0\0\x01a"[..], &b"["[..].repeat(1_000_000)].concat()),
            (Format::XgboostJson, [&b"{\"a\":"[..], &b"["[..].repeat(1_000_000)].concat()),
            (
                Format::XgboostJson,
                text(&json, "\"num_class\":\"0\",\"num_feature\":\"4\"", "\"num_class\":\"0\",\"num_feature\":\"4294967295\""),
            ),
            (Format::XgboostJson, text(&json, "\"num_class\":\"0\"", "\"num_class\":\"18446744073709551616\"")),
            (Format::XgboostJson, text(&json, "\"categories\":[1,3,40]", "\"categories\":[1,3,4294967296]")),
            (Format::XgboostJson, text(&json, "\"categories_sizes\":[3]", "\"categories_sizes\":[4294967296]")),
            (Format::LightgbmText, text(&lightgbm, "max_feature_idx=3", "max_feature_idx=18446744073709551615")),
            (Format::LightgbmText, text(&lightgbm, "num_leaves=8", "num_leaves=18446744073709551615")),
            (Format::LightgbmText, text(&lightgbm, "cat_boundaries=0 2", "cat_boundaries=0 18446744073709551615")),
            (Format::LightgbmText, text(&lightgbm, "num_tree_per_iteration=1", "num_tree_per_iteration=0")),
            (Format::CatboostBinary, b"CBM1\xff\xff\xff\xff".to_vec()),
            (Format::CatboostBinary, named_often()),
        ];
        let forged = forged.into_iter().chain(bombs());
        for (number, (format, bytes)) in forged.enumerate() {
            let what = format!(
                "forgery {number}, {} bytes that begin with {:?}",
                bytes.len(),
                String::from_utf8_lossy(&bytes[..bytes.len().min(24)])
            );
            assert!(!attack(format, &bytes, &what), "{}, {what}", format.name());
            let start = Instant::now();
            let _ = formats::whole(&bytes);
            assert!(start.elapsed() < LONGEST, "{}, {what}: whole {:?}", format.name(), start.elapsed());
        }
        assert_little_memory();
    });
}

/// A model in CatBoost's own form whose columns are one column, named a hundred thousand times with its long name.
fn named_often() -> Vec<u8> {
    const COUNT: u32 = 100_000;
    let number = |bytes: &mut Vec<u8>, number: u32| bytes.extend(number.to_le_bytes());
    // Slots of the model and of the trees, which stand as far back as the tables say.
    let mut core = Vec::new();
    number(&mut core, 12);
    core.extend([8u16, 12, 4, 8].iter().flat_map(|place| place.to_le_bytes()));
    number(&mut core, 8);
    // The form, and the trees.
    number(&mut core, 8);
    number(&mut core, 28);
    number(&mut core, 18);
    core.extend(b"FlabuffersModel_v1\0\0");
    // The trees have columns alone.
    core.extend([16u16, 8, 0, 0, 0, 0, 0, 4].iter().flat_map(|place| place.to_le_bytes()));
    core.splice(20..24, (core.len() as u32 - 20).to_le_bytes());
    number(&mut core, 16);
    number(&mut core, 4);
    number(&mut core, COUNT);
    let list = core.len();
    let column = list + 4 * COUNT as usize + 14;
    for entry in 0..COUNT as usize {
        number(&mut core, (column - (list + 4 * entry)) as u32);
    }
    core.extend([14u16, 12, 0, 0, 8, 0, 4].iter().flat_map(|place| place.to_le_bytes()));
    number(&mut core, 14);
    number(&mut core, 8);
    number(&mut core, 0);
    number(&mut core, 1000);
    core.extend([b'a'; 1000]);
    [&b"CBM1"[..], &(core.len() as u32).to_le_bytes(), &core].concat()
}

/// A gigabyte of zeros, packed into a megabyte.
fn bombs() -> [(Format, Vec<u8>); 3] {
    let zeros = |writer: &mut dyn std::io::Write| (0..1024).for_each(|_| writer.write_all(&[0; 1 << 20]).expect("memory"));
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zeros(&mut zlib);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zeros(&mut gzip);
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    let (mut entry, config) =
        archive.new_file("schema.json").compression_method(rawzip::CompressionMethod::DEFLATE).start().expect("a new file");
    let mut output = config.wrap(flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::fast()));
    zeros(&mut output);
    let (encoder, descriptor) = output.finish().expect("memory");
    encoder.finish().expect("memory");
    entry.finish(descriptor).expect("memory");
    let zip = archive.finish().expect("memory");
    [(Format::Pickle, zlib.finish().expect("memory")), (Format::Pickle, gzip.finish().expect("memory")), (Format::Skops, zip)]
}

/// A hundred thousand classes for a thousand nodes are not a hundred million numbers.
#[test]
fn many_classes_in_a_small_file_are_refused() {
    alone("many_classes_in_a_small_file_are_refused", || {
        let ensemble = TreeEnsemble {
            task: EnsembleTask::Classification { classes: ClassLabel::numbered(2), link: LinkFunction::Softmax },
            outputs: 2,
            base: vec![0.0; 2],
            trees: vec![tree(9, 2, &mut SplitMix64::new(3))],
            ..regression()
        };
        let replace =
            |bytes: &[u8], from: &[u8], to: &[u8]| replaced(bytes, &Forgery { what: "classes", from: from.to_vec(), to: to.to_vec() });
        let json = write(Format::XgboostJson, &ensemble);
        let json = replace(&json, b"\"num_class\":\"2\"", b"\"num_class\":\"90000\"");
        let lightgbm = replace(&write(Format::LightgbmText, &ensemble), b"num_tree_per_iteration=2", b"num_tree_per_iteration=90000");
        for (format, bytes) in [(Format::XgboostJson, json), (Format::LightgbmText, lightgbm)] {
            let error = format.read(&bytes).unwrap_err().to_string();
            assert!(error.contains("more than a file of this size holds"), "{}: {error}", format.name());
        }
        assert_little_memory();
    });
}

/// One tree that a file names a hundred thousand times must not be a hundred thousand trees.
#[test]
fn what_is_named_often_is_not_copied_often() {
    alone("what_is_named_often_is_not_copied_often", || {
        let pickle = write(Format::Pickle, &regression());
        let find = |what: &[u8], from: usize| {
            from + pickle[from..].windows(what.len()).position(|window| window == what).expect("the pickle is as this test knows it")
        };
        // The list of trees opens behind its name; all begin with the same opcodes.
        let first = find(b"](", find(b"estimators_", 0)) + 2;
        let second = find(&pickle[first..first + 6], first + 6);
        let mut bytes = pickle[..second].to_vec();
        bytes.extend(b"q\xff");
        bytes.extend(b"h\xff".repeat(100_000));
        bytes.extend(&pickle[second..]);
        let error = pickle::read(&bytes).unwrap_err().to_string();
        assert!(error.contains("more bytes than the file has"), "{error}");
        assert_little_memory();
    });
}
