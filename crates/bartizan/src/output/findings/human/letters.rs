//! Grades in letters five lines high.

/// Returns the lines of a grade; what has no large form is left out.
pub(super) fn large(grade: &str) -> Vec<String> {
    let shapes: Vec<_> = grade.chars().filter_map(shape).collect();
    if shapes.is_empty() {
        return Vec::new();
    }
    let line = |row: usize| {
        let parts: Vec<_> = shapes.iter().filter_map(|shape| shape.get(row).copied()).collect();
        parts.join(" ").trim_end().to_owned()
    };
    (0..HEIGHT).map(line).collect()
}

/// The lines of a letter.
pub(super) const HEIGHT: usize = 5;

const fn shape(letter: char) -> Option<[&'static str; HEIGHT]> {
    Some(match letter {
        'A' => ["▄████▄", "██  ██", "██████", "██  ██", "██  ██"],
        'B' => ["█████▄", "██  ██", "█████▄", "██  ██", "█████▀"],
        'C' => ["▄████▄", "██  ▀▀", "██    ", "██  ▄▄", "▀████▀"],
        'D' => ["█████▄", "██  ██", "██  ██", "██  ██", "█████▀"],
        'E' => ["██████", "██    ", "████  ", "██    ", "██████"],
        'F' => ["██████", "██    ", "████  ", "██    ", "██    "],
        'M' => ["██▄ ▄██", "███████", "██ ▀ ██", "██   ██", "██   ██"],
        'R' => ["█████▄", "██  ██", "█████▀", "██ ▀█▄", "██  ██"],
        'T' => ["██████", "  ██  ", "  ██  ", "  ██  ", "  ██  "],
        '+' => ["      ", "  ██  ", "██████", "  ██  ", "      "],
        '-' => ["      ", "      ", "██████", "      ", "      "],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::large;

    #[test]
    fn letters_stand_side_by_side() {
        assert_eq!(large("A+")[2], "██████ ██████");
        assert_eq!(large("F")[4], "██");
        assert!(large("?").is_empty());
    }
}
