//! Questionnaires: what a planner asks the people who will carry the numbers, before the numbers are set. The own number
//! comes from those who know the market; it is never taken over by itself.

mod audience;
mod draft;
mod question;
mod ready;
mod reply;
mod results;

use serde::{Deserialize, Serialize};

use crate::assumption::Planning;
use crate::calendar::{Day, WorkingDays};
use crate::id::{MemberId, QuestionnaireId};
use crate::money::{Currency, Minor};
use crate::target::Span;

pub use audience::{Audience, Chosen, Recipient};
pub use draft::{Draft, DraftError};
pub use question::{Ask, Question, Wording};
pub use ready::Ready;
pub use reply::{Given, Reply, ReplyError};
pub use results::{
    AskedFor, BottomUp, Filled, Median, Numbers, Quote, Results, Shown, Summary, TopDown, bottom_up, summary,
};

/// Characters of a title.
pub const TITLE_CHARS: usize = 100;
/// Characters of a question, of an option and of the words before the questions.
pub const QUESTION_CHARS: usize = 300;
/// Characters of an answer in words.
pub const TEXT_CHARS: usize = 2_000;
/// Questions of one questionnaire; more are not answered on a phone.
pub const MOST_QUESTIONS: usize = 30;
/// Options of a choice.
pub const MOST_OPTIONS: usize = 12;
/// Days before the due date a reminder may come at the earliest.
pub const MOST_REMIND_DAYS: u8 = 30;
/// The largest step of a scale; the smallest is 1.
pub const SCALE: u8 = 5;

/// Where a questionnaire stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being written; only planners see it.
    Draft,
    /// Sent, and answered.
    Open,
    /// Its answers do not change any more.
    Closed,
}

impl Status {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// The status of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Draft, Self::Open, Self::Closed]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

/// The days on which whoever has not answered is reminded, after today: so many days before the due date and on it, each
/// moved to the working day before where it is none.
pub fn reminders(due_on: Day, remind_days: u8, today: Day, working: &WorkingDays) -> Vec<Day> {
    let wanted = [due_on.plus(-i32::from(remind_days)), due_on];
    let mut days: Vec<Day> = wanted
        .into_iter()
        .map(|wanted| {
            // Holidays last less than a month.
            let worked = (0..31)
                .map(|back| wanted.plus(-back))
                .find(|day| working.is_working(*day));
            worked.unwrap_or(wanted)
        })
        .filter(|day| *day > today)
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// How far somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Nothing is answered.
    None,
    /// Something is, but not all that is required.
    Begun,
    /// All that is required is answered.
    Answered,
}

/// How far somebody came who answered these questions.
pub fn progress(questions: &[Question], answered: impl Fn(u16) -> bool) -> Progress {
    let mut any = false;
    let mut all = true;
    for (number, question) in (0..).zip(questions) {
        let done = answered(number);
        any |= done;
        all &= done || !question.required;
    }
    match (any, all) {
        (false, _) => Progress::None,
        (true, false) => Progress::Begun,
        (true, true) => Progress::Answered,
    }
}

/// A questionnaire in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Which.
    pub id: QuestionnaireId,
    /// What it is called.
    pub title: String,
    /// The planned days it is about.
    pub span: Span,
    /// Where it stands.
    pub status: Status,
    /// Answers are asked for up to and including this day.
    pub due_on: Day,
    /// How many people within reach are asked; of a draft, would be.
    pub asked: u32,
    /// How many of them have answered.
    pub answered: u32,
    /// Who made it.
    pub created_by: String,
}

/// The questionnaires of a planning, with what is needed to write one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// The planning that is looked at.
    pub planning: Planning,
    /// Today, as the organization counts.
    pub today: Day,
    /// Whether whoever looks may write and send.
    pub may_write: bool,
    /// The questionnaires of every planning, the latest first.
    pub rows: Vec<Row>,
    /// Whom one can choose from; empty for those who may not write.
    pub chosen: Chosen,
}

/// A questionnaire as it is written and as it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Which.
    pub id: QuestionnaireId,
    /// Where it stands.
    pub status: Status,
    /// What is asked.
    pub draft: Draft,
    /// Whom it reaches: of a draft, as things are today.
    pub recipients: Vec<Recipient>,
}

/// What somebody did in days comparable to those that are planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnHistory {
    /// The days.
    pub span: Span,
    /// Up to and including this day, where they are not over yet.
    pub until: Option<Day>,
    /// What was done.
    pub actual: Minor,
    /// What was to be done.
    pub target: Option<Minor>,
    /// `actual / target`.
    pub attainment: Option<f64>,
}

/// The form of one member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// Which questionnaire.
    pub id: QuestionnaireId,
    /// What it is called.
    pub title: String,
    /// Words before the questions.
    pub introduction: String,
    /// Who asks.
    pub created_by: String,
    /// Where it stands.
    pub status: Status,
    /// Answers are asked for up to and including this day.
    pub due_on: Day,
    /// Whether that day is over.
    pub overdue: bool,
    /// The planned days.
    pub span: Span,
    /// The currency of amounts.
    pub currency: Currency,
    /// Who answers.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// The questions.
    pub questions: Vec<Question>,
    /// What was answered, by the place of the question.
    pub replies: Vec<Option<Reply>>,
    /// When something was answered last, milliseconds since the epoch.
    pub answered_at_ms: Option<i64>,
    /// How far it is.
    pub progress: Progress,
    /// What was done in comparable days, the latest first.
    pub history: Vec<OwnHistory>,
    /// Whether whoever looks may also read the answers of others.
    pub may_read_results: bool,
}

/// What was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// How far the form is now.
    pub progress: Progress,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// How reminding went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// People who were reminded.
    pub told: u32,
    /// People who were reminded today already, and are left in peace.
    pub already: u32,
    /// People who have not answered and cannot sign in.
    pub unreachable: u32,
}

/// How asking more people went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedMore {
    /// People who are asked now and were not before.
    pub added: u32,
    /// How many of them were told; the others cannot sign in.
    pub told: u32,
    /// People who were asked already, and are left in peace.
    pub already: u32,
}

/// A questionnaire that somebody is asked to answer, as they find it in their list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRow {
    /// Which.
    pub id: QuestionnaireId,
    /// What it is called.
    pub title: String,
    /// Who asks.
    pub created_by: String,
    /// The planned days it is about.
    pub span: Span,
    /// Where it stands: open or closed.
    pub status: Status,
    /// Answers are asked for up to and including this day.
    pub due_on: Day,
    /// Whether that day is over.
    pub overdue: bool,
    /// How far one is.
    pub progress: Progress,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_come_on_working_days_and_never_twice() {
        let day = |text| Day::parse_iso(text).unwrap();
        let china = WorkingDays::named("cn").unwrap();
        // 2026-10-01 to 10-07 are holidays, 10-10 is a Saturday that is worked.
        let days = reminders(day("2026-10-10"), 5, day("2026-09-20"), &china);
        assert_eq!(days, [day("2026-09-30"), day("2026-10-10")]);
        // Both fall on the Friday before.
        let weekdays = WorkingDays::weekdays();
        let days = reminders(day("2026-12-13"), 1, day("2026-12-01"), &weekdays);
        assert_eq!(days, [day("2026-12-11")]);
        assert_eq!(
            reminders(day("2026-12-10"), 3, day("2026-12-08"), &weekdays),
            [day("2026-12-10")]
        );
        assert!(reminders(day("2026-12-10"), 3, day("2026-12-10"), &weekdays).is_empty());
    }

    #[test]
    fn somebody_has_answered_when_all_that_is_required_is() {
        let questions = [
            Question::ready(Ready::Proposal, true),
            Question::ready(Ready::Support, false),
        ];
        let of = |answered: &[u16]| progress(&questions, |number| answered.contains(&number));
        assert_eq!(of(&[]), Progress::None);
        assert_eq!(of(&[1]), Progress::Begun);
        assert_eq!(of(&[0]), Progress::Answered);
        let free = [Question::ready(Ready::Support, false)];
        assert_eq!(progress(&free, |_| false), Progress::None);
        assert_eq!(progress(&free, |_| true), Progress::Answered);
    }
}
