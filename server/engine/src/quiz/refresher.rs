use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use model::{ModuleSlug, PageSlug, QuestionId};
use serde::{Deserialize, Serialize};

use super::{
    attempt::{Attempt, questions_of},
    draw::{draw, ranked},
    mark::judge_drawn,
    quiz_entry::{QuizState, state_for_pages},
    spend_time::counts_time,
};
use crate::{
    catalogue::{Module, Question, Quiz},
    engine::{Engine, Looked},
    ground::{AttemptId, PersonId},
    people::Person,
    publishing::{Difference, Words, changed_pages, changed_questions},
    record::{Completion, Thing},
    standing::{Done, Recorded as _, Situation},
    store::{Linked, on},
};

/// How long after the earlier pass has run out a refresher is still taken that was begun before: whoever begins on the last evening may finish.
const MAY_FINISH: TimeDelta = TimeDelta::days(1);

/// What somebody sees before a refresher.
#[derive(Clone, Debug)]
pub struct Refresher {
    /// The module that it renews.
    pub module: Arc<Module>,
    /// In which words it is shown.
    pub words: Words,
    /// When they passed last.
    pub passed_at: DateTime<Utc>,
    /// Until when that counts.
    pub counts_until: DateTime<Utc>,
    /// Until when it counts once the refresher is passed now.
    pub until: DateTime<Utc>,
    /// What has changed since the version that they passed. `None`: they passed the one that is published now.
    pub difference: Option<Box<Difference>>,
    /// The pages that are new or say something else, in their order.
    pub pages: Vec<RefreshedPage>,
    /// How many questions it asks about what has changed, besides those that they answered wrongly.
    pub changed: u32,
    /// How many it asks that they answered wrongly last time.
    pub wrong: u32,
    /// How many it draws from the rest, so that there are enough to say anything.
    pub drawn: u32,
    /// Minutes of CPD.
    pub minutes: u32,
    /// What they can do now.
    pub state: QuizState,
    /// Whether it is counted how long they spend on it.
    pub counts_time: bool,
}

impl Refresher {
    /// How many questions it asks.
    #[must_use]
    pub fn asks(&self) -> u32 {
        self.changed + self.wrong + self.drawn
    }
}

/// A page that is new or says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshedPage {
    /// Its name.
    pub slug: PageSlug,
    /// Its title.
    pub title: String,
    /// Whether they have opened it since they passed.
    pub opened: bool,
}

/// What an attempt asks as a refresher, as it is kept with the attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefresherDraw {
    /// The number of the version that had been passed before.
    pub since: u32,
    /// The pages that have changed since.
    pub pages: Vec<PageSlug>,
    /// The questions that it asks, in no order.
    pub questions: Vec<QuestionId>,
}

impl RefresherDraw {
    /// Minutes of CPD: of those that its author gives the whole module the share that was read and asked. A page counts as much as two
    /// questions; what begins counts as a whole minute.
    pub fn minutes(&self, module: &Module) -> u32 {
        minutes(module, self.pages.len(), self.questions.len())
    }
}

fn minutes(module: &Module, pages: usize, questions: usize) -> u32 {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let size = |pages: usize, questions: u32| count(pages).saturating_mul(2).saturating_add(questions);
    let whole = size(module.pages.len(), module.quiz.draw).max(1);
    let part = size(pages, count(questions)).min(whole);
    module.minutes.saturating_mul(part).div_ceil(whole).max(1)
}

/// What a refresher of somebody is made of, before questions are drawn.
#[derive(Clone, Debug)]
pub(crate) struct Basis {
    /// The number of the version that they passed last.
    since: u32,
    /// The pages that have changed since.
    pub pages: Vec<PageSlug>,
    /// The questions that they answered wrongly last time.
    wrong: BTreeSet<QuestionId>,
    /// The questions that rest on what has changed, or have changed themselves.
    changed: BTreeSet<QuestionId>,
}

impl Basis {
    /// Draws what one attempt asks. What was wrong comes first, then what has changed, never more than the whole quiz would ask; and never less
    /// than half of that: what is missing is drawn as the whole quiz would draw it.
    pub fn choose(&self, quiz: &Quiz, seed: &[u8]) -> RefresherDraw {
        let (wrong, changed, drawn) = self.counts(quiz);
        let order = ranked(&quiz.questions, seed);
        let ids = |of: &BTreeSet<QuestionId>, but: &BTreeSet<QuestionId>, most: u32| {
            let those = order.iter().map(|question| question.id.clone());
            let those = those.filter(|id| of.contains(id) && !but.contains(id));
            those.take(most as usize).collect::<Vec<_>>()
        };
        let mut questions = ids(&self.wrong, &BTreeSet::new(), wrong);
        questions.extend(ids(&self.changed, &self.wrong, changed));
        let rest = draw(quiz, seed, 0).into_iter().map(|drawn| drawn.question.id.clone());
        let rest: Vec<QuestionId> = rest.filter(|id| !questions.contains(id)).take(drawn as usize).collect();
        questions.extend(rest);
        questions.sort();
        RefresherDraw { since: self.since, pages: self.pages.clone(), questions }
    }

    /// How many it asks that were wrong, that rest on what has changed, and that are drawn besides.
    fn counts(&self, quiz: &Quiz) -> (u32, u32, u32) {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let wrong = count(self.wrong.len()).min(quiz.draw);
        let changed = count(self.changed.difference(&self.wrong).count()).min(quiz.draw - wrong);
        (wrong, changed, quiz.draw.div_ceil(2).saturating_sub(wrong + changed))
    }
}

/// The pass that a refresher would renew: the last one, where the module's author lets people refresh, and it is of the edition in force, still
/// counts and may be renewed.
pub(crate) fn refreshable(situation: &Situation, module: &Module) -> Option<Done> {
    let cell = situation.module_cell(&module.slug);
    let last = cell.last.filter(|last| last.edition == module.edition)?;
    (module.refresher && cell.renews()).then_some(last)
}

/// Whether an attempt is a refresher of which nothing is left to refresh: every pass that counted when it began has been withdrawn, or ran out
/// more than a day ago.
pub(super) fn is_over(situation: &Situation, attempt: &Attempt) -> bool {
    let counts = |done: &Done| {
        let until = done.until.unwrap_or(DateTime::<Utc>::MAX_UTC);
        done.edition >= attempt.edition
            && done.at <= attempt.started_at
            && attempt.started_at < until
            && until.checked_add_signed(MAY_FINISH).is_none_or(|end| situation.now < end)
    };
    let thing = Thing::Module(attempt.module.clone());
    attempt.refresher.is_some() && !situation.dossier.done(&thing, DateTime::<Utc>::MAX_UTC).iter().any(counts)
}

/// The attempts since a moment that were handed in and whose answers are there.
const FIND_TRIES: &str = "SELECT a.id FROM attempt a WHERE a.person_id = $1 AND a.module = $2 AND a.submitted_at > $3 \
     AND NOT EXISTS (SELECT 1 FROM answers_let_go l WHERE l.attempt_id = a.id) ORDER BY a.submitted_at, a.id";

impl Engine {
    /// What somebody sees before a refresher of a module. `None`: there is none for them now.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] and [`crate::Refused::NotForYou`].
    pub async fn refresher(&self, person: &Person, slug: &ModuleSlug) -> Looked<Option<Refresher>> {
        let mut conn = self.store.read().await?;
        let situation = self.situation_on(&mut conn, person.id).await?;
        let module = situation.module_for(&situation.person()?, slug)?;
        let Some(before) = refreshable(&situation, &module) else { return Ok(None) };
        let before = situation.completion(before).clone();
        let basis = self.basis_of(&mut conn, &situation, &module, &before).await?;
        drop(conn);
        let difference = if before.version == module.number {
            None
        } else {
            Some(Box::new(self.module_difference(person, slug, before.version, module.number).await?))
        };
        let (wrong, changed, drawn) = basis.counts(&module.quiz);
        let asks = wrong + changed + drawn;
        let state = state_for_pages(&situation, &module, &basis.pages);
        let until = situation.pass_until(&module);
        let (worded, words) = self.in_words(&module, situation.dossier.twin);
        let pages = basis.pages.iter().filter_map(|slug| {
            let (_, page) = worded.page(slug)?;
            let opened = situation.has_opened(&module, slug);
            Some(RefreshedPage { slug: slug.clone(), title: page.title.clone(), opened })
        });
        Ok(Some(Refresher {
            passed_at: before.completed_at,
            counts_until: before.expires_at,
            until,
            difference,
            pages: pages.collect(),
            changed,
            wrong,
            drawn,
            minutes: minutes(&module, basis.pages.len(), asks as usize),
            state,
            counts_time: counts_time(&situation, &module),
            words,
            module: worded,
        }))
    }

    /// What a refresher of somebody who passed a module before is made of.
    pub(super) async fn basis_of(
        &self,
        on_what: &mut impl Linked,
        situation: &Situation,
        module: &Module,
        before: &Completion,
    ) -> Looked<Basis> {
        let old = self.module_version(on_what, &module.slug, before.version).await?;
        let pages = changed_pages(&old, module);
        let rests = |question: &&Question| pages.contains(&question.page);
        let resting = module.quiz.questions.iter().filter(rests).map(|question| question.id.clone());
        let changed = resting.chain(changed_questions(&old, module)).collect();
        // Last time is everything since the pass before the last: what led to that one, and what was tried in vain since.
        let passes = situation.dossier.completions.iter();
        let earlier = passes.filter(|pass| pass.module == module.slug && pass.completed_at < before.completed_at);
        let from = earlier.map(|pass| pass.completed_at).max().unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
        let mut wrong = self.wrong_since(on_what, situation.dossier.facts.id, &module.slug, from).await?;
        wrong.retain(|id| module.quiz.question(id).is_some());
        Ok(Basis { since: before.version, pages, wrong, changed })
    }

    /// The questions of a module to which somebody's last answer since a moment was wrong, or of which some of it was.
    async fn wrong_since(
        &self,
        on_what: &mut impl Linked,
        person: PersonId,
        module: &ModuleSlug,
        from: DateTime<Utc>,
    ) -> Looked<BTreeSet<QuestionId>> {
        let tries: Vec<AttemptId> = on!(on_what.link(), conn => sqlx::query_scalar(FIND_TRIES)
            .bind(person).bind(module.as_str()).bind(from).fetch_all(conn).await)?;
        let mut right = BTreeMap::new();
        for id in tries {
            let (attempt, answers) = self.find_attempt(on_what, id, person).await?;
            let version = self.module_version(on_what, module, attempt.version).await?;
            for drawn in questions_of(&attempt, &version) {
                let answer = answers.get(&drawn.question.id);
                right.insert(drawn.question.id.clone(), judge_drawn(&drawn, answer).is_whole());
            }
        }
        Ok(right.into_iter().filter(|(_, right)| !right).map(|(id, _)| id).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Choice, QuestionForm, Wording};

    fn quiz(questions: usize, draw: u32) -> Quiz {
        let choice = |right| Choice { html: String::new(), right, feedback: String::new(), misconception: None };
        let form = QuestionForm::One(vec![choice(true), choice(false)]);
        let wording = Wording { stem: String::new(), body: String::new(), form, why: String::new() };
        let question = |number: usize| Question {
            id: id(number),
            page: PageSlug::new("a").unwrap(),
            weight: 1,
            pool: None,
            partial: false,
            fixed_order: false,
            wordings: vec![wording.clone()],
        };
        Quiz {
            pass: 80,
            draw,
            pools: BTreeMap::new(),
            attempts: 3,
            cooldown: TimeDelta::zero(),
            questions: (0..questions).map(question).collect(),
            on_pages: Vec::new(),
        }
    }

    fn id(number: usize) -> QuestionId {
        QuestionId::new(format!("q{number}")).unwrap()
    }

    fn basis(wrong: &[usize], changed: &[usize]) -> Basis {
        let ids = |of: &[usize]| of.iter().map(|number| id(*number)).collect();
        Basis { since: 1, pages: Vec::new(), wrong: ids(wrong), changed: ids(changed) }
    }

    #[test]
    fn what_was_wrong_and_what_changed_is_asked_and_nothing_else_where_that_is_enough() {
        let quiz = quiz(12, 6);
        for seed in 0..50_u8 {
            let asked = basis(&[1, 3], &[3, 5, 7]).choose(&quiz, &[seed]);
            assert_eq!(asked.questions, [id(1), id(3), id(5), id(7)]);
        }
    }

    #[test]
    fn never_less_is_asked_than_half_and_what_is_missing_is_drawn() {
        let quiz = quiz(12, 7);
        let mut seen = BTreeSet::new();
        for seed in 0..50_u8 {
            let asked = basis(&[2], &[]).choose(&quiz, &[seed]).questions;
            assert!(asked.contains(&id(2)) && asked.len() == 4, "{asked:?}");
            seen.extend(asked);
            assert_eq!(basis(&[], &[]).choose(&quiz, &[seed]).questions.len(), 4);
        }
        assert_eq!(seen.len(), 12, "each of the rest is drawn by one of fifty");
    }

    #[test]
    fn never_more_is_asked_than_the_whole_quiz_asks_and_what_was_wrong_comes_first() {
        let quiz = quiz(12, 4);
        let everything: Vec<usize> = (0..12).collect();
        for seed in 0..50_u8 {
            let asked = basis(&[0, 11], &everything).choose(&quiz, &[seed]).questions;
            assert!(asked.len() == 4 && asked.contains(&id(0)) && asked.contains(&id(11)), "{asked:?}");
        }
        assert_eq!(basis(&everything, &[]).choose(&quiz, b"seed").questions.len(), 4);
    }
}
