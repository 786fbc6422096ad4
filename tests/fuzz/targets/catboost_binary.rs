#![no_main]

use hivectl::formats::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(ensemble) = Format::CatboostBinary.read(bytes) {
        ensemble.check().expect("what is read is whole");
    }
});
