//! What a planner writes, and why it cannot be asked like that.

use serde::{Deserialize, Serialize};

use super::{
    Ask, Audience, MOST_OPTIONS, MOST_QUESTIONS, MOST_REMIND_DAYS, QUESTION_CHARS, Question, TEXT_CHARS,
    TITLE_CHARS, Wording,
};
use crate::calendar::Day;
use crate::format::Lang;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::Ready;

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
}
