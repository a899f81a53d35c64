//! A fenced block `scenario`: what happens, what one could do, and what follows from each choice.

use pulldown_cmark::Tag;

use super::{
    item::{Item, items},
    markdown::{Element, Node, parse},
    own_words::{OwnWords, lang_attribute},
    writer::Writer,
};
use crate::content::{problems::Code, text::escaped};

impl Writer<'_, '_> {
    /// The HTML of a scenario; it works without JavaScript.
    pub(super) fn scenario(&mut self, block: &Element<'_>) -> String {
        let number = self.next_scenario();
        let (words, lang) = OwnWords::of(self.folder.language());
        let (ask, lang) = (escaped(words.what_would_you_do), lang_attribute(lang));
        let label = escaped(&self.label(words.scenario.to_owned()));
        let (situation, choices) = match block.children.first() {
            Some(Node::Text(run)) => {
                let nodes = parse(run, self.report);
                self.parts(block.at, &nodes, &format!("scenario-{number}"))
            }
            _ => self.parts(block.at, &[], ""),
        };
        format!(
            "<div class=\"scenario\" role=\"group\" aria-label=\"{label}\">\n<h2{lang}>{ask}</h2>\n\
             {situation}{choices}</div>\n"
        )
    }

    fn parts(&mut self, at: usize, nodes: &[Node<'_>], name: &str) -> (String, String) {
        let Some((Node::Element(list), situation)) = nodes.split_last().filter(|(last, _)| is_bulleted(last)) else {
            let help = "End it with a bulleted list of two to four choices.";
            self.report.error(at, Code::ScenarioWithoutChoices, "This scenario does not end with choices.", help);
            return (String::new(), String::new());
        };
        if situation.is_empty() {
            let help = "Begin it with a paragraph that says what happens.";
            self.report.error(at, Code::ScenarioWithoutSituation, "This scenario does not say what happens.", help);
        }
        (self.blocks(situation), self.choices(list, name))
    }

    fn choices(&mut self, list: &Element<'_>, name: &str) -> String {
        let items = items(list);
        if items.len() < 2 {
            let help = "Write two to four choices, each with what follows from it.";
            self.report.error(list.at, Code::ScenarioTooFewChoices, "A single choice is not a choice.", help);
        }
        let choices: Vec<_> = (1..).zip(&items).map(|(number, item)| self.choice(item, name, number)).collect();
        choices.concat()
    }

    fn choice(&mut self, item: &Item<'_, '_>, name: &str, number: u32) -> String {
        if self.plain(item.line).is_empty() {
            let help = "Say in a few words what one could do.";
            self.report.error(item.at, Code::ScenarioChoiceWithoutText, "This choice says nothing.", help);
        }
        let choice = self.inline(item.line);
        let Some((Node::Element(outcome), further)) = item.rest.split_first().filter(|(first, _)| is_quote(first))
        else {
            let help = "Write what follows below it, as a quotation: lines that begin with `> `.";
            self.report.error(item.at, Code::ScenarioChoiceWithoutOutcome, "Nothing follows from this choice.", help);
            return String::new();
        };
        let mut outcome = self.blocks(&outcome.children);
        match further {
            [] => {}
            [list @ Node::Element(further)] if is_bulleted(list) => {
                outcome.push_str(&self.choices(further, &format!("{name}-{number}")));
            }
            [first, ..] => {
                let help = "Keep one quotation and, below it, one bulleted list of further choices.";
                let message = "Below what follows from a choice, only one list of further choices can stand.";
                self.report.error(first.at(), Code::ScenarioShape, message, help);
            }
        }
        format!(
            "<details name=\"{name}\">\n<summary>{choice}</summary>\n\
             <div class=\"follow\">\n{outcome}</div>\n</details>\n"
        )
    }
}

fn is_bulleted(node: &Node<'_>) -> bool {
    matches!(node, Node::Element(Element { tag: Tag::List(None), .. }))
}

fn is_quote(node: &Node<'_>) -> bool {
    matches!(node, Node::Element(Element { tag: Tag::BlockQuote(None), .. }))
}
