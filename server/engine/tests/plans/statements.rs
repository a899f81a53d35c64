//! Every statement of the engine, as its source has it: whatever text begins as SQL does, in a constant or within a function, put together by
//! `concat!` and by macros of our own, whatever parameters these take.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

/// Where a statement stands: in which file, and in which constant or function of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: String,
    pub name: String,
    /// Which of those that stand there, counted from 1.
    pub number: u32,
}

impl Place {
    /// Whether this is what is meant by `people/scope.rs LIST_GROUP`, or by `letting/retention.rs DELETE_WORDS 2` where there are several.
    pub fn is(&self, said: &str) -> bool {
        self.to_string() == said
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.file, self.name)?;
        if self.number > 1 { write!(formatter, " {}", self.number) } else { Ok(()) }
    }
}

/// A statement as its source has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub text: String,
    /// Whether it is what `format!` fills.
    pub is_pattern: bool,
}

/// Every statement in a folder of sources but those of tests, and which rows of each table are about somebody (`table`, `whose`).
pub fn read_statements(folder: &Path) -> (BTreeMap<Place, Statement>, Vec<(String, String)>) {
    let mut files = Vec::new();
    collect(folder, &mut files);
    let sources: Vec<(String, Vec<Token>)> = files
        .iter()
        .map(|file| {
            let name = file.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (name, tokens(&fs::read_to_string(file).unwrap()))
        })
        .collect();
    let mut macros = Macros::new();
    for (file, tokens) in &sources {
        find_macros(file, tokens, &mut macros);
    }
    let mut found = BTreeMap::new();
    let mut held = Vec::new();
    for (file, tokens) in &sources {
        let constants = find_constants(tokens);
        let source = Source { file, constants: &constants, macros: &macros };
        source.walk(tokens, &mut found);
        source.find_held(tokens, &mut held);
    }
    (found, held)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    Word(String),
    Sign(char),
}

impl Token {
    fn is(&self, sign: char) -> bool {
        *self == Self::Sign(sign)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own == word)
    }

    fn word(&self) -> Option<&str> {
        if let Self::Word(word) = self { Some(word) } else { None }
    }

    fn opens(&self) -> bool {
        matches!(self, Self::Sign('(' | '[' | '{'))
    }

    fn closes(&self) -> bool {
        matches!(self, Self::Sign(')' | ']' | '}'))
    }
}

/// Rust as far as it matters here: texts, words and signs. Comments and characters are left out.
fn tokens(source: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            _ if first.is_whitespace() => first.len_utf8(),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").unwrap() + 2,
            '\'' => character(rest).unwrap_or_else(|| {
                found.push(Token::Sign('\''));
                1
            }),
            '"' => {
                let (text, length) = text(rest);
                found.push(Token::Text(text));
                length
            }
            'r' if rest[1..].trim_start_matches('#').starts_with('"') => {
                let hashes = "#".repeat(rest[1..].find('"').unwrap());
                let begins = 2 + hashes.len();
                let length = rest[begins..].find(&format!("\"{hashes}")).unwrap();
                found.push(Token::Text(rest[begins..begins + length].to_owned()));
                begins + length + 1 + hashes.len()
            }
            _ if first.is_alphanumeric() || first == '_' => {
                let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                found.push(Token::Word(rest[..length].to_owned()));
                length
            }
            sign => {
                found.push(Token::Sign(sign));
                sign.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    found
}

/// How long the character is with which this begins. `None`: it is a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut signs = rest.char_indices().skip(1);
    let (_, first) = signs.next()?;
    if first == '\\' {
        // Whatever follows the backslash is not the end.
        signs.next();
        return signs.find(|(_, sign)| *sign == '\'').map(|(at, _)| at + 1);
    }
    signs.next().filter(|(_, sign)| *sign == '\'').map(|(at, _)| at + 1)
}

/// The text with whose quotation mark this begins, and how long it is in the source.
fn text(rest: &str) -> (String, usize) {
    let mut text = String::new();
    let mut signs = rest.char_indices();
    // The quotation mark.
    signs.next();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return (text, at + 1),
            '\\' => match signs.next() {
                Some((_, '\n')) => {
                    let left = signs.as_str();
                    signs.by_ref().take(left.chars().take_while(|sign| sign.is_whitespace()).count()).for_each(drop);
                }
                Some((_, escaped)) => text.push(if escaped == 'n' { '\n' } else { escaped }),
                None => break,
            },
            _ => text.push(sign),
        }
    }
    panic!("a text that does not end: {}", &rest[..rest.len().min(80)]);
}

/// What stands within the brackets that open at a place, and the place behind them.
fn within(tokens: &[Token], opens: usize) -> (&[Token], usize) {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(opens) {
        depth += i32::from(token.opens()) - i32::from(token.closes());
        if depth == 0 {
            return (&tokens[opens + 1..at], at + 1);
        }
    }
    panic!("brackets that do not close: {:?}", &tokens[opens..tokens.len().min(opens + 8)]);
}

/// The parts between commas.
fn parts(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0;
    let split = tokens.split(|token| {
        depth += i32::from(token.opens()) - i32::from(token.closes());
        depth == 0 && token.is(',')
    });
    split.filter(|part| !part.is_empty()).collect()
}

/// The arms of each macro, by the file in which it stands and its name.
type Macros = BTreeMap<(String, String), Vec<Arm>>;

struct Arm {
    parameters: Vec<String>,
    becomes: Vec<Token>,
}

fn find_macros(file: &str, tokens: &[Token], macros: &mut Macros) {
    for at in macro_places(tokens) {
        let name = tokens[at + 2].word().unwrap().to_owned();
        let (body, _) = within(tokens, at + 3);
        let mut arms = Vec::new();
        let mut next = 0;
        while next < body.len() {
            let (pattern, after) = within(body, next);
            // Behind `=>`.
            let (becomes, after) = within(body, after + 2);
            let names = pattern.windows(2).filter(|pair| pair[0].is('$')).filter_map(|pair| pair[1].word());
            arms.push(Arm { parameters: names.map(str::to_owned).collect(), becomes: becomes.to_vec() });
            next = after + usize::from(body.get(after).is_some_and(|token| token.is(';')));
        }
        assert!(macros.insert((file.to_owned(), name.clone()), arms).is_none(), "two macros {name} in {file}");
    }
}

fn macro_places(tokens: &[Token]) -> impl Iterator<Item = usize> {
    (0..tokens.len().saturating_sub(3)).filter(|at| is_macro(tokens, *at))
}

fn is_macro(tokens: &[Token], at: usize) -> bool {
    tokens[at].is_word("macro_rules") && tokens[at + 1].is('!')
}

/// What the constants of a file are set to, by name.
fn find_constants(tokens: &[Token]) -> BTreeMap<&str, &[Token]> {
    let mut found = BTreeMap::new();
    for at in 0..tokens.len().saturating_sub(2) {
        let Some(name) = tokens[at + 1].word().filter(|_| tokens[at].is_word("const") && tokens[at + 2].is(':')) else {
            continue;
        };
        let Some(begins) = (at..tokens.len()).find(|place| tokens[*place].is('=')) else { continue };
        let mut depth = 0;
        let ends = (begins..tokens.len()).find(|place| {
            depth += i32::from(tokens[*place].opens()) - i32::from(tokens[*place].closes());
            depth == 0 && tokens[*place].is(';')
        });
        found.insert(name, &tokens[begins + 1..ends.unwrap_or(tokens.len())]);
    }
    found
}

struct Source<'s> {
    file: &'s str,
    constants: &'s BTreeMap<&'s str, &'s [Token]>,
    macros: &'s Macros,
}

impl Source<'_> {
    /// Finds every statement of a file.
    fn walk(&self, tokens: &[Token], found: &mut BTreeMap<Place, Statement>) {
        let mut name = String::new();
        let mut at = 0;
        while at < tokens.len() {
            if is_for_tests(tokens, at) {
                at = behind_item(tokens, at + 7);
                continue;
            }
            if is_macro(tokens, at) {
                at = within(tokens, at + 3).1;
                continue;
            }
            if let [Token::Word(kind), Token::Word(named), ..] = &tokens[at..]
                && matches!(kind.as_str(), "const" | "fn")
            {
                name.clone_from(named);
            }
            let (text, is_pattern, next) = self.text_at(tokens, at);
            at = next;
            let Some(text) = text.filter(|text| is_sql(text)) else { continue };
            let same = found.keys().filter(|place| place.file == self.file && place.name == name).count();
            let place =
                Place { file: self.file.to_owned(), name: name.clone(), number: u32::try_from(same).unwrap() + 1 };
            assert!(found.insert(place, Statement { text, is_pattern }).is_none(), "{} {name}", self.file);
        }
    }

    /// The text that begins at a place, whether `format!` fills it, and the place behind it.
    fn text_at(&self, tokens: &[Token], at: usize) -> (Option<String>, bool, usize) {
        match &tokens[at..] {
            [Token::Text(text), ..] => (Some(text.clone()), false, at + 1),
            [Token::Word(called), bang, opens, ..] if bang.is('!') && opens.opens() => {
                let (arguments, next) = within(tokens, at + 2);
                if called == "format" {
                    let pattern = self.evaluate(parts(arguments)[0]);
                    let length = parts(arguments)[0].len();
                    return (pattern, true, at + 3 + length);
                }
                // Whatever else it is may have a statement within it.
                self.evaluate(&tokens[at..next]).map_or((None, false, at + 3), |text| (Some(text), false, next))
            }
            _ => (None, false, at + 1),
        }
    }

    /// The text that an expression is. `None`: it is none, or none that can be read here.
    fn evaluate(&self, expression: &[Token]) -> Option<String> {
        match expression {
            [Token::Text(text)] => Some(text.clone()),
            [Token::Word(number)] if number.chars().all(|digit| digit.is_ascii_digit()) => Some(number.clone()),
            [Token::Word(constant)] => self.evaluate(self.constants.get(constant.as_str())?),
            _ => {
                // Behind the path of a macro, such as `$crate::people::`.
                let bang = expression.iter().position(|token| token.is('!'))?;
                let name = expression[bang.checked_sub(1)?].word()?;
                if expression[..bang - 1].iter().any(|token| !token.is('$') && !token.is(':') && token.word().is_none())
                {
                    return None;
                }
                let (arguments, behind) = within(expression, bang + 1);
                if behind < expression.len() {
                    return None;
                }
                let arguments = parts(arguments);
                if name == "concat" {
                    return arguments.into_iter().map(|part| self.evaluate(part)).collect();
                }
                self.evaluate(&self.expand(name, &arguments)?)
            }
        }
    }

    /// What a macro makes of its arguments.
    fn expand(&self, name: &str, arguments: &[&[Token]]) -> Option<Vec<Token>> {
        let own = self.macros.get(&(self.file.to_owned(), name.to_owned()));
        let arms = own.or_else(|| {
            let mut others = self.macros.iter().filter(|((_, other), _)| other == name).map(|(_, arms)| arms);
            let only = others.next()?;
            assert!(others.next().is_none(), "{name} in {} may be one of several macros", self.file);
            Some(only)
        })?;
        let arm = arms.iter().find(|arm| arm.parameters.len() == arguments.len())?;
        let mut expanded = Vec::new();
        let mut at = 0;
        while let Some(token) = arm.becomes.get(at) {
            let parameter = arm.becomes.get(at + 1).and_then(Token::word).filter(|_| token.is('$'));
            let place = parameter.and_then(|name| arm.parameters.iter().position(|own| own == name));
            if let Some(place) = place {
                expanded.extend_from_slice(arguments[place]);
                at += 2;
            } else {
                expanded.push(token.clone());
                at += 1;
            }
        }
        Some(expanded)
    }

    /// The rows that `letting/held.rs` names.
    fn find_held(&self, tokens: &[Token], held: &mut Vec<(String, String)>) {
        let mut table = None;
        for at in 0..tokens.len().saturating_sub(3) {
            match &tokens[at..at + 3] {
                [Token::Word(field), colon, Token::Text(text)] if field == "table" && colon.is(':') => {
                    table = Some(text.clone());
                }
                [Token::Word(field), colon, whose] if field == "whose" && colon.is(':') && tokens[at + 3].is(',') => {
                    let whose = self.evaluate(std::slice::from_ref(whose)).unwrap();
                    held.push((table.clone().unwrap(), whose));
                }
                _ => {}
            }
        }
    }
}

fn is_sql(text: &str) -> bool {
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "TRUNCATE "].iter().any(|verb| text.starts_with(verb))
}

/// Whether what follows is compiled only for tests.
fn is_for_tests(tokens: &[Token], at: usize) -> bool {
    let begins = ["cfg", "test"];
    matches!(&tokens[at..], [hash, open, Token::Word(cfg), paren, Token::Word(test), ..]
        if hash.is('#') && open.is('[') && paren.is('(') && [cfg, test] == begins)
}

/// The place behind the item, the field or the arm that begins at a place.
fn behind_item(tokens: &[Token], mut at: usize) -> usize {
    while let Some(token) = tokens.get(at) {
        match token {
            Token::Sign(';' | ',') => return at + 1,
            Token::Sign('{') => return within(tokens, at).1,
            _ if token.opens() => at = within(tokens, at).1,
            _ if token.closes() => return at,
            _ => at += 1,
        }
    }
    at
}

/// What the texts are that are put together here as they are in Rust.
#[test]
fn statements_are_read_as_the_compiler_reads_them() {
    let source = r##"
        macro_rules! of { ($who:literal) => { concat!("WHERE o.", $who, " = $1") }; () => { of!("id") }; }
        /// "SELECT what a comment says"
        pub(crate) const FIND: &str = concat!("SELECT 1 FROM o \
             ", $crate::room::of!("person"), " LIMIT ", 3);
        impl Engine { fn counts(&self, sign: char) -> bool { const COUNT: &str = "SELECT \"2\""; sign == '"' } }
        const BOTH: [&str; 2] = [concat!("DELETE FROM o ", of!()), r#"DELETE FROM "p""#];
        fn fill() { let text = format!("SELECT {} FROM p", '\''); }
        #[cfg(test)]
        mod tests { const NEVER: &str = "SELECT 4"; }
    "##;
    let tokens = tokens(source);
    let mut macros = Macros::new();
    find_macros("a.rs", &tokens, &mut macros);
    let mut found = BTreeMap::new();
    Source { file: "a.rs", constants: &find_constants(&tokens), macros: &macros }.walk(&tokens, &mut found);
    let found: Vec<(String, &str)> =
        found.iter().map(|(place, statement)| (place.to_string(), statement.text.as_str())).collect();
    let expected = [
        ("a.rs BOTH", "DELETE FROM o WHERE o.id = $1"),
        ("a.rs BOTH 2", "DELETE FROM \"p\""),
        ("a.rs COUNT", "SELECT \"2\""),
        ("a.rs FIND", "SELECT 1 FROM o WHERE o.person = $1 LIMIT 3"),
        ("a.rs fill", "SELECT {} FROM p"),
    ];
    assert_eq!(found, expected.map(|(place, text)| (place.to_owned(), text)));
}
