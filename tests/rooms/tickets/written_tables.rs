//! Tables that are written: what is in them, and that they are there as a whole or not at all.

use std::fs;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int64Type, TimestampMillisecondType};
use arrow_array::{Array, RecordBatch};
use bytes::Bytes;
use hivectl::error::ErrorKind;
use hivectl::source::tables::{Cells, TableWriter, write_matrix};
use hivectl::trees::Columns;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::support::Folder;

fn batch() -> Vec<(&'static str, Cells)> {
    vec![
        ("ticket_id", Cells::Text(vec!["a,\"b".to_owned(), String::new()])),
        ("reasons", Cells::Texts(vec![vec!["x".to_owned(), "y".to_owned()], Vec::new()])),
        ("version", Cells::Integer(vec![Some(3), None])),
        ("duration_ms", Cells::Number(vec![Some(1.5), Some(f64::NAN)])),
        ("score", Cells::Single(vec![0.1, f32::INFINITY])),
        ("is_anomaly", Cells::Flag(vec![true, false])),
        ("created_at", Cells::Time(vec![1_767_265_200_000, 1_767_265_200_250])),
    ]
}

fn write(folder: &Folder, name: &str) -> Vec<u8> {
    let path = folder.path(name);
    let mut table = TableWriter::create(&path).unwrap();
    table.write(&batch()).unwrap();
    table.write(&batch()).unwrap();
    assert!(!path.exists(), "not before it is whole");
    table.finish().unwrap();
    fs::read(&path).unwrap()
}

fn read_parquet(bytes: Vec<u8>) -> RecordBatch {
    ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).unwrap().build().unwrap().next().unwrap().unwrap()
}

#[test]
fn csv_and_json_lines_hold_what_was_written() {
    let folder = Folder::new();
    let row = "\"a,\"\"b\",x; y,3,1.5,0.1,true,2026-01-01T11:00:00.000Z\n,,,,,false,2026-01-01T11:00:00.250Z\n";
    let csv = format!("ticket_id,reasons,version,duration_ms,score,is_anomaly,created_at\n{row}{row}");
    assert_eq!(String::from_utf8(write(&folder, "t.csv")).unwrap(), csv);
    let line = concat!(
        r#"{"ticket_id":"a,\"b","reasons":["x","y"],"version":3,"duration_ms":1.5,"score":0.1,"is_anomaly":true,"created_at":"2026-01-01T11:00:00.000Z"}"#,
        "\n",
        r#"{"ticket_id":null,"reasons":[],"version":null,"duration_ms":null,"score":null,"is_anomaly":false,"created_at":"2026-01-01T11:00:00.250Z"}"#,
        "\n"
    );
    assert_eq!(zstd::decode_all(&*write(&folder, "t.jsonl.zst")).unwrap(), line.repeat(2).into_bytes());
}

#[test]
fn parquet_holds_what_was_written() {
    let batch = read_parquet(write(&Folder::new(), "t.parquet"));
    assert_eq!(batch.num_rows(), 4);
    let column = |name: &str| batch.column_by_name(name).unwrap();
    assert_eq!((column("ticket_id").as_string::<i32>().value(0), column("ticket_id").null_count()), ("a,\"b", 2));
    assert_eq!(column("reasons").as_list::<i32>().value(2).len(), 2);
    assert_eq!((column("version").as_primitive::<Int64Type>().value(2), column("version").null_count()), (3, 2));
    assert_eq!((column("duration_ms").as_primitive::<Float64Type>().value(0), column("duration_ms").null_count()), (1.5, 2));
    assert!(column("is_anomaly").as_boolean().value(0));
    assert_eq!(column("created_at").as_primitive::<TimestampMillisecondType>().value(1), 1_767_265_200_250);
}

#[test]
fn a_matrix_holds_times_features_and_the_target() {
    let folder = Folder::new();
    let path = folder.path("m.parquet");
    let (first, second) = ([1.0, f32::NAN, 3.0], [4.0, 5.0, 6.0]);
    let matrix = Columns::new(vec![&first, &second], 3).unwrap();
    let names = ["estimated_duration_ms".to_owned(), "hour_of_day".to_owned()];
    write_matrix(&path, &names, matrix.clone(), &[1, 2, 3], &[10.0, 20.0, f64::NAN]).unwrap();
    let batch = read_parquet(fs::read(&path).unwrap());
    let found: Vec<&str> = batch.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(found, ["created_at", "estimated_duration_ms", "hour_of_day", "actual_duration_ms"]);
    assert_eq!(batch.column(1).as_primitive::<Float32Type>().iter().collect::<Vec<_>>(), [Some(1.0), None, Some(3.0)]);
    assert_eq!(batch.column(3).as_primitive::<Float64Type>().iter().collect::<Vec<_>>(), [Some(10.0), Some(20.0), None]);
    let error = write_matrix(&folder.path("m.csv"), &names, matrix, &[1, 2, 3], &[1.0; 3]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
}

#[test]
fn an_unfinished_table_leaves_nothing() {
    let folder = Folder::new();
    for name in ["t.csv", "t.jsonl.gz", "t.parquet"] {
        let mut table = TableWriter::create(&folder.path(name)).unwrap();
        table.write(&batch()).unwrap();
        assert_eq!(table.write(&batch()[1..]).unwrap_err().kind(), ErrorKind::Internal, "other columns");
        drop(table);
    }
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 0);
}

#[test]
fn a_table_without_rows_is_a_file_all_the_same() {
    let folder = Folder::new();
    for name in ["t.csv", "t.jsonl", "t.parquet"] {
        TableWriter::create(&folder.path(name)).unwrap().finish().unwrap();
        assert!(folder.path(name).exists(), "{name}");
    }
}
