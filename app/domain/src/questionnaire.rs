//! Questionnaires: what a planner asks the people who will carry the numbers, before the numbers are set. The own number
//! comes from those who know the market; it is never taken over by itself.

mod audience;
mod ready;
mod reply;
mod results;

use serde::{Deserialize, Serialize};

use crate::assumption::Planning;
use crate::calendar::{Day, WorkingDays};
use crate::format::Lang;
use crate::id::{MemberId, QuestionnaireId};
use crate::money::{Currency, Minor};
use crate::target::Span;

pub use audience::{Audience, Chosen, Recipient};
pub use ready::Ready;
pub use reply::{Given, Reply, ReplyError};
pub use results::{
    AskedFor, BottomUp, Filled, Numbers, Quote, Results, Shown, Summary, TopDown, bottom_up, summary,
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

/// What kind of answer a question wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Ask {
    /// Words.
    Text,
    /// A number with at most four decimals.
    Number,
    /// An amount in the organization's currency.
    Money,
    /// One of these.
    Choice {
        /// What there is to choose from.
        options: Vec<String>,
    },
    /// From 1 to 5.
    Scale,
    /// The number somebody would carry, and why.
    Proposal,
}

impl Ask {
    /// The wire name of its kind.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Money => "money",
            Self::Choice { .. } => "choice",
            Self::Scale => "scale",
            Self::Proposal => "proposal",
        }
    }
}

/// What a question says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "wording")]
pub enum Wording {
    /// One of the ready questions, in the language of whoever reads it.
    Ready {
        /// Which.
        of: Ready,
    },
    /// In the words of whoever asks.
    Own {
        /// The question.
        text: String,
        /// What kind of answer it wants; not a proposal, which is a ready question.
        ask: Ask,
    },
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What it says.
    #[serde(flatten)]
    pub wording: Wording,
    /// Whether somebody has answered only when this is answered too.
    pub required: bool,
}

impl Question {
    /// A ready question.
    pub fn ready(of: Ready, required: bool) -> Self {
        Self {
            wording: Wording::Ready { of },
            required,
        }
    }

    /// What it says in a language.
    pub fn text(&self, lang: Lang) -> &str {
        match &self.wording {
            Wording::Ready { of } => of.text(lang),
            Wording::Own { text, .. } => text,
        }
    }

    /// What it wants, in a language.
    pub fn ask(&self, lang: Lang) -> Ask {
        match &self.wording {
            Wording::Ready { of } => of.ask(lang),
            Wording::Own { ask, .. } => ask.clone(),
        }
    }

    /// Whether it asks for the own number.
    pub fn is_proposal(&self) -> bool {
        matches!(self.wording, Wording::Ready { of: Ready::Proposal })
    }
}

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

/// What a planner writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What it is called.
    pub title: String,
    /// Words before the questions; may be empty.
    pub introduction: String,
    /// The day up to and including which answers are asked for.
    pub due_on: Day,
    /// How many days before that a reminder comes; one more comes on the day itself.
    pub remind_days: u8,
    /// The questions, in their order.
    pub questions: Vec<Question>,
    /// Who is asked.
    pub audience: Audience,
}

/// Why something cannot be asked like this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum DraftError {
    /// A title of no or too many characters.
    #[error("a title has 1 to {TITLE_CHARS} characters")]
    Title,
    /// Too many words before the questions.
    #[error("the introduction has at most {TEXT_CHARS} characters")]
    Introduction,
    /// No question, or too many.
    #[error("1 to {MOST_QUESTIONS} questions can be asked")]
    Questions,
    /// A question without words or with too many.
    #[error("question {question} has 1 to {QUESTION_CHARS} characters")]
    Words {
        /// Which, counted from 1.
        question: usize,
    },
    /// A choice of fewer than two, of too many, or of the same twice.
    #[error("question {question} wants 2 to {MOST_OPTIONS} different options")]
    Options {
        /// Which, counted from 1.
        question: usize,
    },
    /// The own number is asked for more than once, or as an own question.
    #[error("the own number is asked for once, by the ready question")]
    Proposal,
    /// Reminders too early.
    #[error("reminders come at most {MOST_REMIND_DAYS} days before")]
    Remind,
}

impl DraftError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Title => "questionnaire_title",
            Self::Introduction => "questionnaire_introduction",
            Self::Questions => "questionnaire_questions",
            Self::Words { .. } => "question_words",
            Self::Options { .. } => "question_options",
            Self::Proposal => "question_proposal",
            Self::Remind => "questionnaire_remind",
        }
    }

    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Title => lang.pick(
                format!("问卷名称须为 1 到 {TITLE_CHARS} 个字。"),
                format!("A title has 1 to {TITLE_CHARS} characters."),
            ),
            Self::Introduction => lang.pick(
                format!("问卷说明最多 {TEXT_CHARS} 个字。"),
                format!("The words before the questions have at most {TEXT_CHARS} characters."),
            ),
            Self::Questions => lang.pick(
                format!("一份问卷要有 1 到 {MOST_QUESTIONS} 个问题。"),
                format!("A questionnaire has 1 to {MOST_QUESTIONS} questions."),
            ),
            Self::Words { question } => lang.pick(
                format!("第 {question} 个问题须为 1 到 {QUESTION_CHARS} 个字。"),
                format!("Question {question} needs 1 to {QUESTION_CHARS} characters."),
            ),
            Self::Options { question } => lang.pick(
                format!("第 {question} 个问题要有 2 到 {MOST_OPTIONS} 个互不相同的选项。"),
                format!("Question {question} needs 2 to {MOST_OPTIONS} options that differ."),
            ),
            Self::Proposal => lang.pick(
                "自己的数字只问一次，请用现成的问题。".to_owned(),
                "The own number is asked for once, by the ready question.".to_owned(),
            ),
            Self::Remind => lang.pick(
                format!("最早提前 {MOST_REMIND_DAYS} 天提醒。"),
                format!("A reminder comes at most {MOST_REMIND_DAYS} days before the due date."),
            ),
        }
    }
}

impl Draft {
    /// The same without spaces around words; refused where it cannot be asked like this.
    pub fn checked(mut self) -> Result<Self, DraftError> {
        self.title = one_line(&self.title);
        if self.title.is_empty() || self.title.chars().count() > TITLE_CHARS {
            return Err(DraftError::Title);
        }
        self.introduction = self.introduction.trim().to_owned();
        if self.introduction.chars().count() > TEXT_CHARS {
            return Err(DraftError::Introduction);
        }
        if self.questions.is_empty() || self.questions.len() > MOST_QUESTIONS {
            return Err(DraftError::Questions);
        }
        if self.remind_days > MOST_REMIND_DAYS {
            return Err(DraftError::Remind);
        }
        let proposals = self.questions.iter().filter(|question| question.is_proposal());
        if proposals.count() > 1 {
            return Err(DraftError::Proposal);
        }
        for (question, of) in (1..).zip(&mut self.questions) {
            let Wording::Own { text, ask } = &mut of.wording else {
                continue;
            };
            *text = one_line(text);
            if text.is_empty() || text.chars().count() > QUESTION_CHARS {
                return Err(DraftError::Words { question });
            }
            match ask {
                Ask::Proposal => return Err(DraftError::Proposal),
                Ask::Choice { options } => {
                    for option in options.iter_mut() {
                        *option = one_line(option);
                    }
                    let mut different = options.clone();
                    different.sort_unstable();
                    different.dedup();
                    let fits =
                        |option: &String| !option.is_empty() && option.chars().count() <= QUESTION_CHARS;
                    let enough = (2..=MOST_OPTIONS).contains(&options.len());
                    if !enough || different.len() != options.len() || !options.iter().all(fits) {
                        return Err(DraftError::Options { question });
                    }
                }
                Ask::Text | Ask::Number | Ask::Money | Ask::Scale => {}
            }
        }
        Ok(self)
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(questions: Vec<Question>) -> Draft {
        Draft {
            title: "  明年 \n 怎么看 ".to_owned(),
            introduction: String::new(),
            due_on: Day::parse_iso("2026-12-10").unwrap(),
            remind_days: 3,
            questions,
            audience: Audience::default(),
        }
    }

    fn own(text: &str, ask: Ask) -> Question {
        Question {
            wording: Wording::Own {
                text: text.to_owned(),
                ask,
            },
            required: false,
        }
    }

    #[test]
    fn what_cannot_be_asked_is_refused_in_words() {
        let good = draft(vec![Question::ready(Ready::Proposal, true)])
            .checked()
            .unwrap();
        assert_eq!(good.title, "明年 怎么看");
        let choice = |options: &[&str]| {
            own(
                "?",
                Ask::Choice {
                    options: options.iter().map(|option| (*option).to_owned()).collect(),
                },
            )
        };
        let wrong = [
            (vec![], DraftError::Questions),
            (vec![own(" ", Ask::Text)], DraftError::Words { question: 1 }),
            (
                vec![own("a", Ask::Text), choice(&["x", " x"])],
                DraftError::Options { question: 2 },
            ),
            (vec![choice(&["x"])], DraftError::Options { question: 1 }),
            (vec![choice(&["x", ""])], DraftError::Options { question: 1 }),
            (vec![own("a", Ask::Proposal)], DraftError::Proposal),
            (
                vec![Question::ready(Ready::Proposal, true); 2],
                DraftError::Proposal,
            ),
            (vec![own("a", Ask::Text); 31], DraftError::Questions),
        ];
        for (questions, error) in wrong {
            assert_eq!(draft(questions).checked(), Err(error.clone()));
            assert_ne!(error.words(Lang::ZhCn), error.words(Lang::En));
        }
        let mut untitled = draft(vec![own("a", Ask::Text)]);
        untitled.title = "長".repeat(101);
        assert_eq!(untitled.checked(), Err(DraftError::Title));
    }

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

    #[test]
    fn a_question_travels_as_it_is() {
        for question in [
            Question::ready(Ready::MarketTrend, true),
            own(
                "q",
                Ask::Choice {
                    options: vec!["a".to_owned(), "b".to_owned()],
                },
            ),
        ] {
            let text = serde_json::to_string(&question).unwrap();
            assert_eq!(
                serde_json::from_str::<Question>(&text).unwrap(),
                question,
                "{text}"
            );
        }
    }
}
