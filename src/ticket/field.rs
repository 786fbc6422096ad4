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
    pub(super) fn look_up(self, key: &[u8]) -> Name {
        match self.own(key) {
            Name::Unknown => self.below(key),
            known => known,
        }
    }

    fn own(self, key: &[u8]) -> Name {
        match self {
            Group::Ticket => ticket_name(key),
            Group::Qos => match key {
                b"delivery_mode" => Name::Field(Field::DeliveryMode),
                b"delivery_guarantee" => Name::Field(Field::DeliveryGuarantee),
                b"consistency" => Name::Field(Field::Consistency),
                b"consistency_level" => Name::Field(Field::ConsistencyLevel),
                b"durability" => Name::Field(Field::Durability),
                _ => Name::Unknown,
            },
            Group::Sla => {
                if key == b"timeout_ms" {
                    Name::Field(Field::SlaTimeout)
                } else {
                    Name::Unknown
                }
            }
            Group::Predictions => match key {
                b"duration_ms" => Name::Field(Field::PredictedDuration),
                b"duration_confidence" => Name::Field(Field::DurationConfidence),
                b"confidence" => Name::Field(Field::Confidence),
                b"model_name" => Name::Field(Field::ModelName),
                b"model_version" => Name::Field(Field::ModelVersion),
                b"predicted_at" => Name::Field(Field::PredictedAt),
                b"is_anomaly" => Name::Field(Field::IsAnomaly),
                b"anomaly_score" => Name::Field(Field::AnomalyScore),
                b"anomaly" => Name::Group(Group::Anomaly),
                _ => Name::Unknown,
            },
            Group::Anomaly => match key {
                b"is_anomaly" => Name::Field(Field::IsAnomaly),
                b"anomaly_score" | b"score" => Name::Field(Field::AnomalyScore),
                _ => Name::Unknown,
            },
            Group::Metadata => {
                if key == b"synthetic" {
                    Name::Field(Field::Synthetic)
                } else {
                    Name::Unknown
                }
            }
        }
    }

    fn below(self, key: &[u8]) -> Name {
        const IN_TICKET: [(&str, Group); 4] =
            [("qos", Group::Qos), ("sla", Group::Sla), ("predictions", Group::Predictions), ("metadata", Group::Metadata)];
        const IN_PREDICTIONS: [(&str, Group); 1] = [("anomaly", Group::Anomaly)];
        // Most keys are none of ours, and most of those end here.
        if !matches!(key.first(), Some(b'q' | b's' | b'p' | b'm' | b'a')) {
            return Name::Unknown;
        }
        let groups: &[(&str, Group)] = match self {
            Group::Ticket => &IN_TICKET,
            Group::Predictions => &IN_PREDICTIONS,
            _ => return Name::Unknown,
        };
        let inner = groups.iter().find_map(|(prefix, group)| {
            let rest = key.strip_prefix(prefix.as_bytes())?;
            Some((rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b"_"))?, *group))
        });
        inner.map_or(Name::Unknown, |(rest, group)| group.look_up(rest))
    }
}

/// By length first: half of a document's keys are asked for here, and comparing each with every name is what reading
/// a ticket would take longest for.
fn ticket_name(key: &[u8]) -> Name {
    let names: &[(&[u8], Name)] = match key.len() {
        3 => &[(b"_id", Name::Field(Field::DocumentId)), (b"qos", Name::Group(Group::Qos)), (b"sla", Name::Group(Group::Sla))],
        6 => &[(b"status", Name::Field(Field::Status))],
        8 => &[(b"metadata", Name::Group(Group::Metadata))],
        9 => &[
            (b"ticket_id", Name::Field(Field::TicketId)),
            (b"task_type", Name::Field(Field::TaskType)),
            (b"risk_band", Name::Field(Field::RiskBand)),
            (b"synthetic", Name::Field(Field::Synthetic)),
        ],
        10 => &[
            (b"created_at", Name::Field(Field::CreatedAt)),
            (b"started_at", Name::Field(Field::StartedAt)),
            (b"parameters", Name::Field(Field::Parameters)),
        ],
        11 => &[(b"retry_count", Name::Field(Field::RetryCount)), (b"predictions", Name::Group(Group::Predictions))],
        12 => &[(b"completed_at", Name::Field(Field::CompletedAt))],
        15 => &[(b"parameters_size", Name::Field(Field::ParametersSize))],
        16 => &[(b"capability_count", Name::Field(Field::CapabilitiesCount))],
        18 => {
            &[(b"actual_duration_ms", Name::Field(Field::ActualDuration)), (b"capabilities_count", Name::Field(Field::CapabilitiesCount))]
        }
        21 => &[
            (b"required_capabilities", Name::Field(Field::Capabilities)),
            (b"estimated_duration_ms", Name::Field(Field::EstimatedDuration)),
            (b"predicted_duration_ms", Name::Field(Field::PredictedDuration)),
        ],
        _ => &[],
    };
    names.iter().find(|(name, _)| *name == key).map_or(Name::Unknown, |(_, name)| *name)
}

/// The field that a column of this name holds, flat (`qos_delivery_mode`) or nested by dots.
pub fn known_field(column: &str) -> Option<Field> {
    match Group::Ticket.look_up(column.as_bytes()) {
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

    #[test]
    fn every_name_at_the_top_is_found_where_its_length_says() {
        let fields = [
            Field::TicketId,
            Field::DocumentId,
            Field::TaskType,
            Field::RiskBand,
            Field::Status,
            Field::Capabilities,
            Field::CapabilitiesCount,
            Field::Parameters,
            Field::ParametersSize,
            Field::EstimatedDuration,
            Field::RetryCount,
            Field::CreatedAt,
            Field::StartedAt,
            Field::CompletedAt,
            Field::ActualDuration,
        ];
        for field in fields {
            assert_eq!(known_field(field.name()), Some(field));
        }
        for group in [Group::Qos, Group::Sla, Group::Predictions, Group::Metadata] {
            assert_eq!(Group::Ticket.look_up(group.name().as_bytes()), Name::Group(group));
        }
    }
}
