//! What comes of questions in Moodle's GIFT format.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use engine::{
    catalogue::{QuestionForm, Quiz},
    content::{Code, Compiled, Level, Sources, compile},
    gift::{GiftImport, import_gift},
};
use model::ModuleSlug;
use world::Random;

#[test]
fn the_corpus_comes_out_as_it_should() {
    for path in corpus() {
        let (name, import) = imported(&path);
        let mut shown = String::new();
        for problem in &import.problems {
            writeln!(shown, "{problem}").expect("a string can be written to");
        }
        let quiz = import.quiz.map(|quiz| quiz.markdown()).unwrap_or_default();
        write!(shown, "left out: {}\n\n{quiz}", import.left_out).expect("a string can be written to");
        insta::assert_snapshot!(name.trim_end_matches(".gift"), shown);
    }
}

#[test]
fn the_corpus_lacks_nothing_but_pages_and_help_services() {
    let besides = |markdown: &str, lacks: &[Code]| -> Vec<Code> {
        errors(&compiled(markdown)).into_iter().filter(|code| !lacks.contains(code)).collect()
    };
    for path in corpus() {
        let (name, import) = imported(&path);
        let markdown = import.quiz.expect("a quiz").markdown();
        assert_eq!(besides(&markdown, &[Code::MissingQuestionPage, Code::UnknownHelpline]), [], "{name}");
        assert_eq!(besides(&with_pages(&markdown), &[Code::UnknownHelpline]), [], "{name}");
    }
}

#[test]
fn what_is_said_of_gift_is_said_by_the_corpus() {
    let said: BTreeSet<Code> =
        corpus().iter().flat_map(|path| imported(path).1.problems).map(|problem| problem.code).collect();
    let missing: Vec<_> =
        Code::ALL.iter().filter(|code| code.name().starts_with("gift-") && !said.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn examples_of_explanations_are_what_they_say() {
    for code in Code::ALL.iter().filter(|code| code.name().starts_with("gift-")) {
        let examples: Vec<&str> = code.explanation().split("```").skip(1).step_by(2).collect();
        let [bad, good] = examples.as_slice() else { panic!("{code}") };
        let said = |example: &str| import_gift("a.gift", example.trim_start_matches("text\n").as_bytes()).problems;
        assert!(said(bad).iter().any(|problem| problem.code == *code), "{code}: {:?}", said(bad));
        assert_eq!(said(good), [], "{code}");
    }
}

#[test]
fn signs_of_markdown_are_text() {
    let hostile = "**a** <!-- id: b --> --> ``` ~~~ {{fact:c}} [x] | - # 1. &amp; <b> [d](e) ![f](g) \\ _h_ `i`";
    let html = html_of(hostile);
    let html = html.as_str();
    let text = in_gift(hostile);
    // The left-hand side of a pair ends at its first arrow, against which GIFT has no backslash.
    let (left, left_html) = (text.replace("-->", ""), html.replace("--&gt; ", ""));
    let file = format!(
        "// {hostile}\n::a::{text}\\n{text} {{={text} #{text}\n~x {text}####{text}}}\n\n\
         ::b::{text} {{={left} -> {text}\n=x {left} -> x {text}}}\n\n::c::{text} {{T#{text}#{text}}}\n\n\
         ::d::[plain]{text} {{~%50%{text} ~%50%x ~%-50%{text}.}}"
    );
    let GiftImport { quiz, left_out, .. } = import_gift("a.gift", file.as_bytes());
    assert_eq!(left_out, 0);
    let quiz = compiled_quiz(&with_pages(&quiz.expect("a quiz").markdown()));
    let ids: Vec<&str> = quiz.questions.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c", "d"]);
    for question in &quiz.questions {
        assert_eq!(question.wordings[0].stem, html);
    }
    let first = &quiz.questions[0].wordings[0];
    assert_eq!(first.body, format!("<p>{html}</p>\n"));
    assert_eq!(first.why, format!("<p><strong>Why:</strong> {html}</p>\n"));
    let QuestionForm::One(choices) = &first.form else { panic!("{first:?}") };
    assert_eq!((choices[0].html.as_str(), choices[0].right), (html, true));
    assert_eq!(choices[0].feedback, format!("<p>{html}</p>\n"));
    assert_eq!((choices[1].html.clone(), choices[1].right), (format!("x {html}"), false));
    let QuestionForm::Match(pairs) = &quiz.questions[1].wordings[0].form else { panic!("no pairs") };
    assert_eq!((pairs[0].left.as_str(), pairs[0].right.as_str()), (left_html.as_str(), html));
    assert!(
        matches!(&quiz.questions[2].wordings[0].form, QuestionForm::TrueFalse(choices) if choices[0].feedback.contains(html))
    );
    assert!(
        matches!(&quiz.questions[3].wordings[0].form, QuestionForm::Several(choices) if choices[2].html == format!("{html}."))
    );
}

#[test]
fn any_text_comes_through_as_it_is() {
    let mut compared = 0;
    for seed in 1..=400 {
        let text = Scribe(Random(seed)).text().replace('\n', " ");
        let expected = html_of(&text);
        // What nobody sees asks nothing.
        if expected.trim_matches([' ', '\u{200b}', '\u{feff}']).is_empty() {
            continue;
        }
        let gift = in_gift(&text);
        let file = format!("[plain]{gift} {{=x {gift} #y {gift} ~z {gift} ####{gift} y}}");
        let quiz = import_gift("a.gift", file.as_bytes()).quiz.expect("a quiz").markdown();
        let wording = compiled_quiz(&with_pages(&quiz)).questions.remove(0).wordings.remove(0);
        let QuestionForm::One(choices) = &wording.form else { panic!("seed {seed}: {wording:?}") };
        // What was typed straight is printed curly, whatever stands around it.
        let expected = typed(&expected);
        assert_eq!(typed(&wording.stem), expected, "seed {seed}: {file:?}");
        assert_eq!(typed(&choices[0].html), format!("x {expected}"), "seed {seed}: {file:?}");
        assert_eq!(typed(&choices[0].feedback), format!("<p>y {expected}</p>\n"), "seed {seed}: {file:?}");
        assert_eq!(typed(&choices[1].html), format!("z {expected}"), "seed {seed}: {file:?}");
        assert_eq!(
            typed(&wording.why),
            format!("<p><strong>Why:</strong> {expected} y</p>\n"),
            "seed {seed}: {file:?}"
        );
        compared += 1;
    }
    assert!(compared > 300, "{compared}");
}

/// Text with straight quotation marks.
fn typed(text: &str) -> String {
    text.replace(['“', '”'], "\"").replace(['‘', '’'], "'")
}

#[test]
fn anything_at_all_comes_out_as_something_that_compiles() {
    let mut carried = 0;
    for seed in 1..=4000 {
        let mut random = Scribe(Random(seed));
        let file = if seed % 4 == 0 { random.bytes() } else { random.gift().into_bytes() };
        let shown = || String::from_utf8_lossy(&file).into_owned();
        let GiftImport { quiz, problems, left_out } = import_gift("a.gift", &file);
        let errors_said = problems.iter().filter(|problem| problem.level == Level::Error).count();
        assert!(left_out <= errors_said, "seed {seed}: each that is left out is said\n{}", shown());
        let Some(quiz) = quiz else {
            assert!(errors_said > 0, "seed {seed}: {}", shown());
            continue;
        };
        carried += quiz.questions.len();
        let markdown = with_pages(&quiz.markdown());
        let compiled = compiled(&markdown);
        assert_eq!(errors(&compiled), [], "seed {seed}: {}\n{markdown}", shown());
        let read = compiled.catalogue.modules[&ModuleSlug::new("a").expect("a name")].quiz.questions.len();
        assert_eq!(read, quiz.questions.len(), "seed {seed}");
    }
    assert!(carried > 2000, "{carried}");
}

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gift");
    let files = fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|kind| kind == "gift")).collect();
    files.sort();
    files
}

fn imported(path: &Path) -> (String, GiftImport) {
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    let import = import_gift(&name, &fs::read(path).expect("a file"));
    (name, import)
}

/// Plain text as it is written in GIFT.
fn in_gift(text: &str) -> String {
    text.chars().map(|char| if "\\:#={}~".contains(char) { format!("\\{char}") } else { char.to_string() }).collect()
}

/// What the compiler makes of plain text: only `&`, `<` and `>` are written otherwise in HTML. Spaces and control
/// characters mean nothing, and two opening braces would mean a fact.
fn html_of(text: &str) -> String {
    let text: String = text.chars().filter(|char| char.is_whitespace() || !char.is_control()).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("{{", "{ {").replace("{{", "{ {");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What an author adds: a page for each question.
fn with_pages(markdown: &str) -> String {
    markdown.replace("\n<!-- id: ", "\n<!-- page: one; id: ")
}

fn compiled(quiz: &str) -> Compiled {
    const ABOUT: &str = "title = \"A\"\nsummary = \"A.\"\naudience = [\"staff\"]\nminutes = 5\nedition = 1\n\
        valid_for = \"1 year\"\nlanguages = [\"en\"]\nowner = \"A\"\nreviewed = 2026-11-22\nreview_by = 2027-09-01\n\
        outcomes = [\"A\"]\n";
    let files =
        [("modules/a/module.toml", ABOUT), ("modules/a/10-one.md", "# One\n\nOne.\n"), ("modules/a/quiz.md", quiz)];
    compile(&Sources::from_files(files), NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day"))
}

fn compiled_quiz(quiz: &str) -> Quiz {
    let compiled = compiled(quiz);
    assert_eq!(errors(&compiled), [], "{quiz}");
    (*compiled.catalogue.modules[&ModuleSlug::new("a").expect("a name")].quiz).clone()
}

fn errors(compiled: &Compiled) -> Vec<Code> {
    let errors = compiled.problems.iter().filter(|problem| problem.level == Level::Error);
    errors.map(|problem| problem.code).collect()
}

/// Whoever writes random GIFT.
struct Scribe(Random);

impl Scribe {
    fn bytes(&mut self) -> Vec<u8> {
        const BYTES: &[u8] = b"{}=~#%:\\n[] \n->/*|<!T1\xc3\xa9\xf0\xff\x00\r\t";
        let count = self.0.below(200);
        let mut bytes: Vec<u8> = (0..count).map(|_| BYTES[self.0.below(BYTES.len())]).collect();
        if self.0.one_in(2) {
            bytes.retain(u8::is_ascii);
        }
        bytes
    }

    /// Something that looks like GIFT, with everything in it that means something in GIFT, Markdown, YAML or HTML.
    fn gift(&mut self) -> String {
        let mut file = String::new();
        for _ in 0..=self.0.below(6) {
            if self.0.one_in(4) {
                file.push_str(&format!("// {}\n", self.text()));
            }
            if self.0.one_in(5) {
                file.push_str(&format!("$CATEGORY: $course$/top/{}\n\n", self.text()));
            }
            if self.0.one_in(2) {
                file.push_str(&format!("::{}::", self.text()));
            }
            file.push_str(["", "", "", "[html]", "[markdown]", "[plain]", "[moodle]"][self.0.below(7)]);
            file.push_str(&format!("{} {{", self.text()));
            file.push_str(&self.answers());
            if self.0.one_in(4) {
                file.push_str(&format!("####{}", self.text()));
            }
            file.push_str(["}", "}", "}", "}", "} on", ""][self.0.below(6)]);
            file.push_str(["\n\n", "\n\n", "\n \t\n", "\r\n\r\n", "\n"][self.0.below(5)]);
        }
        file
    }

    fn answers(&mut self) -> String {
        let kind = self.0.below(6);
        if kind == 5 {
            return format!("{}#{}#{}", ["T", "FALSE", "maybe"][self.0.below(3)], self.text(), self.text());
        }
        let mut answers = String::new();
        for place in 0..self.0.below(7) {
            answers.push_str(match (kind, place) {
                (0, 0) | (1 | 2, _) => "=",
                (3, 0 | 1) => "~%50%",
                _ => "~",
            });
            if self.0.one_in(12) {
                answers.push_str(["%100%", "%-50%", "%33.333%", "%0%", "%x%", "%"][self.0.below(6)]);
            }
            answers.push_str(&self.text());
            if kind == 1 {
                answers.push_str(&format!(" -> {}", self.text()));
            }
            if self.0.one_in(3) {
                answers.push_str(&format!(" #{}", self.text()));
            }
        }
        answers
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 84] = [
            "word",
            "Tell",
            "é",
            "e\u{301}",
            "日本",
            "😀",
            "don't",
            "\"quoted\"",
            "\\#",
            "\\#\\#",
            "*",
            "**",
            "_",
            "__",
            "`",
            "```",
            "\\~\\~",
            "\\~",
            "-",
            "---",
            "+",
            "\\=",
            "\\=\\=\\=",
            ">",
            "<",
            "<b>",
            "</b>",
            "<p>",
            "<br/>",
            "<!--",
            "-->",
            "&",
            "&amp;",
            "&\\#65;",
            "&copy",
            "[",
            "]",
            "[x]",
            "[ ]",
            "(a)",
            "![",
            "](b)",
            "[!NOTE]",
            "|",
            "\\",
            "\\|",
            "|\\",
            "1.",
            "2)",
            "10.",
            "\\:",
            ";",
            "\\{",
            "\\}",
            "\\{\\{",
            "\\{\\{fact\\:a\\}\\}",
            "/",
            "%",
            "!",
            "?",
            "Answer\\:",
            "Why\\:",
            "https://a.example/?b\\=c&d",
            "a@b.example",
            "12",
            "\\n",
            "\\n\\n",
            "\n",
            "\n    ",
            "\u{a0}",
            "\u{200b}",
            "\u{feff}",
            "\u{0}",
            "\u{7f}",
            "\u{2028}",
            "\u{85}",
            "\t",
            "\\\\",
            "True",
            "false",
            "note\\:",
            "//",
            "&nbsp;",
            "<script>",
        ];
        let mut text = String::new();
        for _ in 0..=self.0.below(5) {
            text.push_str(PIECES[self.0.below(PIECES.len())]);
            if self.0.one_in(2) {
                text.push(' ');
            }
        }
        // Sometimes a sign that means something, where nobody expects it.
        if self.0.one_in(15) {
            text.push_str(["#", "=", "~", "{", "}", "%", "->", "\n\n", "::", "####", "[html]"][self.0.below(11)]);
        }
        text
    }
}
