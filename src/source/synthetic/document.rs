//! The shape in which the platform stores tickets, nested for JSON and flat for columns.

use crate::ticket::ANOMALY;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::source::tables::Cells;
use crate::statistics::random::SplitMix64;

use super::work::{Anomaly, REQUESTERS, SyntheticWork};

const CAPABILITIES: [&str; 12] =
    ["linux", "docker", "kubernetes", "python", "terraform", "helm", "node", "jdk", "rust", "gpu", "postgres", "spark"];
const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "prod"];

/// A ticket as the platform stores it.
#[derive(Debug, Serialize)]
pub(super) struct TicketDocument {
    _id: String,
    ticket_id: String,
    plan_id: String,
    intent_id: String,
    task_id: String,
    task_type: &'static str,
    description: String,
    dependencies: Vec<String>,
    status: &'static str,
    priority: &'static str,
    risk_band: &'static str,
    security_level: &'static str,
    sla: Sla,
    qos: Qos,
    parameters: Map<String, Value>,
    required_capabilities: Vec<String>,
    created_at: i64,
    started_at: Option<i64>,
    completed_at: Option<i64>,
    estimated_duration_ms: i64,
    actual_duration_ms: Option<i64>,
    retry_count: u32,
    error_message: Option<&'static str>,
    metadata: Metadata,
    predictions: Value,
    schema_version: u8,
}

#[derive(Debug, Serialize)]
struct Sla {
    deadline: i64,
    timeout_ms: i64,
    max_retries: u32,
}

#[derive(Debug, Serialize)]
struct Qos {
    delivery_mode: &'static str,
    consistency: &'static str,
    durability: &'static str,
}

#[derive(Debug, Serialize)]
struct Metadata {
    generated_by: &'static str,
    requested_by: String,
    /// The mark of tickets that were made up.
    synthetic: &'static str,
}

/// A plan: some tickets after one another for one requester.
#[derive(Debug)]
pub(super) struct SyntheticPlan {
    pub(super) requester: usize,
    plan_id: String,
    intent_id: String,
    previous: Option<String>,
    tickets: usize,
    left: usize,
}

impl SyntheticPlan {
    pub(super) fn begin(random: &mut SplitMix64) -> SyntheticPlan {
        // The smaller of two even numbers: some requesters ask far more often than others.
        let requester = random.below(REQUESTERS).min(random.below(REQUESTERS));
        let left = 3 + random.below(6);
        SyntheticPlan { requester, plan_id: uuid(random), intent_id: uuid(random), previous: None, tickets: 0, left }
    }

    pub(super) fn is_done(&self) -> bool {
        self.left == 0
    }

    /// The document of the plan's next ticket. What is not over by `end_ms` is still running.
    pub(super) fn document(&mut self, work: &SyntheticWork, created_at: i64, end_ms: i64, random: &mut SplitMix64) -> TicketDocument {
        let ticket_id = uuid(random);
        self.left = self.left.saturating_sub(1);
        self.tickets += 1;
        let careful = matches!(work.risk_band, "high" | "critical");
        let started = created_at + work.wait_ms;
        let completed = Some(started + work.actual_ms).filter(|&completed| completed <= end_ms);
        // One worker in eight is of the kind that leaves the duration to be derived.
        let measured = random.below(8) != 0;
        let (priority, max_retries) = match work.risk_band {
            "critical" => ("CRITICAL", 5),
            "high" => ("HIGH", 3),
            "medium" => ("NORMAL", 2),
            _ => ("LOW", 1),
        };
        TicketDocument {
            _id: ticket_id.clone(),
            plan_id: self.plan_id.clone(),
            intent_id: self.intent_id.clone(),
            task_id: format!("task-{}", self.tickets),
            task_type: work.task.name,
            description: format!("{} service-{:02}", work.task.verb, work.service),
            dependencies: self.previous.replace(ticket_id.clone()).into_iter().collect(),
            ticket_id,
            status: match (completed, work.failed) {
                (None, _) => "RUNNING",
                (Some(_), true) => "FAILED",
                (Some(_), false) => "COMPLETED",
            },
            priority,
            risk_band: work.risk_band,
            security_level: if careful { "CONFIDENTIAL" } else { "INTERNAL" },
            sla: Sla { deadline: created_at + work.timeout_ms(), timeout_ms: work.timeout_ms(), max_retries },
            qos: Qos {
                delivery_mode: if careful { "EXACTLY_ONCE" } else { "AT_LEAST_ONCE" },
                consistency: if careful { "STRONG" } else { "EVENTUAL" },
                durability: "PERSISTENT",
            },
            parameters: parameters(work, random),
            required_capabilities: capabilities(work),
            created_at,
            started_at: Some(started).filter(|&started| started <= end_ms),
            completed_at: completed,
            estimated_duration_ms: work.estimated_ms,
            actual_duration_ms: completed.filter(|_| measured).map(|_| work.actual_ms),
            retry_count: work.retry_count,
            error_message: Some("worker reported an error").filter(|_| completed.is_some() && work.failed),
            metadata: Metadata { generated_by: "hivectl", requested_by: format!("team-{:02}", self.requester), synthetic: "true" },
            predictions: predictions(work, self.requester, random),
            schema_version: 1,
        }
    }
}

fn parameters(work: &SyntheticWork, random: &mut SplitMix64) -> Map<String, Value> {
    let mut parameters = Map::new();
    let mut put = |name: &str, value: Value| parameters.insert(name.to_owned(), value);
    put("service", format!("service-{:02}", work.service).into());
    put("environment", ENVIRONMENTS[random.below(ENVIRONMENTS.len())].into());
    put("replicas", (1 + random.below(6)).into());
    put("dry_run", (random.below(20) == 0).into());
    put("region", if random.below(3) == 0 { Value::Null } else { "eu-1".into() });
    if random.below(2) == 0 {
        put("labels", Value::from_iter([("tier", "backend"), ("owner", "platform")]));
    }
    let long = match work.anomaly {
        Some(Anomaly::RetryStorm) => Some(("previous_errors", "worker did not answer")),
        Some(Anomaly::Runaway) => Some(("partitions", "all-shards")),
        Some(Anomaly::Sprawl) => Some(("targets", "cluster-of-many-regions")),
        None => None,
    };
    if let Some((name, entry)) = long {
        put(name, (0..work.long_entries).map(|index| format!("{entry}-{index}")).collect::<Vec<_>>().into());
    }
    parameters
}

fn capabilities(work: &SyntheticWork) -> Vec<String> {
    let name = |index: usize| match CAPABILITIES.get(index) {
        Some(name) => (*name).to_owned(),
        None => format!("{}-{}", CAPABILITIES[index % CAPABILITIES.len()], index / CAPABILITIES.len()),
    };
    (0..work.capabilities).map(name).collect()
}

/// What an earlier model said, in either of the two shapes that the platform's writers use.
fn predictions(work: &SyntheticWork, requester: usize, random: &mut SplitMix64) -> Value {
    let duration_ms = work.predicted_ms.round();
    let is_anomaly = work.anomaly.is_some() != (random.below(50) == 0);
    let score = -(if is_anomaly { 60.0 } else { 42.0 } + random.below(8) as f64) / 100.0;
    let anomaly = |score_key: &'static str| Value::from_iter([("is_anomaly", Value::from(is_anomaly)), (score_key, score.into())]);
    let duration = ("duration_ms", Value::from(duration_ms));
    if requester.is_multiple_of(2) {
        Value::from_iter([duration, ("duration_confidence", 0.7.into()), (ANOMALY, anomaly("anomaly_score"))])
    } else {
        let model = ("model_type", "random_forest".into());
        Value::from_iter([duration, ("confidence", 0.7.into()), model, (ANOMALY, anomaly("score"))])
    }
}

fn uuid(random: &mut SplitMix64) -> String {
    let (high, low) = (random.next_u64(), random.next_u64());
    // Version 4, variant 1: the digits that say so are set.
    let (high, low) = (high & !0xf000 | 0x4000, low & !(0b11 << 62) | 0b10 << 62);
    format!("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff, high & 0xffff, low >> 48, low & 0xffff_ffff_ffff)
}

/// The documents as flat columns, nested names joined by underscores.
pub(super) fn columns(documents: &[TicketDocument]) -> Vec<(&'static str, Cells)> {
    let text = |of: &dyn Fn(&TicketDocument) -> String| Cells::Text(documents.iter().map(of).collect());
    let integer = |of: &dyn Fn(&TicketDocument) -> Option<i64>| Cells::Integer(documents.iter().map(of).collect());
    let texts = |of: &dyn Fn(&TicketDocument) -> &[String]| Cells::Texts(documents.iter().map(|document| of(document).to_vec()).collect());
    vec![
        ("ticket_id", text(&|document| document.ticket_id.clone())),
        ("plan_id", text(&|document| document.plan_id.clone())),
        ("intent_id", text(&|document| document.intent_id.clone())),
        ("task_id", text(&|document| document.task_id.clone())),
        ("task_type", text(&|document| document.task_type.to_owned())),
        ("description", text(&|document| document.description.clone())),
        ("dependencies", texts(&|document| &document.dependencies)),
        ("status", text(&|document| document.status.to_owned())),
        ("priority", text(&|document| document.priority.to_owned())),
        ("risk_band", text(&|document| document.risk_band.to_owned())),
        ("security_level", text(&|document| document.security_level.to_owned())),
        ("sla_deadline", integer(&|document| Some(document.sla.deadline))),
        ("sla_timeout_ms", integer(&|document| Some(document.sla.timeout_ms))),
        ("sla_max_retries", integer(&|document| Some(document.sla.max_retries.into()))),
        ("qos_delivery_mode", text(&|document| document.qos.delivery_mode.to_owned())),
        ("qos_consistency", text(&|document| document.qos.consistency.to_owned())),
        ("qos_durability", text(&|document| document.qos.durability.to_owned())),
        ("parameters", text(&|document| Value::from(document.parameters.clone()).to_string())),
        ("required_capabilities", texts(&|document| &document.required_capabilities)),
        ("created_at", integer(&|document| Some(document.created_at))),
        ("started_at", integer(&|document| document.started_at)),
        ("completed_at", integer(&|document| document.completed_at)),
        ("estimated_duration_ms", integer(&|document| Some(document.estimated_duration_ms))),
        ("actual_duration_ms", integer(&|document| document.actual_duration_ms)),
        ("retry_count", integer(&|document| Some(document.retry_count.into()))),
        ("error_message", text(&|document| document.error_message.unwrap_or_default().to_owned())),
        ("metadata_generated_by", text(&|document| document.metadata.generated_by.to_owned())),
        ("metadata_requested_by", text(&|document| document.metadata.requested_by.clone())),
        ("metadata_synthetic", text(&|document| document.metadata.synthetic.to_owned())),
        ("predictions", text(&|document| document.predictions.to_string())),
        ("schema_version", integer(&|document| Some(document.schema_version.into()))),
    ]
}
