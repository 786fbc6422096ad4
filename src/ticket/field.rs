//! The names under which a ticket's fields are found, nested or flat.

/// The group of a prediction that says whether a ticket is unusual: a field of tickets, which happens to be a kind's word.
pub const ANOMALY: &str = stringify!(anomaly);

/// A field of a ticket that is read from one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketField {
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
pub enum FieldKind {
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
pub(super) enum FieldGroup {
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
    Field(TicketField),
    Group(FieldGroup),
    Unknown,
}

impl TicketField {
    /// The dotted name of the field in the platform's documents.
    pub fn name(self) -> &'static str {
        match self {
            TicketField::TicketId => "ticket_id",
            TicketField::DocumentId => "_id",
            TicketField::TaskType => "task_type",
            TicketField::RiskBand => "risk_band",
            TicketField::Status => "status",
            TicketField::DeliveryMode => "qos.delivery_mode",
            TicketField::DeliveryGuarantee => "qos.delivery_guarantee",
            TicketField::Consistency => "qos.consistency",
            TicketField::ConsistencyLevel => "qos.consistency_level",
            TicketField::Durability => "qos.durability",
            TicketField::Capabilities => "required_capabilities",
            TicketField::CapabilitiesCount => "capabilities_count",
            TicketField::Parameters => "parameters",
            TicketField::ParametersSize => "parameters_size",
            TicketField::EstimatedDuration => "estimated_duration_ms",
            TicketField::SlaTimeout => "sla.timeout_ms",
            TicketField::RetryCount => "retry_count",
            TicketField::CreatedAt => "created_at",
            TicketField::StartedAt => "started_at",
            TicketField::CompletedAt => "completed_at",
            TicketField::ActualDuration => "actual_duration_ms",
            TicketField::PredictedDuration => "predictions.duration_ms",
            TicketField::DurationConfidence => "predictions.duration_confidence",
            TicketField::Confidence => "predictions.confidence",
            TicketField::ModelName => "predictions.model_name",
            TicketField::ModelVersion => "predictions.model_version",
            TicketField::PredictedAt => "predictions.predicted_at",
            TicketField::IsAnomaly => "predictions.anomaly.is_anomaly",
            TicketField::AnomalyScore => "predictions.anomaly.anomaly_score",
            TicketField::Synthetic => "metadata.synthetic",
            TicketField::Requester => "requester",
            TicketField::Executable => "executable",
            TicketField::Size => "size",
        }
    }

    /// What its value must be.
    pub fn kind(self) -> FieldKind {
        match self {
            TicketField::EstimatedDuration
            | TicketField::SlaTimeout
            | TicketField::ActualDuration
            | TicketField::PredictedDuration
            | TicketField::DurationConfidence
            | TicketField::Confidence
            | TicketField::AnomalyScore
            | TicketField::Size => FieldKind::Number,
            TicketField::CapabilitiesCount | TicketField::ParametersSize | TicketField::RetryCount => FieldKind::Count,
            TicketField::CreatedAt | TicketField::StartedAt | TicketField::CompletedAt | TicketField::PredictedAt => FieldKind::Time,
            TicketField::IsAnomaly | TicketField::Synthetic => FieldKind::Flag,
            TicketField::Capabilities => FieldKind::List,
            TicketField::Parameters => FieldKind::Object,
            _ => FieldKind::Word,
        }
    }
}

impl FieldGroup {
    /// The group's own dotted name.
    pub(super) fn name(self) -> &'static str {
        match self {
            FieldGroup::Ticket => "ticket",
            FieldGroup::Qos => "qos",
            FieldGroup::Sla => "sla",
            FieldGroup::Predictions => "predictions",
            FieldGroup::Anomaly => "predictions.anomaly",
            FieldGroup::Metadata => "metadata",
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
            FieldGroup::Ticket => ticket_name(key),
            FieldGroup::Qos => match key {
                b"delivery_mode" => Name::Field(TicketField::DeliveryMode),
                b"delivery_guarantee" => Name::Field(TicketField::DeliveryGuarantee),
                b"consistency" => Name::Field(TicketField::Consistency),
                b"consistency_level" => Name::Field(TicketField::ConsistencyLevel),
                b"durability" => Name::Field(TicketField::Durability),
                _ => Name::Unknown,
            },
            FieldGroup::Sla => {
                if key == b"timeout_ms" {
                    Name::Field(TicketField::SlaTimeout)
                } else {
                    Name::Unknown
                }
            }
            FieldGroup::Predictions => match key {
                b"duration_ms" => Name::Field(TicketField::PredictedDuration),
                b"duration_confidence" => Name::Field(TicketField::DurationConfidence),
                b"confidence" => Name::Field(TicketField::Confidence),
                b"model_name" => Name::Field(TicketField::ModelName),
                b"model_version" => Name::Field(TicketField::ModelVersion),
                b"predicted_at" => Name::Field(TicketField::PredictedAt),
                b"is_anomaly" => Name::Field(TicketField::IsAnomaly),
                b"anomaly_score" => Name::Field(TicketField::AnomalyScore),
                key if key == ANOMALY.as_bytes() => Name::Group(FieldGroup::Anomaly),
                _ => Name::Unknown,
            },
            FieldGroup::Anomaly => match key {
                b"is_anomaly" => Name::Field(TicketField::IsAnomaly),
                b"anomaly_score" | b"score" => Name::Field(TicketField::AnomalyScore),
                _ => Name::Unknown,
            },
            FieldGroup::Metadata => {
                if key == b"synthetic" {
                    Name::Field(TicketField::Synthetic)
                } else {
                    Name::Unknown
                }
            }
        }
    }

    fn below(self, key: &[u8]) -> Name {
        const IN_TICKET: [(&str, FieldGroup); 4] = [
            ("qos", FieldGroup::Qos),
            ("sla", FieldGroup::Sla),
            ("predictions", FieldGroup::Predictions),
            ("metadata", FieldGroup::Metadata),
        ];
        const IN_PREDICTIONS: [(&str, FieldGroup); 1] = [(ANOMALY, FieldGroup::Anomaly)];
        // Most keys are none of ours, and most of those end here.
        if !matches!(key.first(), Some(b'q' | b's' | b'p' | b'm' | b'a')) {
            return Name::Unknown;
        }
        let groups: &[(&str, FieldGroup)] = match self {
            FieldGroup::Ticket => &IN_TICKET,
            FieldGroup::Predictions => &IN_PREDICTIONS,
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
        3 => &[
            (b"_id", Name::Field(TicketField::DocumentId)),
            (b"qos", Name::Group(FieldGroup::Qos)),
            (b"sla", Name::Group(FieldGroup::Sla)),
        ],
        6 => &[(b"status", Name::Field(TicketField::Status))],
        8 => &[(b"metadata", Name::Group(FieldGroup::Metadata))],
        9 => &[
            (b"ticket_id", Name::Field(TicketField::TicketId)),
            (b"task_type", Name::Field(TicketField::TaskType)),
            (b"risk_band", Name::Field(TicketField::RiskBand)),
            (b"synthetic", Name::Field(TicketField::Synthetic)),
        ],
        10 => &[
            (b"created_at", Name::Field(TicketField::CreatedAt)),
            (b"started_at", Name::Field(TicketField::StartedAt)),
            (b"parameters", Name::Field(TicketField::Parameters)),
        ],
        11 => &[(b"retry_count", Name::Field(TicketField::RetryCount)), (b"predictions", Name::Group(FieldGroup::Predictions))],
        12 => &[(b"completed_at", Name::Field(TicketField::CompletedAt))],
        15 => &[(b"parameters_size", Name::Field(TicketField::ParametersSize))],
        16 => &[(b"capability_count", Name::Field(TicketField::CapabilitiesCount))],
        18 => &[
            (b"actual_duration_ms", Name::Field(TicketField::ActualDuration)),
            (b"capabilities_count", Name::Field(TicketField::CapabilitiesCount)),
        ],
        21 => &[
            (b"required_capabilities", Name::Field(TicketField::Capabilities)),
            (b"estimated_duration_ms", Name::Field(TicketField::EstimatedDuration)),
            (b"predicted_duration_ms", Name::Field(TicketField::PredictedDuration)),
        ],
        _ => &[],
    };
    names.iter().find(|(name, _)| *name == key).map_or(Name::Unknown, |(_, name)| *name)
}

/// The field that a column of this name holds, flat (`qos_delivery_mode`) or nested by dots.
pub fn known_field(column: &str) -> Option<TicketField> {
    match FieldGroup::Ticket.look_up(column.as_bytes()) {
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
            ("qos.delivery_mode", TicketField::DeliveryMode),
            ("qos_delivery_guarantee", TicketField::DeliveryGuarantee),
            ("sla_timeout_ms", TicketField::SlaTimeout),
            ("sla.timeout_ms", TicketField::SlaTimeout),
            ("predictions.anomaly.score", TicketField::AnomalyScore),
            ("predictions_anomaly_is_anomaly", TicketField::IsAnomaly),
            ("predictions.duration_ms", TicketField::PredictedDuration),
            ("predicted_duration_ms", TicketField::PredictedDuration),
            ("metadata.synthetic", TicketField::Synthetic),
            ("capability_count", TicketField::CapabilitiesCount),
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
            TicketField::TicketId,
            TicketField::DocumentId,
            TicketField::TaskType,
            TicketField::RiskBand,
            TicketField::Status,
            TicketField::Capabilities,
            TicketField::CapabilitiesCount,
            TicketField::Parameters,
            TicketField::ParametersSize,
            TicketField::EstimatedDuration,
            TicketField::RetryCount,
            TicketField::CreatedAt,
            TicketField::StartedAt,
            TicketField::CompletedAt,
            TicketField::ActualDuration,
        ];
        for field in fields {
            assert_eq!(known_field(field.name()), Some(field));
        }
        for group in [FieldGroup::Qos, FieldGroup::Sla, FieldGroup::Predictions, FieldGroup::Metadata] {
            assert_eq!(FieldGroup::Ticket.look_up(group.name().as_bytes()), Name::Group(group));
        }
    }
}
