//! A sentence for people that holds commands to type: the commands stay values until the sentence is printed.

use std::fmt::{self, Display};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::CommandLine;

/// Text and commands in a row, such as ``look at all of them: `hivectl ml models list` ``.
///
/// ```
/// use hivectl::base::{Hint, commands};
/// let hint = Hint::from(("look at all of them: `", commands::models_list(), "`"));
/// assert_eq!(hint.to_string(), "look at all of them: `hivectl ml models list`");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Command(CommandLine),
}

impl Hint {
    /// The same with more behind it.
    #[must_use]
    pub fn and(mut self, more: impl Into<Hint>) -> Hint {
        self.0.extend(more.into().0);
        self
    }

    /// The commands in it, in their order.
    pub fn commands(&self) -> impl Iterator<Item = &CommandLine> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Command(command) => Some(command),
        })
    }

    /// The same with each command as `change` makes it.
    #[must_use]
    pub fn map_commands(self, mut change: impl FnMut(CommandLine) -> CommandLine) -> Hint {
        let changed = self.0.into_iter().map(|part| match part {
            Part::Text(text) => Part::Text(text),
            Part::Command(command) => Part::Command(change(command)),
        });
        Hint(changed.collect())
    }
}

impl Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Command(command) => command.fmt(f),
        })
    }
}

/// The sentence.
impl Serialize for Hint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Of a sentence; its commands are text then, because quotation marks do not tell where one ends.
impl<'de> Deserialize<'de> for Hint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hint, D::Error> {
        String::deserialize(deserializer).map(Hint::from)
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Hint {
        Hint(vec![Part::Text(text.to_owned())])
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Hint {
        Hint(vec![Part::Text(text)])
    }
}

impl From<CommandLine> for Hint {
    fn from(command: CommandLine) -> Hint {
        Hint(vec![Part::Command(command)])
    }
}

macro_rules! hint_of_parts {
    ($($kind:ident $part:ident),+) => {
        impl<$($kind: Into<Hint>),+> From<($($kind,)+)> for Hint {
            fn from(($($part,)+): ($($kind,)+)) -> Hint {
                Hint::default()$(.and($part))+
            }
        }
    };
}

hint_of_parts!(A a, B b);
hint_of_parts!(A a, B b, C c);
hint_of_parts!(A a, B b, C c, D d);
hint_of_parts!(A a, B b, C c, D d, E e);
hint_of_parts!(A a, B b, C c, D d, E e, F f);
