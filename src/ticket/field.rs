//! The names under which a ticket's fields are found, nested or flat.

/// A field of a ticket that is read from one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    TicketId,
    DocumentId,
    TaskType,
    RiskBand,
    Status,
    DeliveryMode,
    DeliveryGuarantee,
    Consistency,
    ConsistencyLevel,
    Durability,
    Capabilities,
    CapabilitiesCount,
    Parameters,
    ParametersSize,
    EstimatedDuration,
    SlaTimeout,
    RetryCount,
    CreatedAt,
    StartedAt,
    CompletedAt,
    ActualDuration,
    PredictedDuration,
    DurationConfidence,
    Confidence,
    ModelName,
    ModelVersion,
    PredictedAt,
    IsAnomaly,
    AnomalyScore,
    Synthetic,
    Requester,
    Executable,
    Size,
}

/// What a field's value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    /// A number without sign and fraction.
    Count,
    Time,
    Flag,
    List,
    Object,
}

/// An object inside a ticket whose members are fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Ticket,
    Qos,
    Sla,
    Predictions,
    Anomaly,
    Metadata,
}

/// What a name means inside a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Field(Field),
    Group(Group),
    Unknown,
}

impl Field {
    /// The dotted name of the field in the platform's documents.
    pub fn name(self) -> &'static str {
        match self {
            Field::TicketId => "ticket_id",
            Field::DocumentId => "_id",
            Field::TaskType => "task_type",
            Field::RiskBand => "risk_band",
            Field::Status => "status",
            Field::DeliveryMode => "qos.delivery_mode",
            Field::DeliveryGuarantee => "qos.delivery_guarantee",
            Field::Consistency => "qos.consistency",
            Field::ConsistencyLevel => "qos.consistency_level",
            Field::Durability => "qos.durability",
            Field::Capabilities => "required_capabilities",
            Field::CapabilitiesCount => "capabilities_count",
            Field::Parameters => "parameters",
            Field::ParametersSize => "parameters_size",
            Field::EstimatedDuration => "estimated_duration_ms",
            Field::SlaTimeout => "sla.timeout_ms",
            Field::RetryCount => "retry_count",
            Field::CreatedAt => "created_at",
            Field::StartedAt => "started_at",
            Field::CompletedAt => "completed_at",
            Field::ActualDuration => "actual_duration_ms",
            Field::PredictedDuration => "predictions.duration_ms",
            Field::DurationConfidence => "predictions.duration_confidence",
            Field::Confidence => "predictions.confidence",
            Field::ModelName => "predictions.model_name",
            Field::ModelVersion => "predictions.model_version",
            Field::PredictedAt => "predictions.predicted_at",
            Field::IsAnomaly => "predictions.anomaly.is_anomaly",
            Field::AnomalyScore => "predictions.anomaly.anomaly_score",
            Field::Synthetic => "metadata.synthetic",
            Field::Requester => "requester",
            Field::Executable => "executable",
            Field::Size => "size",
        }
    }

    /// What its value must be.
    pub fn kind(self) -> Kind {
        match self {
            Field::EstimatedDuration
            | Field::SlaTimeout
            | Field::ActualDuration
            | Field::PredictedDuration
            | Field::DurationConfidence
            | Field::Confidence
            | Field::AnomalyScore
            | Field::Size => Kind::Number,
            Field::CapabilitiesCount | Field::ParametersSize | Field::RetryCount => Kind::Count,
            Field::CreatedAt | Field::StartedAt | Field::CompletedAt | Field::PredictedAt => Kind::Time,
            Field::IsAnomaly | Field::Synthetic => Kind::Flag,
            Field::Capabilities => Kind::List,
            Field::Parameters => Kind::Object,
            _ => Kind::Word,
        }
    }
}

impl Group {
    /// The group's own dotted name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Group::Ticket => "ticket",
            Group::Qos => "qos",
            Group::Sla => "sla",
            Group::Predictions => "predictions",
            Group::Anomaly => "predictions.anomaly",
            Group::Metadata => "metadata",
        }
    }

    /// What `key` means inside this group; dotted and underscored names of nested fields too
    /// (`qos.delivery_mode`, `qos_delivery_mode`).
    pub(super) fn look_up(self, key: &str) -> Name {
        match self.own(key) {
            Name::Unknown => self.below(key),
            known => known,
        }
    }

    fn own(self, key: &str) -> Name {
        match self {
            Group::Ticket => ticket_name(key),
            Group::Qos => match key {
                "delivery_mode" => Name::Field(Field::DeliveryMode),
                "delivery_guarantee" => Name::Field(Field::DeliveryGuarantee),
                "consistency" => Name::Field(Field::Consistency),
                "consistency_level" => Name::Field(Field::ConsistencyLevel),
                "durability" => Name::Field(Field::Durability),
                _ => Name::Unknown,
            },
            Group::Sla => {
                if key == "timeout_ms" {
                    Name::Field(Field::SlaTimeout)
                } else {
                    Name::Unknown
                }
            }
            Group::Predictions => match key {
                "duration_ms" => Name::Field(Field::PredictedDuration),
                "duration_confidence" => Name::Field(Field::DurationConfidence),
                "confidence" => Name::Field(Field::Confidence),
                "model_name" => Name::Field(Field::ModelName),
                "model_version" => Name::Field(Field::ModelVersion),
                "predicted_at" => Name::Field(Field::PredictedAt),
                "is_anomaly" => Name::Field(Field::IsAnomaly),
                "anomaly_score" => Name::Field(Field::AnomalyScore),
                "anomaly" => Name::Group(Group::Anomaly),
                _ => Name::Unknown,
            },
            Group::Anomaly => match key {
                "is_anomaly" => Name::Field(Field::IsAnomaly),
                "anomaly_score" | "score" => Name::Field(Field::AnomalyScore),
                _ => Name::Unknown,
            },
            Group::Metadata => {
                if key == "synthetic" {
                    Name::Field(Field::Synthetic)
                } else {
                    Name::Unknown
                }
            }
        }
    }

    fn below(self, key: &str) -> Name {
        const IN_TICKET: [(&str, Group); 4] =
            [("qos", Group::Qos), ("sla", Group::Sla), ("predictions", Group::Predictions), ("metadata", Group::Metadata)];
        const IN_PREDICTIONS: [(&str, Group); 1] = [("anomaly", Group::Anomaly)];
        // Most keys are none of ours, and most of those end here.
        if !matches!(key.as_bytes().first(), Some(b'q' | b's' | b'p' | b'm' | b'a')) {
            return Name::Unknown;
        }
        let groups: &[(&str, Group)] = match self {
            Group::Ticket => &IN_TICKET,
            Group::Predictions => &IN_PREDICTIONS,
            _ => return Name::Unknown,
        };
        let inner = groups.iter().find_map(|(prefix, group)| {
            let rest = key.strip_prefix(prefix)?;
            Some((rest.strip_prefix('.').or_else(|| rest.strip_prefix('_'))?, *group))
        });
        inner.map_or(Name::Unknown, |(rest, group)| group.look_up(rest))
    }
}

fn ticket_name(key: &str) -> Name {
    Name::Field(match key {
        "ticket_id" => Field::TicketId,
        "_id" => Field::DocumentId,
        "task_type" => Field::TaskType,
        "risk_band" => Field::RiskBand,
        "status" => Field::Status,
        "required_capabilities" => Field::Capabilities,
        "capabilities_count" | "capability_count" => Field::CapabilitiesCount,
        "parameters" => Field::Parameters,
        "parameters_size" => Field::ParametersSize,
        "estimated_duration_ms" => Field::EstimatedDuration,
        "retry_count" => Field::RetryCount,
        "created_at" => Field::CreatedAt,
        "started_at" => Field::StartedAt,
        "completed_at" => Field::CompletedAt,
        "actual_duration_ms" => Field::ActualDuration,
        "predicted_duration_ms" => Field::PredictedDuration,
        "synthetic" => Field::Synthetic,
        "qos" => return Name::Group(Group::Qos),
        "sla" => return Name::Group(Group::Sla),
        "predictions" => return Name::Group(Group::Predictions),
        "metadata" => return Name::Group(Group::Metadata),
        _ => return Name::Unknown,
    })
}

/// The field that a column of this name holds, flat (`qos_delivery_mode`) or nested by dots.
pub fn known_field(column: &str) -> Option<Field> {
    match Group::Ticket.look_up(column) {
        Name::Field(field) => Some(field),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_names_are_found_by_dot_and_underscore() {
        for (column, field) in [
            ("qos.delivery_mode", Field::DeliveryMode),
            ("qos_delivery_guarantee", Field::DeliveryGuarantee),
            ("sla_timeout_ms", Field::SlaTimeout),
            ("sla.timeout_ms", Field::SlaTimeout),
            ("predictions.anomaly.score", Field::AnomalyScore),
            ("predictions_anomaly_is_anomaly", Field::IsAnomaly),
            ("predictions.duration_ms", Field::PredictedDuration),
            ("predicted_duration_ms", Field::PredictedDuration),
            ("metadata.synthetic", Field::Synthetic),
            ("capability_count", Field::CapabilitiesCount),
        ] {
            assert_eq!(known_field(column), Some(field), "{column}");
        }
        for column in ["is_anomaly", "param_count", "qos", "qosdelivery_mode", "timeout_ms", "x0"] {
            assert_eq!(known_field(column), None, "{column}");
        }
    }
}
