//! Damaged files of every form: whatever the damage, an answer or an error that names the file.

use std::fs;

use hivectl::api::dataset::USUAL_ANOMALY_RATIO;
use hivectl::error::ErrorKind;
use hivectl::source::synthetic::{SyntheticRequest, write};
use hivectl::statistics::random::SplitMix64;

use super::support::{Folder, gzip, lines, read, zstd};

/// Mutations of each file; `HIVECTL_MUTATIONS` asks for more.
const MUTATIONS: usize = 400;

fn mutate(content: &[u8], random: &mut SplitMix64) -> Vec<u8> {
    let mut mutated = content.to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(mutated.len().max(1));
        match random.below(6) {
            0 => mutated.truncate(at),
            1 => mutated.splice(at..at, [b'{', b'[', b'"', 0xff, b'-', b'\n'][random.below(6)..][..1].to_vec()).for_each(drop),
            2 => drop(mutated.splice(at..(at + 1 + random.below(8)).min(mutated.len()), [])),
            3 => {
                let copied = mutated[at..(at + 40).min(mutated.len())].to_vec();
                let to = random.below(mutated.len().max(1));
                drop(mutated.splice(to..to, copied));
            }
            _ if at < mutated.len() => mutated[at] ^= 1 << random.below(8),
            _ => {}
        }
    }
    mutated
}

#[test]
fn damaged_files_give_an_answer_or_an_error_with_a_place() {
    let folder = Folder::new();
    let many = std::env::var("HIVECTL_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(MUTATIONS);
    let request =
        SyntheticRequest { rows: 40, seed: 3, anomaly_ratio: USUAL_ANOMALY_RATIO, drift: 0.0, start_ms: 1_767_225_600_000, days: 1 };
    write(&request, &folder.path("whole.parquet")).unwrap();
    let csv: String = (0..40).map(|row| format!("t-{row},\"BUILD, {row}\",1767265200,6{row},\"[1,2]\"\n")).collect();
    let csv = format!("ticket_id,task_type,created_at,estimated_duration_ms,required_capabilities\n{csv}");
    let array = format!("[{}]", lines(40).trim_end().replace('\n', ",\n"));
    let seeds = [
        ("lines", lines(40).into_bytes()),
        ("array", array.into_bytes()),
        ("csv", csv.into_bytes()),
        ("gz", gzip(lines(400))),
        ("zst", zstd(lines(400))),
        ("parquet", fs::read(folder.path("whole.parquet")).unwrap()),
    ];
    for (form, content) in seeds {
        let mut random = SplitMix64::new(7);
        let (mut told, mut read_whole) = (0, 0);
        for number in 0..many {
            let mutated = mutate(&content, &mut random);
            let file = folder.file(form, &mutated);
            match read(&[&file]) {
                Ok(_) => read_whole += 1,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::BadInput, "{form} {number}: {error}");
                    assert!(error.message().contains(&format!("{file}:")), "{form} {number}: {error}");
                    told += 1;
                }
            }
        }
        assert!(told > many / 10, "{form}: {told} told, {read_whole} read");
    }
}
