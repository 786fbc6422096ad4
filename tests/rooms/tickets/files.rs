//! The same tickets in every form of file.

use std::fs::File;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, StructArray, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema};
use hivectl::error::ErrorKind;
use hivectl::ticket::{FieldPaths, Ticket};
use parquet::arrow::ArrowWriter;

use super::support::{Folder, failure, gzip, line, read, read_with, tickets, zstd};

fn three_documents() -> [&'static str; 3] {
    [
        r#"{"ticket_id":"t-1","task_type":"BUILD","status":"COMPLETED","qos":{"delivery_mode":"EXACTLY_ONCE"},"sla":{"timeout_ms":90000},"parameters":{"a":1,"b":"x, \"y\""},"required_capabilities":["p","q"],"created_at":"2026-01-01T11:00:00Z","estimated_duration_ms":60000.5,"metadata":{"requested_by":"ana"}}"#,
        r#"{"ticket_id":"t-2","task_type":"TEST","status":"FAILED","qos":{"delivery_mode":null},"parameters":{},"required_capabilities":[],"created_at":"2026-01-01T12:00:00Z","estimated_duration_ms":null,"metadata":{"requested_by":"bo"}}"#,
        r#"{"ticket_id":"0033","task_type":"TEST","created_at":"2026-01-01T13:00:00Z","estimated_duration_ms":7}"#,
    ]
}

fn csv(separator: char) -> String {
    let header = format!(
        "ticket_id,task_type,status,qos{separator}delivery_mode,sla{separator}timeout_ms,parameters,required_capabilities,created_at,estimated_duration_ms,unknown,metadata{separator}requested_by"
    );
    format!(
        "{header}\r\nt-1,BUILD,COMPLETED,EXACTLY_ONCE,90000,\"{{\"\"a\"\":1,\"\"b\"\":\"\"x, \\\"\"y\\\"\"\"\"}}\",\"[\"\"p\"\",\"\"q\"\"]\",2026-01-01T11:00:00Z,60000.5,\"a\nb\",ana\r\n\
         t-2,TEST,FAILED,,,{{}},[],2026-01-01T12:00:00Z,,,bo\r\n0033,TEST,,,,,,2026-01-01T13:00:00Z, 7 ,,\r\n"
    )
}

#[test]
fn every_form_and_compression_gives_the_same_tickets() {
    let folder = Folder::new();
    let [first, second, third] = three_documents();
    let lines = format!("{first}\n\n{second}\r\n{third}");
    let expected = tickets(&folder.file("expected.ndjson", &lines));
    assert_eq!(expected.len(), 3);
    assert_eq!(expected[0].parameters_size, "{'a': 1, 'b': 'x, \"y\"'}".len() as u32);
    assert_eq!((&*expected[2].ticket_id, expected[0].capabilities_count, &*expected[1].requester), ("0033", 2, "bo"));
    let array = format!("\n[{first} ,\n{second},{third}\n]\n");
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&array).unwrap()).unwrap();
    for (name, content) in [("lines", lines), ("array", array), ("pretty", pretty), ("dots", csv('.')), ("underscores", csv('_'))] {
        for mark in ["", "\u{feff}"] {
            let plain = format!("{mark}{content}").into_bytes();
            let members = [gzip(&plain[..10]), gzip(&plain[10..])].concat();
            for (compression, bytes) in [("plain", plain.clone()), ("gz", gzip(&plain)), ("members", members), ("zst", zstd(&plain))] {
                // The suffix lies: what counts is what is inside.
                let found = tickets(&folder.file("tickets.txt", bytes));
                assert_eq!(found, expected, "{name} {compression} {mark:?}");
            }
        }
    }
}

#[test]
fn tickets_come_in_order_with_their_lines() {
    let folder = Folder::new();
    let first = folder.file("a-1.ndjson", (0..30_000).map(|id| line(id) + "\n").collect::<String>());
    let second = folder.file("a-2.json.gz", gzip(format!("[\n{}\n]", (30_000..50_000).map(line).collect::<Vec<_>>().join(",\n"))));
    let pattern = folder.path("a-?.*").display().to_string();
    let found = read(&[&pattern]).unwrap();
    assert_eq!(found.len(), 50_000);
    for (id, (ticket, place)) in found.iter().enumerate() {
        assert_eq!(ticket.ticket_id, format!("t-{id}"));
        let expected = if id < 30_000 { format!("{first}:{}", id + 1) } else { format!("{second}:{}", id - 30_000 + 2) };
        assert_eq!(place, &expected);
    }
    let csv: String = (0..10_000).map(|id| format!("{id},2026-01-01\n")).collect();
    let rows = read(&[&folder.file("c.csv", format!("ticket_id,created_at\n{csv}"))]).unwrap();
    assert!(
        rows.iter()
            .enumerate()
            .all(|(id, (ticket, place))| ticket.ticket_id == id.to_string() && place.ends_with(&format!("c.csv:{}", id + 2)))
    );
}

fn write_parquet(folder: &Folder, name: &str, columns: Vec<(&str, ArrayRef)>) -> String {
    let fields: Vec<Field> = columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns.into_iter().map(|(_, array)| array).collect()).unwrap();
    let path = folder.path(name);
    let mut writer = ArrowWriter::try_new(File::create(&path).unwrap(), schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path.display().to_string()
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(values.iter().copied().collect::<StringArray>())
}

fn structure(members: Vec<(&str, ArrayRef)>) -> ArrayRef {
    let members: Vec<(Arc<Field>, ArrayRef)> =
        members.into_iter().map(|(name, array)| (Arc::new(Field::new(name, array.data_type().clone(), true)), array)).collect();
    Arc::new(StructArray::from(members))
}

fn created(hours: &[i64]) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(hours.iter().map(|hour| (1_767_225_600 + hour * 3600) * 1_000_000).collect::<Vec<_>>()))
}

#[test]
fn nested_parquet_is_read() {
    let folder = Folder::new();
    let mut capabilities = ListBuilder::new(StringBuilder::new());
    capabilities.append_value([Some("p"), Some("q")]);
    capabilities.append_value([None::<&str>; 0]);
    capabilities.append_null();
    let b = texts(&[Some("x, \"y\""), None, None]);
    let a: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, None]));
    let file = write_parquet(
        &folder,
        "nested.parquet",
        vec![
            ("ticket_id", texts(&[Some("t-1"), Some("t-2"), Some("0033")])),
            ("task_type", texts(&[Some("BUILD"), Some("TEST"), Some("TEST")])),
            ("status", texts(&[Some("COMPLETED"), Some("FAILED"), None])),
            ("qos", structure(vec![("delivery_mode", texts(&[Some("EXACTLY_ONCE"), None, None]))])),
            ("sla", structure(vec![("timeout_ms", Arc::new(Int64Array::from(vec![Some(90_000), None, None])))])),
            ("parameters", structure(vec![("a", a), ("b", b)])),
            ("required_capabilities", Arc::new(capabilities.finish())),
            ("created_at", created(&[11, 12, 13])),
            ("estimated_duration_ms", Arc::new(Float64Array::from(vec![Some(60_000.5), None, Some(7.0)]))),
            ("metadata", structure(vec![("requested_by", texts(&[Some("ana"), Some("bo"), None]))])),
        ],
    );
    let documents = folder.file("expected.ndjson", three_documents().join("\n"));
    // Only a column's type has members that a row does not have, which is told of the ticket.
    let read_as = |file: &str| {
        let mut all = tickets(file);
        let told: Vec<bool> = all.iter_mut().map(|ticket| std::mem::take(&mut ticket.aside.parameters_without_nulls)).collect();
        (all, told)
    };
    let expected = read_as(&documents);
    assert_eq!((read_as(&file), expected.1), ((expected.0.clone(), vec![false, true, true]), vec![false; 3]));
    let compressed = folder.file("nested.gz", gzip(std::fs::read(&file).unwrap()));
    assert_eq!(read_as(&compressed).0, expected.0);
    assert_eq!(read(&[&file]).unwrap()[2].1, format!("{file}:3"));
}

#[test]
fn maps_texts_and_numbers_in_parquet_columns_mean_what_they_say() {
    let folder = Folder::new();
    let mut parameters = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    parameters.keys().append_value("env");
    parameters.values().append_value("prod");
    parameters.append(true).unwrap();
    let file = write_parquet(
        &folder,
        "map.parquet",
        vec![
            ("ticket_id", Arc::new(Int64Array::from(vec![9]))),
            ("created_at", Arc::new(Int64Array::from(vec![1_767_265_200_000]))),
            ("parameters", Arc::new(parameters.finish())),
            ("required_capabilities", texts(&[Some("[1,2,3]")])),
            ("sla_timeout_ms", Arc::new(Float64Array::from(vec![f64::NAN]))),
            ("metadata.requested_by", texts(&[Some("ana")])),
        ],
    );
    let ticket: Ticket = read_with(&[&file], FieldPaths::default()).unwrap().remove(0).0;
    assert_eq!((&*ticket.ticket_id, ticket.parameters_size, ticket.capabilities_count), ("9", 15, 3));
    assert_eq!((ticket.created_hour, &*ticket.requester), (Some(11), "ana"));
    assert_eq!(ticket.unusable.map(|unusable| unusable.field), Some("sla.timeout_ms"), "NaN is no default");
}

#[test]
fn a_parquet_column_of_texts_where_numbers_belong_is_the_file_s_fault() {
    let folder = Folder::new();
    let file =
        write_parquet(&folder, "texts.parquet", vec![("created_at", created(&[1])), ("estimated_duration_ms", texts(&[Some("soon")]))]);
    let error = failure(&file);
    assert_eq!(error.kind(), ErrorKind::BadInput);
    assert!(error.message().ends_with("texts.parquet:1: column estimated_duration_ms holds Utf8, expected numbers"), "{error}");
    assert_eq!(created(&[1]).data_type(), &DataType::Timestamp(arrow_schema::TimeUnit::Microsecond, None));
}

#[test]
fn identifiers_as_bytes_and_wide_numbers_in_parquet_are_read_and_another_type_names_its_column() {
    use arrow_array::{Decimal256Array, FixedSizeBinaryArray};
    let folder = Folder::new();
    let id = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];
    let ids: ArrayRef = Arc::new(FixedSizeBinaryArray::try_from_iter([id].into_iter()).unwrap());
    type Wide = <arrow_array::types::Decimal256Type as arrow_array::ArrowPrimitiveType>::Native;
    let wide = Decimal256Array::from(vec![Wide::from_i128(6_000_050)]);
    let wide: ArrayRef = Arc::new(wide.with_precision_and_scale(40, 2).unwrap());
    let file =
        write_parquet(&folder, "ids.parquet", vec![("ticket_id", ids), ("created_at", created(&[1])), ("estimated_duration_ms", wide)]);
    let ticket = tickets(&file).remove(0);
    assert_eq!((&*ticket.ticket_id, ticket.estimated_duration_ms), ("01234567-89ab-cdef-0123-456789abcdef", Some(60_000.5)));
    let bytes: ArrayRef = Arc::new(arrow_array::BinaryArray::from(vec![&b"\xff\xfe"[..]]));
    let file =
        write_parquet(&folder, "bytes.parquet", vec![("created_at", created(&[1])), ("qos", structure(vec![("durability", bytes)]))]);
    let error = failure(&file);
    assert!(error.message().ends_with("bytes.parquet:1: column qos holds a value of the type Binary in durability"), "{error}");
}
