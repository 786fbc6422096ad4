//! Parameters that are set one by one.

/// Functions `fn name(self, name: type) -> Self` of a struct that wraps its checked parameters.
macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.0.$name = $name;
            self
        })*
    };
}

pub(super) use setters;
