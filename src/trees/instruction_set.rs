//! Which instructions the processor at hand has.

/// What the processor can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InstructionSet {
    Portable,
    /// AVX-512F: gathers of 16 lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// With BW and VBMI: tables of bytes.
    #[cfg(target_arch = "x86_64")]
    Avx512Bytes,
}

impl InstructionSet {
    /// The best the processor at hand has.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") {
            let bytes = is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vbmi");
            return if bytes { InstructionSet::Avx512Bytes } else { InstructionSet::Avx512 };
        }
        InstructionSet::Portable
    }

    /// Whether codes are walked faster than values.
    pub(crate) fn walk_codes(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return self == InstructionSet::Avx512Bytes;
        #[cfg(not(target_arch = "x86_64"))]
        false
    }
}
