//! One ticket in all the shapes that are found in the wild.

use hivectl::ticket::{FieldPaths, StoredPrediction, TextMeaning, Ticket, TicketSeed, TicketStatus};
use serde::de::DeserializeSeed;

const CREATED: i64 = 1_767_265_200_000;

fn ticket_with(json: &str, paths: &FieldPaths) -> Ticket {
    TicketSeed::new(paths).deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap()
}

fn ticket(json: &str) -> Ticket {
    ticket_with(json, &FieldPaths::default())
}

/// The document as Python's driver writes it, and as the exporting tool writes the same.
#[test]
fn a_whole_document_is_read_in_plain_and_in_extended_json() {
    let plain = r#"{"_id":"t-1","ticket_id":"t-1","plan_id":"p","task_id":"x","task_type":"DEPLOY","description":"d","dependencies":["a"],
        "status":"COMPLETED","priority":"HIGH","risk_band":"high","security_level":"INTERNAL",
        "sla":{"deadline":1767265560000,"timeout_ms":360000,"max_retries":3},
        "qos":{"delivery_mode":"EXACTLY_ONCE","consistency":"STRONG","durability":"PERSISTENT"},
        "parameters":{"env":"prod","n":3,"f":true,"l":["x","it's"],"z":null},"required_capabilities":["a","b"],
        "created_at":1767265200000,"started_at":1767265201000,"completed_at":1767265301000,
        "estimated_duration_ms":120000,"actual_duration_ms":null,"retry_count":1,"error_message":null,
        "metadata":{"workflow_id":"w","requested_by":"ana","policy_decisions":"{}"},"allocation_metadata":{"agent_id":"a"},"schema_version":1}"#;
    let extended = r#"{"_id":{"$oid":"6592008029c8c3e4dc76256c"},"ticket_id":"t-1","task_type":"DEPLOY","status":"completed","risk_band":"high",
        "sla":{"timeout_ms":{"$numberInt":"360000"}},"qos":{"delivery_guarantee":"EXACTLY_ONCE","consistency_level":"STRONG","durability":"PERSISTENT"},
        "parameters":{"env":"prod","n":{"$numberInt":"3"},"f":true,"l":["x","it's"],"z":null},"required_capabilities":["a","b"],
        "created_at":{"$date":"2026-01-01T11:00:00Z"},"started_at":{"$date":{"$numberLong":"1767265201000"}},"completed_at":{"$date":1767265301000},
        "estimated_duration_ms":{"$numberLong":"120000"},"retry_count":{"$numberDouble":"1.0"},"metadata":{"requested_by":"ana"}}"#;
    let expected = Ticket {
        ticket_id: "t-1".into(),
        task_type: "DEPLOY".into(),
        risk_band: "high".into(),
        status: TicketStatus::Completed,
        delivery_mode: "EXACTLY_ONCE".into(),
        consistency: "STRONG".into(),
        durability: "PERSISTENT".into(),
        capabilities_count: 2,
        parameters_size: 65,
        estimated_duration_ms: Some(120_000.0),
        sla_timeout_ms: Some(360_000.0),
        retry_count: Some(1),
        created_at: Some(CREATED),
        created_hour: Some(11),
        started_at: Some(CREATED + 1_000),
        completed_at: Some(CREATED + 101_000),
        requester: "ana".into(),
        ..Ticket::default()
    };
    assert_eq!(ticket(plain), expected);
    assert_eq!(ticket(extended), expected);
}

#[test]
fn times_come_in_many_forms() {
    for (value, epoch_ms, hour) in [
        ("1767265200000", CREATED, 11),
        ("1767265200", CREATED, 11),
        ("1767265200.5", CREATED + 500, 11),
        ("1.7672652e12", CREATED, 11),
        (r#"{"$numberLong":"1767265200000"}"#, CREATED, 11),
        (r#"{"$date":"2026-01-01T12:00:00.000+01:00"}"#, CREATED, 11),
        (r#"{"$date":{"$numberLong":"1767265200000"}}"#, CREATED, 11),
        // A date of the source's own type is never in seconds.
        (r#"{"$date":86400000}"#, 86_400_000, 0),
        (r#""2026-01-01T12:00:00+01:00""#, CREATED, 12),
        (r#""2026-01-01T11:00:00.000000Z""#, CREATED, 11),
        (r#""2026-01-01 11:00:00""#, CREATED, 11),
    ] {
        let ticket = ticket(&format!(r#"{{"created_at":{value}}}"#));
        assert_eq!((ticket.created_at, ticket.created_hour, ticket.unusable), (Some(epoch_ms), Some(hour), None), "{value}");
    }
}

#[test]
fn statuses_are_read_in_any_case() {
    for (word, status) in [
        ("COMPLETED", TicketStatus::Completed),
        ("completed", TicketStatus::Completed),
        ("Success", TicketStatus::Completed),
        ("FAILED", TicketStatus::Failed),
        ("timeout", TicketStatus::Failed),
        ("EXECUTING", TicketStatus::Running),
        ("rejected", TicketStatus::Rejected),
        ("Compensated", TicketStatus::Compensated),
        ("paused", TicketStatus::Unknown),
    ] {
        assert_eq!(ticket(&format!(r#"{{"status":"{word}"}}"#)).status, status, "{word}");
    }
}

#[test]
fn absent_numbers_stay_absent() {
    for json in [
        "{}",
        r#"{"estimated_duration_ms":null,"sla":null,"retry_count":null,"qos":{},"predictions":null,"created_at":null,"metadata":null}"#,
    ] {
        assert_eq!(ticket(json), Ticket::default(), "{json}");
    }
    assert_eq!(ticket(r#"{"sla":{"timeout_ms":null},"required_capabilities":"none","parameters":{}}"#), Ticket::default());
}

#[test]
fn proper_names_win_over_their_aliases() {
    for json in [
        r#"{"_id":"i","ticket_id":"t","qos":{"delivery_guarantee":"A","delivery_mode":"B","consistency_level":"C","consistency":"D"}}"#,
        r#"{"ticket_id":"t","_id":"i","qos":{"delivery_mode":"B","delivery_guarantee":"A","consistency":"D","consistency_level":"C"}}"#,
    ] {
        let ticket = ticket(json);
        assert_eq!((&*ticket.ticket_id, &*ticket.delivery_mode, &*ticket.consistency), ("t", "B", "D"), "{json}");
    }
    let fallback = ticket(r#"{"_id":7,"qos":{"delivery_mode":"","delivery_guarantee":"A"}}"#);
    assert_eq!((&*fallback.ticket_id, &*fallback.delivery_mode), ("7", "A"));
}

#[test]
fn both_shapes_of_predictions_are_read() {
    let predictor = r#"{"predictions":{"duration_ms":5.5,"duration_confidence":0.7,"resource_estimate":{"cpu_m":300},
        "anomaly":{"is_anomaly":true,"anomaly_score":-0.6,"anomaly_type":"x"}}}"#;
    let scheduler =
        r#"{"predictions":{"duration_ms":5.5,"confidence":0.7,"model_type":"rf","anomaly":{"is_anomaly":true,"score":-0.6,"type":"x"}}}"#;
    let flat =
        r#"{"predicted_duration_ms":5.5,"predictions.confidence":0.7,"predictions_anomaly_score":-0.6,"predictions":{"is_anomaly":true}}"#;
    let expected = StoredPrediction {
        duration_ms: Some(5.5),
        duration_confidence: Some(0.7),
        is_anomaly: Some(true),
        anomaly_score: Some(-0.6),
        ..StoredPrediction::default()
    };
    for json in [predictor, scheduler, flat] {
        assert_eq!(ticket(json).prediction.as_ref(), Some(&expected), "{json}");
    }
    let named = ticket(r#"{"predictions":{"model_name":"m","model_version":"3","predicted_at":1767265200}}"#).prediction.unwrap();
    assert_eq!((&*named.model_name, &*named.model_version, named.predicted_at), ("m", "3", Some(CREATED)));
}

#[test]
fn flat_documents_are_understood() {
    let ticket = ticket(
        r#"{"ticket_id":12,"qos_delivery_mode":"at_least_once","qos.consistency":"eventual","sla_timeout_ms":30000,"capability_count":3,
            "param_count":4,"parameters_size":88,"metadata.requested_by":"bo","metadata_synthetic":"true","is_anomaly":true}"#,
    );
    assert_eq!((&*ticket.ticket_id, &*ticket.delivery_mode, &*ticket.consistency), ("12", "at_least_once", "eventual"));
    assert_eq!((ticket.sla_timeout_ms, ticket.capabilities_count, ticket.parameters_size), (Some(30_000.0), 3, 88));
    assert_eq!((&*ticket.requester, ticket.synthetic), ("bo", true));
    assert_eq!(ticket.prediction, None, "whether a ticket was made anomalous is no prediction");
}

#[test]
fn configured_fields_are_found_anywhere() {
    let paths = FieldPaths {
        requester: "owner.team.name".parse().ok(),
        executable: "parameters.image".parse().ok(),
        size: "estimated_duration_ms".parse().ok(),
    };
    let json = r#"{"owner":{"team":{"name":"core","id":3},"x":[1]},"parameters":{"image":"job:7","n":1},"estimated_duration_ms":5}"#;
    let ticket = ticket_with(json, &paths);
    assert_eq!((&*ticket.requester, &*ticket.executable, ticket.size), ("core", "job:7", Some(5.0)));
    assert_eq!((ticket.parameters_size, ticket.estimated_duration_ms), (26, Some(5.0)), "the fields count for themselves too");
    let absent = ticket_with(r#"{"owner":{"team":null},"parameters":{"images":1}}"#, &paths);
    assert_eq!((&*absent.requester, &*absent.executable, absent.size), ("", "", None));
    let nothing = FieldPaths { requester: None, executable: None, size: None };
    assert_eq!(ticket_with(r#"{"metadata":{"requested_by":"ana"}}"#, &nothing).requester, "");
}

#[test]
fn texts_stand_for_lists_and_objects_only_in_tables() {
    let json = r#"{"parameters":"{\"a\": 1}","required_capabilities":"[\"x\",\"y\"]","qos":"{\"durability\":\"PERSISTENT\"}"}"#;
    let paths = FieldPaths::default();
    let cells = TicketSeed { texts: TextMeaning::Json, ..TicketSeed::new(&paths) };
    let table = cells.deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap();
    assert_eq!((table.parameters_size, table.capabilities_count, &*table.durability), (8, 2, "PERSISTENT"));
    let document = ticket(json);
    assert_eq!((document.parameters_size, document.capabilities_count), (8, 2), "a text is as long as it is");
    assert_eq!(document.unusable.map(|unusable| unusable.field), Some("qos"));
    let printed = r#"{"parameters":"{'a': None}","required_capabilities":"['x' 'y']","qos":"{'durability': 'PERSISTENT'}"}"#;
    let printed = cells.deserialize(&mut serde_json::Deserializer::from_str(printed)).unwrap();
    assert_eq!((printed.parameters_size, printed.capabilities_count, &*printed.durability), (11, 2, "PERSISTENT"), "as Python prints it");
    let wrong = cells.deserialize(&mut serde_json::Deserializer::from_str(r#"{"parameters":"{'a': "}"#)).unwrap();
    assert_eq!(wrong.unusable.map(|unusable| unusable.field), Some("parameters"));
}
