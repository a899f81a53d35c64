/// A table as a file that spreadsheets open: UTF-8 with a byte order mark, lines that end in CR LF, commas between the cells (RFC 4180).
///
/// No cell of it is taken for a formula: what begins with a character that a spreadsheet would carry out gets an apostrophe before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csv(String);

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Csv {
    /// A table with these headings and no rows yet.
    #[must_use]
    pub fn new(headings: &[&str]) -> Self {
        let mut csv = Self("\u{feff}".to_owned());
        csv.row(headings);
        csv
    }

    /// Adds a row.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.0.push_str("\r\n");
    }

    fn cell(&mut self, text: &str) {
        let is_formula = text.trim_start_matches(' ').starts_with(FORMULA);
        let quoted = is_formula || text.contains([',', '"', '\n', '\r']);
        if !quoted {
            self.0.push_str(text);
            return;
        }
        self.0.push('"');
        self.0.push_str(if is_formula { "'" } else { "" });
        self.0.push_str(&text.replace('"', "\"\""));
        self.0.push('"');
    }

    /// The whole file.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut csv = Csv::new(&["One", "Two, three"]);
        csv.row(cells);
        String::from_utf8(csv.into_bytes()).unwrap()
    }

    #[test]
    fn it_begins_with_its_mark_and_quotes_what_must_be() {
        assert_eq!(
            written(&["Ann \"Nan\" Lee", "a\nb", "Éva", ""]),
            "\u{feff}One,\"Two, three\"\r\n\"Ann \"\"Nan\"\" Lee\",\"a\nb\",Éva,\r\n"
        );
    }

    #[test]
    fn nothing_is_carried_out_as_a_formula() {
        for cell in ["=1+1", "+44 20", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =HYPERLINK(\"x\")"] {
            let line = written(&[cell]);
            assert!(line.lines().nth(1).unwrap().starts_with("\"'"), "{cell:?}: {line:?}");
        }
        assert!(written(&["4-5"]).ends_with("\r\n4-5\r\n"));
    }
}
