//! Makes foreign text harmless before a terminal sees it.

use unicode_general_category::{GeneralCategory, get_general_category};

/// The text on one line: control characters, escape sequences, bidirectional overrides and other
/// invisible format characters become `?`, so that a name cannot move the cursor or fake a prompt.
/// A line break becomes a blank.
pub fn line(text: &str) -> String {
    text.chars()
        .map(|letter| match get_general_category(letter) {
            _ if letter == '\n' || letter == '\t' => ' ',
            GeneralCategory::Control | GeneralCategory::Format | GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => {
                '?'
            }
            _ => letter,
        })
        .collect()
}

/// Our own signs in letters that every terminal has; names stay as they are.
pub fn in_ascii(text: &str) -> String {
    const SIGNS: [(char, &str); 8] = [('→', "->"), ('²', "2"), ('µ', "u"), ('…', "..."), ('×', "x"), ('±', "+-"), ('≥', ">="), ('≤', "<=")];
    SIGNS.iter().fold(text.to_owned(), |text, (sign, plain)| if text.contains(*sign) { text.replace(*sign, plain) } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_codes_and_overrides_are_shown_harmless() {
        assert_eq!(line("a\u{1b}[2K\rb"), "a?[2K?b");
        assert_eq!(line("x\u{202e}y\u{200b}"), "x?y?");
        assert_eq!(line("模型 é 🎫"), "模型 é 🎫");
        assert_eq!(in_ascii("R² a → b 模型"), "R2 a -> b 模型");
    }
}
